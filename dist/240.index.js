export const id = 240;
export const ids = [240];
export const modules = {

/***/ 6109:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   W: () => (/* binding */ cancellation)
/* harmony export */ });
/* harmony import */ var _core_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2807);

/**
 * The one signal that ends everything: aborted by SIGINT and SIGTERM. A second one ends the process at once, cleaned up
 * or not.
 */
function cancellation(process) {
    const controller = new AbortController();
    const onSignal = (name) => {
        if (controller.signal.aborted)
            process.exit(_core_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .exitCodes */ .hS.cancelled);
        controller.abort(new _core_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .CancelledError */ .cc(`Cancelled by ${name} before it was complete; no backup was committed.`));
    };
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
    return controller.signal;
}


/***/ }),

/***/ 2066:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   C8: () => (/* binding */ renderResult),
/* harmony export */   KW: () => (/* binding */ age),
/* harmony export */   vr: () => (/* binding */ renderError)
/* harmony export */ });
/* harmony import */ var cli_table3__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5832);
/* harmony import */ var pretty_bytes__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5901);
/* harmony import */ var pretty_ms__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(1692);
/* harmony import */ var _core_errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2807);




/** What a command has to tell people, from its result document alone. */
function renderResult(document) {
    if ('error' in document && document.error !== undefined)
        return '';
    if ('backups' in document)
        return renderList(document);
    if ('backup' in document)
        return renderBackup(document);
    return 'dryRun' in document ? renderPrune(document) : '';
}
/** One line, and one with the remedy; for wrong settings a pair for each. */
function renderError(error) {
    const problems = error instanceof _core_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .ConfigError */ .xL ? error.problems : [error];
    return problems
        .flatMap(({ message, hint }) => [`Error: ${message}`, ...(hint === undefined ? [] : [`  → ${hint}`])])
        .join('\n');
}
function renderList({ backups, leftovers, name, store }) {
    const table = plainTable(['ID', 'AGE', 'DATABASES', 'SIZE', 'VERIFIED']);
    for (const { id, ageSeconds, databases, storedBytes, verified } of backups) {
        table.push([
            id,
            age(ageSeconds),
            databases.map((database) => `${database.name} ${(0,pretty_bytes__WEBPACK_IMPORTED_MODULE_2__/* ["default"] */ .A)(database.storedBytes)}`).join(', '),
            (0,pretty_bytes__WEBPACK_IMPORTED_MODULE_2__/* ["default"] */ .A)(storedBytes),
            verified === null ? 'no' : `${verified.level} ${verified.at.slice(0, 10)}`,
        ]);
    }
    const lines = [
        backups.length === 0 ? `No backups of ${name} in ${store}.` : table.toString(),
        ...leftovers.map(({ id, keys, storedBytes }) => `Leftover of a run that failed: ${id}, ${keys.length} objects, ${(0,pretty_bytes__WEBPACK_IMPORTED_MODULE_2__/* ["default"] */ .A)(storedBytes)}; a prune removes it after a day.`),
    ];
    return lines.join('\n');
}
function renderBackup(document) {
    const { backup, store, durationMs, dryRun } = document;
    const decisions = renderDecisions(document);
    if (backup === null)
        return ['Dry run: nothing was stored.', ...decisions].join('\n');
    const table = plainTable(['DATABASE', 'PLAIN', 'STORED', 'SNAPSHOT', 'OBJECT']);
    for (const { name, plainBytes, storedBytes, snapshot, key } of backup.databases) {
        table.push([
            name,
            (0,pretty_bytes__WEBPACK_IMPORTED_MODULE_2__/* ["default"] */ .A)(plainBytes),
            (0,pretty_bytes__WEBPACK_IMPORTED_MODULE_2__/* ["default"] */ .A)(storedBytes),
            (0,pretty_ms__WEBPACK_IMPORTED_MODULE_3__/* ["default"] */ .A)(snapshot.durationMs),
            key,
        ]);
    }
    return [
        `${dryRun ? 'Would back up' : 'Backed up'} to ${store} in ${(0,pretty_ms__WEBPACK_IMPORTED_MODULE_3__/* ["default"] */ .A)(durationMs)}: ${backup.id}`,
        table.toString(),
        ...decisions,
        'To get it back without Holdfast:',
        ...backup.databases.flatMap(({ recovery }) => recovery.map((command) => `  ${command}`)),
    ].join('\n');
}
function renderPrune(document) {
    return renderDecisions(document).join('\n') || `No backups of ${document.name} in ${document.store}.`;
}
function renderDecisions({ kept, pruned, dryRun, }) {
    if (kept.length === 0 && pruned.length === 0)
        return [];
    const table = plainTable(['BACKUP', 'DECISION', 'WHY']);
    const rows = [
        ...kept.map(({ id, reasons }) => [id, 'keep', reasons.join(', ')]),
        ...pruned.map(({ id, storedBytes }) => [id, dryRun ? 'would remove' : 'removed', `no rule keeps it (${(0,pretty_bytes__WEBPACK_IMPORTED_MODULE_2__/* ["default"] */ .A)(storedBytes)})`]),
    ];
    // Ids sort by time.
    for (const row of rows.sort(([a], [b]) => (a < b ? 1 : -1)))
        table.push([...row]);
    return [table.toString()];
}
/** `3h`, `2d 4h`: the two largest units. */
function age(seconds) {
    if (seconds < 0)
        return 'in the future';
    return seconds === 0 ? 'now' : (0,pretty_ms__WEBPACK_IMPORTED_MODULE_3__/* ["default"] */ .A)(seconds * 1000, { unitCount: 2 });
}
function plainTable(head) {
    const none = [
        'top',
        'top-mid',
        'top-left',
        'top-right',
        'bottom',
        'bottom-mid',
        'bottom-left',
        'bottom-right',
    ];
    const inner = ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'];
    const chars = Object.fromEntries([...none, ...inner].map((name) => [name, '']));
    return new cli_table3__WEBPACK_IMPORTED_MODULE_0__({
        head,
        chars: { ...chars, middle: '  ' },
        style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    });
}


/***/ }),

/***/ 3055:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  e: () => (/* binding */ run)
});

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./build/core/errors.js
var errors = __webpack_require__(2807);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
;// CONCATENATED MODULE: ./build/core/backup-id.js

/** Crockford's base 32 in lower case: no letter that reads like a digit (https://www.crockford.com/base32.html). */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const pattern = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-[0-9a-hjkmnp-tv-z]{4}$/;
/** An id such as `20261121T031702Z-k3tq`: the time in UTC and four random characters. Ids sort by time. */
function newBackupId(now, random = external_node_crypto_.randomBytes) {
    const suffix = Array.from(random(4), (byte) => alphabet[byte % alphabet.length]).join('');
    return `${compactTime(now)}-${suffix}`;
}
/** `20261121T031702Z`: ISO 8601 basic format, UTC, whole seconds. */
function compactTime(time) {
    return time.toISOString().replace(/[-:]|\.\d{3}/g, '');
}
/** The time an id begins with; `null` when the text is not an id or names no real time. */
function timeOfBackupId(id) {
    const [, year, month, day, hour, minute, second] = pattern.exec(id) ?? [];
    if (year === undefined)
        return null;
    return realTime(`${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`);
}
/** The time of a {@link compactTime} text, or `null`. */
function parseCompactTime(text) {
    return timeOfBackupId(`${text}-0000`);
}
function realTime(iso) {
    const time = new Date(iso);
    // 30 February would become 2 March.
    return !Number.isNaN(time.getTime()) && time.toISOString() === iso ? time : null;
}

;// CONCATENATED MODULE: ./build/core/keys.js

/** Where everything of one backup lies: `app/20261121T031702Z-k3tq/`. */
function backupFolder(name, id) {
    return `${name}/${id}/`;
}
function manifestKey(name, id) {
    return `${backupFolder(name, id)}${manifestFile}`;
}
const manifestFile = 'manifest.json';
/** An object of that name in a backup's folder keeps the backup for ever. */
const pinFiles = ['pinned', 'pinned.json'];
/** Reads a proof object's name: `verified-restore-20261121T040000Z.json`. */
function parseProofFile(file) {
    const [, level, time] = /^verified-(stat|hash|restore)-(\d{8}T\d{6}Z)\.json$/.exec(file) ?? [];
    const at = time === undefined ? null : parseCompactTime(time);
    return at === null ? null : { level: level, at };
}
/** Splits a key below a backup's folder of that name; `null` for every foreign key. */
function parseKey(name, key) {
    if (!key.startsWith(`${name}/`))
        return null;
    const [id = '', file = '', ...deeper] = key.slice(name.length + 1).split('/');
    return file === '' || deeper.length > 0 || timeOfBackupId(id) === null ? null : { id, file };
}
const nativeExtensions = 'sqlite3|dump|sql';
const objectFile = new RegExp(`^(.+)\\.(?:${nativeExtensions})(?:\\.(?:zst|gz))?(?:\\.(?:age|gpg))?$`);
/** The database that an object of a backup holds, by the object's file name; `null` when it is not named like one. */
function databaseOfFile(file) {
    return objectFile.exec(file)?.[1] ?? null;
}
/**
 * A text as a file name that every system and store takes: letters and digits of any script, `.`, `_` and `-` stay;
 * anything else becomes `-`. Never empty, never beginning with a dot, at most 100 characters.
 */
function safeName(text) {
    const cleaned = text
        .normalize('NFC')
        .replace(/[^\p{L}\p{N}._-]+/gu, '-')
        .replace(/^[.-]+|-+$/g, '');
    return [...cleaned].slice(0, 100).join('') || 'database';
}
/** The names, each made unique by a number: `app`, `app-2`. */
function uniqueNames(names) {
    const taken = new Set();
    return names.map((name) => {
        let unique = name;
        for (let count = 2; taken.has(unique.toLowerCase()); count += 1)
            unique = `${name}-${count}`;
        taken.add(unique.toLowerCase());
        return unique;
    });
}

// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(7975);
;// CONCATENATED MODULE: ./build/core/secret.js

/** A text that never prints: not in a message, a JSON document or a debug log. Only `reveal` gives it. */
class Secret {
    #text;
    constructor(text) {
        this.#text = text;
    }
    reveal() {
        return this.#text;
    }
    toString() {
        return '[secret]';
    }
    toJSON() {
        return '[secret]';
    }
    [external_node_util_.inspect.custom]() {
        return '[secret]';
    }
}

;// CONCATENATED MODULE: ./build/config/fields.js

