/**
 * How much a program gives way to the host's other work, as nice(1) counts it. What packs and sends takes most of the processor and can wait;
 * the check of a large database is one thread that everything else waits for in the end.
 */
export const niceness = { check: 5, bulk: 10 } as const;

/** For a POSIX shell: sets `nice` to the words that make a program give way; to nothing where it has no `nice`. No single quotes. */
export const findNice = (level: number): string =>
  `nice=; if command -v nice >/dev/null 2>&1; then nice="nice -n ${level}"; fi`;

/**
 * The same for the session that the shell leads: where Linux shares out the processor by session, `nice` counts only among the programs of
 * one (sched(7), "The autogroup feature"). Where that can't be set, it stays as it is: whoever is not root can every 100 ms.
 */
export const giveWayBySession = (level: number): string =>
  `{ read -r pid name state parent group session rest </proc/$$/stat && [ "$session" = $$ ] && echo ${level} >/proc/$$/autogroup; } 2>/dev/null`;

/** Both. */
export const giveWay = (level: number): string => `${findNice(level)}
${giveWayBySession(level)}`;