/** Reads single options and gathers what is wrong with them, so that a user hears of everything at once. */
class Fields {
    problems = [];
    #raw;
    constructor(raw) {
        this.#raw = raw;
    }
    has(name) {
        return this.#raw[name] !== undefined;
    }
    problem(input, message, hint) {
        this.problems.push({ input, message, hint });
    }
    text(name) {
        return this.#raw[name]?.trim();
    }
    secret(name) {
        const text = this.#raw[name];
        return text === undefined ? undefined : new Secret(text.trim());
    }
    /** Lines that are neither blank nor a `#` comment. */
    lines(name) {
        const lines = (this.#raw[name] ?? '').split(/\r\n|\r|\n/).map((line) => line.trim());
        return lines.filter((line) => line !== '' && !line.startsWith('#'));
    }
    boolean(name, absent = false) {
        const text = this.text(name);
        if (text === undefined)
            return absent;
        if (text !== 'true' && text !== 'false') {
            this.problem(name, `\`${name}\` is ${show(text)}.`, `Write \`${name}: true\` or \`${name}: false\`.`);
        }
        return text === 'true';
    }
    /** A whole number from `least` on; `unlimited` and -1 are infinity where `most` is. */
    count(name, absent, least = 0, most = Number.POSITIVE_INFINITY) {
        const text = this.text(name);
        if (text === undefined)
            return absent;
        if (most === Number.POSITIVE_INFINITY && (text === 'unlimited' || text === '-1'))
            return most;
        const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
        if (number >= least && number <= most)
            return number;
        const range = Number.isFinite(most)
            ? `from ${least} to ${most}`
            : `of at least ${least}, or \`unlimited\``;
        this.problem(name, `\`${name}\` is ${show(text)}, which is no whole number ${range}.`, `Write, for example, \`${name}: ${Math.max(least, 7) <= most ? Math.max(least, 7) : most}\`.`);
        return absent;
    }
    choice(name, values, absent) {
        const text = this.text(name);
        const found = values.find((value) => value === text);
        if (text === undefined || found !== undefined)
            return found ?? absent;
        this.problem(name, `\`${name}\` is ${show(text)}.`, `Choose one of ${values.join(', ')}.`);
        return absent;
    }
}
/** A value in a message: quoted, and no longer than a line. */
function show(text) {
    return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

;// CONCATENATED MODULE: ./build/core/duration.js
const units = { y: 'years', m: 'months', w: 'weeks', d: 'days', h: 'hours' };
/** Reads `26h`, `7d`, `4w`, `6m` (months), `1y`, or several from the largest to the smallest: `1y6m`. `null`: not a duration. */
function parseDuration(text) {
    const match = /^(?:(\d{1,5})y)?(?:(\d{1,5})m)?(?:(\d{1,5})w)?(?:(\d{1,5})d)?(?:(\d{1,6})h)?$/.exec(text);
    if (match === null || text === '')
        return null;
    const [years, months, weeks, days, hours] = match.slice(1).map((digits) => Number(digits ?? 0));
    const duration = { years, months, weeks, days, hours };
    return Object.values(duration).some((count) => count > 0) ? duration : null;
}
/** The text that {@link parseDuration} reads. */
function formatDuration(duration) {
    return Object.entries(units)
        .filter(([, unit]) => duration[unit] > 0)
        .map(([letter, unit]) => `${duration[unit]}${letter}`)
        .join('');
}

// EXTERNAL MODULE: ./node_modules/temporal-polyfill/index.js + 7 modules
var temporal_polyfill = __webpack_require__(1617);
;// CONCATENATED MODULE: ./build/core/calendar.js

const dayMs = 86_400_000;
/** Cuts time into periods of one time zone. Quick when it is asked in order of time: offsets change seldom. */
class Calendar {
    #timeZone;
    #stretch = { fromMs: Number.POSITIVE_INFINITY, untilMs: Number.NEGATIVE_INFINITY, offsetMs: 0 };
    /** @param timeZone an IANA name, such as `Europe/Berlin` */
    constructor(timeZone) {
        this.#timeZone = timeZone;
    }
    periodsOf(time) {
        const localMs = time.getTime() + this.#offsetAt(time.getTime());
        const iso = new Date(localMs).toISOString();
        // Years past 9999 or before 0 have a sign and six digits.
        const [date = '', clock = ''] = iso.split('T');
        return {
            hourly: `${date} ${clock.slice(0, 2)}h`,
            daily: date,
            weekly: isoWeek(Math.floor(localMs / dayMs)),
            monthly: date.slice(0, -3),
            yearly: date.slice(0, -6),
        };
    }
    /** That long before, by the calendar: a day that a month does not have becomes its last one. */
    before(now, duration) {
        const zoned = temporal_polyfill/* Temporal */.fE.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(this.#timeZone);
        return new Date(zoned.subtract(duration).epochMilliseconds);
    }
    #offsetAt(timeMs) {
        if (timeMs < this.#stretch.fromMs || timeMs >= this.#stretch.untilMs)
            this.#stretch = this.#stretchAt(timeMs);
        return this.#stretch.offsetMs;
    }
    /** The time around `timeMs` in which the zone's offset from UTC does not change. */
    #stretchAt(timeMs) {
        const zoned = temporal_polyfill/* Temporal */.fE.Instant.fromEpochMilliseconds(timeMs).toZonedDateTimeISO(this.#timeZone);
        return {
            // A transition at this very instant is not "previous" to it: one millisecond more and it is.
            fromMs: zoned.add({ milliseconds: 1 }).getTimeZoneTransition('previous')?.epochMilliseconds ??
                Number.NEGATIVE_INFINITY,
            untilMs: zoned.getTimeZoneTransition('next')?.epochMilliseconds ?? Number.POSITIVE_INFINITY,
            offsetMs: zoned.offsetNanoseconds / 1e6,
        };
    }
}
/** The ISO 8601 week of a day, counted from 1970-01-01 (a Thursday): `2020-W53`. A week belongs to its Thursday's year. */
function isoWeek(day) {
    const thursday = new Date(Math.floor((day + 3) / 7) * 7 * dayMs);
    const year = thursday.getUTCFullYear();
    const dayOfYear = (thursday.getTime() - Date.UTC(year, 0, 1)) / dayMs;
    return `${year}-W${String(Math.floor(dayOfYear / 7) + 1).padStart(2, '0')}`;
}

;// CONCATENATED MODULE: ./build/core/catalog.js


/** Reads the catalog by one pass over the keys; throws when the listing is not complete. Foreign keys are ignored. */
async function readCatalog(store, name, { signal }) {
    const folders = new Map();
    for await (const { key, bytes } of store.list(`${name}/`, { signal })) {
        const parsed = parseKey(name, key);
        if (parsed === null)
            continue;
        const objects = folders.get(parsed.id) ?? [];
        objects.push({ key, file: parsed.file, bytes });
        folders.set(parsed.id, objects);
    }
    const backups = [];
    const leftovers = [];
    for (const [id, objects] of folders) {
        const createdAt = timeOfBackupId(id);
        const storedBytes = objects.reduce((sum, { bytes }) => sum + bytes, 0);
        if (objects.some(({ file }) => file === manifestFile)) {
            backups.push({
                ...describe(objects),
                id,
                createdAt,
                storedBytes,
                manifestKey: manifestKey(name, id),
                objects,
            });
        }
        else if (objects.some(({ file }) => databaseOfFile(file) !== null)) {
            leftovers.push({ id, createdAt, storedBytes, keys: ourKeys(objects) });
        }
    }
    return { backups: backups.sort(newestFirst), leftovers: leftovers.sort(newestFirst) };
}
/** Newest first; equal times by id, so that two runs agree. */
function newestFirst(a, b) {
    return b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1);
}
/** The keys that we have named: databases, proofs and the manifest. Anything else in the folder is somebody else's. */
function ourKeys(objects) {
    return objects
        .filter(({ file }) => file === manifestFile || databaseOfFile(file) !== null || parseProofFile(file) !== null)
        .map(({ key }) => key);
}
const levels = ['stat', 'hash', 'restore'];
function describe(objects) {
    const databases = objects.flatMap(({ file, bytes }) => {
        const name = databaseOfFile(file);
        return name === null ? [] : [{ name, storedBytes: bytes }];
    });
    const proofs = objects.flatMap(({ file }) => parseProofFile(file) ?? []);
    const best = proofs.sort((a, b) => levels.indexOf(b.level) - levels.indexOf(a.level) || b.at.getTime() - a.at.getTime())[0];
    return {
        databases,
        verified: best ?? null,
        pinned: objects.some(({ file }) => pinFiles.includes(file)),
    };
}

;// CONCATENATED MODULE: ./build/core/retention.js



/** Backups dated later than this are from a wrong clock, or worse. */
const toleranceMs = 5 * 60_000;
const retention_dayMs = 86_400_000;
const periodRules = [
    'hourly',
    'daily',
    'weekly',
    'monthly',
    'yearly',
];
/** True when no rule would keep anything: such a policy must never prune. */
function isEmptyPolicy(policy) {
    return (policy.within === null &&
        [policy.last, ...periodRules.map((rule) => policy[rule])].every((count) => count === 0));
}
/**
 * Decides for each backup whether to keep it, and why, newest first. A backup is kept when any rule or any part of
 * the floor wants it. Pure: the same backups in any order give the same plan. Backups dated in the future are kept and
 * take no one's place.
 */
function plan(backups, policy, now) {
    const sorted = [...backups].sort(newestFirst);
    const isFuture = ({ createdAt }) => createdAt.getTime() > now.getTime() + toleranceMs;
    const past = sorted.filter((backup) => !isFuture(backup));
    const reasons = new Map(sorted.map((backup) => [backup, []]));
    const keep = (backup, reason) => {
        reasons.get(backup)?.push(reason);
    };
    applyRules(past, policy, now, keep);
    applyFloor(past, policy, now, keep);
    for (const backup of sorted) {
        if (backup.pinned)
            keep(backup, 'pinned');
        if (isFuture(backup))
            keep(backup, 'dated in the future');
    }
    return sorted.map((backup) => {
        const found = reasons.get(backup) ?? [];
        return {
            id: backup.id,
            keep: found.length > 0,
            reasons: found.length > 0 ? found : ['no rule keeps it'],
        };
    });
}
function applyRules(past, policy, now, keep) {
    const calendar = new Calendar(policy.timeZone);
    for (const backup of past.slice(0, policy.last))
        keep(backup, `newest ${policy.last} (keep-last)`);
    if (policy.within !== null) {
        const since = calendar.before(now, policy.within).getTime();
        const reason = `within ${formatDuration(policy.within)}`;
        for (const backup of past)
            if (backup.createdAt.getTime() >= since)
                keep(backup, reason);
    }
    const periods = past.map(({ createdAt }) => calendar.periodsOf(createdAt));
    for (const rule of periodRules)
        applyPeriods(past, periods, rule, policy[rule], keep);
}
/** Keeps the newest of each of the first `count` periods; the backups come newest first. */
function applyPeriods(past, periods, rule, count, keep) {
    const taken = new Set();
    for (const [index, backup] of past.entries()) {
        if (taken.size >= count)
            return;
        const period = periods[index]?.[rule];
        if (!taken.has(period))
            keep(backup, `${rule} ${period}`);
        taken.add(period);
    }
}
function applyFloor(past, policy, now, keep) {
    for (const backup of past.slice(0, policy.min))
        keep(backup, `newest ${policy.min} (keep-min)`);
    const verified = past.find((backup) => backup.verified !== null);
    if (verified !== undefined)
        keep(verified, 'newest verified');
    for (const backup of past) {
        if (now.getTime() - backup.createdAt.getTime() < retention_dayMs)
            keep(backup, 'younger than a day');
    }
}

;// CONCATENATED MODULE: ./build/config/parse-policy.js



const rules = [
    'keep-last',
    'keep-within',
    'keep-hourly',
    'keep-daily',
    'keep-weekly',
    'keep-monthly',
    'keep-yearly',
];
/** `null` when no keep rule is given at all: then nothing is pruned. */
function parsePolicy(fields) {
    const policy = {
        last: fields.count('keep-last', 0),
        within: parseWithin(fields),
        hourly: fields.count('keep-hourly', 0),
        daily: fields.count('keep-daily', 0),
        weekly: fields.count('keep-weekly', 0),
        monthly: fields.count('keep-monthly', 0),
        yearly: fields.count('keep-yearly', 0),
        min: fields.count('keep-min', 3, 1),
        timeZone: parseTimeZone(fields),
    };
    const given = rules.filter((rule) => fields.has(rule));
    const [first] = given;
    if (first === undefined)
        return null;
    const broken = fields.problems.some(({ input }) => given.some((rule) => rule === input));
    if (!broken && isEmptyPolicy(policy)) {
        fields.problem(first, `Every keep rule is 0, which would keep next to nothing.`, 'Set one, such as `keep-daily: 14`, or leave all of them out to keep everything.');
    }
    return policy;
}
/** For the command `prune`, which makes no sense without a rule. */
function requirePolicy(fields) {
    const policy = parsePolicy(fields);
    if (policy !== null)
        return policy;
    fields.problem('keep-last', 'No keep rule is set, so prune has nothing to go by.', 'Set one, such as `keep-daily: 14`.');
    return {
        last: 0,
        within: null,
        hourly: 0,
        daily: 0,
        weekly: 0,
        monthly: 0,
        yearly: 0,
        min: 3,
        timeZone: 'UTC',
    };
}
function parseWithin(fields) {
    const text = fields.text('keep-within');
    if (text === undefined || text === '0')
        return null;
    const duration = parseDuration(text);
    if (duration === null) {
        fields.problem('keep-within', `\`keep-within\` is ${show(text)}, which is no length of time.`, 'Write `48h`, `7d`, `4w`, `6m` (months) or `1y`.');
    }
    return duration;
}
function parseTimeZone(fields) {
    const name = fields.text('time-zone') ?? 'UTC';
    try {
        return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    }
    catch {
        fields.problem('time-zone', `\`time-zone\` is ${show(name)}, which is no IANA time zone.`, 'Write `Europe/Berlin` or `UTC`.');
        return 'UTC';
    }
}

;// CONCATENATED MODULE: ./build/config/parse-source.js



function parseHost(fields) {
    return {
        ssh: parseSsh(fields),
        container: parseContainer(fields),
        sudo: fields.boolean('sudo'),
    };
}
const sshDetails = ['ssh-key', 'ssh-key-passphrase', 'ssh-known-hosts'];
function parseSsh(fields) {
    const target = fields.text('ssh');
    if (target === undefined) {
        for (const name of sshDetails.filter((detail) => fields.has(detail))) {
            fields.problem(name, `\`${name}\` is set, but \`ssh\` is not.`, 'Set `ssh: user@host`, or leave it out.');
        }
        return null;
    }
    const { user, host, port } = parseTarget(fields, target);
    const scan = port === 22 ? `ssh-keyscan ${host}` : `ssh-keyscan -p ${port} ${host}`;
    const keyHint = 'Set it to a private key whose public half is in ~/.ssh/authorized_keys of that user.';
    const hostsHint = `Set it to the lines that \`${scan}\` prints, after comparing the fingerprint on the server.`;
    return {
        user,
        host,
        port,
        privateKey: fields.secret('ssh-key') ?? required(fields, 'ssh-key', keyHint),
        passphrase: fields.secret('ssh-key-passphrase'),
        knownHosts: fields.text('ssh-known-hosts') ?? required(fields, 'ssh-known-hosts', hostsHint).reveal(),
    };
}
/** `user@host[:port]`, an IPv6 address in brackets. */
function parseTarget(fields, target) {
    const form = /^(?<user>[^@\s-][^@\s]*)@(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<name>[^@:\s[\]-][^@:\s[\]]*))(?::(?<port>\d{1,5}))?$/;
    const { user, v6, name, port = '22' } = form.exec(target)?.groups ?? {};
    const host = v6 ?? name;
    if (user !== undefined && host !== undefined && Number(port) >= 1 && Number(port) <= 65_535) {
        return { user, host, port: Number(port) };
    }
    const hint = 'Write `user@host` or `user@host:port`; IPv6 as `user@[::1]:22`.';
    fields.problem('ssh', `\`ssh\` is ${show(target)}.`, hint);
    return { user: '', host: 'HOST', port: 22 };
}
function required(fields, name, hint) {
    const message = `\`${name}\` is empty, but \`ssh\` needs it`;
    fields.problem(name, `${message} (in a pull request from a fork every secret is empty).`, hint);
    return new Secret('');
}
function parseContainer(fields) {
    const name = fields.text('container');
    if (name === undefined)
        return null;
    if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(name)) {
        fields.problem('container', `\`container\` is ${show(name)}, which can't be a container's name.`, 'Take it from the last column of `docker ps`.');
    }
    return name;
}
function parseSources(fields, host, context) {
    const sqlite = [];
    const postgres = [];
    const fallback = context.env['DATABASE_URL']?.trim();
    const lines = fields.has('database') || !fallback ? fields.lines('database') : [fallback];
    const local = host.ssh === null && host.container === null;
    for (const line of lines) {
        if (/^postgres(?:ql)?:\/\//.test(line))
            postgres.push(new Secret(line));
        else if (/^sqlite3?:./.test(line))
            sqlite.push(sqlitePath(line, local, context));
        else
            fields.problem('database', `\`database\` has the line ${show(maskPassword(line))}.`, databaseHint(line));
    }
    if (lines.length === 0) {
        fields.problem('database', '`database` is not set.', 'Write `sqlite:/path/to/file.sqlite3` or `postgres://user:password@host/database`.');
    }
    const exclude = fields.lines('exclude');
    return {
        sqlite,
        exclude,
        postgres,
        globals: fields.boolean('globals'),
        installClient: fields.boolean('install-client', context.face === 'action'),
    };
}
/** `sqlite:relative`, `sqlite:/absolute`, and Rails' `sqlite3:///absolute`. */
function sqlitePath(line, local, { cwd }) {
    const path = line.slice(line.indexOf(':') + 1).replace(/^\/\/(?=\/)/, '');
    return local && !path.startsWith('~/') ? (0,external_node_path_.resolve)(cwd, path) : path;
}
function databaseHint(line) {
    const [, scheme] = /^([a-z][a-z0-9+.-]*):/i.exec(line) ?? [];
    if (scheme === undefined)
        return `Write \`sqlite:${line.slice(0, 60)}\` for a SQLite file.`;
    return `Holdfast knows \`sqlite:\` and \`postgres://\`, not \`${scheme}:\`.`;
}
function maskPassword(text) {
    return text.replace(/\/\/[^@]*@/, '//…@');
}

;// CONCATENATED MODULE: ./build/config/parse-store.js


const parse_store_forms = 'Write `s3://bucket/prefix` or `file:path`.';
function parseStore(fields, { face, cwd, env }) {
    const text = fields.text('store') ?? (face === 'cli' ? 'file:backups' : undefined);
    const nowhere = { kind: 'folder', path: '' };
    if (text === undefined) {
        fields.problem('store', '`store` is not set.', parse_store_forms);
        return nowhere;
    }
    if (text.startsWith('file:')) {
        const path = text.slice('file:'.length).replace(/^\/\/(?=\/)/, '');
        if (path !== '')
            return { kind: 'folder', path: (0,external_node_path_.resolve)(cwd, path) };
    }
    if (text.startsWith('s3://'))
        return parseBucket(fields, text, env);
    fields.problem('store', `\`store\` is ${show(text)}, which names no store.`, parse_store_forms);
    return nowhere;
}
function parseBucket(fields, text, env) {
    const [bucket = '', ...folders] = text.slice('s3://'.length).replace(/\/$/, '').split('/');
    if (!/^[a-zA-Z0-9][a-zA-Z0-9._-]{1,254}$/.test(bucket)) {
        fields.problem('store', `\`store\` has the bucket ${show(bucket)}, which can't be one.`, 'Write `s3://bucket/prefix`.');
    }
    const bad = folders.find((folder) => !isPlainSegment(folder));
    if (bad !== undefined) {
        fields.problem('store', `\`store\` has the prefix part ${show(bad)}.`, 'Use letters, digits, `.`, `_` and `-` between single slashes.');
    }
    return {
        kind: 's3',
        bucket,
        prefix: folders.join('/'),
        endpoint: parseEndpoint(fields, env),
        region: fields.text('s3-region'),
        key: parse_store_parseKey(fields),
    };
}
/** One folder of a key: nothing that a path, a URL or a shell could read otherwise. */
function isPlainSegment(text) {
    return /^[\p{L}\p{N}._-]+$/u.test(text) && !/^\.+$/.test(text);
}
/** The AWS tools' own variables count too, so that they pass the same checks as an option. */
function parseEndpoint(fields, env) {
    const text = fields.text('s3-endpoint') ?? (env['AWS_ENDPOINT_URL_S3'] || env['AWS_ENDPOINT_URL'] || undefined);
    if (text === undefined)
        return undefined;
    const hint = 'Write the URL of the service, such as `https://s3.eu-central-003.backblazeb2.com`.';
    const url = URL.parse(text);
    const bare = url !== null && ['', '/'].includes(url.pathname) && url.search === '' && url.username === '';
    if (url === null || !bare || !/^https?:$/.test(url.protocol)) {
        fields.problem('s3-endpoint', `\`s3-endpoint\` is ${show(text)}, which is no URL of a service.`, hint);
        return undefined;
    }
    const loopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
    if (url.protocol === 'http:' && !loopback) {
        fields.problem('s3-endpoint', `\`s3-endpoint\` ${text} would send backups in the clear.`, 'Write https://.');
    }
    return url.origin;
}
function parse_store_parseKey(fields) {
    const [idName, secretName] = ['s3-access-key-id', 's3-secret-access-key'];
    const [id, secret] = [fields.text(idName), fields.secret(secretName)];
    if (id !== undefined && secret !== undefined)
        return { id, secret };
    const missing = id === undefined ? idName : secretName;
    if (id !== undefined || secret !== undefined) {
        const hint = `Set \`${missing}\` too (a secret is empty in pull requests from forks), or neither of them for the AWS SDK's own chain.`;
        fields.problem(missing, `\`${missing}\` is empty, but its other half is set.`, hint);
    }
    return undefined;
}

;// CONCATENATED MODULE: ./build/config/parse.js







/**
 * Makes settings of texts.
 * @param earlier what was wrong before: unknown names, files that can't be read
 * @throws ConfigError with every problem at once
 */
function parseConfig(command, raw, context, earlier = []) {
    const fields = new Fields(raw);
    const config = parseFields(command, fields, context);
    const [first, ...rest] = [...earlier, ...fields.problems];
    if (first !== undefined)
        throw new errors/* ConfigError */.xL([first, ...rest]);
    return config;
}
function parseFields(command, fields, context) {
    const common = { name: parseName(fields, context), store: parseStore(fields, context) };
    if (command === 'list')
        return { ...common, command };
    if (command === 'prune') {
        return { ...common, command, policy: requirePolicy(fields), dryRun: fields.boolean('dry-run') };
    }
    const host = parseHost(fields);
    return {
        ...common,
        command,
        host,
        sources: parseSources(fields, host, context),
        compression: parseCompression(fields),
        policy: parsePolicy(fields),
        dryRun: fields.boolean('dry-run'),
    };
}
/** The name of the catalog, also when the rest of the settings is not read: one safe path segment. */
function parseName(fields, { env, cwd }) {
    const name = fields.text('name');
    if (name === undefined)
        return safeName((0,external_node_path_.basename)(env['GITHUB_REPOSITORY'] ?? cwd));
    if (!isPlainSegment(name) || name.startsWith('.') || name.length > 100) {
        fields.problem('name', `\`name\` is ${show(name)}.`, 'Use letters, digits, `.`, `_` and `-`, without a slash.');
    }
    return name;
}
const parse_levels = { zstd: { absent: 3, most: 19 }, gzip: { absent: 6, most: 9 } };
function parseCompression(fields) {
    const codec = fields.choice('compression', ['zstd', 'gzip', 'none'], 'zstd');
    const on = fields.choice('compress-on', ['auto', 'host', 'runner'], 'auto');
    if (codec === 'none') {
        if (fields.has('compression-level')) {
            fields.problem('compression-level', '`compression-level` is set, but `compression` is none.', 'Leave it out.');
        }
        return { codec };
    }
    const { absent, most } = parse_levels[codec];
    return { codec, on, level: fields.count('compression-level', absent, 1, most) };
}

// EXTERNAL MODULE: external "node:events"
var external_node_events_ = __webpack_require__(8474);
// EXTERNAL MODULE: external "node:stream"
var external_node_stream_ = __webpack_require__(7075);
;// CONCATENATED MODULE: ./build/core/bytes.js



/** Takes note of the bytes that pass: {@link Watch.digest} tells what has passed so far. */
class Watch {
    #hash = (0,external_node_crypto_.createHash)('sha256');
    #bytes = 0;
    #onBytes;
    constructor(onBytes = () => { }) {
        this.#onBytes = onBytes;
    }
    /** The same bytes, noted while they pass. */
    async *through(source) {
        for await (const chunk of source) {
            this.add(chunk);
            yield chunk;
        }
    }
    add(chunk) {
        this.#hash.update(chunk);
        this.#bytes += chunk.byteLength;
        this.#onBytes(this.#bytes);
    }
    /** Size and SHA-256 of all bytes so far. May be asked more than once. */
    digest() {
        return { bytes: this.#bytes, sha256: this.#hash.copy().digest('hex') };
    }
}
/** The whole stream as one buffer; throws when it is larger than `limitBytes`. */
async function collect(source, limitBytes = 64 * 1024 * 1024) {
    const chunks = [];
    let total = 0;
    for await (const chunk of source) {
        total += chunk.byteLength;
        if (total > limitBytes)
            throw new RangeError(`more than ${limitBytes} bytes`);
        chunks.push(chunk);
    }
    return Buffer.concat(chunks, total);
}
/** A stream of one chunk. */
async function* bytesOf(content) {
    yield typeof content === 'string' ? Buffer.from(content) : content;
}
/**
 * Passes the bytes on while `reader` reads the same ones at the same pace. Ends only when both are done; fails when
 * either fails.
 */
async function* alongside(source, reader) {
    const copy = new external_node_stream_.PassThrough({ highWaterMark: 1024 * 1024 });
    const read = reader(copy);
    // Awaited below; a failure before that must not count as unhandled.
    read.catch(() => { });
    try {
        for await (const chunk of source) {
            if (!copy.write(chunk))
                await Promise.race([(0,external_node_events_.once)(copy, 'drain'), read]);
            yield chunk;
        }
        copy.end();
        await read;
    }
    finally {
        copy.destroy();
    }
}
/** Reads to the end and lets the bytes go. */
async function drain(source) {
    for await (const _ of source)
        ;
}

// EXTERNAL MODULE: ./node_modules/zod/v4/mini/schemas.js + 2 modules
var schemas = __webpack_require__(5395);
// EXTERNAL MODULE: ./node_modules/zod/v4/core/api.js + 1 modules
var api = __webpack_require__(3305);
// EXTERNAL MODULE: ./node_modules/zod/v4/mini/iso.js
var iso = __webpack_require__(3102);
;// CONCATENATED MODULE: ./build/core/manifest.js


/** The format this version writes, and the newest one it reads. */
const manifestFormat = 1;
const size = schemas/* number */.aig().check(schemas/* int */.Whr(), api/* _nonnegative */.UI());
const sha256 = schemas/* string */.YjP().check(api/* _regex */.Fk(/^[0-9a-f]{64}$/));
const manifest_text = schemas/* string */.YjP().check(api/* _minLength */.m9(1));
const fingerprint = schemas/* object */.Ikc({ schemaSha256: sha256, tables: schemas/* record */.g1P(schemas/* string */.YjP(), size) });
const databaseEntry = schemas/* object */.Ikc({
    name: manifest_text,
    engine: manifest_text,
    engineVersion: schemas/* string */.YjP(),
    toolVersion: schemas/* string */.YjP(),
    source: manifest_text,
    key: manifest_text,
    codecs: schemas/* array */.YOg(manifest_text),
    plainBytes: size,
    plainSha256: sha256,
    storedBytes: size,
    storedSha256: sha256,
    fingerprint,
    snapshot: schemas/* object */.Ikc({ method: schemas/* string */.YjP(), takenAt: iso/* datetime */.w$(), durationMs: schemas/* number */.aig() }),
    recovery: schemas/* array */.YOg(schemas/* string */.YjP()),
});
const manifest = schemas/* object */.Ikc({
    format: schemas/* literal */.euz(manifestFormat),
    id: manifest_text,
    name: manifest_text,
    createdAt: iso/* datetime */.w$(),
    tool: schemas/* object */.Ikc({ name: schemas/* literal */.euz('holdfast'), version: schemas/* string */.YjP() }),
    databases: schemas/* array */.YOg(databaseEntry).check(api/* _minLength */.m9(1)),
});
/** The manifest as it is stored: JSON for people, with a final newline. */
function formatManifest(content) {
    return Buffer.from(`${JSON.stringify(content, null, 2)}\n`);
}
/**
 * Reads a stored manifest.
 * @throws HoldfastError `manifest.newer` when a newer version wrote it; IntegrityError `manifest.damaged` when it is not
 * a manifest, or names an object outside of its own backup.
 */
function parseManifest(stored) {
    const content = parseJson(stored);
    const format = content?.format;
    if (typeof format === 'number' && format > manifestFormat) {
        throw new errors/* HoldfastError */.Et(`The manifest has format ${format}; this version of Holdfast reads formats up to ${manifestFormat}.`, {
            code: 'manifest.newer',
            hint: 'Upgrade Holdfast to the version that wrote the backup, or a later one.',
        });
    }
    const parsed = manifest.safeParse(content);
    if (!parsed.success) {
        const [issue] = parsed.error.issues;
        const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.join('.')}`;
        throw damaged(`it is not a manifest${where}`);
    }
    const folder = `${parsed.data.name}/${parsed.data.id}/`;
    for (const { key } of parsed.data.databases) {
        const file = key.startsWith(folder) ? key.slice(folder.length) : '';
        if (file === '' || file.includes('/') || file.startsWith('.')) {
            throw damaged(`its key ${JSON.stringify(key)} is not an object of the backup ${folder}`);
        }
    }
    return parsed.data;
}
function parseJson(stored) {
    try {
        return JSON.parse(Buffer.from(stored).toString('utf8'));
    }
    catch (cause) {
        throw damaged('it is not JSON', cause);
    }
}
function damaged(why, cause) {
    return new errors/* IntegrityError */.cs(`The manifest is damaged: ${why}.`, { code: 'manifest.damaged', cause });
}

;// CONCATENATED MODULE: ./build/core/prune.js





const leftoverAgeMs = 86_400_000;
/**
 * Removes what the policy no longer wants, by one complete listing. A backup's manifest goes first, so that no backup is
 * ever listed without its data; what an interruption leaves behind is a leftover, removed once it is older than a day.
 */
async function prune(request) {
    const { store, name, policy, now, signal, reporter } = request;
    assertNotEmpty(policy);
    const run = { ...request, storeWarnings: new Set() };
    const { backups, leftovers } = await readCatalog(store, name, { signal });
    const byId = new Map(backups.map((backup) => [backup.id, backup]));
    const kept = [];
    const pruned = [];
    for (const { id, keep, reasons } of plan(backups, policy, now)) {
        const backup = byId.get(id);
        if (reasons.includes('dated in the future')) {
            reporter.warn(`Backup ${id} is dated in the future and kept: check the clock of whoever made it.`);
        }
        const obstacle = keep ? null : await removeBackup(run, backup);
        if (keep)
            kept.push({ id, reasons });
        else if (obstacle === null)
            pruned.push({ id, storedBytes: backup.storedBytes });
        else
            kept.push({ id, reasons: [obstacle] });
    }
    const removed = await removeLeftovers(run, leftovers);
    for (const warning of run.storeWarnings)
        reporter.warn(warning);
    return { dryRun: request.dryRun, kept, pruned, leftovers: removed };
}
function assertNotEmpty(policy) {
    if (!isEmptyPolicy(policy))
        return;
    throw new errors/* ConfigError */.xL([
        {
            input: 'keep-last',
            message: 'Nothing is pruned without a rule: an empty policy would keep next to nothing.',
            hint: 'Set at least one keep rule, such as `keep-daily: 14`.',
        },
    ]);
}
/** `null` when the backup is gone (or would be); else why it stays. */
async function removeBackup(run, backup) {
    const { dryRun, reporter, signal } = run;
    (0,errors/* throwIfCancelled */.dZ)(signal);
    const foreign = await whyNotOurs(run, backup);
    if (foreign !== null) {
        reporter.warn(`Backup ${backup.id} is left alone: ${foreign}`);
        return 'its manifest is not one that this version may delete';
    }
    const objects = ourKeys(backup.objects).filter((key) => key !== backup.manifestKey);
    if (dryRun)
        return null;
    const [stuck] = await remove(run, [backup.manifestKey]);
    if (stuck !== undefined) {
        reporter.warn(`Backup ${backup.id} could not be removed: ${stuck.reason}.`);
        return `could not be removed: ${stuck.reason}`;
    }
    for (const { key, reason } of await remove(run, objects)) {
        reporter.warn(`${key} of the removed backup ${backup.id} stays as a leftover: ${reason}.`);
    }
    return null;
}
/** Gives what could not be removed. */
async function remove(run, keys) {
    const { kept, warning } = await run.store.remove(keys, { signal: run.signal });
    if (warning !== undefined)
        run.storeWarnings.add(warning);
    return kept;
}
/** Reads the manifest of a backup that is about to go: what we can't read, or a newer version wrote, is not ours to delete. */
async function whyNotOurs({ store, name, signal }, backup) {
    try {
        const manifest = parseManifest(await collect(store.get(backup.manifestKey, { signal }), 16 * 1024 * 1024));
        const ours = manifest.name === name && manifest.id === backup.id;
        return ours ? null : `its manifest is that of ${manifest.name}/${manifest.id}.`;
    }
    catch (error) {
        if (error instanceof RangeError)
            return 'its manifest is too large to be one.';
        if (!(error instanceof errors/* HoldfastError */.Et))
            throw error;
        // Another prune was quicker: nothing is left to spare.
        if (error.code === 'store.not-found')
            return null;
        // Only what the manifest says may spare a backup; a store that fails must fail the prune.
        if (!error.code.startsWith('manifest.'))
            throw error;
        return error.message;
    }
}
async function removeLeftovers(run, leftovers) {
    const { now, dryRun, reporter, signal } = run;
    const removed = [];
    for (const { id, createdAt, keys, storedBytes } of leftovers) {
        (0,errors/* throwIfCancelled */.dZ)(signal);
        if (now.getTime() - createdAt.getTime() < leftoverAgeMs)
            continue;
        const kept = dryRun ? [] : await remove(run, keys);
        for (const { key, reason } of kept)
            reporter.warn(`The leftover ${key} could not be removed: ${reason}.`);
        if (kept.length > 0)
            continue;
        removed.push({ id, storedBytes });
        reporter.info(`Leftover ${id} of a run that failed ${dryRun ? 'would be' : 'was'} removed.`);
    }
    return removed;
}

;// CONCATENATED MODULE: ./build/core/program.js


/** Runs a program to its end and gives what it wrote; the caller judges the exit. For short outputs (16 MiB). */
async function runProgram(host, argv, options) {
    const running = host.spawn(argv, options);
    const [stdout, exit] = await Promise.all([collect(running.stdout, 16 * 1024 * 1024), running.exit]);
    return { ...exit, stdout: stdout.toString('utf8') };
}
/**
 * What a program writes, as bytes that end only when it succeeded.
 * @param fail makes the error of a bad exit.
 */
async function* outputOf(host, argv, options, fail) {
    const running = host.spawn(argv, options);
    // The reader may leave early or fail first; the exit is awaited below when it matters.
    running.exit.catch(() => { });
    yield* running.stdout;
    const exit = await running.exit;
    if (exit.code !== 0)
        throw fail(exit);
}
/** `exit code 3`, `killed by SIGKILL`, `no exit status`. */
function describeExit(exit) {
    // A shell's way to say which signal ended its program.
    if (exit.code !== null && exit.code > 128 && exit.code < 160)
        return `killed by signal ${exit.code - 128}`;
    if (exit.code !== null)
        return `exit code ${exit.code}`;
    return exit.signal === undefined ? 'no exit status' : `killed by ${exit.signal}`;
}
/** The last line a program said on stderr, for a message; empty when it said nothing. */
function lastLine(stderr) {
    const lines = stderr.trim().split('\n');
    return lines.at(-1)?.trim() ?? '';
}
/** The error of a program that ended badly where nothing better is known about why. */
function programFailed(what, host, exit, hint) {
    const said = lastLine(exit.stderr);
    const why = said === '' ? describeExit(exit) : `${describeExit(exit)}: ${said}`;
    return new errors/* CommandError */.Qd(`${what} failed on ${host.label} (${why}).`, { code: 'command.failed', hint });
}
/** Whether the host finds a program of that name. */
async function hasProgram(host, name, signal) {
    const found = await runProgram(host, ['sh', '-c', 'command -v "$1"', 'sh', name], { signal });
    return found.code === 0;
}

;// CONCATENATED MODULE: ./build/core/quote.js
/**
 * One argument as a POSIX shell reads it back unchanged. Plain words stay as they are.
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02_02
 */
function quote(argument) {
    if (/^[\w@%+:,./-]+$/.test(argument))
        return argument;
    return `'${argument.replaceAll("'", "'\\''")}'`;
}

;// CONCATENATED MODULE: ./build/core/recovery.js

/**
 * What gets the database back with plain tools and without Holdfast, one shell command a line: fetch, compare the
 * hash, decode from the last codec to the first, compare again, open.
 */
function recoveryCommands({ key, plainSha256, storedSha256 }, { file, codecs, engine, store }) {
    const names = [file];
    for (const codec of codecs)
        names.push(`${names.at(-1)}.${codec.extension}`);
    const stored = quote(names.at(-1));
    const plain = quote(file);
    const decode = codecs.map((codec, index) => `${codec.decodeCommand} < ${quote(names[index + 1])} > ${quote(names[index])}`);
    return [
        `${store.fetchCommand(key)} > ${stored}`,
        `echo ${quote(`${storedSha256}  ${names.at(-1)}`)} | sha256sum -c -`,
        ...decode.reverse(),
        ...(codecs.length === 0 ? [] : [`echo ${quote(`${plainSha256}  ${file}`)} | sha256sum -c -`]),
        engine.recoverCommand(plain),
    ];
}

;// CONCATENATED MODULE: ./build/core/store-database.js
var __addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var __disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});





/**
 * Snapshot, encode, put. The object's last byte is sent only after the snapshot is proven good and what arrived is what
 * the host says it sent, so that a bad snapshot never becomes visible in the store.
 */
async function storeDatabase(request) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const { engine, database, codecs, store, reporter, signal } = request;
        const startedAt = performance.now();
        const snapshot = __addDisposableResource(env_1, await engine.snapshot(database, { signal }), true);
        const snapshotMs = performance.now() - startedAt;
        reporter.info(`Snapshot taken by ${snapshot.method} in ${(snapshotMs / 1000).toFixed(1)} s.`);
        const file = `${request.fileName}.${snapshot.extension}`;
        const key = `${backupFolder(request.name, request.id)}${[file, ...codecs.map((codec) => codec.extension)].join('.')}`;
        const plain = new Watch((bytes) => reporter.progress({ label: file, bytes, totalBytes: snapshot.expectedBytes }));
        const stored = new Watch();
        const encoded = await encode(request, snapshot, plain);
        const proven = endWhenProven(encoded, snapshot, database, plain);
        request.onKey(key);
        await store.put(key, stored.through(proven), { signal, expectedBytes: snapshot.expectedBytes });
        const { fingerprint } = await snapshot.proof;
        const [from, to] = [plain, stored].map((watch) => (watch.digest().bytes / 1e6).toFixed(1));
        reporter.info(`Stored as ${key}: ${from} MB in ${to} MB.`);
        const entry = {
            name: request.fileName,
            engine: engine.id,
            engineVersion: snapshot.engineVersion,
            toolVersion: snapshot.toolVersion,
            source: database.source,
            key,
            codecs: codecs.map((codec) => codec.id),
            plainBytes: plain.digest().bytes,
            plainSha256: plain.digest().sha256,
            storedBytes: stored.digest().bytes,
            storedSha256: stored.digest().sha256,
            fingerprint,
            snapshot: {
                method: snapshot.method,
                takenAt: snapshot.takenAt.toISOString(),
                durationMs: Math.round(snapshotMs),
            },
        };
        return { ...entry, recovery: recoveryCommands(entry, { file, codecs, engine, store }) };
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = __disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
/** The bytes to store. What the host encodes is decoded here on the way, so that the plain bytes are known. */
async function encode(request, snapshot, plain) {
    const [first, ...rest] = request.codecs;
    const command = first === undefined ? undefined : await commandOnHost(request, first, snapshot);
    if (first === undefined || command === undefined) {
        return encodeWith(request.codecs, plain.through(snapshot.read()));
    }
    request.reporter.info(`Compressed by ${first.id} on ${snapshot.host.label}.`);
    const fromHost = alongside(snapshot.read(command), (copy) => drain(plain.through(first.decode(copy))));
    return encodeWith(rest, fromHost);
}
function encodeWith(codecs, plain) {
    return codecs.reduce((bytes, codec) => codec.encode(bytes), plain);
}
async function commandOnHost({ compressOn, signal }, codec, { host }) {
    if (codec.command === undefined || compressOn === 'runner')
        return undefined;
    if (compressOn === 'auto' && !host.remote)
        return undefined;
    if (await hasProgram(host, codec.id, signal))
        return codec.command;
    if (compressOn === 'auto')
        return undefined;
    throw new errors/* HoldfastError */.Et(`${host.label} has no ${codec.id} program to compress with.`, {
        code: 'codec.no-tool',
        input: 'compress-on',
        hint: `Install ${codec.id} there, or set \`compress-on: auto\`.`,
    });
}
async function* endWhenProven(encoded, snapshot, database, plain) {
    yield* encoded;
    assertArrived(await snapshot.proof, plain.digest(), database, snapshot);
}
function assertArrived(proof, arrived, { source }, { host }) {
    const said = proof.digest;
    if (said === undefined || (said.bytes === arrived.bytes && said.sha256 === arrived.sha256))
        return;
    throw new errors/* IntegrityError */.cs(`What arrived of ${source} is not what ${host.label} sent: ${arrived.bytes} bytes with SHA-256 ${arrived.sha256} ` +
        `instead of ${said.bytes} with ${said.sha256}; nothing was stored.`, {
        code: 'snapshot.mismatch',
        hint: 'Run the backup again; if it repeats, set `compress-on: runner` and check the memory of both machines.',
    });
}

;// CONCATENATED MODULE: ./build/core/backup.js









/**
 * Probes each database, stores a proven snapshot of each, writes the manifest that makes them a backup, and only
 * then prunes. Whatever fails before the manifest leaves the store as it was.
 */
async function backup(request) {
    const { reporter, store, name } = request;
    const candidates = await reporter.step('Find and probe the databases', () => probeAll(request));
    const previous = await newestBackup(request);
    if (request.dryRun) {
        return { manifest: null, manifestKey: null, previous, retention: await pruneAfter(request) };
    }
    const manifest = await commit(request, candidates);
    reporter.info(`Backup ${manifest.id} is complete in ${store.label}.`);
    return {
        manifest,
        manifestKey: manifestKey(name, manifest.id),
        previous,
        retention: await pruneAfter(request, manifest.id),
    };
}
async function probeAll({ engines, reporter, signal }) {
    const found = [];
    for (const engine of engines) {
        for (const database of await engine.discover({ signal })) {
            const probe = await engine.probe(database, { signal });
            for (const warning of probe.warnings)
                reporter.warn(warning);
            reporter.info(`${database.source}: about ${Math.ceil(probe.expectedBytes / 1e6)} MB`);
            found.push({ engine, database, probe });
        }
    }
    const names = uniqueNames(found.map(({ database }) => safeName(database.name)));
    return found.map((candidate, index) => ({ ...candidate, name: names[index] }));
}
async function newestBackup({ store, name, signal, }) {
    const { backups } = await readCatalog(store, name, { signal });
    return backups[0] ?? null;
}
/** Stores every database and then the manifest; takes everything back when anything fails. */
async function commit(request, candidates) {
    const { store, name, reporter, signal } = request;
    const createdAt = request.now();
    const id = newBackupId(createdAt);
    const key = manifestKey(name, id);
    const written = [key];
    try {
        const databases = [];
        for (const { engine, database, name: fileName } of candidates) {
            (0,errors/* throwIfCancelled */.dZ)(signal);
            const entry = await reporter.step(`Back up ${database.source}`, () => storeDatabase({ ...request, engine, database, id, fileName, onKey: (put) => written.push(put) }));
            databases.push(entry);
        }
        const manifest = {
            format: manifestFormat,
            id,
            name,
            createdAt: createdAt.toISOString(),
            tool: { name: 'holdfast', version: request.toolVersion },
            databases,
        };
        (0,errors/* throwIfCancelled */.dZ)(signal);
        await store.put(key, bytesOf(formatManifest(manifest)), { signal });
        return manifest;
    }
    catch (error) {
        await takeBack(request, written);
        throw error;
    }
}
/** Best effort, and quick: what stays is a leftover that a later prune removes. */
async function takeBack({ store, reporter }, keys) {
    try {
        const { kept } = await store.remove(keys, { signal: AbortSignal.timeout(5000) });
        for (const { key, reason } of kept)
            reporter.warn(`${key} of the failed backup stays for now: ${reason}.`);
    }
    catch (error) {
        reporter.warn(`Objects of the failed backup could not be removed now (${error instanceof Error ? error.message : error}); ` +
            'they are shown as leftovers, and a prune removes them after a day.');
    }
}
async function pruneAfter(request, id) {
    const { policy, reporter } = request;
    if (policy === null || isEmptyPolicy(policy))
        return null;
    try {
        return await reporter.step('Prune by the retention policy', () => prune({ ...request, policy, now: request.now() }));
    }
    catch (error) {
        throw id === undefined || !(error instanceof errors/* HoldfastError */.Et) ? error : pruneFailed(id, error);
    }
}
/** The backup is there all the same, and the user must hear of both. */
function pruneFailed(id, error) {
    const message = `Backup ${id} is complete, but pruning after it did not finish: ${error.message}`;
    if (error instanceof errors/* CancelledError */.cc)
        return new errors/* CancelledError */.cc(message);
    return new errors/* HoldfastError */.Et(message, { code: error.code, hint: error.hint, input: error.input, cause: error });
}

;// CONCATENATED MODULE: ./build/core/list.js

/** The backups of one name, newest first, and what failed runs have left behind. */
async function list({ store, name, now, signal }) {
    const { backups, leftovers } = await readCatalog(store, name, { signal });
    return {
        leftovers,
        backups: backups.map(({ id, createdAt, storedBytes, databases, verified }) => ({
            id,
            createdAt,
            ageSeconds: Math.floor((now.getTime() - createdAt.getTime()) / 1000),
            storedBytes,
            databases,
            verified,
        })),
    };
}

// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: external "node:zlib"
var external_node_zlib_ = __webpack_require__(8522);
;// CONCATENATED MODULE: ./build/codecs/damage.js

/** Turns whatever a decoder says about bad bytes into one error, and stops output beyond a limit. */
async function* guardDecoded(id, decoded, limitBytes = Number.POSITIVE_INFINITY) {
    let total = 0;
    try {
        for await (const chunk of decoded) {
            total += chunk.byteLength;
            if (total > limitBytes) {
                throw new errors/* IntegrityError */.cs(`The ${id} data holds more than the ${limitBytes} bytes that it should.`, {
                    code: 'codec.too-large',
                });
            }
            yield chunk;
        }
    }
    catch (cause) {
        throw isDecoderError(cause) ? damage_damaged(id, cause) : cause;
    }
}
function isDecoderError(cause) {
    if (cause instanceof errors/* HoldfastError */.Et || !(cause instanceof Error))
        return false;
    const { code = '' } = cause;
    return cause instanceof SyntaxError || /^(Z_|ZSTD_)/.test(code);
}
function damage_damaged(id, cause) {
    return new errors/* IntegrityError */.cs(`The ${id} data is damaged: ${cause.message}.`, { code: 'codec.damaged', cause });
}

// EXTERNAL MODULE: external "node:stream/promises"
var promises_ = __webpack_require__(6466);
;// CONCATENATED MODULE: ./build/codecs/through-stream.js

/** The bytes after a stream of Node's: a failure of either is a throw, and a reader that leaves early ends both. */
async function* throughStream(source, transform) {
    const fed = (0,promises_.pipeline)(source, transform);
    // It is awaited below; when the reading fails first, that failure is the same one.
    fed.catch(() => { });
    try {
        yield* transform;
        await fed;
    }
    finally {
        transform.destroy();
    }
}

;// CONCATENATED MODULE: ./build/codecs/gzip.js



/** @param level 1 to 9 */
function gzipCodec(level) {
    return {
        id: 'gzip',
        extension: 'gz',
        decodeCommand: 'gzip -dc',
        command: ['gzip', `-${level}`, '-c'],
        encode: (plain) => throughStream(plain, (0,external_node_zlib_.createGzip)({ level })),
        decode: (encoded, limitBytes) => guardDecoded('gzip', decode(encoded), limitBytes),
    };
}
async function* decode(encoded) {
    const gunzip = (0,external_node_zlib_.createGunzip)();
    let fed = 0;
    const counted = async function* () {
        for await (const chunk of encoded) {
            fed += chunk.byteLength;
            yield chunk;
        }
        if (fed === 0)
            throw new SyntaxError('it is empty');
    };
    yield* throughStream(counted(), gunzip);
    // Node leaves what follows the last member unread, without a word.
    if (gunzip.bytesWritten !== fed)
        throw new SyntaxError('something else follows it');
}

;// CONCATENATED MODULE: ./build/core/cutter.js
/**
 * Cuts a stream into buffers of equal size, and uses a buffer again once it is given back: memory that the garbage
 * collector frees only some time later would add up to hundreds of megabytes.
 */
class Cutter {
    #partBytes;
    #free = [];
    constructor(partBytes) {
        this.#partBytes = partBytes;
    }
    /** Only the last part may be smaller, and it may be the only one and empty. */
    async *cut(source) {
        let part = Buffer.allocUnsafe(0);
        let filled = 0;
        for await (const chunk of source) {
            for (let at = 0; at < chunk.byteLength;) {
                if (filled === part.byteLength) {
                    if (filled > 0)
                        yield part;
                    part = this.#free.pop() ?? Buffer.allocUnsafe(this.#partBytes);
                    filled = 0;
                }
                const taken = chunk.subarray(at, at + part.byteLength - filled);
                part.set(taken, filled);
                filled += taken.byteLength;
                at += taken.byteLength;
            }
        }
        yield part.subarray(0, filled);
    }
    /** The part is needed no more. */
    giveBack(part) {
        if (part.byteLength === this.#partBytes)
            this.#free.push(part);
    }
}

;// CONCATENATED MODULE: ./build/codecs/zstd-frames.js
const magic = 0xfd2fb528;
/** Bytes of a dictionary id and of a content size, by their flags (RFC 8878, 3.1.1.1). */
const dictionarySizes = [0, 1, 2, 4];
const contentSizes = [0, 2, 4, 8];
const reservedBlock = 3;
const rleBlock = 1;
/**
 * Finds where zstd frames end, by their headers alone (RFC 8878, 3.1.1). Node's decoder stops without a word after the
 * first frame, and before Node 24.20 also where the input is cut short; this knows both.
 */
class FrameScanner {
    #at = 'frame';
    /** A header whose bytes have not all come. */
    #header = [];
    /** Bytes until the next header, or until the frame's end. */
    #skip = 0;
    #endsAfterSkip = false;
    #checksum = false;
    #frames = 0;
    /** Cuts the next bytes at the ends of frames. @throws SyntaxError where they are no frame */
    split(chunk) {
        const parts = [];
        let start = 0;
        let at = 0;
        while (at < chunk.byteLength) {
            at = this.#skip > 0 ? this.#pass(chunk, at) : this.#readHeader(chunk, at);
            if (this.#skip > 0 || !this.#endsAfterSkip)
                continue;
            parts.push({ bytes: chunk.subarray(start, at), ends: true });
            start = at;
            this.#endsAfterSkip = false;
            this.#at = 'frame';
            this.#frames += 1;
        }
        if (start < at)
            parts.push({ bytes: chunk.subarray(start), ends: false });
        return parts;
    }
    /** @throws SyntaxError when the input ended inside a frame, or held none. */
    finish() {
        const between = this.#at === 'frame' && this.#header.length === 0;
        if (!between || this.#frames === 0)
            throw new SyntaxError('it is cut short');
    }
    #pass(chunk, at) {
        const passed = Math.min(this.#skip, chunk.byteLength - at);
        this.#skip -= passed;
        return at + passed;
    }
    #readHeader(chunk, at) {
        this.#header.push(chunk[at]);
        if (this.#at === 'frame' && this.#header.length === 5)
            this.#beginFrame();
        else if (this.#at === 'block' && this.#header.length === 3)
            this.#beginBlock();
        return at + 1;
    }
    #beginFrame() {
        const [a = 0, b = 0, c = 0, d = 0, descriptor = 0] = this.#header;
        if (((d << 24) | (c << 16) | (b << 8) | a) >>> 0 !== magic)
            throw new SyntaxError('it is not a zstd frame');
        const single = (descriptor >> 5) & 1;
        const contentFlag = descriptor >> 6;
        const content = contentFlag === 0 ? single : contentSizes[contentFlag];
        const dictionary = dictionarySizes[descriptor & 3];
        this.#checksum = ((descriptor >> 2) & 1) === 1;
        this.#skip = (single === 1 ? 0 : 1) + dictionary + content;
        this.#at = 'block';
        this.#header = [];
    }
    #beginBlock() {
        const [a = 0, b = 0, c = 0] = this.#header;
        const header = (c << 16) | (b << 8) | a;
        const type = (header >> 1) & 3;
        if (type === reservedBlock)
            throw new SyntaxError('a block is of no known type');
        const last = (header & 1) === 1;
        this.#skip = (type === rleBlock ? 1 : header >> 3) + (last && this.#checksum ? 4 : 0);
        this.#endsAfterSkip = last;
        this.#header = [];
    }
}

;// CONCATENATED MODULE: ./build/codecs/zstd.js







/** Plain bytes of one frame, about. Larger ones gain next to nothing in size; memory grows with each frame in flight. */
const frameBytes = 4 * 1024 * 1024;
/** Room for the compressed bytes of one step; more are taken where a frame needs them. */
const outputBytes = 1024 * 1024;
const framesInFlight = Math.min(3, (0,external_node_os_.availableParallelism)());
const compress = (0,external_node_util_.promisify)(external_node_zlib_.zstdCompress);
/**
 * zstd in independent frames, compressed side by side on libuv's threads, each with a checksum. Node's own threads
 * for one frame (`nbWorkers`) lose data on large inputs (nodejs/node#59899).
 * @param level 1 to 19
 */
function zstdCodec(level) {
    return {
        id: 'zstd',
        extension: 'zst',
        decodeCommand: 'zstd -dc',
        command: ['zstd', '-q', `-${level}`, '--check', '-c'],
        encode: (plain) => zstd_encode(plain, level),
        decode: (encoded, limitBytes) => guardDecoded('zstd', zstd_decode(encoded), limitBytes),
    };
}
async function* zstd_encode(plain, level) {
    const params = { [external_node_zlib_.constants.ZSTD_c_compressionLevel]: level, [external_node_zlib_.constants.ZSTD_c_checksumFlag]: 1 };
    const cutter = new Cutter(frameBytes);
    const inFlight = [];
    for await (const frame of cutter.cut(plain)) {
        // The default of 16 KiB would mean hundreds of turns between the threads for each frame.
        const compressed = compress(frame, { params, chunkSize: outputBytes }).finally(() => cutter.giveBack(frame));
        // Awaited in its turn; when an earlier one fails, this one's failure is nobody's.
        compressed.catch(() => { });
        inFlight.push(compressed);
        if (inFlight.length >= framesInFlight)
            yield (await inFlight.shift());
    }
    for (const compressed of inFlight)
        yield await compressed;
}
async function* zstd_decode(encoded) {
    const scanner = new FrameScanner();
    const parts = partsOf(encoded, scanner);
    for (;;) {
        const first = await parts.next();
        if (first.done)
            return;
        yield* throughStream(oneFrame(first.value, parts), (0,external_node_zlib_.createZstdDecompress)());
    }
}
async function* partsOf(encoded, scanner) {
    for await (const chunk of encoded)
        yield* scanner.split(chunk);
    scanner.finish();
}
async function* oneFrame(first, parts) {
    for (let part = first; part !== null; part = part.ends ? null : await nextPart(parts))
        yield part.bytes;
}
async function nextPart(parts) {
    const { done, value } = await parts.next();
    return done ? null : value;
}

;// CONCATENATED MODULE: ./build/codecs/registry.js



/** Every codec that was ever written into a manifest, with the level it has when none is given. */
const codecs = {
    zstd: { make: zstdCodec, level: 3 },
    gzip: { make: gzipCodec, level: 6 },
};
/** @throws HoldfastError `codec.unknown` for an id that this version does not know. */
function codecById(id, level) {
    const known = codecs[id];
    if (known === undefined) {
        throw new errors/* HoldfastError */.Et(`The backup was made with the codec ${JSON.stringify(id)}, which this version does not know.`, {
            code: 'codec.unknown',
            hint: 'Upgrade Holdfast to the version that wrote the backup, or a later one.',
        });
    }
    return known.make(level ?? known.level);
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:fs/promises"
var external_node_fs_promises_ = __webpack_require__(1455);
;// CONCATENATED MODULE: ./build/engines/postgres/client-install.js





/**
 * Gets the distribution's own client package for this machine: downloaded by apt-get and unpacked into a folder of ours, so that
 * nothing on the system changes and no root is needed. The packages are kept between runs of a workflow; whatever comes
 * from that cache must have the SHA-256 that apt's signed index says, because others may write into the cache.
 * @returns the installer; it gives `null` where there is no apt-get or no such package
 */
function clientInstaller({ folder, reporter }) {
    const ready = new Map();
    return async (major, signal) => {
        const known = ready.get(major);
        if (known !== undefined)
            return known;
        if (!(0,external_node_fs_.existsSync)('/usr/bin/apt-get') || !(0,external_node_fs_.existsSync)('/usr/bin/dpkg-deb'))
            return null;
        const wanted = await findPackages(major, reporter);
        if (wanted === null)
            return null;
        (0,errors/* throwIfCancelled */.dZ)(signal);
        const [{ version }] = wanted;
        const found = Number.parseInt(version, 10);
        const target = (0,external_node_path_.join)(folder, `postgresql-client-${found}`);
        const client = await reporter.step(`Install the PostgreSQL client ${version}`, async () => {
            await fetchAll(wanted, target, reporter);
            (0,errors/* throwIfCancelled */.dZ)(signal);
            return unpack(wanted, target);
        });
        ready.set(major, client).set(found, client);
        return client;
    };
}
/** The client and the library it needs; tried again after reading the archive's index anew. */
async function findPackages(major, reporter) {
    for (const refresh of [false, true]) {
        if (refresh)
            await refreshIndex(reporter);
        const name = major === 'newest' ? await newestClient() : `postgresql-client-${major}`;
        const client = name === null ? null : await describePackage(name);
        const library = await describePackage('libpq5');
        if (client !== null && library !== null)
            return [client, library];
    }
    return null;
}
async function newestClient() {
    const { stdout } = await execute('apt-cache', ['search', '--names-only', '^postgresql-client-[0-9]+$']);
    const majors = [...stdout.matchAll(/^postgresql-client-(\d+) /gm)].map(([, digits]) => Number(digits));
    return majors.length === 0 ? null : `postgresql-client-${Math.max(...majors)}`;
}
async function describePackage(name) {
    const { stdout } = await execute('apt-cache', ['show', '--no-all-versions', name]);
    const field = (key) => new RegExp(`^${key}: (.+)$`, 'm').exec(stdout)?.[1];
    const [version, path, sha256] = [field('Version'), field('Filename'), field('SHA256')];
    if (version === undefined || path === undefined || sha256 === undefined)
        return null;
    const architecture = /_([^_]+)\.deb$/.exec(path)?.[1] ?? 'all';
    return { name, version, sha256, file: `${name}_${version.replace(':', '%3a')}_${architecture}.deb` };
}
const pgdgScript = '/usr/share/postgresql-common/pgdg/apt.postgresql.org.sh';
/** Reads the index anew; adds the PostgreSQL project's own archive where the distribution ships the script for it. */
async function refreshIndex(reporter) {
    const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '-n'];
    const run = async (...argv) => {
        const [program = '', ...args] = [...asRoot, ...argv];
        const { exitCode, stderr } = await execute(program, args);
        if (exitCode !== 0)
            reporter.debug(`${argv.join(' ')} ended with ${exitCode}: ${stderr.trim()}`);
    };
    if ((0,external_node_fs_.existsSync)(pgdgScript))
        await run(pgdgScript, '-y');
    else
        await run('apt-get', 'update', '-qq');
}
async function fetchAll(packages, target, reporter) {
    await (0,external_node_fs_promises_.mkdir)(target, { recursive: true });
    const key = await cacheKey(packages);
    await restore(target, key, reporter);
    let downloaded = false;
    for (const wanted of packages) {
        if (await isGenuine(target, wanted))
            continue;
        await (0,external_node_fs_promises_.rm)((0,external_node_path_.join)(target, wanted.file), { force: true });
        const { exitCode, stderr } = await execute('apt-get', ['download', '-qq', `${wanted.name}=${wanted.version}`], target);
        if (exitCode !== 0 || !(await isGenuine(target, wanted))) {
            throw notInstalled(wanted, `downloaded (${stderr.trim() || 'its hash is not that of the index'})`);
        }
        downloaded = true;
    }
    if (downloaded)
        await save(target, key, reporter);
}
async function isGenuine(target, { file, sha256 }) {
    try {
        return ((0,external_node_crypto_.createHash)('sha256')
            .update(await (0,external_node_fs_promises_.readFile)((0,external_node_path_.join)(target, file)))
            .digest('hex') === sha256);
    }
    catch {
        return false;
    }
}
async function unpack(packages, target) {
    const root = (0,external_node_path_.join)(target, 'root');
    await (0,external_node_fs_promises_.rm)(root, { recursive: true, force: true });
    for (const wanted of packages) {
        const { exitCode, stderr } = await execute('dpkg-deb', ['-x', (0,external_node_path_.join)(target, wanted.file), root]);
        if (exitCode !== 0)
            throw notInstalled(wanted, `unpacked (${stderr.trim()})`);
    }
    const [{ version }] = packages;
    const major = Number.parseInt(version, 10);
    const triplet = (await execute('dpkg-architecture', ['-qDEB_HOST_MULTIARCH'])).stdout.trim() || guessTriplet();
    const bin = (0,external_node_path_.join)(root, 'usr/lib/postgresql', `${major}`, 'bin');
    const libraries = (0,external_node_path_.join)(root, 'usr/lib', triplet);
    // The libraries that every distribution has are not unpacked; should one be missing, it shows here.
    for (const program of ['psql', 'pg_dump', 'pg_dumpall']) {
        const { exitCode, stderr } = await execute('env', [
            `LD_LIBRARY_PATH=${libraries}`,
            (0,external_node_path_.join)(bin, program),
            '--version',
        ]);
        if (exitCode !== 0)
            throw notInstalled(packages[0], `started (${stderr.trim()})`);
    }
    return {
        major,
        version: version.split('-')[0] ?? version,
        folder: bin,
        env: { LD_LIBRARY_PATH: libraries },
    };
}
function notInstalled({ name, version }, why) {
    return new errors/* HoldfastError */.Et(`The package ${name} ${version} could not be ${why}.`, {
        code: 'postgres.install',
        input: 'install-client',
        hint: `Install the package ${name} before the backup, for example with \`sudo apt-get install ${name}\`.`,
    });
}
function guessTriplet() {
    return process.arch === 'arm64' ? 'aarch64-linux-gnu' : 'x86_64-linux-gnu';
}
async function cacheKey(packages) {
    const release = await (0,external_node_fs_promises_.readFile)('/etc/os-release', 'utf8').catch(() => '');
    const distribution = ['ID', 'VERSION_ID'].map((name) => new RegExp(`^${name}="?([^"\n]+)`, 'm').exec(release)?.[1]);
    return ['holdfast', ...distribution, process.arch, ...packages.map(({ file }) => file)].join('-');
}
/** The cache saves a download; whatever is wrong with it must never fail a backup. */
async function restore(target, key, reporter) {
    await quietly(reporter, async (cache) => {
        await cache.restoreCache([target], key);
    });
}
async function save(target, key, reporter) {
    await quietly(reporter, async (cache) => {
        await cache.saveCache([target], key);
    });
}
async function quietly(reporter, work) {
    try {
        const cache = await Promise.all(/* import() */[__webpack_require__.e(955), __webpack_require__.e(838), __webpack_require__.e(169)]).then(__webpack_require__.bind(__webpack_require__, 1169));
        if (cache.isFeatureAvailable())
            await work(cache);
    }
    catch (error) {
        reporter.debug(`The cache of client packages could not be used: ${error instanceof Error ? error.message : error}`);
    }
}
async function execute(program, args, cwd = '/') {
    const { getExecOutput } = await __webpack_require__.e(/* import() */ 955).then(__webpack_require__.bind(__webpack_require__, 1955));
    try {
        return await getExecOutput(program, args, { cwd, silent: true, ignoreReturnCode: true });
    }
    catch (error) {
        // The program itself is not there.
        return { exitCode: 127, stdout: '', stderr: error instanceof Error ? error.message : String(error) };
    }
}

// EXTERNAL MODULE: external "node:timers/promises"
var external_node_timers_promises_ = __webpack_require__(8500);
;// CONCATENATED MODULE: ./build/engines/postgres/connection.js


/** Parameters that change where or how safely we connect, and nothing else, with libpq's variables for them. */
const allowed = {
    sslrootcert: 'PGSSLROOTCERT',
    sslcert: 'PGSSLCERT',
    sslkey: 'PGSSLKEY',
    sslnegotiation: 'PGSSLNEGOTIATION',
    channel_binding: 'PGCHANNELBINDING',
    connect_timeout: 'PGCONNECT_TIMEOUT',
    application_name: 'PGAPPNAME',
    target_session_attrs: 'PGTARGETSESSIONATTRS',
    gssencmode: 'PGGSSENCMODE',
};
const sslmodes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'];
/**
 * @throws HoldfastError `postgres.url` naming `database`; neither the URL nor its password is in the message
 * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING-URIS
 */
function parseConnection(url) {
    const { parts, query } = takeApart(url.reveal());
    const value = (name, part) => query.get(name) ?? part;
    const user = value('user', parts.user);
    const database = value('dbname', parts.database) ?? user;
    if (database === undefined) {
        throw refused('it names no database', 'Write `postgres://user:password@host/database`.');
    }
    const host = value('host', parts.host);
    if (host?.includes(','))
        throw refused('it names several hosts', 'Name the one to back up from.');
    return {
        host,
        port: parsePort(value('port', parts.port)),
        user,
        password: new Secret(value('password', parts.password) ?? ''),
        database,
        sslmode: parseSslmode(query.get('sslmode')),
        settings: settingsOf(query),
    };
}
function parsePort(text) {
    if (text === undefined)
        return undefined;
    if (!/^\d{1,5}$/.test(text))
        throw refused(`its port is ${JSON.stringify(text)}`, 'Write a number.');
    return Number(text);
}
function parseSslmode(text) {
    if (text === undefined || sslmodes.includes(text))
        return text;
    throw refused(`it has sslmode=${text}`, `Write one of ${sslmodes.join(', ')}.`);
}
function settingsOf(query) {
    const settings = {};
    for (const [name, text] of query) {
        if (own.includes(name))
            continue;
        const variable = Object.hasOwn(allowed, name) ? allowed[name] : undefined;
        if (variable === undefined)
            throw refused(`its parameter \`${name}\` is not allowed`, 'Leave the parameter out.');
        settings[variable] = text;
    }
    return settings;
}
/** Parameters that say again what the URL's own parts say; they win, as in libpq. */
const own = ['host', 'port', 'user', 'password', 'dbname', 'sslmode'];
/** An `@` after the host is refused: most likely it ends a password with a character that should have been encoded. */
function takeApart(url) {
    const form = /^postgres(?:ql)?:\/\/(?:(?<user>[^:@/?#]*)(?::(?<password>[^@/?#]*))?@)?(?:\[(?<v6>[^\]]+)\]|(?<host>[^:/?#,@]*))(?::(?<port>\d*))?(?:\/(?<database>[^?#@]*))?(?:\?(?<query>[^#@]*))?$/;
    const groups = form.exec(url)?.groups;
    if (groups === undefined) {
        throw refused('it can not be taken apart', 'Write `postgres://user:password@host:port/database`, with special characters of the password percent-encoded.');
    }
    const parts = {};
    for (const name of ['user', 'password', 'host', 'port', 'database']) {
        const text = connection_decode(groups[name] || (name === 'host' ? groups['v6'] : undefined) || '');
        if (text !== '')
            parts[name] = text;
    }
    const query = new Map();
    for (const pair of (groups['query'] ?? '').split('&').filter((text) => text !== '')) {
        const [name = '', text = ''] = pair.split(/=(.*)/s, 2).map(connection_decode);
        query.set(name, text);
    }
    return { parts, query };
}
function connection_decode(text) {
    try {
        const plain = decodeURIComponent(text);
        if (!/[\0\r\n]/.test(plain))
            return plain;
    }
    catch {
        // Told below.
    }
    throw refused('it has a percent-encoding that stands for no text', 'Encode `%` itself as `%25`.');
}
function refused(why, hint) {
    return new errors/* HoldfastError */.Et(`The PostgreSQL URL in \`database\` can't be used: ${why}.`, {
        code: 'postgres.url',
        input: 'database',
        hint,
    });
}
/** For people and manifests: `postgres:app on db.example.com`. */
function labelOf({ database, host }, hostLabel) {
    const where = host === undefined || isLoopback(host) ? hostLabel : host;
    return `postgres:${database} on ${where}`;
}
/** A socket's folder, or an address of the same machine: the bytes do not cross a network. */
function isLoopback(host) {
    return host === undefined || host.startsWith('/') || /^(?:localhost|127(?:\.\d+){3}|::1)$/.test(host);
}

;// CONCATENATED MODULE: ./build/engines/postgres/postgres-errors.js


const translations = [
    {
        when: /password authentication failed|no password supplied|SASL|authentication failed/i,
        code: 'postgres.password',
        why: () => 'the server does not accept the user or the password',
        hint: 'Correct the URL in `database`; special characters of a password are percent-encoded in it.',
    },
    {
        when: /no pg_hba\.conf entry|pg_hba\.conf rejects/i,
        code: 'postgres.hba',
        why: () => 'the server does not let this user in from here (pg_hba.conf)',
        hint: 'Allow the address in pg_hba.conf, or reach the database over `ssh`.',
    },
    {
        when: /database ".*" does not exist/i,
        code: 'postgres.no-database',
        why: (said) => said,
        hint: 'Correct the database in the URL.',
    },
    {
        when: /role ".*" does not exist/i,
        code: 'postgres.no-role',
        why: (said) => said,
        hint: 'Correct the user in the URL.',
    },
    {
        when: /server does not support SSL/i,
        code: 'postgres.no-tls',
        why: () => 'the server has no TLS, but `sslmode` asks for it (without one in the URL, a server elsewhere must prove who it is)',
        hint: 'Switch TLS on, reach the database over `ssh`, or accept the risk with `?sslmode=disable` in the URL.',
    },
    {
        when: /certificate verify failed|does not match host name|root certificate|unable to get local issuer|self-signed certificate/i,
        code: 'postgres.certificate',
        why: (said) => `the server's certificate is not accepted (${said})`,
        hint: 'Add to the URL `?sslrootcert=/path/to/ca.pem` when the provider has a CA of its own, `?sslmode=require` to encrypt ' +
            'without knowing who the server is, or `?sslmode=disable` not even to encrypt.',
    },
    {
        when: /too many (?:clients|connections)|connection slots/i,
        code: 'postgres.busy',
        why: () => 'the server has no connection left',
        hint: 'Raise max_connections, or back up at a quieter time; a backup needs two connections.',
    },
    {
        when: /could not translate host name/i,
        code: 'postgres.dns',
        why: () => 'the name of the server has no address',
        hint: 'Correct the host in the URL; it is looked up on the machine where pg_dump runs.',
    },
    {
        when: /Connection refused|No such file or directory.*\n?.*socket|Is the server running/i,
        code: 'postgres.refused',
        why: () => 'nothing answers there',
        hint: 'Correct host and port in the URL, or start the server.',
    },
    {
        when: /timeout expired/i,
        code: 'postgres.timeout',
        why: () => 'the server did not answer in time',
        hint: 'Check the host, the port and the firewall.',
    },
    {
        when: /due to lock timeout|due to statement timeout/i,
        code: 'postgres.locked',
        why: (_, stderr) => `another session holds an ACCESS EXCLUSIVE lock on ${tableOfLock(stderr)}, and did not let go in time`,
        hint: 'End that session (pg_stat_activity, pg_locks), or back up at another time than migrations.',
    },
    {
        when: /row-level security/i,
        code: 'postgres.row-security',
        why: (said) => `row-level security would hide rows (${said})`,
        hint: 'Use a role with BYPASSRLS, or the owner of the table.',
    },
    {
        when: /permission denied/i,
        code: 'postgres.permission',
        why: (said) => said,
        hint: 'Grant the role the right to read everything: GRANT pg_read_all_data TO role (PostgreSQL 14 and newer).',
    },
    {
        when: /terminating connection|server closed the connection|connection to server was lost|SSL SYSCALL/i,
        code: 'postgres.lost',
        why: (said) => `the server ended the connection (${said})`,
        hint: 'Look at the log of the server, and run the backup again.',
    },
    {
        when: /invalid snapshot identifier|snapshot ".*" does not exist|could not import the requested snapshot/i,
        code: 'postgres.snapshot-gone',
        why: () => 'the session that holds its snapshot ended',
        hint: 'Look at the log of the server, and run the backup again.',
    },
    {
        when: /out of shared memory/i,
        code: 'postgres.locks',
        why: () => 'the server has no room for a lock on each table',
        hint: 'Raise max_locks_per_transaction on the server, which must be restarted for it.',
    },
    {
        when: /conflict with recovery/i,
        code: 'postgres.standby-conflict',
        why: () => 'this server is a standby, and replaying changes of its primary conflicts with the dump',
        hint: 'Raise max_standby_streaming_delay on the standby, switch hot_standby_feedback on, or back up the primary.',
    },
    {
        when: /cache lookup failed|could not open relation|(?:relation|schema) ".*" does not exist/i,
        code: 'postgres.changed',
        why: () => 'a table was dropped or changed while the dump began',
        hint: 'Run the backup again, not during migrations.',
    },
];
/** The one place where what psql and pg_dump say becomes a sentence. They never print a password. */
function postgresError(what, exit) {
    const said = reasonIn(exit.stderr) || describeExit(exit);
    const known = translations.find(({ when }) => when.test(exit.stderr));
    if (known === undefined)
        return new errors/* CommandError */.Qd(`${what} failed: ${said}.`, { code: 'postgres.failed' });
    const { code, why, hint } = known;
    return new errors/* CommandError */.Qd(`${what} failed: ${why(said, exit.stderr)}.`, { code, hint, input: 'database' });
}
/** The line with the reason, the server's before the program's, without the name and the level in front. */
function reasonIn(stderr) {
    const lines = stderr.trim().split('\n');
    const said = (level) => lines.find((text) => level.test(text));
    const line = said(/(?:FATAL|ERROR|PANIC): /) ?? said(/error: /) ?? lastLine(stderr);
    return line
        .replace(/^.*(?:FATAL|ERROR|PANIC): +|^.*?error: +/, '')
        .replace(/\.$/, '')
        .trim();
}
/** pg_dump may ask for several tables at once, and is not told which one was in the way. */
function tableOfLock(stderr) {
    const table = /LOCK TABLE (?:ONLY )?([^,]+?) IN ACCESS SHARE MODE/s.exec(stderr)?.[1];
    return table?.replace(/"([a-z_][a-z0-9_]*)"/g, '$1') ?? 'a table';
}

;// CONCATENATED MODULE: ./build/engines/postgres/access.js
var access_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var access_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});





/** Puts the password into a private file on the host, sent over stdin. */
async function openAccess(request) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const { host, client, connection, signal } = request;
        const stack = access_addDisposableResource(env_1, new AsyncDisposableStack(), true);
        const scratch = stack.use(await host.scratch({ signal }));
        const passwordFile = `${scratch.path}/pgpass`;
        const write = ['sh', '-c', 'umask 077; cat > "$1"', 'sh', passwordFile];
        const written = await runProgram(host, write, { signal, stdin: passwordLine(connection) });
        if (written.code !== 0)
            throw programFailed('Writing the password file', host, written);
        const env = {
            ...client.env,
            ...(await variablesOf(request)),
            PGPASSFILE: passwordFile,
        };
        const cleared = libpqVariables.filter((name) => !(name in env)).flatMap((name) => ['-u', name]);
        // pg_dump must keep the database's own encoding: not every text of another one can be converted.
        const encoding = { psql: ['PGCLIENTENCODING=UTF8'], pg_dump: [], pg_dumpall: [] };
        const held = stack.move();
        return {
            host,
            client,
            connection,
            folder: scratch.path,
            env,
            program: (name, ...args) => {
                const prefix = ['env', ...cleared, ...encoding[name]];
                return [...prefix, `${client.folder}/${name}`, keepalive, ...args];
            },
            [Symbol.asyncDispose]: () => held.disposeAsync(),
        };
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = access_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
/** A firewall may forget a connection that is silent for minutes, as that of the snapshot is during a long dump. */
const keepalive = '--dbname=keepalives_idle=60 keepalives_interval=15 keepalives_count=8';
/**
 * What an administrator of the host has set for sessions of his own must not steer ours: not where they go, nor as whom.
 * https://www.postgresql.org/docs/current/libpq-envars.html
 */
const libpqVariables = [
    ...['PGHOST', 'PGHOSTADDR', 'PGPORT', 'PGDATABASE', 'PGUSER', 'PGPASSWORD', 'PGPASSFILE', 'PGREQUIREAUTH'],
    ...[
        'PGCHANNELBINDING',
        'PGSERVICE',
        'PGSERVICEFILE',
        'PGOPTIONS',
        'PGAPPNAME',
        'PGSSLMODE',
        'PGREQUIRESSL',
    ],
    ...[
        'PGSSLCOMPRESSION',
        'PGSSLCERT',
        'PGSSLKEY',
        'PGSSLCERTMODE',
        'PGSSLROOTCERT',
        'PGSSLCRL',
        'PGSSLCRLDIR',
    ],
    ...['PGSSLSNI', 'PGREQUIREPEER', 'PGSSLNEGOTIATION', 'PGSSLMINPROTOCOLVERSION', 'PGSSLMAXPROTOCOLVERSION'],
    ...['PGMINPROTOCOLVERSION', 'PGMAXPROTOCOLVERSION', 'PGGSSENCMODE', 'PGGSSDELEGATION', 'PGGSSLIB'],
    ...['PGKRBSRVNAME', 'PGCONNECT_TIMEOUT', 'PGCLIENTENCODING', 'PGTARGETSESSIONATTRS', 'PGLOADBALANCEHOSTS'],
    ...['PGDATESTYLE', 'PGTZ', 'PGGEQO', 'PGSYSCONFDIR', 'PGLOCALEDIR', 'PGCLUSTER'],
];
/** https://www.postgresql.org/docs/current/libpq-pgpass.html */
function passwordLine({ password }) {
    const text = password.reveal();
    return text === '' ? '' : `*:*:*:*:${text.replace(/[\\:]/g, '\\$&')}\n`;
}
async function variablesOf({ host, client, connection, forwardedPort, signal }) {
    const { user, database, sslmode, settings } = connection;
    const where = forwardedPort === undefined
        ? {
            ...(connection.host === undefined ? {} : { PGHOST: connection.host }),
            ...(connection.port === undefined ? {} : { PGPORT: `${connection.port}` }),
        }
        : { PGHOST: nameForCertificate(connection), PGHOSTADDR: '127.0.0.1', PGPORT: `${forwardedPort}` };
    const mode = sslmode ?? (isLoopback(connection.host) ? 'prefer' : 'verify-full');
    const { PGSSLROOTCERT: root = mode === 'verify-full' ? 'system' : undefined, ...others } = settings;
    return {
        ...where,
        ...(user === undefined ? {} : { PGUSER: user }),
        PGDATABASE: database,
        PGSSLMODE: mode,
        PGAPPNAME: 'holdfast',
        PGCONNECT_TIMEOUT: '15',
        ...others,
        ...(root === 'system' ? await systemCertificates(host, client, signal) : asRoot(root)),
    };
}
function nameForCertificate({ host }) {
    return host === undefined || host.startsWith('/') ? 'localhost' : host;
}
const bundles = [
    '/etc/ssl/certs/ca-certificates.crt',
    '/etc/pki/tls/certs/ca-bundle.crt',
    '/etc/ssl/cert.pem',
];
/** libpq looks for a CA in a file of its own; the system's is what people mean. From 16 on it has a word for that. */
async function systemCertificates(host, { major }, signal) {
    if (major >= 16)
        return asRoot('system');
    const script = 'for f in "$@"; do [ ! -r "$f" ] || { printf %s "$f"; exit 0; }; done; exit 1';
    const found = await runProgram(host, ['sh', '-c', script, 'sh', ...bundles], { signal });
    return found.code === 0 ? asRoot(found.stdout) : {};
}
function asRoot(file) {
    return file === undefined ? {} : { PGSSLROOTCERT: file };
}
const quietPsql = [
    '--no-psqlrc',
    '--no-align',
    '--tuples-only',
    '--quiet',
    '--no-password',
    '-v',
    'ON_ERROR_STOP=1',
];
/** Runs statements in a session of their own and gives the lines; a full server is asked up to three times. */
async function query(access, what, statements, signal) {
    const { host, env } = access;
    for (let attempt = 1;; attempt += 1) {
        const done = await runProgram(host, access.program('psql', ...quietPsql), {
            signal,
            env,
            // A role's own limit may be shorter than these questions take.
            stdin: `SET statement_timeout = 0;\n${statements}`,
        });
        if (done.code === 0)
            return done.stdout.split('\n').slice(0, -1);
        const error = postgresError(what, done);
        if (attempt === 3 || !(error instanceof errors/* HoldfastError */.Et && error.code === 'postgres.busy'))
            throw error;
        await (0,external_node_timers_promises_.setTimeout)(attempt * 2000, undefined, { signal }).catch(() => (0,errors/* throwIfCancelled */.dZ)(signal));
    }
}

;// CONCATENATED MODULE: ./build/engines/postgres/clients.js

/** Where packages and installers put clients of several majors side by side. */
const usualFolders = [
    '/usr/lib/postgresql/*/bin',
    '/usr/pgsql-*/bin',
    '/opt/homebrew/opt/postgresql@*/bin',
    '/usr/local/opt/postgresql@*/bin',
    '/usr/local/pgsql/bin',
];
/** One line a client: `pg_dump (PostgreSQL) 16.4 (Debian…)|/usr/lib/postgresql/16/bin`. PATH comes last: it may be a wrapper. */
const script = `
for pattern in "$@"; do
  for folder in $pattern; do
    if [ -x "$folder/pg_dump" ] && [ -x "$folder/psql" ]; then printf '%s|%s\\n' "$("$folder/pg_dump" --version)" "$folder"; fi
  done
done
dump=$(command -v pg_dump) && command -v psql >/dev/null && printf '%s|%s\\n' "$(pg_dump --version)" "\${dump%/*}"
exit 0
`;
/** All clients of a host, the newest first. @param folders globs of folders; PATH is looked at too. */
async function findClients(host, signal, folders = usualFolders) {
    const { stdout } = await runProgram(host, ['sh', '-c', script, 'sh', ...folders], { signal });
    const found = stdout.split('\n').flatMap((line) => {
        const [, version = '', folder = ''] = /\(PostgreSQL\) (\S+)[^|]*\|(\/.*)$/.exec(line) ?? [];
        return version === '' ? [] : [{ major: Number.parseInt(version, 10), version, folder, env: {} }];
    });
    return found.sort((a, b) => b.major - a.major);
}

;// CONCATENATED MODULE: ./build/engines/postgres/choose-client.js
var choose_client_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var choose_client_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});




/**
 * Opens the database with a client of exactly the server's major version: the host's own, else this machine's, through a
 * connection forwarded over SSH where the host is remote, else one that is installed for it.
 * @throws HoldfastError `postgres.no-client`, naming both versions, before anything is dumped
 */
async function openMatching(hosts, connection, signal) {
    const { host, runner, install, folders = usualFolders } = hosts;
    const places = [{ host, forwarded: false }];
    if (host.forward !== undefined)
        places.push({ host: runner, forwarded: true });
    const seen = [];
    let serverMajor = null;
    for (const place of places) {
        const clients = await findClients(place.host, signal, folders);
        seen.push(`${place.host.label} has ${clients.length === 0 ? 'none' : clients.map(({ major }) => major).join(', ')}`);
        const [newest] = clients;
        if (newest === undefined)
            continue;
        serverMajor ??= await askMajor(hosts, place, newest, connection, signal);
        const match = clients.find(({ major }) => major === serverMajor);
        if (match !== undefined)
            return openAt(hosts, place, match, connection, signal);
    }
    // What is installed is on this machine, and must be used there: not in a container, which also is not remote.
    const here = places.find((place) => place.host.label === runner.label);
    if (install !== null && here !== undefined) {
        const installed = await installMatching({ ...hosts, install }, here, serverMajor, connection, signal);
        if (installed !== null)
            return installed;
    }
    throw noClient(labelOf(connection, host.label), serverMajor, seen, install !== null);
}
async function installMatching(hosts, place, knownMajor, connection, signal) {
    let major = knownMajor;
    if (major === null) {
        const any = await hosts.install('newest', signal);
        if (any === null)
            return null;
        major = await askMajor(hosts, place, any, connection, signal);
        if (any.major === major)
            return openAt(hosts, place, any, connection, signal);
    }
    const client = await hosts.install(major, signal);
    return client === null ? null : openAt(hosts, place, client, connection, signal);
}
async function openAt({ host }, place, client, connection, signal) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        if (!place.forwarded || host.forward === undefined) {
            return openAccess({ host: place.host, client, connection, forwardedPort: undefined, signal });
        }
        const { host: name, port = 5432 } = connection;
        const stack = choose_client_addDisposableResource(env_1, new AsyncDisposableStack(), true);
        const address = { host: name === undefined || name.startsWith('/') ? 'localhost' : name, port };
        const forward = stack.use(await host.forward(address));
        const access = stack.use(await openAccess({ host: place.host, client, connection, forwardedPort: forward.port, signal }));
        const held = stack.move();
        return { ...access, [Symbol.asyncDispose]: () => held.disposeAsync() };
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = choose_client_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
/** Any client can ask; only the matching one may dump. */
async function askMajor(hosts, place, client, connection, signal) {
    const env_2 = { stack: [], error: void 0, hasError: false };
    try {
        const access = choose_client_addDisposableResource(env_2, await openAt(hosts, place, client, connection, signal), true);
        const what = `Connecting to ${labelOf(connection, hosts.host.label)}`;
        const [version = ''] = await query(access, what, 'SHOW server_version_num;\n', signal);
        return Math.floor(Number(version) / 10_000);
    }
    catch (e_2) {
        env_2.error = e_2;
        env_2.hasError = true;
    }
    finally {
        const result_2 = choose_client_disposeResources(env_2);
        if (result_2)
            await result_2;
    }
}
function noClient(label, serverMajor, seen, tried) {
    const wanted = serverMajor === null ? 'psql and pg_dump' : `pg_dump ${serverMajor}, the server's version`;
    const packageName = `postgresql-client${serverMajor === null ? '' : `-${serverMajor}`}`;
    const hint = tried
        ? `Install the package ${packageName} (from the PostgreSQL project's own archive where the distribution has none).`
        : `Install the package ${packageName}, set \`install-client: true\`, or run inside the database's container with \`container\`.`;
    return new errors/* HoldfastError */.Et(`${label} needs ${wanted}, but of clients ${seen.join('; ')}.`, {
        code: 'postgres.no-client',
        input: 'install-client',
        hint,
    });
}

;// CONCATENATED MODULE: ./build/engines/postgres/fingerprint.js

const userSchema = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";
/** What an extension brought along is the extension's business, also after a restore. */
const notOfExtension = (catalog, oid) => `NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = ${oid} AND d.deptype = 'e')`;
const relations = `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${userSchema} AND ${notOfExtension('pg_class', 'c.oid')}`;
/** One JSON text a row: the schema and the name of a table. Parents of partitions hold no rows of their own. */
const tablesQuery = `SELECT json_build_array(n.nspname, c.relname) ${relations} AND c.relkind = 'r';`;
/**
 * The schema as facts that are the same after a restore into this or a newer major version: names, types and kinds, not
 * the texts that the server makes of definitions. One JSON text a row.
 */
const schemaQuery = `
SELECT json_build_array('column', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.atthasdef)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE ${userSchema} AND ${notOfExtension('pg_class', 'c.oid')}
    AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL SELECT json_build_array('relation', n.nspname, c.relname, c.relkind) ${relations} AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'i', 'I')
UNION ALL SELECT json_build_array('constraint', n.nspname, c.conrelid::regclass::text, c.conname, c.contype)
  FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
  WHERE ${userSchema} AND c.contype IN ('p', 'u', 'f', 'c', 'x') AND ${notOfExtension('pg_constraint', 'c.oid')}
UNION ALL SELECT json_build_array('unique', n.nspname, c.relname, i.indisprimary)
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${userSchema} AND i.indisunique AND ${notOfExtension('pg_class', 'c.oid')}
UNION ALL SELECT json_build_array('function', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${userSchema} AND ${notOfExtension('pg_proc', 'p.oid')}
UNION ALL SELECT json_build_array('trigger', n.nspname, c.relname, t.tgname)
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${userSchema} AND NOT t.tgisinternal AND ${notOfExtension('pg_class', 'c.oid')}
UNION ALL SELECT json_build_array('enum', n.nspname, t.typname, array_agg(e.enumlabel ORDER BY e.enumsortorder))
  FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid JOIN pg_namespace n ON n.oid = t.typnamespace
  WHERE ${userSchema} AND ${notOfExtension('pg_type', 't.oid')} GROUP BY n.nspname, t.typname
UNION ALL SELECT json_build_array('extension', extname) FROM pg_extension WHERE extname <> 'plpgsql'
UNION ALL SELECT json_build_array('policy', n.nspname, c.relname, p.polname)
  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${userSchema};
`;
/** A statement that keeps a table from being dropped, changed or emptied until the transaction ends. */
function lockStatement(tableRow) {
    return `LOCK TABLE ONLY ${qualified(tableRow)} IN ACCESS SHARE MODE;`;
}
/** A statement that counts one table's own rows. */
function countStatement(tableRow) {
    return `SELECT count(*) FROM ONLY ${qualified(tableRow)};`;
}
function qualified(tableRow) {
    return JSON.parse(tableRow).map((name) => `"${name.replaceAll('"', '""')}"`).join('.');
}
/** @param counts one for each of the tables */
function fingerprintOf(schemaRows, tableRows, counts) {
    return {
        schemaSha256: (0,external_node_crypto_.createHash)('sha256')
            .update([...schemaRows].sort().join('\n'))
            .digest('hex'),
        tables: Object.fromEntries(tableRows.map((row, index) => [nameOf(row), Number(counts[index])])),
    };
}
/** `public.accounts`; quoted only where a dot would make two names look the same. */
function nameOf(tableRow) {
    const names = JSON.parse(tableRow);
    return names.map((name) => (name.includes('.') ? `"${name}"` : name)).join('.');
}

;// CONCATENATED MODULE: ./build/engines/postgres/held-session.js



const endMark = 'holdfast-answered';
/**
 * psql reads from a pipe that is filled from here. When that ends, because of us or because we died, psql ends too, and
 * a statement that is still at work is cancelled at the server. $1: a private folder; then psql's argument list.
 */
const tethered = `
pipe=$1/statements.$$
shift
mkfifo "$pipe" || exit 1
exec 3<&0
"$@" <"$pipe" 3<&- &
psql=$!
( cat <&3 >"$pipe"; sleep 1; kill -INT "$psql"; sleep 2; kill -KILL "$psql" ) >/dev/null 2>&1 &
wait "$psql"
`;
/** One psql that stays open, and with it its transaction. Disposing ends both. */
class HeldSession {
    #stdin = new external_node_stream_.PassThrough();
    #process;
    #lines;
    #what;
    constructor(access, what, signal) {
        this.#what = what;
        const psql = access.program('psql', ...quietPsql, '--echo-errors');
        this.#process = access.host.spawn(['sh', '-c', tethered, 'sh', access.folder, ...psql], {
            signal,
            env: access.env,
            stdin: this.#stdin,
        });
        // Told by whoever asks next.
        this.#process.exit.catch(() => { });
        this.#lines = linesOf(this.#process.stdout);
    }
    /** Runs statements and gives the lines of their results. @throws HoldfastError with psql's reason when one fails */
    async ask(statements) {
        this.#stdin.write(`${statements}\n\\echo ${endMark}\n`);
        const answer = [];
        for (;;) {
            const { done, value } = await this.#lines.next();
            if (done)
                throw postgresError(this.#what, await this.#process.exit);
            if (value === endMark)
                return answer;
            answer.push(value);
        }
    }
    async [Symbol.asyncDispose]() {
        this.#stdin.end();
        while (!(await this.#lines.next().catch(() => ({ done: true }))).done)
            ;
        await this.#process.exit.catch(() => { });
    }
}
async function* linesOf(stdout) {
    const decoder = new TextDecoder();
    let held = '';
    for await (const chunk of stdout) {
        const lines = (held + decoder.decode(chunk, { stream: true })).split('\n');
        held = lines.pop();
        yield* lines;
    }
    return undefined;
}

;// CONCATENATED MODULE: ./build/engines/postgres/postgres-snapshot.js
var postgres_snapshot_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var postgres_snapshot_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});




/** Limits that a role or the server may have set must not end a long dump; not every version knows all of them. */
const settings = (lockWaitMs) => `
SELECT set_config(name, '0', false) FROM pg_settings
  WHERE name IN ('statement_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout', 'transaction_timeout');
SET lock_timeout = ${lockWaitMs};
SET search_path = pg_catalog;
SET row_security = off;`;
const begin = `
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT pg_export_snapshot();`;
/**
 * Exports a snapshot in a session that stays open, counts the rows in it, and lets pg_dump dump the very same one. The counting
 * goes on while the dump travels. Takes over the access: disposing ends it too.
 */
async function takeSnapshot(request) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const { access } = request;
        const stack = postgres_snapshot_addDisposableResource(env_1, new AsyncDisposableStack(), true);
        stack.use(access);
        const exported = await exportStableSnapshot(request);
        stack.use(exported.session);
        const proof = prove(exported);
        // Whoever commits awaits the proof; until then its failure must not count as unhandled.
        proof.catch(() => { });
        const held = stack.move();
        const dump = access.program('pg_dump', '--format=custom', '--compress=0', `--snapshot=${exported.id}`, `--lock-wait-timeout=${request.lockWaitMs}`, '--no-password');
        return {
            host: access.host,
            extension: 'dump',
            engineVersion: request.serverVersion,
            toolVersion: `pg_dump ${access.client.version}`,
            method: 'pg_dump of an exported snapshot',
            takenAt: exported.takenAt,
            expectedBytes: request.expectedBytes,
            proof,
            read: (through) => readDump(readProgram(request, dump, through), proof),
            [Symbol.asyncDispose]: () => held.disposeAsync(),
        };
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = postgres_snapshot_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
/** Roles and tablespaces, as SQL. They belong to the server, not to a database, so there is no snapshot of them. */
async function takeGlobals(request) {
    const { access } = request;
    // A connection string, so that no character of the name has a meaning of its own.
    const database = `dbname='${access.connection.database.replace(/[\\']/g, '\\$&')}'`;
    const globals = access.program('pg_dumpall', '--globals-only', '--no-password', `--database=${database}`, ...(request.withPasswords ? [] : ['--no-role-passwords']));
    return {
        host: access.host,
        extension: 'sql',
        engineVersion: request.serverVersion,
        toolVersion: `pg_dumpall ${access.client.version}`,
        method: 'pg_dumpall --globals-only',
        takenAt: new Date(),
        expectedBytes: request.expectedBytes,
        proof: Promise.resolve({ fingerprint: fingerprintOf([], [], []) }),
        read: (through) => readProgram(request, globals, through),
        [Symbol.asyncDispose]: () => access[Symbol.asyncDispose](),
    };
}
/** A table that is dropped between the export and its lock makes the snapshot useless: then another is taken, once. */
async function exportStableSnapshot(request) {
    try {
        return await exportSnapshot(request);
    }
    catch (error) {
        if (!hasCode(error, 'postgres.changed'))
            throw error;
        request.reporter.debug(`${error.message} It is taken again.`);
        return exportSnapshot(request);
    }
}
/**
 * Locks every table as a reader does, so that counts and dump see the same: emptying a table with TRUNCATE would otherwise
 * show in whichever of them comes later, snapshot or not.
 */
async function exportSnapshot({ access, source, lockWaitMs, signal, }) {
    const env_2 = { stack: [], error: void 0, hasError: false };
    try {
        const stack = postgres_snapshot_addDisposableResource(env_2, new AsyncDisposableStack(), true);
        const session = stack.use(new HeldSession(access, `The snapshot of ${source}`, signal));
        await session.ask(settings(lockWaitMs));
        const takenAt = new Date();
        const [id = ''] = await session.ask(begin);
        const tables = await session.ask(tablesQuery);
        await session.ask(tables.map(lockStatement).join('\n'));
        stack.move();
        return { id, takenAt, tables, session };
    }
    catch (e_2) {
        env_2.error = e_2;
        env_2.hasError = true;
    }
    finally {
        const result_2 = postgres_snapshot_disposeResources(env_2);
        if (result_2)
            await result_2;
    }
}
async function prove({ session, tables }) {
    const schema = await session.ask(lettingGo(schemaQuery));
    const counts = await session.ask(tables.map((table) => lettingGo(countStatement(table))).join('\n'));
    return { fingerprint: fingerprintOf(schema, tables, counts) };
}
/** A query without the locks that it would keep until the transaction ends, as on each index: a server has few. */
function lettingGo(statement) {
    return `SAVEPOINT one; ${statement} ROLLBACK TO one; RELEASE one;`;
}
/** The dump; where it fails because the session of its snapshot did, that session's failure is the one to tell. */
async function* readDump(dump, proof) {
    try {
        yield* dump;
    }
    catch (error) {
        if (hasCode(error, 'postgres.snapshot-gone'))
            await proof;
        throw error;
    }
}
async function* readProgram({ access, source, reporter, signal }, argv, through) {
    const { host, env } = access;
    const running = host.spawn(argv, { signal, env, ...(through === undefined ? {} : { through }) });
    running.exit.catch(() => { });
    yield* running.stdout;
    const exit = await running.exit;
    if (exit.code !== 0)
        throw postgresError(`The dump of ${source}`, exit);
    // A warning and the lines that explain it are one.
    for (const text of exit.stderr.split(/\n(?=\w+: warning: )/)) {
        if (text.trim() !== '')
            reporter.warn(text.trim());
    }
}
function hasCode(error, code) {
    return error instanceof errors/* HoldfastError */.Et && error.code === code;
}

;// CONCATENATED MODULE: ./build/engines/postgres/postgres-engine.js
var postgres_engine_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var postgres_engine_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});






/** Every role that may dump anything may ask these. */
const factsQuery = `
SELECT current_setting('server_version');
SELECT pg_database_size(current_database());
SELECT has_table_privilege('pg_catalog.pg_authid', 'SELECT');
${tablesQuery}
`;
/** PostgreSQL databases, by URL. */
class PostgresEngine {
    id = 'postgres';
    #options;
    #sources = new Map();
    constructor(options) {
        this.#options = options;
    }
    async discover() {
        const { urls, globals, host } = this.#options;
        const servers = new Set();
        for (const connection of urls.map(parseConnection)) {
            const source = labelOf(connection, host.label);
            this.#sources.set({ name: connection.database, source }, { connection, kind: 'database' });
            const server = `${connection.host}:${connection.port}`;
            if (!globals || servers.has(server))
                continue;
            servers.add(server);
            this.#sources.set({ name: 'globals', source: `roles of ${source}` }, { connection, kind: 'globals' });
        }
        return [...this.#sources.keys()];
    }
    async probe(database, { signal }) {
        const env_1 = { stack: [], error: void 0, hasError: false };
        try {
            const access = postgres_engine_addDisposableResource(env_1, await this.#open(database, signal), true);
            const facts = await this.#facts(access, database, signal);
            if (this.#source(database).kind === 'globals') {
                const partial = `The passwords of roles are not backed up: this user may not read them (${database.source}).`;
                return { expectedBytes: 0, warnings: facts.mayReadPasswords ? [] : [partial] };
            }
            if (facts.tables === 0) {
                throw new errors/* HoldfastError */.Et(`${database.source} can't be backed up: it holds no table.`, {
                    code: 'postgres.empty',
                    input: 'database',
                    hint: 'Correct the database in the URL: the app most likely uses another one.',
                });
            }
            return { expectedBytes: facts.bytes, warnings: [] };
        }
        catch (e_1) {
            env_1.error = e_1;
            env_1.hasError = true;
        }
        finally {
            const result_1 = postgres_engine_disposeResources(env_1);
            if (result_1)
                await result_1;
        }
    }
    async snapshot(database, { signal }) {
        const env_2 = { stack: [], error: void 0, hasError: false };
        try {
            const stack = postgres_engine_addDisposableResource(env_2, new AsyncDisposableStack(), true);
            const access = stack.use(await this.#open(database, signal));
            const facts = await this.#facts(access, database, signal);
            const { reporter, lockWaitMs = 60_000 } = this.#options;
            const { source } = database;
            stack.move();
            const request = { access, source, reporter, signal, serverVersion: facts.version };
            if (this.#source(database).kind === 'database')
                return takeSnapshot({ ...request, expectedBytes: facts.bytes, lockWaitMs });
            return takeGlobals({ ...request, expectedBytes: 0, withPasswords: facts.mayReadPasswords });
        }
        catch (e_2) {
            env_2.error = e_2;
            env_2.hasError = true;
        }
        finally {
            const result_2 = postgres_engine_disposeResources(env_2);
            if (result_2)
                await result_2;
        }
    }
    recoverCommand(file) {
        if (file.replace(/'$/, '').endsWith('.sql'))
            return `psql --no-psqlrc --dbname="$TARGET_URL" --file=${file}`;
        return `pg_restore --exit-on-error --no-owner --no-privileges --dbname="$TARGET_URL" ${file}`;
    }
    #open(database, signal) {
        return openMatching(this.#options, this.#source(database).connection, signal);
    }
    async #facts(access, { source }, signal) {
        const lines = await query(access, `Connecting to ${source}`, factsQuery, signal);
        const [version = '', bytes = '', mayReadPasswords = '', ...tables] = lines;
        return {
            version: version.split(' ')[0] ?? version,
            bytes: Number(bytes),
            mayReadPasswords: mayReadPasswords === 't',
            tables: tables.length,
        };
    }
    #source(database) {
        const source = this.#sources.get(database);
        if (source === undefined)
            throw new TypeError(`${database.source} was not discovered by this engine`);
        return source;
    }
}

// EXTERNAL MODULE: ./node_modules/picomatch/index.js
var picomatch = __webpack_require__(4006);
;// CONCATENATED MODULE: ./build/engines/sqlite/discover.js



/** SQLite's own files beside a database: never databases themselves. */
const sideFile = /-(?:wal|shm|journal)$/;
/**
 * The files that paths and globs mean on a host, sorted, each once. A path without glob characters is taken as it is,
 * whether it exists or not; a glob that matches nothing is an error.
 */
async function findFiles(host, patterns, exclude, signal) {
    const excluded = exclude.map((glob) => picomatch(glob, { basename: !glob.includes('/'), dot: true }));
    const found = new Set();
    for (const pattern of patterns) {
        const matches = isGlob(pattern) ? await expand(host, pattern, signal) : [pattern];
        for (const path of matches) {
            if (!excluded.some((matches) => matches(path)))
                found.add(path);
        }
    }
    if (found.size === 0) {
        throw new errors/* HoldfastError */.Et(`Nothing is left to back up: \`exclude\` leaves out every file that \`database\` names on ${host.label}.`, { code: 'sqlite.none', input: 'exclude', hint: 'Make a glob in `exclude` narrower.' });
    }
    return [...found].sort();
}
function isGlob(pattern) {
    return picomatch.scan(pattern).isGlob;
}
async function expand(host, pattern, signal) {
    const { base } = picomatch.scan(pattern);
    const listing = await runProgram(host, ['sh', '-c', listScript, 'sh', base === '' ? '.' : base, depth(pattern)], {
        signal,
    });
    const [home = '', ...paths] = listing.stdout.split('\0');
    const absolute = pattern.startsWith('~/') ? `${home}${pattern.slice(1)}` : pattern;
    const matches = picomatch(absolute);
    const files = paths.filter((path) => path !== '' && matches(path) && !sideFile.test(path));
    if (files.length > 0)
        return files;
    const said = lastLine(listing.stderr);
    throw new errors/* HoldfastError */.Et(`No file on ${host.label} matches sqlite:${pattern}${said === '' ? '' : ` (${said})`}.`, {
        code: 'sqlite.no-match',
        input: 'database',
        hint: 'Correct the glob; list the folder on the server to see what is there.',
    });
}
/** The home folder and the files below a folder, each ended by NUL. */
const listScript = `
base=$1
case $base in "~") base=$HOME ;; "~/"*) base=$HOME/\${base#"~/"} ;; esac
printf '%s\\0' "$HOME"
exec find "$base" -maxdepth "$2" \\( -type f -o -type l \\) -print0
`;
/** How deep a glob can reach below its fixed beginning. */
function depth(pattern) {
    const { glob } = picomatch.scan(pattern);
    return glob.includes('**') ? '32' : `${glob.split('/').length}`;
}
/**
 * A name for each path: the file's without its ending, with as many parent folders before it as make it unique.
 */
function nameFiles(paths) {
    const parts = paths.map((path) => path
        .replace(/\.(?:sqlite3?|db3?)$/i, '')
        .split('/')
        .filter(Boolean));
    const nameOf = (segments, count) => segments.slice(-count).join('-');
    return parts.map((segments, index) => {
        for (let count = 1; count < segments.length; count += 1) {
            const name = nameOf(segments, count);
            if (parts.every((other, at) => at === index || nameOf(other, count) !== name))
                return name;
        }
        return nameOf(segments, segments.length);
    });
}

;// CONCATENATED MODULE: ./build/engines/sqlite/inspect.js


/**
 * Looks without opening: a wrong path must not become a new empty database, and a FIFO must not hang us.
 * Prints `state` and facts, one a line; the path comes last because it may hold newlines.
 */
const inspect_script = `
f=$1
case $f in "~/"*) f=$HOME/\${f#"~/"} ;; esac
say() { printf '%s\\n' "$1"; }
if [ ! -e "$f" ]; then say missing; exit 0; fi
if [ -d "$f" ]; then say directory; exit 0; fi
if [ ! -f "$f" ]; then say special; exit 0; fi
if [ ! -r "$f" ]; then say "unreadable $(id -un 2>/dev/null)"; exit 0; fi
if [ ! -s "$f" ]; then say empty; exit 0; fi
if [ "$(head -c 15 "$f" | tr -d '\\000')" != "SQLite format 3" ]; then say foreign; exit 0; fi
say ok
real=$(readlink -f "$f" 2>/dev/null) || real=$f
say "bytes $(wc -c <"$real")"
say "header $(dd if="$real" bs=1 skip=18 count=1 2>/dev/null | od -An -tu1)"
if [ -e "$real-wal" ]; then say "wal $(wc -c <"$real-wal")"; fi
if command -v sqlite3 >/dev/null 2>&1; then say "sqlite3 $(sqlite3 --version </dev/null 2>/dev/null)"; fi
if command -v python3 >/dev/null 2>&1; then say "python3 $(python3 -I -c 'import sqlite3; print(sqlite3.sqlite_version)' 2>/dev/null)"; fi
for d in "\${TMPDIR:-}" /var/tmp /tmp; do
  if [ -n "$d" ] && [ -d "$d" ] && [ -w "$d" ]; then say "free $(df -Pk "$d" | awk 'END { print $(NF-2) }') $d"; fi
done
say "path $real"
`;
const faults = {
    missing: [
        'sqlite.missing',
        'there is no such file, or this user may not look into its folder',
        'Correct the path in `database`, or set `sudo: true` for the files of another user.',
    ],
    directory: ['sqlite.not-a-file', 'it is a folder', 'Name the file in it, or a glob such as `…/*.sqlite3`.'],
    special: ['sqlite.not-a-file', 'it is not a regular file', 'Name the database file itself in `database`.'],
    unreadable: [
        'sqlite.unreadable',
        'this user may not read it',
        'Connect as the user that runs the app, or set `sudo: true`.',
    ],
    empty: [
        'sqlite.empty',
        'the file is empty (0 bytes)',
        'Correct the path in `database`: the app most likely writes to another file.',
    ],
    foreign: [
        'sqlite.not-a-database',
        'it is not a SQLite database, or it is encrypted',
        'Correct the path in `database`, or leave the file out with `exclude`.',
    ],
};
/** @throws HoldfastError `sqlite.missing`, `.not-a-file`, `.unreadable`, `.empty`, `.not-a-database`, each naming `database`. */
async function inspect(host, path, signal) {
    const run = await runProgram(host, ['sh', '-c', inspect_script, 'sh', path], { signal });
    const [state = ''] = run.stdout.split(/[\n ]/, 1);
    const fault = faults[state];
    if (fault !== undefined) {
        const [code, why, hint] = fault;
        throw new errors/* HoldfastError */.Et(`sqlite:${path} on ${host.label} can't be backed up: ${why}.`, {
            code,
            input: 'database',
            hint,
        });
    }
    if (run.code !== 0 || state !== 'ok') {
        throw new errors/* CommandError */.Qd(`sqlite:${path} could not be looked at on ${host.label}: ${lastLine(run.stderr) || 'no answer'}.`, { code: 'sqlite.inspect' });
    }
    return readFacts(run.stdout);
}
function readFacts(stdout) {
    const pathAt = stdout.indexOf('\npath ');
    const facts = stdout.slice(0, pathAt).split('\n').map(splitFirst);
    const fact = (name) => facts.find(([key]) => key === name)?.[1].trim();
    return {
        path: stdout.slice(pathAt + '\npath '.length, -1),
        fileBytes: Number(fact('bytes')),
        wal: fact('header') === '2',
        walBytes: fact('wal') === undefined ? null : Number(fact('wal')),
        shellVersion: fact('sqlite3')?.split(' ')[0] || null,
        pythonVersion: fact('python3') || null,
        scratchFolders: facts
            .filter(([key]) => key === 'free')
            .map(([, value]) => splitFirst(value))
            .map(([kibibytes, folder]) => ({ path: folder, freeBytes: Number(kibibytes) * 1024 })),
    };
}
function splitFirst(line) {
    const at = line.indexOf(' ');
    return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
}

;// CONCATENATED MODULE: ./build/engines/sqlite/fingerprint.js


/** One row per schema object, its four texts as space-separated hexadecimal, so that no name can confuse a line. */
const schemaStatement = "SELECT hex(type)||' '||hex(name)||' '||hex(tbl_name)||' '||hex(coalesce(sql,'')) FROM sqlite_master";
function parseSchema(lines) {
    return lines.map((line) => {
        const [type = '', name = '', table = '', sql = ''] = line.split(' ').map(fromHex);
        return { type, name, table, sql };
    });
}
/** SHA-256 over the objects in a fixed order, as JSON arrays, one a line. */
function hashSchema(objects) {
    const lines = objects.map(({ type, name, table, sql }) => JSON.stringify([type, name, table, sql]));
    return (0,external_node_crypto_.createHash)('sha256').update(lines.sort().join('\n')).digest('hex');
}
/**
 * The statements that check a copy and count its rows. Virtual tables are left out: their content lies in
 * ordinary tables, and the module that knows them may not be there.
 */
function checkStatements(objects) {
    const tables = objects.filter(({ type, sql }) => type === 'table' && !/^\s*create\s+virtual/i.test(sql));
    return [
        'PRAGMA integrity_check(20)',
        ...tables.map(({ name }) => `SELECT '${rowsMark} ${toHex(name)} '||count(*) FROM ${identifier(name)}`),
    ];
}
const rowsMark = 'rows';
/** @throws IntegrityError `sqlite.damaged` when the check found anything. */
function readChecked(lines, objects, source) {
    const rows = lines.filter((line) => line.startsWith(`${rowsMark} `));
    const found = lines.filter((line) => !line.startsWith(`${rowsMark} `));
    if (found.length !== 1 || found[0] !== 'ok') {
        throw new errors/* IntegrityError */.cs(`${source} is damaged: integrity_check says "${found.slice(0, 3).join('; ')}"; nothing was stored.`, {
            code: 'sqlite.damaged',
            hint: 'Repair the source (sqlite3 FILE .recover) or restore an earlier backup; those are untouched.',
        });
    }
    const tables = rows.map((line) => {
        const [, name = '', count = ''] = line.split(' ');
        return [fromHex(name), Number(count)];
    });
    return { schemaSha256: hashSchema(objects), tables: Object.fromEntries(tables) };
}
function identifier(name) {
    return `"${name.replaceAll('"', '""')}"`;
}
function toHex(text) {
    return Buffer.from(text).toString('hex');
}
function fromHex(text) {
    return Buffer.from(text, 'hex').toString('utf8');
}

;// CONCATENATED MODULE: ./build/engines/sqlite/sqlite-snapshot.js
var sqlite_snapshot_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var sqlite_snapshot_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});



/**
 * Copies the live database into a private folder of its host. When this resolves, the read transaction is over;
 * the copy is then checked, counted and hashed there while its bytes travel.
 */
async function sqlite_snapshot_takeSnapshot(request) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const { host, tool, live, readOnly, signal } = request;
        const stack = sqlite_snapshot_addDisposableResource(env_1, new AsyncDisposableStack(), true);
        const stop = new AbortController();
        const during = AbortSignal.any([signal, stop.signal]);
        const scratch = stack.use(await host.scratch({ signal, under: request.scratchUnder }));
        const copy = `${scratch.path}/copy.sqlite3`;
        const takenAt = new Date();
        await tool.copy(host, { live, copy, readOnly }, signal);
        const proof = sqlite_snapshot_prove(request, copy, during);
        // Whoever commits awaits the proof; until then its failure must not count as unhandled.
        proof.catch(() => { });
        stack.defer(async () => {
            stop.abort();
            await proof.catch(() => { });
        });
        const held = stack.move();
        return {
            host,
            extension: 'sqlite3',
            engineVersion: tool.sqliteVersion,
            toolVersion: tool.label,
            method: tool.method,
            takenAt,
            expectedBytes: request.expectedBytes,
            proof,
            read: (through) => readCopy(request, copy, through, during),
            [Symbol.asyncDispose]: () => held.disposeAsync(),
        };
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = sqlite_snapshot_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
function readCopy({ host, source }, copy, through, signal) {
    const options = through === undefined ? { signal } : { signal, through };
    return outputOf(host, ['cat', copy], options, (exit) => programFailed(`Sending ${source}`, host, exit));
}
async function sqlite_snapshot_prove(request, copy, signal) {
    const { host, tool, source } = request;
    const fingerprint = async () => {
        const objects = parseSchema(await tool.query(host, copy, [schemaStatement], signal));
        return readChecked(await tool.query(host, copy, checkStatements(objects), signal), objects, source);
    };
    const [found, digest] = await Promise.all([fingerprint(), digestOf(request, copy, signal)]);
    return { fingerprint: found, digest };
}
/** Size and SHA-256, whichever tool the host has for it; openssl is about three times as fast as sha256sum. */
const digestScript = `
wc -c <"$1" || exit 1
if command -v openssl >/dev/null 2>&1; then exec openssl dgst -sha256 -r "$1"; fi
if command -v sha256sum >/dev/null 2>&1; then exec sha256sum "$1"; fi
exec shasum -a 256 "$1"
`;
async function digestOf({ host, source }, copy, signal) {
    const run = await runProgram(host, ['sh', '-c', digestScript, 'sh', copy], { signal, gentle: true });
    if (run.code !== 0)
        throw programFailed(`Hashing the copy of ${source}`, host, run);
    const [bytes = '', hashed = ''] = run.stdout.trim().split('\n');
    const sha256 = /^\\?([0-9a-f]{64})\b/.exec(hashed)?.[1];
    if (sha256 === undefined) {
        throw new errors/* CommandError */.Qd(`${host.label} gave no SHA-256 for the copy of ${source}.`, {
            code: 'sqlite.digest',
            hint: 'Install `openssl` or coreutils (`sha256sum`) there.',
        });
    }
    return { bytes: Number(bytes), sha256 };
}

;// CONCATENATED MODULE: ./build/engines/sqlite/sqlite-tool.js


/** How long a snapshot waits for a lock that another connection holds. */
const busyTimeoutMs = 30_000;
/** Said by the tool after the last step of a copy. */
const doneMark = 'holdfast-copied';
function sqliteShell(version) {
    // No ~/.sqliterc (it may print, or run commands), no prompt, stop at the first error.
    const shell = ['sqlite3', '-batch', '-bail', '-noheader', '-list', '-init', '/dev/null'];
    return {
        sqliteVersion: version,
        label: `sqlite3 ${version}`,
        method: 'sqlite3 .backup inside a read transaction',
        async copy(host, { live, copy, readOnly }, signal) {
            const script = [
                `.timeout ${busyTimeoutMs}`,
                'BEGIN;',
                // BEGIN alone takes no lock; the first read does, and holds the state of this moment.
                'SELECT count(*) FROM sqlite_master;',
                `.backup main ${dotArgument(copy)}`,
                'COMMIT;',
                `.print ${doneMark}`,
                '',
            ].join('\n');
            const argv = [...shell, ...(readOnly ? ['-readonly'] : []), live];
            await copyWith(host, [argv[0], ...argv.slice(1)], { stdin: script, signal }, live);
        },
        query: (host, file, statements, signal) => queryWith(host, [...shell, immutableUri(file)], {
            stdin: statements.map((statement) => `${statement};\n`).join(''),
            signal,
        }),
    };
}
const pythonCopy = `
import os, sqlite3, sys
from urllib.parse import quote
live, copy, mode, seconds = sys.argv[1:5]
source = sqlite3.connect('file:' + quote(os.fsencode(live)) + '?mode=' + mode, uri=True, timeout=float(seconds), isolation_level=None)
source.execute('BEGIN')
source.execute('SELECT count(*) FROM sqlite_master').fetchone()
target = sqlite3.connect(copy)
source.backup(target)
source.execute('COMMIT')
target.close()
print('${doneMark}')
`;
const pythonQuery = `
import json, os, sqlite3, sys
from urllib.parse import quote
source = sqlite3.connect('file:' + quote(os.fsencode(sys.argv[1])) + '?mode=ro&immutable=1', uri=True)
for statement in json.load(sys.stdin):
    for row in source.execute(statement):
        print(row[0])
`;
function pythonSqlite(version) {
    // -I: neither PYTHON* variables nor a module in the current folder can change what runs.
    const python = ['python3', '-I', '-c'];
    return {
        sqliteVersion: version,
        label: `python3 with SQLite ${version}`,
        method: "python3's sqlite3 backup inside a read transaction",
        async copy(host, { live, copy, readOnly }, signal) {
            const mode = readOnly ? 'ro' : 'rw';
            await copyWith(host, [...python, pythonCopy, live, copy, mode, `${busyTimeoutMs / 1000}`], { signal }, live);
        },
        query: (host, file, statements, signal) => queryWith(host, [...python, pythonQuery, file], {
            stdin: JSON.stringify(statements),
            signal,
        }),
    };
}
async function copyWith(host, argv, options, live) {
    const done = await runProgram(host, argv, options);
    if (done.code !== 0 || !done.stdout.trimEnd().endsWith(doneMark))
        throw copyFailed(host, live, done);
}
async function queryWith(host, argv, options) {
    const done = await runProgram(host, argv, { ...options, gentle: true });
    if (done.code !== 0) {
        if (!damage.test(done.stderr))
            throw programFailed('Checking the copy of the database', host, done);
        throw new errors/* IntegrityError */.cs(`The copy of the database can't be read on ${host.label} (${why(done)}): the source is damaged.`, {
            code: 'sqlite.damaged',
            hint: 'Look at it with `PRAGMA integrity_check`; earlier backups are untouched.',
        });
    }
    return done.stdout.split('\n').slice(0, -1);
}
/** How SQLite says that the bytes themselves are wrong. */
const damage = /malformed|not a database|corrupt/i;
/** What the shell and Python say, and what a user can do about it. */
const causes = [
    [
        /database is locked|database table is locked|SQLITE_BUSY/i,
        'another process has held a lock on it for 30 s',
        'Find the process that keeps a write transaction open (`fuser -v FILE`), or back up at a quieter time.',
    ],
    [
        /readonly database|unable to open database|permission denied/i,
        'it, or the folder around it, must be writable for the user that reads it (SQLite needs the -shm file of a WAL database)',
        'Connect as the user that runs the app, or set `sudo: true`.',
    ],
    [
        /no space|disk is full|database or disk is full/i,
        'the disk with the scratch folder is full',
        'Free some space there; a snapshot needs as much as the database and its WAL.',
    ],
];
function copyFailed(host, live, exit) {
    const what = `The snapshot of ${live} on ${host.label} failed`;
    if (damage.test(exit.stderr)) {
        return new errors/* IntegrityError */.cs(`${what}: the source is damaged (${why(exit)}).`, {
            code: 'sqlite.damaged',
            hint: 'Look at it with `PRAGMA integrity_check`; earlier backups are untouched.',
        });
    }
    const known = causes.find(([pattern]) => pattern.test(exit.stderr));
    const reason = known === undefined ? why(exit) : `${known[1]} (${lastLine(exit.stderr)})`;
    return new errors/* CommandError */.Qd(`${what}: ${reason}.`, { code: 'sqlite.snapshot', hint: known?.[2] });
}
function why(exit) {
    return lastLine(exit.stderr) || describeExit(exit);
}
/** An argument of a dot-command: in double quotes the shell understands C escapes. */
function dotArgument(text) {
    return `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}"`;
}
/** Opens a private copy without any lock or side file (https://www.sqlite.org/uri.html). */
function immutableUri(file) {
    return `file:${file.split('/').map(encodeURIComponent).join('/')}?immutable=1`;
}

;// CONCATENATED MODULE: ./build/engines/sqlite/sqlite-engine.js





/** SQLite files on a host. */
class SqliteEngine {
    id = 'sqlite';
    #options;
    #paths = new Map();
    constructor(options) {
        this.#options = options;
    }
    async discover({ signal }) {
        const { host, paths, exclude } = this.#options;
        const files = await findFiles(host, paths, exclude, signal);
        const names = nameFiles(files);
        return files.map((path, index) => {
            const database = { name: names[index] ?? path, source: `sqlite:${path} on ${host.label}` };
            this.#paths.set(database, path);
            return database;
        });
    }
    async probe(database, { signal }) {
        const found = await this.#inspect(database, signal);
        const needed = neededBytes(found);
        chooseTool(found, database);
        chooseScratch(found, database);
        const path = this.#path(database);
        const moved = path.startsWith('/') && path !== found.path;
        return {
            expectedBytes: needed,
            warnings: moved ? [`${path} is a link; the database is ${found.path}.`] : [],
        };
    }
    async snapshot(database, { signal }) {
        const found = await this.#inspect(database, signal);
        return sqlite_snapshot_takeSnapshot({
            host: this.#options.host,
            source: database.source,
            tool: chooseTool(found, database),
            live: found.path,
            // Where nobody has a WAL database open, only a writing connection removes its side files when it closes.
            readOnly: !found.wal || found.walBytes !== null,
            scratchUnder: chooseScratch(found, database),
            expectedBytes: neededBytes(found),
            signal,
        });
    }
    recoverCommand(file) {
        return `sqlite3 ${file} 'PRAGMA integrity_check;'`;
    }
    #inspect(database, signal) {
        return inspect(this.#options.host, this.#path(database), signal);
    }
    #path(database) {
        const path = this.#paths.get(database);
        if (path === undefined)
            throw new TypeError(`${database.source} was not discovered by this engine`);
        // A relative path is one below the user's home folder; it must not look like an option.
        return /^[/~]/.test(path) ? path : `./${path}`;
    }
}
function neededBytes({ fileBytes, walBytes }) {
    return fileBytes + (walBytes ?? 0);
}
function chooseTool(found, { source }) {
    if (found.shellVersion !== null)
        return sqliteShell(found.shellVersion);
    if (found.pythonVersion !== null)
        return pythonSqlite(found.pythonVersion);
    throw new errors/* HoldfastError */.Et(`${source} can't be snapshotted: the host has no sqlite3 program.`, {
        code: 'sqlite.no-tool',
        hint: 'Install the package `sqlite3` there (apt-get install sqlite3), or `python3`, which can do the same, ' +
            'or name with `container` a container that has one of them and sees the file.',
    });
}
/** The first folder with twice the room that the copy takes, so that the app can go on writing meanwhile. */
function chooseScratch(found, { source }) {
    const wanted = 2 * neededBytes(found);
    const roomy = found.scratchFolders.find(({ freeBytes }) => freeBytes >= wanted);
    if (roomy !== undefined)
        return roomy.path;
    const seen = found.scratchFolders.map(({ path, freeBytes }) => `${path} has ${mebibytes(freeBytes)}`);
    throw new errors/* HoldfastError */.Et(`${source} can't be snapshotted: twice its size with the WAL, ${mebibytes(wanted)}, must be free for the copy, ` +
        `but ${seen.length === 0 ? 'no temporary folder is writable' : seen.join(', ')}.`, {
        code: 'sqlite.no-space',
        hint: 'Free some space on the host, or set TMPDIR there to a folder with room.',
    });
}
function mebibytes(bytes) {
    return `${Math.ceil(bytes / 1024 / 1024)} MiB`;
}

;// CONCATENATED MODULE: ./build/hosts/container-transport.js

/** Programs inside a running container of another machine, by `docker exec -i` without a terminal. */
class ContainerTransport {
    label;
    remote;
    #outer;
    #name;
    /** @throws HoldfastError `container.name` when the name is not one that docker allows. */
    constructor(outer, name) {
        if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(name)) {
            throw new errors/* HoldfastError */.Et(`${JSON.stringify(name)} can't be the name of a container.`, {
                code: 'container.name',
                input: 'container',
                hint: 'Take the name from the last column of `docker ps`.',
            });
        }
        this.label = `container ${name} on ${outer.label}`;
        this.remote = outer.remote;
        this.#outer = outer;
        this.#name = name;
    }
    start(argv) {
        return this.#outer.start(['docker', 'exec', '-i', this.#name, ...argv]);
    }
    close() {
        return this.#outer.close();
    }
}
/** The same machine, each program by `sudo -n`, which never asks for a password. */
class SudoTransport {
    label;
    remote;
    #outer;
    forward;
    constructor(outer) {
        this.label = outer.label;
        this.remote = outer.remote;
        this.#outer = outer;
        const { forward } = outer;
        if (forward !== undefined)
            this.forward = (address) => forward.call(outer, address);
    }
    start(argv) {
        return this.#outer.start(['sudo', '-n', '--', ...argv]);
    }
    close() {
        return this.#outer.close();
    }
}

// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __webpack_require__(1421);
;// CONCATENATED MODULE: ./build/hosts/local-transport.js




/** The only variables that programs on this machine get to see: none of them can carry a secret or change what runs. */
const passedOn = ['HOME', 'USER', 'LOGNAME', 'TMPDIR', 'DOCKER_HOST', 'DOCKER_CONTEXT', 'XDG_RUNTIME_DIR'];
/** Programs on this machine, found on the absolute folders of PATH alone and started outside of the current folder. */
class LocalTransport {
    label = 'this machine';
    remote = false;
    #env;
    constructor(env) {
        const kept = passedOn.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]));
        const path = (env['PATH'] ?? '/usr/bin:/bin').split(':').filter(external_node_path_.isAbsolute).join(':');
        this.#env = { ...Object.fromEntries(kept), PATH: path };
    }
    async start([program, ...args]) {
        const child = (0,external_node_child_process_.spawn)(program, args, { cwd: '/', env: this.#env, stdio: 'pipe', detached: true });
        const ended = (0,external_node_events_.once)(child, 'close').then(([code, signal]) => ({ code, signal: signal ?? undefined }));
        ended.catch(() => { });
        try {
            await (0,external_node_events_.once)(child, 'spawn');
        }
        catch (cause) {
            throw new errors/* CommandError */.Qd(`${program} could not be started on this machine.`, {
                code: 'host.start',
                cause,
            });
        }
        return {
            stdin: child.stdin,
            stdout: child.stdout,
            stderr: child.stderr,
            ended,
            destroy() {
                child.stdin.destroy();
                child.kill('SIGKILL');
            },
        };
    }
    async close() { }
}

// EXTERNAL MODULE: external "node:net"
var external_node_net_ = __webpack_require__(7030);
// EXTERNAL MODULE: ./node_modules/p-retry/index.js + 1 modules
var p_retry = __webpack_require__(4995);
;// CONCATENATED MODULE: ./build/hosts/known-hosts.js

/**
 * Looks a host up in known_hosts lines as OpenSSH does: comma lists, `*` and `?`, negation, `[host]:port` for ports
 * other than 22, hashed names, `@revoked` and `@cert-authority`.
 * @see https://man.openbsd.org/sshd.8#SSH_KNOWN_HOSTS_FILE_FORMAT
 * @throws SyntaxError for a line that can't be understood: skipping it could turn a refusal into trust.
 */
function lookUpHost(knownHosts, host, port) {
    const name = (port === 22 ? host : `[${host}]:${port}`).toLowerCase();
    const trusted = [];
    const revoked = [];
    let certAuthority = false;
    for (const [index, line] of knownHosts.split(/\r\n|\r|\n/).entries()) {
        const entry = parseLine(line, index + 1);
        if (entry === null || !matchesHost(entry.hosts, name))
            continue;
        if (entry.marker === '@cert-authority')
            certAuthority = true;
        else
            (entry.marker === '@revoked' ? revoked : trusted).push(entry.key);
    }
    return { trusted, revoked, certAuthority };
}
function parseLine(line, number) {
    const fields = line.trim().split(/[ \t]+/);
    if (fields[0] === '' || fields[0]?.startsWith('#'))
        return null;
    const marker = fields[0]?.startsWith('@') ? fields.shift() : null;
    if (marker !== null && marker !== '@revoked' && marker !== '@cert-authority') {
        throw new SyntaxError(`line ${number} has the unknown marker ${marker}`);
    }
    const [hosts, type, encoded] = fields;
    const blob = Buffer.from(encoded ?? '', 'base64');
    if (hosts === undefined || type === undefined || wireType(blob) !== type) {
        throw new SyntaxError(`line ${number} is not a known_hosts line (host, key type, key)`);
    }
    return { marker, hosts, key: { type, blob } };
}
/** The key type that the wire format begins with; null when it is not a key. */
function wireType(blob) {
    if (blob.byteLength < 4)
        return null;
    const length = blob.readUInt32BE(0);
    return length > 64 || blob.byteLength <= 4 + length ? null : blob.toString('latin1', 4, 4 + length);
}
function matchesHost(hosts, name) {
    let matched = false;
    for (const pattern of hosts.split(',')) {
        if (pattern.startsWith('!')) {
            if (matchesPattern(pattern.slice(1), name))
                return false;
        }
        else if (matchesPattern(pattern, name)) {
            matched = true;
        }
    }
    return matched;
}
function matchesPattern(pattern, name) {
    const hashed = /^\|1\|([^|]+)\|(.+)$/.exec(pattern);
    if (hashed !== null) {
        const [, salt = '', digest] = hashed;
        return (0,external_node_crypto_.createHmac)('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === digest;
    }
    const expression = pattern
        .toLowerCase()
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.');
    return new RegExp(`^${expression}$`).test(name);
}
/** `SHA256:…`, as `ssh-keygen -lf` prints it. */
function known_hosts_fingerprintOf(blob) {
    return `SHA256:${(0,external_node_crypto_.createHash)('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}

;// CONCATENATED MODULE: ./build/hosts/private-key.js
/**
 * A private key as it was pasted into a secret, made whole: CRLF, a missing final newline, spaces around it, and `\n`
 * written out where the text has no line break at all.
 */
function normalizePrivateKey(text) {
    const trimmed = text.trim();
    const broken = /[\r\n]/.test(trimmed) ? trimmed : trimmed.replaceAll('\\n', '\n');
    return `${broken.replace(/\r\n?/g, '\n').replace(/[ \t]+$/gm, '')}\n`;
}

;// CONCATENATED MODULE: ./build/hosts/ssh-errors.js

const ssh_errors_hasCode = (...codes) => ({ code }) => codes.includes(code ?? '');
const says = (pattern) => ({ message }) => pattern.test(message);
const ssh_errors_translations = [
    {
        when: ssh_errors_hasCode('ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL'),
        code: 'ssh.dns',
        why: () => 'its name has no address',
        input: 'ssh',
        hint: 'Correct the host in `ssh`, or the DNS.',
    },
    {
        when: ssh_errors_hasCode('ECONNREFUSED'),
        code: 'ssh.refused',
        why: () => 'the connection was refused',
        input: 'ssh',
        hint: 'Is sshd running, and is this its port? Write another port as `user@host:port`.',
    },
    {
        when: ssh_errors_hasCode('ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'),
        code: 'ssh.unreachable',
        why: () => 'it does not answer',
        input: 'ssh',
        hint: 'Is the port open in the firewall for this machine? GitHub runners have changing addresses.',
    },
    {
        when: says(/no SSH banner/),
        code: 'ssh.no-banner',
        why: () => 'the port is open but sent no SSH banner within 20 s',
        input: 'ssh',
        hint: 'Is this really the port of sshd?',
    },
    {
        when: says(/timed out while waiting for handshake/i),
        code: 'ssh.timeout',
        why: () => 'the SSH handshake was not done within 20 s',
        input: 'ssh',
        hint: 'Try again; if it repeats, look at the log of sshd.',
    },
    {
        when: says(/no matching|no common/i),
        code: 'ssh.algorithms',
        why: ({ message }) => `it offers only algorithms that are not safe today (${message})`,
        hint: 'Update sshd on the server; SHA-1, CBC and small Diffie-Hellman groups are not accepted.',
    },
    {
        when: ({ level }) => level === 'client-authentication',
        code: 'ssh.key-refused',
        why: () => 'it does not accept the key of `ssh-key`',
        input: 'ssh-key',
        hint: "Add the key's public half to ~/.ssh/authorized_keys of that user, and check the user's name.",
    },
    {
        when: says(/open failure|open failed|unable to exec|too many sessions/i),
        code: 'ssh.channel',
        why: () => 'it allows no further session on the connection',
        hint: 'Raise MaxSessions in sshd_config (Holdfast needs about 6), or allow sessions for this key.',
    },
];
/** The one place where what ssh2 and the socket say becomes a sentence. */
function sshError(label, cause) {
    if (cause instanceof errors/* HoldfastError */.Et)
        return cause;
    const error = (cause instanceof Error ? cause : new Error(String(cause)));
    const known = ssh_errors_translations.find(({ when }) => when(error));
    if (known === undefined) {
        return new errors/* CommandError */.Qd(`The connection to ${label} failed: ${error.message}.`, {
            code: 'ssh.failed',
            cause,
        });
    }
    return new errors/* CommandError */.Qd(`Can't work on ${label} over SSH: ${known.why(error)}.`, {
        code: known.code,
        input: known.input,
        hint: known.hint,
        cause,
    });
}
/** What may go away by trying again: the network, never a key. */
function isTransient(cause) {
    const { code, message } = (cause ?? {});
    return (['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN'].includes(code ?? '') ||
        /closed before|connection lost|ended before/i.test(message ?? ''));
}

;// CONCATENATED MODULE: ./build/hosts/ssh-transport.js





/** Programs on a machine over one SSH connection, a channel each. */
class SshTransport {
    label;
    remote = true;
    #client;
    /** Rejects when the connection is lost. */
    #lost;
    #closing = false;
    constructor(client, label) {
        this.label = label;
        this.#client = client;
        this.#lost = new Promise((_, reject) => {
            let cause;
            client.on('error', (error) => {
                cause = error;
            });
            client.once('close', () => {
                if (!this.#closing)
                    reject(lostConnection(label, cause));
            });
        });
        this.#lost.catch(() => { });
    }
    async start(argv) {
        const command = argv.map(quote).join(' ');
        const opened = new Promise((resolve, reject) => {
            this.#client.exec(command, (error, channel) => error ? reject(sshError(this.label, error)) : resolve(channel));
        });
        const channel = await Promise.race([opened, this.#lost]);
        return {
            stdin: channel.stdin,
            stdout: channel.stdout,
            stderr: channel.stderr,
            ended: this.#endOf(channel),
            destroy: () => channel.close(),
        };
    }
    #endOf(channel) {
        let exit = { code: null };
        channel.on('exit', (code, signal) => {
            exit = { code, ...(signal ? { signal } : {}) };
        });
        const closed = (0,external_node_events_.once)(channel, 'close').then(() => exit);
        // After a loss ssh2 closes some of its channels and forgets others: which of the two comes first must not matter.
        const judged = closed.then((found) => (this.#isConnected() ? found : orAfter(1000, this.#lost, found)));
        const ended = Promise.race([judged, this.#lost]);
        ended.catch(() => { });
        return ended;
    }
    #isConnected() {
        return this.#closing || this.#isOpen();
    }
    #isOpen() {
        const { _sock: socket } = this.#client;
        return socket?.writable === true && !socket.destroyed;
    }
    async forward(address) {
        const server = (0,external_node_net_.createServer)((socket) => {
            this.#client.forwardOut('127.0.0.1', 0, address.host, address.port, (error, channel) => {
                if (error) {
                    socket.destroy();
                    return;
                }
                socket.on('error', () => channel.destroy());
                channel.on('error', () => socket.destroy());
                socket.pipe(channel).pipe(socket);
            });
        });
        server.listen(0, '127.0.0.1');
        await (0,external_node_events_.once)(server, 'listening');
        return {
            port: server.address().port,
            async [Symbol.asyncDispose]() {
                server.close();
            },
        };
    }
    async close() {
        this.#closing = true;
        const connected = this.#isOpen();
        const closed = (0,external_node_events_.once)(this.#client, 'close');
        this.#client.end();
        // A dead link never says goodbye.
        if (connected)
            await orAfter(2000, closed, undefined);
        this.#client.destroy();
    }
}
function lostConnection(label, cause) {
    const why = cause === undefined ? '' : ` (${cause.message})`;
    return new errors/* CommandError */.Qd(`The connection to ${label} was lost${why}.`, {
        code: 'ssh.lost',
        hint: 'Run it again; if it repeats, look at the network and at the log of sshd.',
        cause,
    });
}
/** What the promise gives, or `late` when that takes too long. */
async function orAfter(ms, promise, late) {
    const { promise: timeout, resolve } = Promise.withResolvers();
    const timer = setTimeout(resolve, ms, late);
    try {
        return await Promise.race([promise, timeout]);
    }
    finally {
        clearTimeout(timer);
    }
}

;// CONCATENATED MODULE: ./build/hosts/open-ssh.js








const readyTimeoutMs = 20_000;
/** Today's algorithms, the fastest first: AES-GCM; no SHA-1, no CBC, no ChaCha20 (Terrapin). */
const algorithms = {
    kex: [
        'curve25519-sha256',
        'curve25519-sha256@libssh.org',
        'ecdh-sha2-nistp256',
        'ecdh-sha2-nistp384',
        'ecdh-sha2-nistp521',
        'diffie-hellman-group-exchange-sha256',
        'diffie-hellman-group16-sha512',
        'diffie-hellman-group18-sha512',
        'diffie-hellman-group14-sha256',
    ],
    cipher: ['aes128-gcm@openssh.com', 'aes256-gcm@openssh.com', 'aes128-ctr', 'aes192-ctr', 'aes256-ctr'],
    hmac: ['hmac-sha2-256-etm@openssh.com', 'hmac-sha2-512-etm@openssh.com', 'hmac-sha2-256', 'hmac-sha2-512'],
    compress: ['none'],
};
/** The signature algorithms by which a server can prove a key of that type. */
const signatures = {
    'ssh-ed25519': ['ssh-ed25519'],
    'ecdsa-sha2-nistp256': ['ecdsa-sha2-nistp256'],
    'ecdsa-sha2-nistp384': ['ecdsa-sha2-nistp384'],
    'ecdsa-sha2-nistp521': ['ecdsa-sha2-nistp521'],
    'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
};
/** Connects and authenticates; the host's key is compared with the pinned ones before anything of ours is sent. */
async function openSsh(target, signal) {
    const label = open_ssh_labelOf(target);
    const pinned = pinnedKeys(target, label);
    const { Client, utils } = (await __webpack_require__.e(/* import() */ 472).then(__webpack_require__.t.bind(__webpack_require__, 5472, 19))).default;
    const privateKey = readKey(target, utils);
    const connectOnce = async () => {
        (0,errors/* throwIfCancelled */.dZ)(signal);
        const client = new Client();
        const refusal = { error: undefined };
        const config = {
            username: target.user,
            authHandler: [{ type: 'publickey', username: target.user, key: privateKey }],
            tryKeyboard: false,
            agentForward: false,
            readyTimeout: readyTimeoutMs,
            keepaliveInterval: 10_000,
            keepaliveCountMax: 3,
            algorithms: { ...algorithms, serverHostKey: serverHostKeys(pinned) },
            hostVerifier: (key) => {
                refusal.error = judgeHostKey(pinned, key, target, label);
                return refusal.error === undefined;
            },
        };
        try {
            // ssh2 takes a parsed key and any list of algorithm names; its types are narrower.
            return await connect(client, config, target, signal);
        }
        catch (error) {
            client.on('error', () => { });
            client.destroy();
            throw refusal.error ?? error;
        }
    };
    try {
        const client = await (0,p_retry/* default */.Ay)(connectOnce, {
            retries: 2,
            minTimeout: 500,
            shouldRetry: ({ error }) => isTransient(error),
            signal,
        });
        return new SshTransport(client, label);
    }
    catch (error) {
        (0,errors/* throwIfCancelled */.dZ)(signal);
        throw sshError(label, error);
    }
}
function open_ssh_labelOf({ user, host, port }) {
    return port === 22 ? `${user}@${host}` : `${user}@${host}:${port}`;
}
async function connect(client, config, { host, port }, signal) {
    const socket = (0,external_node_net_.createConnection)({ host, port });
    try {
        await (0,external_node_events_.once)(socket, 'connect', { signal: AbortSignal.any([signal, AbortSignal.timeout(readyTimeoutMs)]) });
    }
    catch (error) {
        socket.destroy();
        if (signal.aborted || error.name !== 'AbortError')
            throw error;
        throw Object.assign(new Error('connect timed out', { cause: error }), { code: 'ETIMEDOUT' });
    }
    socket.setNoDelay(true);
    const ready = (0,external_node_events_.once)(client, 'ready', { signal });
    const closed = (0,external_node_events_.once)(client, 'close').then(() => {
        throw new Error('the connection closed before it was ready');
    });
    closed.catch(() => { });
    client.connect({ ...config, sock: socket });
    try {
        await Promise.race([ready, closed]);
    }
    catch (error) {
        throw nameSilence(error, socket);
    }
    return client;
}
function nameSilence(error, socket) {
    const timedOut = error instanceof Error && /timed out/i.test(error.message);
    return timedOut && socket.bytesRead === 0 ? new Error('no SSH banner', { cause: error }) : error;
}
function pinnedKeys({ knownHosts, host, port }, label) {
    const input = 'ssh-known-hosts';
    let pinned;
    try {
        pinned = lookUpHost(knownHosts, host, port);
    }
    catch (cause) {
        throw new errors/* HoldfastError */.Et(`\`ssh-known-hosts\` can't be read: ${cause.message}.`, {
            code: 'ssh.known-hosts',
            input,
            hint: 'Give it lines as `ssh-keyscan` prints them.',
            cause,
        });
    }
    const usable = pinned.trusted.filter(({ type }) => type in signatures);
    if (usable.length > 0)
        return { ...pinned, trusted: usable };
    const scan = port === 22 ? `ssh-keyscan ${host}` : `ssh-keyscan -p ${port} ${host}`;
    const why = pinned.certAuthority
        ? 'it has only a @cert-authority line for it, and host certificates are not supported'
        : 'it has no key for it';
    throw new errors/* HoldfastError */.Et(`${label} is not trusted by \`ssh-known-hosts\`: ${why}.`, {
        code: 'ssh.host-unknown',
        input,
        hint: `Add the lines that \`${scan}\` prints, after comparing the fingerprint with ` +
            '`ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub` on the server itself.',
    });
}
function serverHostKeys({ trusted }) {
    return [...new Set(trusted.flatMap(({ type }) => signatures[type] ?? []))];
}
function judgeHostKey({ trusted, revoked }, key, { host, port }, label) {
    const input = 'ssh-known-hosts';
    const shown = known_hosts_fingerprintOf(key);
    if (revoked.some(({ blob }) => blob.equals(key))) {
        return new errors/* HoldfastError */.Et(`${label} shows the key ${shown}, which is marked @revoked.`, {
            code: 'ssh.host-revoked',
            input,
            hint: 'Do not connect to it before you know why the key was revoked.',
        });
    }
    if (trusted.some(({ blob }) => blob.equals(key)))
        return undefined;
    const expected = trusted.map(({ blob }) => known_hosts_fingerprintOf(blob)).join(' or ');
    return new errors/* HoldfastError */.Et(`${label} shows the host key ${shown}, but \`ssh-known-hosts\` has ${expected}; nothing was sent.`, {
        code: 'ssh.host-changed',
        input,
        hint: 'Either the server was set up anew, or somebody poses as it. Compare the fingerprint on the server itself; ' +
            `only then replace the lines of ${port === 22 ? host : `[${host}]:${port}`}.`,
    });
}
function readKey({ privateKey, passphrase }, utils) {
    return parsed(normalizePrivateKey(privateKey.reveal()), passphrase?.reveal(), utils);
}
function parsed(text, passphrase, utils) {
    const result = utils.parseKey(text, passphrase);
    const key = Array.isArray(result) ? result[0] : result;
    if (key instanceof Error || key === undefined) {
        const said = key?.message ?? '';
        const locked = /encrypted|passphrase|integrity|bad decrypt/i.test(said);
        throw locked ? lockedKey(passphrase !== undefined) : unreadableKey();
    }
    if (!key.isPrivateKey())
        throw unreadableKey('it is a public key');
    return key;
}
function lockedKey(tried) {
    return tried
        ? new errors/* HoldfastError */.Et('`ssh-key-passphrase` does not open the key in `ssh-key`.', {
            code: 'ssh.passphrase',
            input: 'ssh-key-passphrase',
            hint: 'Try it with `ssh-keygen -y -f KEYFILE`.',
        })
        : new errors/* HoldfastError */.Et('The key in `ssh-key` is encrypted, and no passphrase is given.', {
            code: 'ssh.passphrase',
            input: 'ssh-key-passphrase',
            hint: 'Set `ssh-key-passphrase`.',
        });
}
function unreadableKey(why = 'it is not a private key in OpenSSH or PEM format') {
    return new errors/* HoldfastError */.Et(`\`ssh-key\` can't be used: ${why}.`, {
        code: 'ssh.key',
        input: 'ssh-key',
        hint: 'Paste the whole file, from -----BEGIN to -----END, of a key made by `ssh-keygen -t ed25519`.',
    });
}

;// CONCATENATED MODULE: ./build/hosts/after-mark.js
/** As much of what comes before the mark is kept for a message, and so much may come at most. */
const limitBytes = 64 * 1024;
/** Splits a stream at the first line that is the mark. */
function afterMark(source, mark) {
    const line = Buffer.from(`${mark}\n`);
    const { promise: seen, resolve } = Promise.withResolvers();
    let held = Buffer.alloc(0);
    /** What follows the mark in the bytes so far; `null` when it has not come yet. */
    const skip = (chunk) => {
        held = Buffer.concat([held, chunk]);
        const at = held.indexOf(line);
        if (at < 0)
            return null;
        const rest = held.subarray(at + line.byteLength);
        held = held.subarray(0, at);
        resolve(true);
        return rest;
    };
    async function* bytes() {
        const chunks = source[Symbol.asyncIterator]();
        try {
            let rest = null;
            while (rest === null) {
                const { done, value } = await chunks.next();
                if (done || held.byteLength > limitBytes)
                    return;
                rest = skip(value);
            }
            if (rest.byteLength > 0)
                yield rest;
            yield* { [Symbol.asyncIterator]: () => chunks };
        }
        finally {
            resolve(false);
            await chunks.return?.();
        }
    }
    return { bytes: bytes(), seen, before: () => held.toString('utf8') };
}

;// CONCATENATED MODULE: ./build/hosts/tether.js

/**
 * The shell texts around every program. They are constant but for quoted values, and reach the host over stdin, so
 * that no login shell and no list of processes sees a value.
 *
 * POSIX sh only: dash, bash, busybox.
 */
/** Starts `sh` on a script of exactly that many bytes, which it reads from stdin; what follows is the script's stdin. */
function bootstrap(scriptBytes) {
    return ['sh', '-c', `eval "$(dd bs=1 count=${scriptBytes} 2>/dev/null)"`];
}
/**
 * Runs the program in a process group of its own. In `watch`, when stdin ends (we died, or the link broke), the
 * group gets TERM, and KILL two seconds later. `read` is a builtin: nothing of ours is left when the shell is killed.
 */
function tether(job) {
    const input = typeof job.stdin === 'number' ? `text=$(head -c ${job.stdin} <&3; printf x)` : ':';
    const feed = typeof job.stdin === 'number' ? `printf %s "\${text%x}" |` : '';
    const from = job.stdin === 'stream' ? '<&3' : job.stdin === 'watch' ? '</dev/null' : '';
    const watch = job.stdin === 'stream'
        ? 'watch='
        : `( while read -r line <&3; do :; done; kill -TERM "-$job"; sleep 2; kill -KILL "-$job" ) >/dev/null 2>&1 &
watch=$!`;
    return `
LC_ALL=C; export LC_ALL
${exportLines(job.env)}
printf '%s\\n' ${quote(job.mark)}
exec 3<&0 </dev/null
${input}
work=${quote(workScript(job))}
if command -v setsid >/dev/null 2>&1; then
  ${feed} setsid sh -c "$work" ${from} 3<&- &
else
  set -m
  ${feed} sh -c "$work" ${from} 3<&- &
  set +m
fi
job=$!
trap 'kill -KILL "-$job"; exit 143' HUP INT TERM
${watch}
wait "$job"
status=$?
{ kill -KILL "-$job"; [ -z "$watch" ] || kill -KILL "$watch"; } >/dev/null 2>&1
exit "$status"
`;
}
/** The program, or the two of a pipe with the exit status of both: a failure of either is one of the whole. */
function workScript({ argv, through, gentle = false }) {
    const first = `exec ${gentle ? '$nice ' : ''}${words(argv)}`;
    if (through === undefined && !gentle)
        return first;
    const findNice = "nice=; if command -v nice >/dev/null 2>&1; then nice='nice -n 10'; fi";
    if (through === undefined)
        return `${findNice}\n${first}`;
    return `${findNice}\nexec 4>&1
one=$( { { ( ${first} ) 3>&- 4>&-; echo "$?" >&3; } | ( exec $nice ${words(through)} ) >&4 3>&- 4>&-; } 3>&1 )
two=$?
[ "$two" -eq 0 ] || exit "$two"
exit "\${one:-255}"`;
}
/** Makes a private folder, says its path, and removes it when stdin ends or a signal comes. */
function holdScratch(mark, under) {
    return `
umask 077
printf '%s\\n' ${quote(mark)}
: "\${TMPDIR:=/tmp}"
under=${under === undefined ? '"$TMPDIR"' : quote(under)}
dir=$(mktemp -d "$under/holdfast.XXXXXXXX") || exit 1
clean() {
  for try in 1 2 3 4 5 6 7 8; do
    rm -rf -- "$dir" 2>/dev/null
    [ -e "$dir" ] || return
    sleep 1
  done
}
trap clean EXIT
trap 'exit 1' HUP INT TERM PIPE
printf '%s\\n' "$dir"
while read -r line; do :; done
exit 0
`;
}
function words(argv) {
    return argv.map(quote).join(' ');
}
function exportLines(env = {}) {
    return Object.entries(env)
        .map(([name, value]) => `${name}=${quote(value)}; export ${name}`)
        .join('\n');
}

;// CONCATENATED MODULE: ./build/hosts/tethered-host.js







const stderrBytes = 16 * 1024;
/** How long a program may take to end after we asked it to, before our side is cut. */
const graceMs = 5000;
/** Programs and folders on a machine that end and vanish with us, over any transport. */
class TetheredHost {
    label;
    remote;
    forward;
    #transport;
    constructor(transport) {
        this.#transport = transport;
        this.label = transport.label;
        this.remote = transport.remote;
        const { forward } = transport;
        if (forward !== undefined)
            this.forward = (address) => forward.call(transport, address);
    }
    spawn(argv, options) {
        const { stdin, through, env, gentle } = options;
        assertPlain([
            ...argv,
            ...(through ?? []),
            ...Object.values(env ?? {}),
            typeof stdin === 'string' ? stdin : '',
        ]);
        const mark = newMark();
        const job = {
            argv,
            through,
            gentle,
            env,
            mark,
            stdin: stdin === undefined ? 'watch' : typeof stdin === 'string' ? Buffer.byteLength(stdin) : 'stream',
        };
        const running = this.#run(tether(job), mark, options.signal, stdin);
        running.catch(() => { });
        return {
            stdout: lazily(async () => (await running).stdout),
            exit: running.then(({ exit }) => exit),
        };
    }
    async scratch({ signal, under }) {
        assertPlain([under ?? '']);
        const mark = newMark();
        const holder = await this.#run(holdScratch(mark, under), mark, signal);
        const lines = holder.stdout[Symbol.asyncIterator]();
        const { value } = await lines.next();
        const path = value === undefined ? '' : Buffer.from(value).toString('utf8').trimEnd();
        // The rest of its output is nothing, but must be read for its end to be seen.
        const rest = lines.next();
        rest.catch(() => { });
        if (!path.startsWith('/')) {
            await rest.catch(() => { });
            const exit = await holder.exit;
            throw new errors/* CommandError */.Qd(`No temporary folder could be made on ${this.label} (${lastLine(exit.stderr) || describeExit(exit)}).`, {
                code: 'host.scratch',
                hint: 'Free some space there, or set TMPDIR to a folder that this user may write to.',
            });
        }
        return {
            path,
            async [Symbol.asyncDispose]() {
                holder.end();
                await holder.exit.catch(() => { });
            },
        };
    }
    async [Symbol.asyncDispose]() {
        await this.#transport.close();
    }
    async #run(script, mark, signal, stdin) {
        (0,errors/* throwIfCancelled */.dZ)(signal);
        const content = Buffer.from(script);
        const raw = await this.#transport.start(bootstrap(content.byteLength));
        // A program that ends early no longer reads: not our failure, its exit code tells.
        raw.stdin.on('error', () => { });
        raw.stdin.write(content);
        if (typeof stdin === 'string')
            raw.stdin.write(stdin);
        else if (stdin !== undefined)
            feed(stdin, raw.stdin, () => raw.destroy());
        return watchOver(raw, mark, signal, this.label);
    }
}
function watchOver(raw, mark, signal, label) {
    const output = new external_node_stream_.PassThrough({ highWaterMark: 1024 * 1024 });
    raw.stdout.on('error', (error) => output.destroy(error));
    raw.stdout.pipe(output);
    const stderr = tailOf(raw.stderr);
    let cut;
    const end = () => {
        raw.stdin.end();
        cut ??= setTimeout(() => raw.destroy(), graceMs);
    };
    const onAbort = () => {
        end();
        raw.stdout.unpipe(output);
        raw.stdout.resume();
        output.destroy(reasonOf(signal));
    };
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted)
        onAbort();
    const marked = afterMark(output, mark);
    const exit = (async () => {
        try {
            const ended = await raw.ended;
            if (signal.aborted)
                throw reasonOf(signal);
            const found = { ...ended, stderr: stderr() };
            if (!(await marked.seen))
                throw noShell(label, marked.before(), found);
            return found;
        }
        finally {
            clearTimeout(cut);
            signal.removeEventListener('abort', onAbort);
        }
    })();
    exit.catch((error) => output.destroy(error));
    return { stdout: stopEarly(marked.bytes, exit, end, raw), exit, end };
}
/** The output; a reader that leaves before its end ends the program, and a missing begin is told by `exit`. */
async function* stopEarly(bytes, exit, end, raw) {
    let whole = false;
    try {
        yield* bytes;
        whole = true;
    }
    finally {
        if (!whole) {
            end();
            raw.stdout.resume();
        }
    }
    // Rejects when the program never began: then the empty output must not look like success.
    await exit;
}
function tailOf(stream) {
    let tail = Buffer.alloc(0);
    stream.on('data', (chunk) => {
        tail = Buffer.concat([tail, chunk]).subarray(-stderrBytes);
    });
    stream.on('error', () => { });
    return () => tail.toString('utf8');
}
function feed(source, stdin, onFailure) {
    (0,promises_.pipeline)(source, stdin).catch(() => {
        // The source failed or the program closed its stdin; only the first must stop the program.
        if (!stdin.closed)
            onFailure();
    });
}
async function* lazily(open) {
    yield* await open();
}
function noShell(label, before, exit) {
    const said = lastLine(before) || lastLine(exit.stderr);
    return new errors/* CommandError */.Qd(`No program can be started on ${label}: ${said === '' ? describeExit(exit) : `it says "${said}"`}.`, {
        code: 'host.no-shell',
        hint: 'The account needs a login shell and `sh`; a container must be running and contain `sh`.',
    });
}
function newMark() {
    return `holdfast-${(0,external_node_crypto_.randomBytes)(12).toString('hex')}`;
}
function reasonOf(signal) {
    return signal.reason instanceof errors/* HoldfastError */.Et ? signal.reason : new errors/* CancelledError */.cc();
}
function assertPlain(texts) {
    const bad = texts.find((text) => text.includes('\0'));
    if (bad === undefined)
        return;
    throw new errors/* HoldfastError */.Et(`${JSON.stringify(bad)} holds a NUL character, which no program can take.`, {
        code: 'host.argument',
    });
}

;// CONCATENATED MODULE: ./build/hosts/open-host.js




/** The machine where the database's tools run. Disposing closes the connection. */
async function openHost({ ssh, sudo, container, env, signal }) {
    const machine = ssh === null ? new LocalTransport(env) : await openSsh(ssh, signal);
    const asUser = sudo ? new SudoTransport(machine) : machine;
    return new TetheredHost(container === null ? asUser : new ContainerTransport(asUser, container));
}

;// CONCATENATED MODULE: ./build/stores/folder-store.js






/** Files that are being written; never listed. */
const unfinished = /^\.holdfast-.*\.part$/;
function openFolderStore(path) {
    return new FolderStore((0,external_node_path_.resolve)(path));
}
/** A folder of this machine; keys are paths below it. */
class FolderStore {
    label;
    #root;
    constructor(root) {
        this.#root = root;
        this.label = `file:${root}`;
    }
    fetchCommand(key) {
        return `cat ${quote(this.#path(key))}`;
    }
    async put(key, content, { signal }) {
        const path = this.#path(key);
        const folder = (0,external_node_path_.dirname)(path);
        const part = (0,external_node_path_.join)(folder, `.holdfast-${(0,external_node_crypto_.randomUUID)()}.part`);
        let made = part;
        try {
            const firstMade = await (0,external_node_fs_promises_.mkdir)(folder, { recursive: true, mode: 0o700 });
            if ((await this.stat(key, { signal })) !== null)
                throw this.#exists(key);
            const bytes = await writeWhole(part, content, signal);
            await (0,external_node_fs_promises_.rename)(part, path);
            made = path;
            await syncUpTo(firstMade === undefined ? folder : (0,external_node_path_.dirname)(firstMade), folder);
            return { key, bytes };
        }
        catch (error) {
            await (0,external_node_fs_promises_.rm)(made, { force: true }).catch(() => { });
            await this.#removeEmptyFolders(folder);
            throw this.#translate(error, 'Writing', key);
        }
    }
    async *get(key, { signal }) {
        try {
            yield* (0,external_node_fs_.createReadStream)(this.#path(key), { highWaterMark: 1024 * 1024, signal });
        }
        catch (error) {
            (0,errors/* throwIfCancelled */.dZ)(signal);
            throw this.#translate(error, 'Reading', key);
        }
    }
    async stat(key, _) {
        try {
            const found = await (0,external_node_fs_promises_.stat)(this.#path(key));
            return found.isFile() ? { key, bytes: found.size } : null;
        }
        catch (error) {
            if (isMissing(error))
                return null;
            throw this.#translate(error, 'Looking up', key);
        }
    }
    async *list(prefix, { signal }) {
        const from = prefix.slice(0, prefix.lastIndexOf('/') + 1);
        const keys = [];
        for await (const found of this.#walk(from, signal))
            if (found.key.startsWith(prefix))
                keys.push(found);
        yield* keys.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
    }
    async remove(keys, { signal }) {
        const removed = [];
        const kept = [];
        for (const key of keys) {
            (0,errors/* throwIfCancelled */.dZ)(signal);
            try {
                await (0,external_node_fs_promises_.rm)(this.#path(key), { force: true });
                await this.#removeEmptyFolders((0,external_node_path_.dirname)(this.#path(key)));
                removed.push(key);
            }
            catch (error) {
                kept.push({ key, reason: folder_store_reasonOf(error) });
            }
        }
        return { removed, kept };
    }
    async *#walk(folder, signal) {
        (0,errors/* throwIfCancelled */.dZ)(signal);
        const entries = await this.#entries(folder);
        for (const entry of entries) {
            const key = folder + entry.name;
            if (entry.isDirectory())
                yield* this.#walk(`${key}/`, signal);
            else if (entry.isFile() && !unfinished.test(entry.name)) {
                const found = await this.stat(key, { signal });
                if (found !== null)
                    yield found;
            }
        }
    }
    async #entries(folder) {
        try {
            return await (0,external_node_fs_promises_.readdir)(folder === '' ? this.#root : this.#path(folder), { withFileTypes: true });
        }
        catch (error) {
            if (isMissing(error))
                return [];
            throw this.#translate(error, 'Listing', folder);
        }
    }
    /** Folders have no meaning here: one goes with its last file. */
    async #removeEmptyFolders(folder) {
        for (let at = folder; at.startsWith(this.#root + external_node_path_.sep); at = (0,external_node_path_.dirname)(at)) {
            try {
                await (0,external_node_fs_promises_.rmdir)(at);
            }
            catch {
                return;
            }
        }
    }
    #path(key) {
        const path = (0,external_node_path_.join)(this.#root, key);
        const inside = path.startsWith(this.#root + external_node_path_.sep) && !key.includes('\0') && !key.split('/').includes('..');
        if (inside)
            return path;
        throw new errors/* StoreError */.AD(`${JSON.stringify(key)} is no key of ${this.label}.`, { code: 'store.key' });
    }
    #exists(key) {
        return new errors/* StoreError */.AD(`${key} is in ${this.label} already and is not overwritten.`, {
            code: 'store.exists',
        });
    }
    #translate(cause, doing, key) {
        // An error of the content that is being put is told as it is.
        if (cause instanceof errors/* HoldfastError */.Et || cause.syscall === undefined)
            return cause;
        if (doing === 'Reading' && isMissing(cause)) {
            return new errors/* StoreError */.AD(`There is no ${key} in ${this.label}.`, { code: 'store.not-found', cause });
        }
        return new errors/* StoreError */.AD(`${doing} ${key} in ${this.label} failed: ${folder_store_reasonOf(cause)}.`, {
            code: 'store.failed',
            input: 'store',
            hint: 'Check that the folder of `store` is writable and that its disk has room.',
            cause,
        });
    }
}
async function writeWhole(path, content, signal) {
    const file = await (0,external_node_fs_promises_.open)(path, 'wx', 0o600);
    try {
        let bytes = 0;
        for await (const chunk of content) {
            (0,errors/* throwIfCancelled */.dZ)(signal);
            for (let at = 0; at < chunk.byteLength;)
                at += (await file.write(chunk, at)).bytesWritten;
            bytes += chunk.byteLength;
        }
        (0,errors/* throwIfCancelled */.dZ)(signal);
        await file.sync();
        return bytes;
    }
    finally {
        await file.close();
    }
}
/** A name survives a power cut once the folder that has it is synced: this one, and each above it up to `top`. */
async function syncUpTo(top, folder) {
    for (let at = folder;; at = (0,external_node_path_.dirname)(at)) {
        const handle = await (0,external_node_fs_promises_.open)(at, 'r');
        try {
            await handle.sync();
        }
        finally {
            await handle.close();
        }
        if (at === top)
            return;
    }
}
function isMissing(error) {
    const { code } = error;
    return code === 'ENOENT' || code === 'ENOTDIR';
}
const reasons = {
    ENOSPC: 'the disk is full',
    EDQUOT: 'the quota is used up',
    EACCES: 'permission denied',
    EPERM: 'not permitted',
    EROFS: 'the file system is read-only',
};
function folder_store_reasonOf(error) {
    const { code, message } = error;
    return reasons[code ?? ''] ?? message;
}

;// CONCATENATED MODULE: ./build/stores/s3-errors.js

/** What each operation needs: on AWS, and as a capability of a Backblaze B2 key. */
const permissions = {
    put: ['writing', 's3:PutObject', 'writeFiles'],
    get: ['reading', 's3:GetObject', 'readFiles'],
    stat: ['looking up', 's3:GetObject', 'readFiles'],
    list: ['listing', 's3:ListBucket', 'listFiles'],
    remove: ['deleting', 's3:DeleteObject', 'deleteFiles'],
};
const s3_errors_translations = [
    {
        codes: ['NoSuchBucket'],
        code: 'store.no-bucket',
        why: 'there is no such bucket',
        input: 'store',
        hint: 'Correct the bucket in `store`, or create it; check `s3-endpoint` and `s3-region` too.',
    },
    {
        codes: ['InvalidAccessKeyId', 'UnrecognizedClientException'],
        code: 'store.key-unknown',
        why: 'it does not know the access key',
        input: 's3-access-key-id',
        hint: 'Check `s3-access-key-id` and that `s3-endpoint` is the one that the key belongs to.',
        quiet: true,
    },
    {
        codes: ['SignatureDoesNotMatch', 'InvalidSignature'],
        code: 'store.secret-wrong',
        why: 'the secret key is wrong',
        input: 's3-secret-access-key',
        hint: 'Set `s3-secret-access-key` to the secret that belongs to the access key.',
        quiet: true,
    },
    {
        codes: [
            'PermanentRedirect',
            'AuthorizationHeaderMalformed',
            'IllegalLocationConstraintException',
            'MovedPermanently',
            '301',
        ],
        code: 'store.region',
        why: 'the bucket is in another region',
        input: 's3-region',
        hint: 'Set `s3-region` to the region of the bucket.',
    },
    {
        codes: ['RequestTimeTooSkewed', 'RequestExpired'],
        code: 'store.clock',
        why: 'the clock of this machine is wrong',
        hint: 'Set the clock; the store allows a difference of 15 minutes.',
    },
    {
        codes: ['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired'],
        code: 'store.expired',
        why: 'the credentials have expired',
        hint: 'Let the role last longer than the backup takes (`role-duration-seconds`).',
    },
    {
        codes: [],
        says: /^Region is missing/,
        code: 'store.no-region',
        why: 'nobody says which region its bucket is in',
        input: 's3-region',
        hint: 'Set `s3-region`; for another provider than AWS set `s3-endpoint` too.',
    },
    {
        codes: ['CredentialsProviderError'],
        code: 'store.no-credentials',
        why: 'no credentials were found',
        input: 's3-access-key-id',
        hint: 'Set `s3-access-key-id` and `s3-secret-access-key`, or give the job an AWS role.',
    },
    {
        codes: ['QuotaExceeded', 'EntityTooLarge', 'InsufficientStorage', 'StorageCapExceeded', '507'],
        code: 'store.full',
        why: 'it takes no more data (quota)',
        hint: "Raise the bucket's quota, or prune.",
    },
    {
        codes: ['ENOTFOUND', 'EAI_AGAIN'],
        code: 'store.dns',
        why: 'the name of its endpoint has no address',
        input: 's3-endpoint',
        hint: 'Correct `s3-endpoint`.',
    },
    {
        codes: ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH'],
        code: 'store.unreachable',
        why: 'its endpoint can not be reached',
        input: 's3-endpoint',
        hint: 'Correct `s3-endpoint`, or see whether the store is up.',
    },
    {
        codes: [
            'DEPTH_ZERO_SELF_SIGNED_CERT',
            'SELF_SIGNED_CERT_IN_CHAIN',
            'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
            'CERT_HAS_EXPIRED',
            'ERR_TLS_CERT_ALTNAME_INVALID',
            'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
        ],
        code: 'store.certificate',
        why: 'its certificate is not valid',
        input: 's3-endpoint',
        hint: 'Use the name that the certificate is for; for a private CA set NODE_EXTRA_CA_CERTS to its file.',
    },
    {
        codes: ['EPROTO'],
        code: 'store.tls',
        why: 'its endpoint does not speak HTTPS',
        input: 's3-endpoint',
        hint: 'Correct the port in `s3-endpoint`.',
        quiet: true,
    },
    {
        codes: ['TemporaryRedirect', '302', '303', '307', '308'],
        code: 'store.redirect',
        why: 'its endpoint points to another one, which is not followed',
        input: 's3-endpoint',
        hint: "Set `s3-endpoint` (for AWS `s3-region`) to the bucket's own.",
    },
    {
        codes: ['NotFound'],
        says: /XML parse error|Deserialization error/,
        code: 'store.not-s3',
        why: 'what answers there does not speak S3',
        input: 's3-endpoint',
        hint: "Set `s3-endpoint` to the provider's address for S3, without bucket or path.",
        quiet: true,
    },
    {
        codes: ['SlowDown', 'ServiceUnavailable', 'TooManyRequests', 'TooManyRequestsException', '429'],
        code: 'store.throttled',
        why: 'it is too busy',
        hint: 'Run it again later; a schedule that avoids the full hour meets fewer others.',
    },
    {
        codes: ['ECONNRESET', 'EPIPE'],
        code: 'store.connection',
        why: 'the connection broke again and again',
        hint: 'Run it again; if it repeats, look for a firewall or proxy between here and the store.',
    },
    {
        codes: ['TimeoutError', 'ETIMEDOUT'],
        code: 'store.silent',
        why: 'it does not answer',
        hint: 'Run it again; if it repeats, check `s3-endpoint` and what is between here and the store.',
    },
];
/** What the content threw that was being put: told as it is, for it is no failure of the store. */
class SourceFailure extends Error {
}
/** The one place where what the SDK throws becomes a sentence. Never prints a key or a signature. */
function s3Error(label, operation, key, cause) {
    if (cause instanceof SourceFailure)
        return cause.cause;
    if (cause instanceof errors/* HoldfastError */.Et)
        return cause;
    const error = (cause ?? {});
    if (error.name === 'AbortError')
        return new errors/* CancelledError */.cc();
    const [doing, aws, b2] = permissions[operation];
    const what = `${doing[0]?.toUpperCase()}${doing.slice(1)} ${key === '' ? label : `${key} in ${label}`} failed`;
    const codes = codesOf(error);
    const known = s3_errors_translations.find(({ codes: its, says }) => its.some((code) => codes.includes(code)) || says?.test(error.message));
    if (known !== undefined) {
        const { code, why, input, hint, quiet = false } = known;
        return new errors/* StoreError */.AD(`${what}: ${why} (${s3_errors_describe(error, quiet)}).`, { code, input, hint, cause });
    }
    if (codes.includes('AccessDenied') || codes.includes('403')) {
        return new errors/* StoreError */.AD(`${what}: the key may not do that (${s3_errors_describe(error)}).`, {
            code: 'store.denied',
            input: 's3-access-key-id',
            hint: `Allow the key ${aws} on the bucket (on Backblaze B2 the capability ${b2}).`,
            cause,
        });
    }
    return new errors/* StoreError */.AD(`${what}: ${s3_errors_describe(error)}.`, {
        code: 'store.failed',
        hint: 'Try again later; if it repeats, look at the status page of the storage provider.',
        cause,
    });
}
/** Every name that one error has: S3's code, Node's, the HTTP status. */
function codesOf(cause) {
    const error = (cause ?? {});
    const own = [error.Code, error.code, error.name, error.$metadata?.httpStatusCode?.toString()];
    const inner = [...(error.errors ?? []), ...(error.cause instanceof Error ? [error.cause] : [])];
    return [...own.filter((code) => code !== undefined), ...inner.flatMap(codesOf)];
}
/** `SlowDown, HTTP 503, after 8 attempts, request tx00…`: some stores send no message at all. */
function s3_errors_describe(error, quiet = false) {
    const { httpStatusCode, requestId, attempts } = error.$metadata ?? {};
    const name = [error.Code, error.code, error.name].find((text) => text && !meaningless.has(text));
    const said = quiet || meaningless.has(error.message) || error.message === name ? '' : error.message;
    const parts = [
        name,
        said,
        httpStatusCode === undefined ? '' : `HTTP ${httpStatusCode}`,
        attempts !== undefined && attempts > 1 ? `after ${attempts} attempts` : '',
        requestId === undefined ? '' : `request ${requestId}`,
    ];
    return parts.filter((part) => part).join(', ') || 'no reason given';
}
/** What the SDK says when the store said nothing. */
const meaningless = new Set(['Error', 'Unknown', 'UnknownError', '']);

;// CONCATENATED MODULE: ./build/stores/s3-bucket.js


/** What every operation on one bucket, under one prefix, needs. */
class S3Bucket {
    connection;
    name;
    /** Empty, or with a slash at its end. */
    prefix;
    label;
    constructor({ bucket, prefix }, connection) {
        this.connection = connection;
        this.name = bucket;
        this.prefix = prefix === '' ? '' : `${prefix}/`;
        this.label = `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}`;
    }
    target(key) {
        return { Bucket: this.name, Key: this.prefix + key };
    }
    /** Runs `work`, and tells its failure as a sentence. */
    async translated(operation, key, work) {
        try {
            return await work();
        }
        catch (error) {
            throw this.translate(operation, key, error);
        }
    }
    translate(operation, key, error) {
        return s3Error(this.label, operation, key, error);
    }
    /** `null` for a missing key, and for a missing bucket: a HEAD does not tell them apart. */
    async head(key, signal) {
        const { sdk, client } = this.connection;
        return this.translated('stat', key, async () => {
            try {
                const command = new sdk.HeadObjectCommand(this.target(key));
                const answer = await client.send(command, { abortSignal: signal });
                return {
                    bytes: answer.ContentLength ?? 0,
                    etag: (answer.ETag ?? '').replaceAll('"', ''),
                    keyService: answer.ServerSideEncryption?.startsWith('aws:kms') ?? false,
                };
            }
            catch (error) {
                if (codesOf(error).includes('404'))
                    return null;
                throw await this.#reasonFor(error, key, signal);
            }
        });
    }
    /** The answer to a HEAD has no body and so no reason: a GET is refused in words. */
    async #reasonFor(refusal, key, signal) {
        const status = refusal.$metadata?.httpStatusCode ?? 0;
        if (status < 300 || status >= 500)
            return refusal;
        const { sdk, client } = this.connection;
        try {
            const command = new sdk.GetObjectCommand({ ...this.target(key), Range: 'bytes=0-0' });
            const { Body } = await client.send(command, { abortSignal: signal });
            Body.destroy();
            return refusal;
        }
        catch (error) {
            return error;
        }
    }
    /** As {@link head}; `denied` where the key may write but not look. */
    async headIfAllowed(key, signal) {
        try {
            return await this.head(key, signal);
        }
        catch (error) {
            if (error instanceof errors/* StoreError */.AD && error.code === 'store.denied')
                return 'denied';
            throw error;
        }
    }
}

;// CONCATENATED MODULE: ./build/stores/presets.js
const mebibyte = 1024 * 1024;
const usual = {
    region: 'us-east-1',
    pathStyle: true,
    conditionalPut: false,
    md5Etag: true,
    multipartEtag: true,
    maximumParts: 10_000,
    minimumPartBytes: 8 * mebibyte,
};
const aws = {
    ...usual,
    label: 'AWS S3',
    host: /(?:^|\.)s3(?:-fips)?(?:[.-](?:dualstack\.)?([a-z0-9-]+))?\.amazonaws\.com(?:\.cn)?$/,
    pathStyle: false,
    conditionalPut: true,
    // SSE-KMS and directory buckets have others, and AWS checks Content-MD5 reliably.
    md5Etag: false,
    multipartEtag: false,
};
/** MinIO, Ceph and whatever else speaks S3. */
const other = { ...usual, label: 'S3-compatible store', host: /^/ };
const presets = [
    aws,
    { ...usual, label: 'Backblaze B2', host: /(?:^|\.)s3\.([a-z0-9-]+)\.backblazeb2\.com$/ },
    {
        ...usual,
        label: 'Cloudflare R2',
        host: /\.r2\.cloudflarestorage\.com$/,
        region: 'auto',
        conditionalPut: true,
        multipartEtag: false,
    },
    { ...usual, label: 'DigitalOcean Spaces', host: /(?:^|\.)([a-z0-9]+)\.digitaloceanspaces\.com$/ },
    { ...usual, label: 'Wasabi', host: /(?:^|\.)s3(?:\.([a-z0-9-]+))?\.wasabisys\.com$/ },
    { ...usual, label: 'Scaleway', host: /(?:^|\.)s3\.([a-z0-9-]+)\.scw\.cloud$/, maximumParts: 1000 },
    { ...usual, label: 'Storj', host: /\.storjshare\.io$/, minimumPartBytes: 64 * mebibyte },
    {
        ...usual,
        label: 'Google Cloud Storage',
        host: /(?:^|\.)storage\.googleapis\.com$/,
        region: 'auto',
        multipartEtag: false,
    },
    {
        ...usual,
        label: 'Alibaba Cloud OSS',
        host: /(?:^|\.)(?:s3\.)?oss-([a-z0-9-]+)\.aliyuncs\.com$/,
        pathStyle: false,
        multipartEtag: false,
    },
];
/** The preset of an endpoint; without an endpoint it is AWS. */
function presetOf(endpoint) {
    if (endpoint === undefined)
        return aws;
    const { hostname } = new URL(endpoint);
    return presets.find(({ host }) => host.test(hostname)) ?? other;
}
/** The region to sign with: told, in the endpoint's name, or the preset's. */
function regionOf(preset, endpoint, region) {
    if (region !== undefined)
        return region;
    // AWS without an endpoint: the SDK's own chain knows (AWS_REGION, a profile).
    if (endpoint === undefined)
        return undefined;
    return preset.host.exec(new URL(endpoint).hostname)?.[1] ?? preset.region;
}

;// CONCATENATED MODULE: ./build/stores/s3-client.js



/** Backblaze says that 500 and 503 are part of its design, and others throttle: eight tries, up to 30 s apart, jittered. */
const attempts = 8;
const longestPauseMs = 30_000;
/** As long as nothing ever answered, the endpoint is more likely wrong than in trouble. */
const firstContactAttempts = 4;
/** A client that every S3-compatible store understands. The SDK is loaded here, because that takes a while. */
async function connectS3(settings) {
    const { endpoint, accessKeyId, secretAccessKey, retryBaseMs = 200, stallMs = 60_000 } = settings;
    assertSafe(endpoint);
    const preset = { ...presetOf(endpoint), ...settings.quirks };
    const region = regionOf(preset, endpoint, settings.region);
    const [sdk, { ConfiguredRetryStrategy }] = await Promise.all([
        Promise.all(/* import() */[__webpack_require__.e(609), __webpack_require__.e(711)]).then(__webpack_require__.t.bind(__webpack_require__, 3711, 19)),
        __webpack_require__.e(/* import() */ 609).then(__webpack_require__.t.bind(__webpack_require__, 3609, 19)),
    ]);
    const contact = { made: false };
    const config = {
        ...(endpoint === undefined ? {} : { endpoint }),
        ...(region === undefined ? {} : { region }),
        ...(accessKeyId === undefined || secretAccessKey === undefined
            ? {}
            : { credentials: { accessKeyId, secretAccessKey: secretAccessKey.reveal() } }),
        forcePathStyle: preset.pathStyle,
        // The default checksums of newer SDKs break B2, R2 and older Ceph.
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
        retryStrategy: new ConfiguredRetryStrategy(async () => (contact.made ? attempts : firstContactAttempts), (attempt) => (0.5 + Math.random() / 2) * Math.min(longestPauseMs, retryBaseMs * 2 ** attempt)),
        requestHandler: { connectionTimeout: 10_000, socketTimeout: stallMs, throwOnRequestTimeout: true },
        logger: { trace() { }, debug() { }, info() { }, warn() { }, error() { } },
    };
    const client = new sdk.S3Client(config);
    client.middlewareStack.add(contentMd5, { step: 'build', priority: 'low', name: 'contentMd5' });
    client.middlewareStack.add(judge(contact), { step: 'deserialize', priority: 'high', name: 'judge' });
    freeWhoWaits(client);
    return { sdk, client, preset, region, stallMs };
}
/** Content-MD5 instead of newer checksums: every store knows it, and Object Lock buckets demand it. */
const contentMd5 = (next) => (args) => {
    const { body, headers } = args.request;
    for (const name of Object.keys(headers)) {
        if (/^x-amz-(?:sdk-)?checksum-/i.test(name))
            delete headers[name];
    }
    const isGiven = Object.keys(headers).some((name) => name.toLowerCase() === 'content-md5');
    if (!isGiven && (typeof body === 'string' || body instanceof Uint8Array)) {
        headers['content-md5'] = (0,external_node_crypto_.createHash)('md5').update(body).digest('base64');
    }
    return next(args);
};
/** Bytes that were damaged on their way, and two writers at once: the same request may well succeed. */
const worthAnotherTry = new Set([
    'BadDigest',
    'XAmzContentSHA256Mismatch',
    'IncompleteBody',
    'OperationAborted',
    'ConditionalRequestConflict',
]);
/** Notes that something answered, and says which failures are worth another try beside those that the SDK knows. */
const judge = (contact) => (next) => async (args) => {
    try {
        const answer = await next(args);
        contact.made = true;
        return answer;
    }
    catch (error) {
        const { name = '', $metadata: { httpStatusCode = 0 } = {} } = error;
        contact.made ||= httpStatusCode > 0;
        // From 520 on they are Cloudflare's, for an origin in trouble.
        if (worthAnotherTry.has(name) || httpStatusCode >= 520)
            error.$retryable ??= {};
        throw error;
    }
};
/** The SDK's pauses before a retry know no signal. Whoever waits for an answer is set free at once when it is aborted. */
function freeWhoWaits(client) {
    const send = client.send.bind(client);
    const sendOrStop = async (command, options) => {
        const signal = options?.abortSignal;
        if (signal === undefined)
            return send(command);
        signal.throwIfAborted();
        const aborted = Promise.withResolvers();
        const onAbort = () => aborted.reject(signal.reason);
        signal.addEventListener('abort', onAbort, { once: true });
        try {
            return await Promise.race([send(command, options), aborted.promise]);
        }
        finally {
            signal.removeEventListener('abort', onAbort);
        }
    };
    client.send = sendOrStop;
}
function assertSafe(endpoint) {
    if (endpoint === undefined)
        return;
    const { protocol, hostname } = new URL(endpoint);
    const loopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
    if (protocol === 'https:' || (protocol === 'http:' && loopback))
        return;
    throw new errors/* StoreError */.AD(`\`s3-endpoint\` ${endpoint} would send the backup in the clear.`, {
        code: 'store.endpoint',
        input: 's3-endpoint',
        hint: 'Use https://; http:// is allowed on this machine only.',
    });
}

;// CONCATENATED MODULE: ./build/stores/s3-get.js


/** How often in a row, without a byte between, a broken download is taken up where it stopped. */
const resumes = 3;
/** The bytes of an object, whole or with a throw. */
async function* getObject(bucket, key, signal) {
    const whole = await s3_get_open(bucket, key, signal);
    let { body } = whole;
    let at = 0;
    let broken = 0;
    while (true) {
        try {
            for await (const chunk of unlessSilent(body, bucket.connection.stallMs)) {
                at += chunk.byteLength;
                broken = 0;
                yield chunk;
            }
            assertWhole(at, whole.bytes);
            return;
        }
        catch (error) {
            (0,errors/* throwIfCancelled */.dZ)(signal);
            broken += 1;
            if (broken > resumes)
                throw bucket.translate('get', key, error);
        }
        body = await reopen(bucket, key, signal, at, whole.etag);
    }
}
function assertWhole(at, bytes) {
    if (bytes !== undefined && at !== bytes) {
        throw new Error(`the answer ended after ${at} of ${bytes} bytes`);
    }
}
async function s3_get_open(bucket, key, signal) {
    const { sdk, client } = bucket.connection;
    return bucket.translated('get', key, async () => {
        try {
            const command = new sdk.GetObjectCommand(bucket.target(key));
            const { Body, ContentLength, ETag } = await client.send(command, { abortSignal: signal });
            return { body: untimed(Body), bytes: ContentLength, etag: ETag };
        }
        catch (error) {
            const codes = codesOf(error);
            if (!codes.includes('404') || codes.includes('NoSuchBucket'))
                throw error;
            throw new errors/* StoreError */.AD(`There is no ${key} in ${bucket.label}.`, {
                code: 'store.not-found',
                cause: error,
            });
        }
    });
}
/** The rest of the same object: `If-Match` refuses another one that took its place. */
async function reopen(bucket, key, signal, from, etag) {
    const { sdk, client } = bucket.connection;
    return bucket.translated('get', key, async () => {
        const pinned = etag === undefined ? {} : { IfMatch: etag };
        const command = new sdk.GetObjectCommand({ ...bucket.target(key), Range: `bytes=${from}-`, ...pinned });
        const { Body, ContentRange } = await client.send(command, { abortSignal: signal });
        const body = untimed(Body);
        if (ContentRange?.startsWith(`bytes ${from}-`))
            return body;
        body.destroy();
        throw new Error('the download broke, and the store can not go on in the middle of an object');
    });
}
/** Without the SDK's own timeout, which would also count a reader that takes its time. */
function untimed(body) {
    return body.setTimeout(0);
}
/** Only the wait for bytes is timed. */
async function* unlessSilent(body, stallMs) {
    const chunks = body[Symbol.asyncIterator]();
    const silent = () => {
        body.destroy(new Error(`nothing came for ${stallMs / 1000} s`));
    };
    try {
        for (;;) {
            const timer = setTimeout(silent, stallMs);
            const next = await chunks.next().finally(() => clearTimeout(timer));
            if (next.done)
                return;
            yield next.value;
        }
    }
    finally {
        body.destroy();
    }
}

;// CONCATENATED MODULE: ./build/stores/part-size.js
const part_size_mebibyte = 1024 * 1024;
/** S3's own limit for one part. */
const maximumPartBytes = 5 * 1024 * part_size_mebibyte;
/** An estimate may be a quarter too low. */
const headroom = 1.25;
/**
 * The size of every part of an upload but the last, in bytes: a whole number of MiB, fixed before the first part
 * because Cloudflare R2 wants equal ones.
 */
function choosePartSize(expectedBytes, { maximumParts, minimumPartBytes }) {
    const needed = Math.ceil((expectedBytes * headroom) / maximumParts / part_size_mebibyte) * part_size_mebibyte;
    return Math.min(Math.max(needed, minimumPartBytes), maximumPartBytes);
}

;// CONCATENATED MODULE: ./build/stores/s3-remove.js


const batchSize = 1000;
const notKnown = ['NotImplemented', '501', 'MethodNotAllowed', '405'];
const notAllowed = ['AccessDenied', '403'];
const alreadyGone = ['NoSuchKey', 'NoSuchVersion', '404'];
const hiddenWarning = 'Old versions of what was removed may remain in the bucket, because the key may not list or delete versions: ' +
    'only a lifecycle rule of the bucket frees their space then.';
/** Removes keys for good: every version and delete marker where the bucket keeps them. */
async function removeKeys(bucket, keys, signal) {
    if (keys.length === 0)
        return { removed: [], kept: [] };
    return bucket.translated('remove', keys.length === 1 ? keys[0] : '', async () => {
        const whole = keys.map((key) => bucket.prefix + key);
        const versions = await versionsOf(bucket, whole, signal);
        const refused = await deleteAll(bucket, await targetsOf(bucket, whole, versions, signal), signal);
        const { kept, hidden } = await settle(bucket, refused, signal);
        return {
            removed: keys.filter((key) => !kept.has(bucket.prefix + key)),
            kept: [...kept].map(([key, reason]) => ({ key: key.slice(bucket.prefix.length), reason })),
            ...(hidden || versions === 'denied' ? { warning: hiddenWarning } : {}),
        };
    });
}
/** Tells what is locked; and a key that may not delete versions may still hide the newest one. */
async function settle(bucket, refused, signal) {
    const kept = new Map();
    const hide = new Set();
    for (const refusal of refused) {
        const Key = refusal.target.Key;
        const denied = notAllowed.includes(refusal.code);
        const lockedUntil = denied ? await lockOf(bucket, refusal.target, signal) : null;
        if (denied && lockedUntil === null && refusal.target.VersionId !== undefined)
            hide.add(Key);
        else
            kept.set(Key, s3_remove_reasonOf(refusal, lockedUntil));
    }
    const targets = [...hide].filter((key) => !kept.has(key)).map((Key) => ({ Key }));
    for (const refusal of await deleteAll(bucket, targets, signal)) {
        kept.set(refusal.target.Key, s3_remove_reasonOf(refusal, null));
    }
    return { kept, hidden: targets.some(({ Key }) => !kept.has(Key)) };
}
function s3_remove_reasonOf({ code, message }, lockedUntil) {
    if (lockedUntil !== null)
        return `locked until ${lockedUntil.toISOString()}`;
    return message === '' ? code : `${code}: ${message}`;
}
/**
 * What must be deleted for the keys to be gone. A key without versions is gone, unless the store gives no versions
 * though it has the key: then it is deleted by its name. A store that keeps versions must not be asked that without
 * need, for it would note the deletion of nothing.
 */
async function targetsOf(bucket, keys, versions, signal) {
    if (typeof versions === 'string')
        return keys.map((Key) => ({ Key }));
    const targets = [];
    for (const Key of keys) {
        const found = versions.get(Key) ?? [];
        targets.push(...found.map((VersionId) => ({ Key, VersionId })));
        if (found.length > 0)
            continue;
        if ((await bucket.headIfAllowed(Key.slice(bucket.prefix.length), signal)) !== null)
            targets.push({ Key });
    }
    return targets;
}
async function versionsOf(bucket, keys, signal) {
    const found = new Map(keys.map((key) => [key, []]));
    try {
        for await (const { Key = '', VersionId } of allVersions(bucket, commonFolder(keys), signal)) {
            found.get(Key)?.push(VersionId);
        }
        return found;
    }
    catch (error) {
        const codes = codesOf(error);
        if (notKnown.some((code) => codes.includes(code)))
            return 'unknown';
        if (notAllowed.some((code) => codes.includes(code)))
            return 'denied';
        throw error;
    }
}
/** The SDK has a paginator for each other listing, but none for this one. */
async function* allVersions({ name, label, connection: { sdk, client } }, Prefix, abortSignal) {
    let marks = {};
    while (marks !== null) {
        const query = { Bucket: name, Prefix, ...marks };
        const command = new sdk.ListObjectVersionsCommand(query);
        const page = await client.send(command, { abortSignal });
        for (const { Key, VersionId } of [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])]) {
            yield { Key, VersionId };
        }
        if (page.IsTruncated && !page.NextKeyMarker) {
            throw new errors/* StoreError */.AD(`The listing of the versions in ${label} ended early.`, { code: 'store.listing' });
        }
        marks = page.IsTruncated
            ? { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker }
            : null;
    }
}
async function deleteAll(bucket, targets, signal) {
    const refused = [];
    for (let at = 0; at < targets.length; at += batchSize) {
        refused.push(...(await deleteBatch(bucket, targets.slice(at, at + batchSize), signal)));
    }
    return refused.filter(({ code }) => !alreadyGone.includes(code));
}
async function deleteBatch(bucket, batch, abortSignal) {
    const { sdk, client } = bucket.connection;
    try {
        const command = new sdk.DeleteObjectsCommand({
            Bucket: bucket.name,
            Delete: { Objects: [...batch], Quiet: true },
        });
        const { Errors = [] } = await client.send(command, { abortSignal });
        return Errors.map(({ Key, VersionId, Code = 'no reason given', Message = '' }) => ({
            target: batch.find((one) => one.Key === Key && (one.VersionId ?? '') === (VersionId ?? '')) ?? { Key },
            code: Code,
            message: Message,
        }));
    }
    catch (error) {
        if (!codesOf(error).some((code) => notKnown.includes(code)))
            throw error;
        return deleteSingly(bucket, batch, abortSignal);
    }
}
/** Where the store has no DeleteObjects. */
async function deleteSingly({ name, connection: { sdk, client } }, targets, abortSignal) {
    const refused = [];
    for (const target of targets) {
        try {
            await client.send(new sdk.DeleteObjectCommand({ Bucket: name, ...target }), { abortSignal });
        }
        catch (error) {
            const code = codesOf(error).find((one) => [...notAllowed, ...alreadyGone].includes(one));
            if (code === undefined)
                throw error;
            refused.push({ target, code, message: '' });
        }
    }
    return refused;
}
async function lockOf({ name, connection: { sdk, client } }, { Key, VersionId }, abortSignal) {
    try {
        const command = new sdk.HeadObjectCommand({ Bucket: name, Key, VersionId });
        const head = await client.send(command, { abortSignal });
        return head.ObjectLockRetainUntilDate ?? null;
    }
    catch {
        return null;
    }
}
/** The longest folder that all keys are in: with a slash at its end, or empty. */
function commonFolder(keys) {
    const folder = (key) => key.slice(0, key.lastIndexOf('/') + 1);
    let common = folder(keys[0]);
    for (const key of keys) {
        while (!key.startsWith(common))
            common = folder(common.slice(0, -1));
    }
    return common;
}

;// CONCATENATED MODULE: ./build/stores/s3-upload.js



/** Parts under way at a time; with the one being filled, memory is five parts. */
const concurrency = 2;
/** How long giving up may take, in milliseconds: a cancelled job is killed after ten seconds. */
const abortMs = 4000;
/** Uploads parts as they come. Whatever fails, the upload is aborted, so that nothing visible and nothing billed remains. */
async function uploadParts(upload) {
    const { bucket, key, signal, commit } = upload;
    const { sdk, client } = bucket.connection;
    const { id, repeated } = await create(bucket, key, signal);
    try {
        const { parts, sent } = await sendParts(upload, id);
        (0,errors/* throwIfCancelled */.dZ)(signal);
        const command = new sdk.CompleteMultipartUploadCommand({ ...id, MultipartUpload: { Parts: parts } });
        await commit(sent, () => client.send(command, { abortSignal: signal }));
        return sent;
    }
    catch (error) {
        const told = bucket.translate('put', key, error);
        const remains = await abort(bucket, id);
        if (remains !== null)
            told.message += ` ${remains}`;
        throw error instanceof SourceFailure ? error : told;
    }
    finally {
        if (repeated)
            await abortOthers(bucket, key, id.UploadId);
    }
}
/** When its answer is lost and it is asked again, there is a second upload, whose id nobody knows. */
async function create(bucket, key, signal) {
    const { sdk, client } = bucket.connection;
    const target = bucket.target(key);
    try {
        const command = new sdk.CreateMultipartUploadCommand(target);
        const { UploadId, $metadata } = await client.send(command, { abortSignal: signal });
        return { id: { ...target, UploadId }, repeated: ($metadata.attempts ?? 1) > 1 };
    }
    catch (error) {
        await abortOthers(bucket, key, undefined);
        throw error;
    }
}
async function sendParts({ bucket, parts, giveBack, signal }, id) {
    const { sdk, client, preset } = bucket.connection;
    // Aborted with the first failure, which ends the other parts too.
    const failed = new AbortController();
    const during = AbortSignal.any([signal, failed.signal]);
    const inFlight = new Set();
    const done = [];
    const digests = (0,external_node_crypto_.createHash)('md5');
    let bytes = 0;
    let number = 0;
    const send = async (PartNumber, Body, md5) => {
        try {
            const part = { ...id, PartNumber, Body, ContentMD5: md5.toString('base64') };
            const { ETag } = await client.send(new sdk.UploadPartCommand(part), { abortSignal: during });
            done.push({ PartNumber, ETag });
            giveBack(Body);
        }
        catch (error) {
            failed.abort(error);
        }
    };
    try {
        for await (const part of parts) {
            number += 1;
            if (number > preset.maximumParts)
                throw tooManyParts(bucket, preset.maximumParts, bytes);
            const md5 = (0,external_node_crypto_.createHash)('md5').update(part).digest();
            digests.update(md5);
            bytes += part.byteLength;
            const sending = send(number, part, md5).finally(() => inFlight.delete(sending));
            inFlight.add(sending);
            if (inFlight.size >= concurrency)
                await Promise.race(inFlight);
            failed.signal.throwIfAborted();
        }
    }
    catch (error) {
        failed.abort(error);
    }
    await Promise.all(inFlight);
    failed.signal.throwIfAborted();
    done.sort((a, b) => a.PartNumber - b.PartNumber);
    return { parts: done, sent: { bytes, etag: `${digests.digest('hex')}-${done.length}` } };
}
function tooManyParts({ label }, maximumParts, bytes) {
    const mebibytes = Math.floor(bytes / 1024 ** 2);
    return new errors/* StoreError */.AD(`Writing to ${label} stopped after ${mebibytes} MiB: the data is far larger than was expected, and the store takes ${maximumParts} parts at most.`, {
        code: 'store.too-large',
        hint: 'Back up when the database does not grow that fast, or shrink it (VACUUM) so that its size can be told.',
    });
}
/** With a signal of its own: the caller's may be aborted already. Gives a sentence when something remains. */
async function abort({ connection: { sdk, client } }, id) {
    try {
        const command = new sdk.AbortMultipartUploadCommand(id);
        await client.send(command, { abortSignal: AbortSignal.timeout(abortMs) });
        return null;
    }
    catch (error) {
        if (error.name === 'NoSuchUpload')
            return null;
        return ('Its unfinished upload could not be aborted (that takes s3:AbortMultipartUpload): it is billed until a lifecycle ' +
            'rule of the bucket removes it.');
    }
}
/** Aborts what a lost answer left. As well as it goes: a key may be allowed to upload but not to list uploads. */
async function abortOthers(bucket, key, ours) {
    const { sdk, client } = bucket.connection;
    const { Bucket, Key } = bucket.target(key);
    try {
        const command = new sdk.ListMultipartUploadsCommand({ Bucket, Prefix: Key });
        const { Uploads = [] } = await client.send(command, { abortSignal: AbortSignal.timeout(abortMs) });
        for (const { Key: itsKey, UploadId } of Uploads) {
            if (itsKey === Key && UploadId !== ours)
                await abort(bucket, { Bucket, Key, UploadId });
        }
    }
    catch { }
}

;// CONCATENATED MODULE: ./build/stores/s3-put.js







/** How long a cancelled put may take to find out what became of its last request, in milliseconds. */
const withdrawMs = 3000;
/** Stores the whole content, or nothing. What fits into one part is one request, anything larger a multipart upload. */
async function putObject(bucket, key, content, { signal, expectedBytes = 0 }) {
    return bucket.translated('put', key, async () => {
        (0,errors/* throwIfCancelled */.dZ)(signal);
        const { preset } = bucket.connection;
        const partBytes = choosePartSize(expectedBytes, preset);
        const cutter = new Cutter(partBytes);
        const parts = cutter.cut(markFailures(content));
        try {
            const first = (await parts.next()).value;
            const second = first.byteLength < partBytes ? undefined : (await parts.next()).value;
            (0,errors/* throwIfCancelled */.dZ)(signal);
            if (second || !preset.conditionalPut)
                await assertFree(bucket, key, signal);
            const sent = second
                ? await uploadParts({
                    bucket,
                    key,
                    signal,
                    parts: chain([first, second], parts),
                    giveBack: (part) => cutter.giveBack(part),
                    commit: (made, complete) => s3_put_commit(bucket, key, made, signal, complete),
                })
                : await putWhole(bucket, key, first, signal);
            return { key, bytes: sent.bytes };
        }
        finally {
            await parts.return();
        }
    });
}
async function putWhole(bucket, key, Body, signal) {
    const { sdk, client, preset } = bucket.connection;
    const md5 = (0,external_node_crypto_.createHash)('md5').update(Body).digest();
    const sent = { bytes: Body.byteLength, etag: md5.toString('hex') };
    const command = new sdk.PutObjectCommand({
        ...bucket.target(key),
        Body,
        ContentMD5: md5.toString('base64'),
        ...(preset.conditionalPut ? { IfNoneMatch: '*' } : {}),
    });
    await s3_put_commit(bucket, key, sent, signal, () => client.send(command, { abortSignal: signal }));
    return sent;
}
/**
 * Sends the request that makes the object visible, and asks the store what it has. Its answer may be lost, or say that
 * it failed the second time because it succeeded the first time: what the store has decides.
 */
async function s3_put_commit(bucket, key, sent, signal, request) {
    try {
        await request();
    }
    catch (error) {
        if (signal.aborted)
            await withdrawOurs(bucket, key, sent);
        else if (await isStored(bucket, key, sent, signal))
            return;
        throw codesOf(error).includes('412') ? alreadyThere(bucket, key, error) : error;
    }
    try {
        await assertStored(bucket, key, sent, signal);
    }
    catch (error) {
        await withdraw(bucket, key, AbortSignal.timeout(withdrawMs));
        throw error;
    }
}
/** Unique keys make this a second line of defence: between the look and the put somebody else may still come. */
async function assertFree(bucket, key, signal) {
    const head = await bucket.headIfAllowed(key, signal);
    if (head !== null && head !== 'denied')
        throw alreadyThere(bucket, key);
}
async function assertStored(bucket, key, sent, signal) {
    const head = await bucket.headIfAllowed(key, signal);
    // A key that may only write can't look; its put was answered with success.
    if (head === 'denied' || (head !== null && isSame(bucket, head, sent)))
        return;
    const what = head === null ? 'is not there' : `has ${head.bytes} bytes`;
    throw new errors/* StoreError */.AD(`${key} in ${bucket.label} is not what was sent: ${sent.bytes} bytes were, it ${what}${head?.bytes === sent.bytes ? ', but others' : ''}.`, {
        code: 'store.mismatch',
        hint: 'Run it again; if it repeats, the store does not keep what it is given.',
    });
}
/** Whether the store has exactly what we sent; a failure to ask counts as no. */
async function isStored(bucket, key, sent, signal) {
    const head = await bucket.head(key, signal).catch(() => null);
    return head !== null && isSame(bucket, head, sent);
}
function isSame(bucket, head, sent) {
    const { md5Etag, multipartEtag } = bucket.connection.preset;
    const comparable = !head.keyService && (sent.etag.includes('-') ? multipartEtag : md5Etag);
    return head.bytes === sent.bytes && (head.etag === sent.etag || !comparable);
}
/** After a cancelled request nobody knows what came of it: what is there is taken away only when it is ours. */
async function withdrawOurs(bucket, key, sent) {
    const signal = AbortSignal.timeout(withdrawMs);
    if (await isStored(bucket, key, sent, signal))
        await withdraw(bucket, key, signal);
}
/** As well as it goes: the failure that led here is the one to tell. */
async function withdraw(bucket, key, signal) {
    await removeKeys(bucket, [key], signal).catch(() => { });
}
function alreadyThere(bucket, key, cause) {
    return new errors/* StoreError */.AD(`${key} is in ${bucket.label} already and is not overwritten.`, {
        code: 'store.exists',
        cause,
    });
}
async function* markFailures(content) {
    try {
        yield* content;
    }
    catch (error) {
        throw new SourceFailure('the source failed', { cause: error });
    }
}
async function* chain(first, rest) {
    yield* first;
    yield* rest;
}

;// CONCATENATED MODULE: ./build/stores/s3-store.js







async function openS3Store(settings) {
    return new S3Store(settings.endpoint, new S3Bucket(settings, await connectS3(settings)));
}
/** A bucket, under a prefix, of any S3-compatible store. */
class S3Store {
    label;
    #bucket;
    #endpoint;
    constructor(endpoint, bucket) {
        this.#endpoint = endpoint;
        this.#bucket = bucket;
        this.label = bucket.label;
    }
    fetchCommand(key) {
        const { connection, name, prefix } = this.#bucket;
        const options = [
            ...(this.#endpoint === undefined ? [] : ['--endpoint-url', this.#endpoint]),
            ...(connection.region === undefined ? [] : ['--region', connection.region]),
        ];
        return ['aws', 's3', 'cp', ...options, `s3://${name}/${prefix}${key}`, '-'].map(quote).join(' ');
    }
    put(key, content, options) {
        return putObject(this.#bucket, key, content, options);
    }
    get(key, { signal }) {
        return getObject(this.#bucket, key, signal);
    }
    async stat(key, { signal }) {
        const head = await this.#bucket.head(key, signal);
        return head === null ? null : { key, bytes: head.bytes };
    }
    async *list(prefix, { signal }) {
        const bucket = this.#bucket;
        const { sdk, client } = bucket.connection;
        const query = { Bucket: bucket.name, Prefix: bucket.prefix + prefix };
        let token;
        do {
            const command = new sdk.ListObjectsV2Command({ ...query, ContinuationToken: token });
            const page = await bucket.translated('list', '', () => client.send(command, { abortSignal: signal }));
            for (const { Key = '', Size = 0 } of page.Contents ?? []) {
                yield { key: Key.slice(bucket.prefix.length), bytes: Size };
            }
            token = page.IsTruncated ? page.NextContinuationToken : undefined;
            if (page.IsTruncated && !token) {
                throw new errors/* StoreError */.AD(`The listing of ${bucket.label} ended early.`, { code: 'store.listing' });
            }
        } while (token !== undefined);
    }
    remove(keys, { signal }) {
        return removeKeys(this.#bucket, keys, signal);
    }
}

;// CONCATENATED MODULE: ./build/app/open.js









async function openStore(config) {
    if (config.kind === 'folder')
        return openFolderStore(config.path);
    const { bucket, prefix, endpoint, region, key } = config;
    return openS3Store({
        bucket,
        prefix,
        endpoint,
        region,
        accessKeyId: key?.id,
        secretAccessKey: key?.secret,
    });
}
async function openConfiguredHost({ ssh, container, sudo }, { env, reporter, signal }) {
    if (ssh === null)
        return openHost({ ssh, container, sudo, env, signal });
    return reporter.step(`Connect to ${ssh.user}@${ssh.host}`, () => openHost({ ssh, container, sudo, env, signal }));
}
function openEngines({ sources }, host, runner, { env, reporter }) {
    const { sqlite, exclude, postgres, globals, installClient } = sources;
    const engines = [];
    if (sqlite.length > 0)
        engines.push(new SqliteEngine({ host, paths: sqlite, exclude }));
    if (postgres.length > 0) {
        const folder = (0,external_node_path_.join)(env['RUNNER_TEMP'] ?? (0,external_node_os_.tmpdir)(), 'holdfast-clients');
        const install = installClient ? clientInstaller({ folder, reporter }) : null;
        engines.push(new PostgresEngine({ host, runner, urls: postgres, globals, install, reporter }));
    }
    return engines;
}
/** This machine itself. */
function openRunner({ env, signal }) {
    return openHost({ ssh: null, container: null, sudo: false, env, signal });
}
function openCodecs(compression) {
    return compression.codec === 'none' ? [] : [codecById(compression.codec, compression.level)];
}

// EXTERNAL MODULE: ./build/app/version.js
var version = __webpack_require__(3912);
;// CONCATENATED MODULE: ./build/app/commands.js
var commands_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
    if (value !== null && value !== void 0) {
        if (typeof value !== "object" && typeof value !== "function") throw new TypeError("Object expected.");
        var dispose, inner;
        if (async) {
            if (!Symbol.asyncDispose) throw new TypeError("Symbol.asyncDispose is not defined.");
            dispose = value[Symbol.asyncDispose];
        }
        if (dispose === void 0) {
            if (!Symbol.dispose) throw new TypeError("Symbol.dispose is not defined.");
            dispose = value[Symbol.dispose];
            if (async) inner = dispose;
        }
        if (typeof dispose !== "function") throw new TypeError("Object not disposable.");
        if (inner) dispose = function() { try { inner.call(this); } catch (e) { return Promise.reject(e); } };
        env.stack.push({ value: value, dispose: dispose, async: async });
    }
    else if (async) {
        env.stack.push({ async: true });
    }
    return value;
};
var commands_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
    return function (env) {
        function fail(e) {
            env.error = env.hasError ? new SuppressedError(e, env.error, "An error was suppressed during disposal.") : e;
            env.hasError = true;
        }
        var r, s = 0;
        function next() {
            while (r = env.stack.pop()) {
                try {
                    if (!r.async && s === 1) return s = 0, env.stack.push(r), Promise.resolve().then(next);
                    if (r.dispose) {
                        var result = r.dispose.call(r.value);
                        if (r.async) return s |= 2, Promise.resolve(result).then(next, function(e) { fail(e); return next(); });
                    }
                    else s |= 1;
                }
                catch (e) {
                    fail(e);
                }
            }
            if (s === 1) return env.hasError ? Promise.reject(env.error) : Promise.resolve();
            if (env.hasError) throw env.error;
        }
        return next();
    };
})(typeof SuppressedError === "function" ? SuppressedError : function (error, suppressed, message) {
    var e = new Error(message);
    return e.name = "SuppressedError", e.error = error, e.suppressed = suppressed, e;
});





/** Runs one command and gives its fields of the result document. */
function runCommand(config, surroundings) {
    switch (config.command) {
        case 'backup':
            return runBackup(config, surroundings);
        case 'list':
            return runList(config, surroundings);
        case 'prune':
            return runPrune(config, surroundings);
    }
}
async function runBackup(config, surroundings) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const store = await openStore(config.store);
        const runner = commands_addDisposableResource(env_1, await openRunner(surroundings), true);
        const host = commands_addDisposableResource(env_1, await openConfiguredHost(config.host, surroundings), true);
        const { compression, name, policy, dryRun } = config;
        const result = await backup({
            ...surroundings,
            name,
            policy,
            dryRun,
            store,
            engines: openEngines(config, host, runner, surroundings),
            codecs: openCodecs(compression),
            compressOn: compression.codec === 'none' ? 'runner' : compression.on,
            toolVersion: version/* version */.r,
            now: () => new Date(),
        });
        return {
            command: 'backup',
            dryRun,
            backup: describeBackup(result),
            kept: result.retention?.kept ?? [],
            pruned: result.retention?.pruned ?? [],
        };
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = commands_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
function describeBackup({ manifest, manifestKey, previous }) {
    if (manifest === null || manifestKey === null)
        return null;
    return { id: manifest.id, manifestKey, databases: describeDatabases(manifest, previous) };
}
function describeDatabases({ databases }, previous) {
    return databases.map((database) => {
        const { name, engine, key, source, snapshot, recovery, fingerprint } = database;
        const { plainBytes, plainSha256, storedBytes, storedSha256 } = database;
        const rows = Object.values(fingerprint.tables);
        const before = previous?.databases.find((other) => other.name === name);
        return {
            ...{
                name,
                engine,
                key,
                plainBytes,
                plainSha256,
                storedBytes,
                storedSha256,
                source,
                snapshot,
                recovery,
            },
            tables: rows.length,
            rows: rows.reduce((sum, count) => sum + count, 0),
            previousStoredBytes: before?.storedBytes ?? null,
        };
    });
}
async function runList({ name, store: settings }, { signal }) {
    const store = await openStore(settings);
    const { backups, leftovers } = await list({ store, name, now: new Date(), signal });
    return {
        command: 'list',
        backups: backups.map((backup) => ({
            ...backup,
            createdAt: backup.createdAt.toISOString(),
            verified: backup.verified && { level: backup.verified.level, at: backup.verified.at.toISOString() },
        })),
        leftovers: leftovers.map(({ id, keys, storedBytes }) => ({ id, keys, storedBytes })),
    };
}
async function runPrune({ name, store: settings, policy, dryRun }, { reporter, signal }) {
    const store = await openStore(settings);
    const { kept, pruned } = await prune({ store, name, policy, dryRun, now: new Date(), reporter, signal });
    return { command: 'prune', dryRun, kept, pruned };
}

;// CONCATENATED MODULE: ./build/app/run.js



/** Parses, wires and runs one command. Never throws: this is the only place where failures become an outcome. */
async function run({ read, face, env, cwd, reporter, signal }) {
    const startedAt = new Date();
    const startMs = performance.now();
    const warnings = [];
    const collecting = {
        step: (title, work) => reporter.step(title, work),
        progress: (progress) => reporter.progress(progress),
        info: (message) => reporter.info(message),
        debug: (message) => reporter.debug(message),
        warn(message) {
            warnings.push(message);
            reporter.warn(message);
        },
    };
    let config = null;
    const common = () => ({
        name: config?.name ?? '',
        store: config === null ? '' : run_labelOf(config.store),
        startedAt: startedAt.toISOString(),
        durationMs: Math.round(performance.now() - startMs),
        warnings,
    });
    try {
        config = parseConfig(read.command, read.raw, { face, env, cwd }, read.problems);
        const own = await runCommand(config, { env, reporter: collecting, signal });
        const document = { ok: true, ...common(), ...own };
        return { exitCode: errors/* exitCodes */.hS.done, document, error: null };
    }
    catch (cause) {
        const error = asHoldfastError(cause, signal);
        const document = { command: read.command, ok: false, ...common(), error: describeError(error) };
        return { exitCode: error.exitCode, document, error };
    }
}
function run_labelOf(store) {
    if (store.kind === 'folder')
        return `file:${store.path}`;
    return `s3://${store.bucket}${store.prefix === '' ? '' : `/${store.prefix}`}`;
}
/** Whatever it was that failed: after a cancellation, that is what it was. */
function asHoldfastError(cause, signal) {
    if (signal.aborted)
        return signal.reason instanceof errors/* HoldfastError */.Et ? signal.reason : new errors/* CancelledError */.cc();
    if (cause instanceof errors/* HoldfastError */.Et)
        return cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    return new errors/* HoldfastError */.Et(`Something failed that should not: ${message}.`, {
        code: 'internal',
        hint: 'Please report this with the lines above it; run again with RUNNER_DEBUG=1 for more of them.',
        cause,
    });
}
function describeError(error) {
    const { code, message, hint = null, input = null } = error;
    if (!(error instanceof errors/* ConfigError */.xL))
        return { code, message, hint, input };
    const problems = error.problems.map((problem) => ({ ...problem, hint: problem.hint ?? null }));
    return { code, message, hint, input, problems };
}


/***/ }),

/***/ 3912:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   r: () => (/* binding */ version)
/* harmony export */ });
/** Of this program; the same as in package.json, which a test sees to. */
const version = '0.1.0';


/***/ }),

/***/ 6441:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Pi: () => (/* binding */ commands),
/* harmony export */   Qn: () => (/* binding */ variableOf),
/* harmony export */   bD: () => (/* binding */ commandHelp),
/* harmony export */   fF: () => (/* binding */ options)
/* harmony export */ });
/** Every command, in the order of help. */
const commands = ['backup', 'list', 'prune'];
const commandHelp = {
    backup: 'Back up the databases, then prune when a keep rule is set.',
    list: 'List the backups of one name.',
    prune: 'Remove the backups that the retention policy no longer wants.',
};
const all = commands;
const backup = ['backup'];
const retention = ['backup', 'prune'];
/**
 * The one table of options. Action inputs, flags, variables, `--help`, action.yml and the README's table come from it.
 */
const options = [
    {
        name: 'name',
        commands: all,
        kind: 'text',
        default: "the repository's name; else the current folder's",
        help: 'What is backed up; a folder in the store.',
    },
    {
        name: 'store',
        commands: all,
        kind: 'text',
        default: '`file:backups` in the CLI; required in the Action',
        help: 'Where backups go: `s3://bucket[/prefix]` or `file:path`.',
    },
    {
        name: 's3-endpoint',
        commands: all,
        kind: 'text',
        default: 'AWS',
        help: 'URL of the S3 service of B2, R2, Spaces, MinIO, ….',
    },
    {
        name: 's3-region',
        commands: all,
        kind: 'text',
        default: 'told by the endpoint, or by the environment',
        help: "The bucket's region.",
    },
    {
        name: 's3-access-key-id',
        commands: all,
        kind: 'text',
        default: "the AWS SDK's own chain (OIDC role, environment)",
        help: 'Id of the storage key.',
    },
    {
        name: 's3-secret-access-key',
        commands: all,
        kind: 'secret',
        default: "the AWS SDK's own chain",
        help: 'The storage key itself.',
    },
    {
        name: 'database',
        commands: backup,
        kind: 'secret-lines',
        default: '`DATABASE_URL`',
        help: 'What to back up, one per line: `sqlite:/path/or/*.sqlite3`, `postgres://user:password@host/database`.',
    },
    {
        name: 'exclude',
        commands: backup,
        kind: 'lines',
        default: 'none',
        help: 'Globs of SQLite files to leave out, one per line: `*_cache.sqlite3`.',
    },
    {
        name: 'globals',
        commands: backup,
        kind: 'boolean',
        default: 'false',
        help: "Also back up PostgreSQL's roles and tablespaces.",
    },
    {
        name: 'install-client',
        commands: backup,
        kind: 'boolean',
        default: 'true in the Action, false in the CLI',
        help: "Fetch the distribution's PostgreSQL client when none of the server's version is there.",
    },
    {
        name: 'ssh',
        commands: backup,
        kind: 'text',
        default: 'this machine',
        help: 'The server with the database: `user@host[:port]`.',
    },
    {
        name: 'ssh-key',
        commands: backup,
        kind: 'secret',
        default: 'none',
        help: 'Private key for `ssh`.',
    },
    {
        name: 'ssh-key-passphrase',
        commands: backup,
        kind: 'secret',
        default: 'none',
        help: 'Passphrase of `ssh-key`.',
    },
    {
        name: 'ssh-known-hosts',
        commands: backup,
        kind: 'host-keys',
        default: 'none',
        help: 'known_hosts lines of the server, as `ssh-keyscan` prints them. Required with `ssh`.',
    },
    {
        name: 'container',
        commands: backup,
        kind: 'text',
        default: 'none',
        help: "Run the database's tools inside this container of the host.",
    },
    {
        name: 'sudo',
        commands: backup,
        kind: 'boolean',
        default: 'false',
        help: "Run them by `sudo -n`: for another user's files, docker volumes.",
    },
    {
        name: 'compression',
        commands: backup,
        kind: 'choice',
        values: ['zstd', 'gzip', 'none'],
        default: 'zstd',
        help: 'How objects are compressed.',
    },
    {
        name: 'compression-level',
        commands: backup,
        kind: 'count',
        default: '3 for zstd, 6 for gzip',
        help: 'zstd 1 to 19, gzip 1 to 9.',
    },
    {
        name: 'compress-on',
        commands: backup,
        kind: 'choice',
        values: ['auto', 'host', 'runner'],
        default: 'auto',
        help: "Where: on the database's `host`, on the `runner`, or `auto`: on the server where it has the tool.",
    },
    { name: 'keep-last', commands: retention, kind: 'count', default: 'off', help: 'Keep the newest N.' },
    {
        name: 'keep-within',
        commands: retention,
        kind: 'text',
        default: 'off',
        help: 'Keep everything younger: `48h`, `7d`, `4w`, `6m`, `1y`.',
    },
    {
        name: 'keep-hourly',
        commands: retention,
        kind: 'count',
        default: 'off',
        help: 'Keep the newest of each of N hours.',
    },
    {
        name: 'keep-daily',
        commands: retention,
        kind: 'count',
        default: 'off',
        help: 'Keep the newest of each of N days.',
    },
    {
        name: 'keep-weekly',
        commands: retention,
        kind: 'count',
        default: 'off',
        help: 'Keep the newest of each of N ISO weeks.',
    },
    {
        name: 'keep-monthly',
        commands: retention,
        kind: 'count',
        default: 'off',
        help: 'Keep the newest of each of N months.',
    },
    {
        name: 'keep-yearly',
        commands: retention,
        kind: 'count',
        default: 'off',
        help: 'Keep the newest of each of N years.',
    },
    {
        name: 'keep-min',
        commands: retention,
        kind: 'count',
        default: '3',
        help: 'Always keep so many of the newest, whatever the rules say. At least 1.',
    },
    {
        name: 'time-zone',
        commands: retention,
        kind: 'text',
        default: 'UTC',
        help: 'IANA name of the zone in which hours, days and weeks are cut.',
    },
    {
        name: 'dry-run',
        commands: retention,
        kind: 'boolean',
        default: 'false',
        help: 'Decide and show, change nothing.',
    },
];
/** `HOLDFAST_KEEP_DAILY`. */
function variableOf(name) {
    return `HOLDFAST_${name.toUpperCase().replaceAll('-', '_')}`;
}


/***/ }),

/***/ 1155:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   K: () => (/* binding */ readInputs),
/* harmony export */   u: () => (/* binding */ readFlags)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3024);
/* harmony import */ var leven__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(7785);
/* harmony import */ var _options_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6441);



/** Inputs that are no options: which command. */
const commandInput = 'command';
/**
 * The inputs as the runner gives them: `INPUT_KEEP-DAILY`, upper-cased with spaces as underscores, all dashes kept. The
 * runner passes unknown ones on, so that a typing error can be told.
 */
function readInputs(env) {
    const problems = [];
    const raw = {};
    let command = 'backup';
    for (const [variable, text = ''] of Object.entries(env)) {
        if (!variable.startsWith('INPUT_'))
            continue;
        const name = variable.slice('INPUT_'.length).toLowerCase();
        if (name === commandInput)
            command = readCommand(text.trim() || 'backup', problems);
        else if (isOption(name))
            Object.assign(raw, present(name, text));
        else
            problems.push(unknown('input', name, [commandInput, ..._options_js__WEBPACK_IMPORTED_MODULE_1__/* .options */ .fF.map((option) => option.name)]));
    }
    return { command, raw: withoutForeign(command, raw, problems), problems };
}
/** `HOLDFAST_*` variables below the flags, and files read for options that hold a key. */
function readFlags(command, flags, env) {
    const problems = [];
    const raw = {};
    for (const option of _options_js__WEBPACK_IMPORTED_MODULE_1__/* .options */ .fF.filter(({ commands }) => commands.includes(command))) {
        const text = flags[option.name] ?? env[(0,_options_js__WEBPACK_IMPORTED_MODULE_1__/* .variableOf */ .Qn)(option.name)];
        if (text !== undefined)
            Object.assign(raw, present(option.name, contentOf(option, text, env, problems)));
    }
    return { command, raw, problems };
}
function readCommand(text, problems) {
    const known = _options_js__WEBPACK_IMPORTED_MODULE_1__/* .commands */ .Pi.find((command) => command === text);
    if (known === undefined)
        problems.push(unknown('command', text, _options_js__WEBPACK_IMPORTED_MODULE_1__/* .commands */ .Pi));
    return known ?? 'backup';
}
/** `there is no X; did you mean Y?` */
function unknown(what, name, known) {
    const [nearest = ''] = [...known].sort((a, b) => (0,leven__WEBPACK_IMPORTED_MODULE_2__/* ["default"] */ .A)(a, name) - (0,leven__WEBPACK_IMPORTED_MODULE_2__/* ["default"] */ .A)(b, name));
    return {
        input: name,
        message: `There is no ${what} \`${name}\`.`,
        hint: `Did you mean \`${nearest}\`?`,
    };
}
function isOption(name) {
    return _options_js__WEBPACK_IMPORTED_MODULE_1__/* .options */ .fF.some((option) => option.name === name);
}
function present(name, text) {
    return text.trim() === '' ? {} : { [name]: text };
}
/** An input that the command has no use for is told: it may be meant for another command. */
function withoutForeign(command, raw, problems) {
    const mine = {};
    for (const option of _options_js__WEBPACK_IMPORTED_MODULE_1__/* .options */ .fF) {
        const text = raw[option.name];
        if (text === undefined)
            continue;
        if (option.commands.includes(command))
            mine[option.name] = text;
        else
            problems.push(foreign(option, command));
    }
    return mine;
}
function foreign({ name, commands: own }, command) {
    return {
        input: name,
        message: `\`${name}\` has no meaning for the command ${command}.`,
        hint: `Leave it out; it belongs to ${own.join(' and ')}.`,
    };
}
/** In the CLI a key or a list of hosts may be given as a file's path. */
function contentOf(option, text, env, problems) {
    const path = text.trim().replace(/^~(?=\/)/, env['HOME'] ?? '~');
    const mayBeFile = option.kind === 'secret' || option.kind === 'host-keys';
    if (!mayBeFile || /[\r\n]/.test(path))
        return text;
    try {
        if ((0,node_fs__WEBPACK_IMPORTED_MODULE_0__.statSync)(path, { throwIfNoEntry: false })?.isFile())
            return (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.readFileSync)(path, 'utf8');
    }
    catch (error) {
        problems.push(unreadable(option.name, path, error.code ?? 'unknown reason'));
        return '';
    }
    // A storage key may begin like a path; the others never do.
    if (option.name === 's3-secret-access-key' || !/^(?:~|\.{0,2}\/)/.test(path))
        return text;
    problems.push(unreadable(option.name, path, 'there is none'));
    return '';
}
function unreadable(name, path, why) {
    return {
        input: name,
        message: `The file ${path} of \`${name}\` can't be read (${why}).`,
        hint: 'Correct the path, or give the text itself.',
    };
}


/***/ }),

/***/ 2807:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   AD: () => (/* binding */ StoreError),
/* harmony export */   Et: () => (/* binding */ HoldfastError),
/* harmony export */   Qd: () => (/* binding */ CommandError),
/* harmony export */   cc: () => (/* binding */ CancelledError),
/* harmony export */   cs: () => (/* binding */ IntegrityError),
/* harmony export */   dZ: () => (/* binding */ throwIfCancelled),
/* harmony export */   hS: () => (/* binding */ exitCodes),
/* harmony export */   xL: () => (/* binding */ ConfigError)
/* harmony export */ });
/** Exit codes of every command; they never change their meaning. */
const exitCodes = { done: 0, failed: 1, config: 2, integrity: 3, stale: 4, cancelled: 130 };
/**
 * Every failure that a user sees: a permanent `code`, an exit code, one sentence that says what could
 * not be done, to what, and why, and where it helps a hint with the remedy. No secret may be in either.
 */
class HoldfastError extends Error {
    code;
    exitCode = exitCodes.failed;
    hint;
    input;
    constructor(message, details) {
        super(message, details.cause === undefined ? undefined : { cause: details.cause });
        this.name = new.target.name;
        this.code = details.code;
        this.hint = details.hint;
        this.input = details.input;
    }
}
/** The settings are wrong. Holds every problem found, not only the first. */
class ConfigError extends HoldfastError {
    exitCode = exitCodes.config;
    problems;
    constructor(problems) {
        const [first] = problems;
        const message = problems.map((problem) => problem.message).join('\n');
        super(message, { code: 'config', hint: first.hint, input: first.input });
        this.problems = problems;
    }
}
/** A program on a host ended badly. */
class CommandError extends HoldfastError {
}
/** The store refused, failed or could not be reached. */
class StoreError extends HoldfastError {
}
/** Bytes or rows are not what they must be: the source, a copy or a backup is damaged. */
class IntegrityError extends HoldfastError {
    exitCode = exitCodes.integrity;
}
/** The user, or the platform, asked us to stop. */
class CancelledError extends HoldfastError {
    exitCode = exitCodes.cancelled;
    constructor(message = 'Cancelled before it was complete; nothing was committed.') {
        super(message, { code: 'cancelled' });
    }
}
/** Throws {@link CancelledError} once the signal is aborted. */
function throwIfCancelled(signal) {
    if (!signal.aborted)
        return;
    throw signal.reason instanceof HoldfastError ? signal.reason : new CancelledError();
}


/***/ })

};
