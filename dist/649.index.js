export const id = 649;
export const ids = [649];
export const modules = {

/***/ 6423:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   I: () => (/* binding */ harmless),
/* harmony export */   U: () => (/* binding */ ActionReporter)
/* harmony export */ });
/* harmony import */ var _actions_core__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3838);
/* harmony import */ var pretty_bytes__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(5901);
/* harmony import */ var _app_printable_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1747);



/** A line about a transfer at most this often. */
const progressEveryMs = 10_000;
/** Writes into the log of a workflow run: a group per step, warnings as annotations. */
class ActionReporter {
    #depth = 0;
    #lastProgressMs = performance.now();
    async step(title, work) {
        // Groups do not nest: an inner step is a line in the outer one's group.
        this.#depth += 1;
        if (this.#depth === 1)
            _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .startGroup */ .Oh(harmless(title));
        else
            this.info(title);
        try {
            return await work();
        }
        finally {
            this.#depth -= 1;
            if (this.#depth === 0)
                _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .endGroup */ .N4();
        }
    }
    progress({ label, bytes, totalBytes }) {
        const now = performance.now();
        if (now - this.#lastProgressMs < progressEveryMs)
            return;
        this.#lastProgressMs = now;
        const of = totalBytes ? ` of about ${(0,pretty_bytes__WEBPACK_IMPORTED_MODULE_2__/* ["default"] */ .A)(totalBytes)}` : '';
        this.info(`${label}: ${(0,pretty_bytes__WEBPACK_IMPORTED_MODULE_2__/* ["default"] */ .A)(bytes)}${of}`);
    }
    info(message) {
        _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .info */ .pq(harmless(message));
    }
    warn(message) {
        _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .warning */ .$e(harmless(message));
    }
    debug(message) {
        _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .debug */ .Yz(harmless(message));
    }
}
/**
 * The text such that the runner finds no command in it, also in what a remote machine said. It looks for `::` behind
 * whatever it takes for the blank start of a line, which is more than spaces, and for `##[` anywhere; invisible characters
 * between them do not count for it (actions/runner, ActionCommand.cs).
 */
function harmless(text) {
    return text
        .split(/\r\n|\r|\n/)
        .map((line) => (0,_app_printable_js__WEBPACK_IMPORTED_MODULE_1__/* .printable */ .g)(line)
        .replace(/^([^!-~]*):(?=:)/, '$1: ')
        .replaceAll('##[', '## ['))
        .join('\n');
}


/***/ }),

/***/ 5649:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  post: () => (/* binding */ post)
});

// EXTERNAL MODULE: ./node_modules/@actions/core/lib/core.js + 7 modules
var core = __webpack_require__(3838);
// EXTERNAL MODULE: ./build/config/parse.js + 9 modules
var parse = __webpack_require__(6667);
// EXTERNAL MODULE: ./build/core/catalog.js
var catalog = __webpack_require__(5281);
// EXTERNAL MODULE: ./build/core/keys.js
var core_keys = __webpack_require__(7464);
;// CONCATENATED MODULE: ./build/core/clean-up.js


/** Takes back what a killed run has begun and told its journal, unless its backup is complete. */
async function cleanUp({ store, name, backup, uploads, signal, }) {
    const aborted = await store.abandon(uploads, { signal });
    const { backups, leftovers } = backup === null ? nothing : await (0,catalog/* readCatalog */.uM)(store, name, { signal, id: backup });
    for (const { id } of leftovers) {
        // Some stores list late.
        if ((await store.stat((0,core_keys/* manifestKey */.Rn)(name, id), { signal })) === null)
            continue;
        return { complete: true, removed: aborted.removed.length, kept: aborted.kept };
    }
    const keys = leftovers.flatMap((leftover) => leftover.keys);
    // With the manifest: a request for it may arrive as late as now, and must not outlive the data.
    const manifest = leftovers.map(({ id }) => (0,core_keys/* manifestKey */.Rn)(name, id));
    const taken = await store.remove([...manifest, ...keys], { signal });
    return {
        complete: backups.length > 0,
        removed: aborted.removed.length + keys.filter((key) => taken.removed.includes(key)).length,
        kept: [...aborted.kept, ...taken.kept.filter(({ key }) => keys.includes(key))],
    };
}
const nothing = { backups: [], leftovers: [] };

// EXTERNAL MODULE: ./build/core/errors.js
var errors = __webpack_require__(2807);
// EXTERNAL MODULE: ./build/core/journal.js
var journal = __webpack_require__(4701);
// EXTERNAL MODULE: ./build/app/open.js + 68 modules
var app_open = __webpack_require__(5422);
;// CONCATENATED MODULE: ./build/app/after-kill.js





/** Long enough for a slow store, and short enough for a job that is being ended. */
const limitMs = 60_000;
/** Cleans up after a run that could not do it itself. Never throws: what fails is told. */
async function afterKill(request) {
    const { read, env, cwd, backup, uploads, reporter } = request;
    if (backup === null && uploads.length === 0) {
        return { told: [...restoreHint(read), 'It had stored nothing.'], found: false };
    }
    try {
        const config = (0,parse/* parseConfig */.o)(read.command, read.raw, { face: 'action', env, cwd }, read.problems);
        if (!('store' in config))
            return { told: [], found: false };
        const signal = AbortSignal.timeout(limitMs);
        const { name, stallMs } = config;
        const store = await (0,app_open/* openStore */.Ch)(config.store, { env, reporter, signal, stallMs, journal: journal/* noJournal */.v });
        const result = await cleanUp({ store, name, backup, uploads, signal });
        const found = result.removed > 0 || result.kept.length > 0;
        return { told: [...restoreHint(read), ...describe(backup, result)], found };
    }
    catch (error) {
        const said = error instanceof Error ? error.message : String(error);
        const hint = error instanceof errors/* HoldfastError */.Et ? (error.hint ?? '') : '';
        const stays = 'What it had stored could not be removed now, and a prune removes it after a day';
        return { told: [...restoreHint(read), `${stays}: ${said} ${hint}`.trim()], found: true };
    }
}
function describe(backup, { complete, removed, kept }) {
    const of = backup === null ? '' : ` of backup ${backup}`;
    if (complete)
        return [`Backup ${backup} is complete, and was not touched.`];
    if (removed === 0 && kept.length === 0)
        return [`Nothing${of} is in the store.`];
    const lines = [];
    if (removed > 0)
        lines.push(`Removed${of}: ${removed} ${removed === 1 ? 'object' : 'objects'}, unfinished uploads included.`);
    if (kept.length > 0) {
        const reasons = [...new Set(kept.map(({ reason }) => reason))].join(', ');
        lines.push(`Left for now${of}: ${kept.length} (${reasons}); a prune by a key that may delete removes it after a day, or lifecycle rules of the bucket do.`);
    }
    return lines;
}
/** The one command that changes something beside the store. */
function restoreHint({ command, raw }) {
    if (command !== 'restore')
        return [];
    const started = raw.start === undefined ? '' : ' Its `start` command may not have run: look whether the app is up.';
    return [`What it restores to is what it was, or the restored one, whole.${started}`];
}

// EXTERNAL MODULE: ./build/config/read.js
var config_read = __webpack_require__(3536);
// EXTERNAL MODULE: ./build/config/secrets.js
var secrets = __webpack_require__(3654);
// EXTERNAL MODULE: ./build/action/action-reporter.js
var action_reporter = __webpack_require__(6423);
// EXTERNAL MODULE: ./build/action/run-state.js
var run_state = __webpack_require__(5361);
// EXTERNAL MODULE: ./build/action/summary.js
var summary = __webpack_require__(6079);
;// CONCATENATED MODULE: ./build/action/post.js







/** The post step of a run that was cancelled or killed: does what main could no longer do, and tells. */
async function post() {
    const { env } = process;
    const read = (0,config_read/* readInputs */.Ko)(env);
    for (const secret of (0,secrets/* secretsOf */.F)(read.raw, env))
        core/* setSecret */.Pq(secret);
    const { ended, backup, uploads } = (0,run_state/* readState */.u)(env);
    const cwd = env['GITHUB_WORKSPACE'] ?? process.cwd();
    const { told, found } = await afterKill({
        read,
        env,
        cwd,
        backup,
        uploads,
        reporter: new action_reporter/* ActionReporter */.U(),
    });
    // A cancelled main has told that itself, and mostly cleaned up.
    if (ended === 'cancelled' && !found)
        return;
    const how = ended === 'cancelled'
        ? `The ${read.command} was cancelled, and could not clean up in time.`
        : `The ${read.command} was ended from outside before it was done: by a limit of time or memory, or with its job.`;
    core/* error */.z3((0,action_reporter/* harmless */.I)([how, ...told].join('\n')), { title: 'Holdfast: killed' });
    if (env['GITHUB_STEP_SUMMARY'])
        await core/* summary */.z.addRaw((0,summary/* summarizeKill */.M)(read.command, [how, ...told])).write();
}


/***/ }),

/***/ 5361:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   l: () => (/* binding */ RunState),
/* harmony export */   u: () => (/* binding */ readState)
/* harmony export */ });
/* harmony import */ var _actions_core__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3838);

/** What main tells the post step, which gets the same inputs and secrets anew: none of them is in it. */
class RunState {
    #uploads = 0;
    backup(id) {
        _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .saveState */ .LZ('backup', id);
    }
    upload({ key, id }) {
        this.#uploads += 1;
        _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .saveState */ .LZ(`upload-${this.#uploads}`, JSON.stringify({ key, id }));
    }
    /** @param how `itself`: there is nothing left to do. */
    ended(how) {
        _actions_core__WEBPACK_IMPORTED_MODULE_0__/* .saveState */ .LZ('ended', how);
    }
}
/** What main has told, as the runner hands it over. */
function readState(env) {
    const uploads = Object.entries(env).flatMap(([name, text = '']) => /^STATE_upload-\d+$/.test(name) ? [JSON.parse(text)] : []);
    return { ended: env['STATE_ended'] ?? null, backup: env['STATE_backup'] ?? null, uploads };
}


/***/ }),

/***/ 6079:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   M: () => (/* binding */ summarizeKill),
/* harmony export */   e: () => (/* binding */ summarize)
/* harmony export */ });
/* harmony import */ var pretty_bytes__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(5901);
/* harmony import */ var pretty_ms__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(9311);
/* harmony import */ var _app_render_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6174);
/* harmony import */ var _app_result_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1391);
/* harmony import */ var _core_other_names_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2053);





/** More rows than this say nothing more, and a summary over 1 MiB is dropped by the platform. */
const longestTable = 100;
/** The job summary, as Markdown: what happened, where it is, and how to get it back. */
function summarize(document) {
    const parts = [heading(document)];
    if (document.error !== undefined)
        parts.push(failure(document.error));
    const own = [
        backedUp((0,_app_result_js__WEBPACK_IMPORTED_MODULE_2__/* .documentOf */ .l)(document, 'backup')),
        listed((0,_app_result_js__WEBPACK_IMPORTED_MODULE_2__/* .documentOf */ .l)(document, 'list')),
        verdict((0,_app_result_js__WEBPACK_IMPORTED_MODULE_2__/* .documentOf */ .l)(document, 'verify')),
        restored((0,_app_result_js__WEBPACK_IMPORTED_MODULE_2__/* .documentOf */ .l)(document, 'restore')),
        checked((0,_app_result_js__WEBPACK_IMPORTED_MODULE_2__/* .documentOf */ .l)(document, 'check')),
        lifecycle((0,_app_result_js__WEBPACK_IMPORTED_MODULE_2__/* .documentOf */ .l)(document, 'lifecycle')),
        examined((0,_app_result_js__WEBPACK_IMPORTED_MODULE_2__/* .documentOf */ .l)(document, 'doctor')),
    ];
    parts.push(...own);
    if ('kept' in document)
        parts.push(decisions(document));
    if (document.warnings.length > 0)
        parts.push(bullets('Warnings', document.warnings));
    const made = (0,_app_result_js__WEBPACK_IMPORTED_MODULE_2__/* .documentOf */ .l)(document, 'backup')?.backup ?? null;
    if (made !== null)
        parts.push(recovery(made));
    return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
/** The job summary of a run that could not write its own. */
function summarizeKill(command, told) {
    return [`### ❌ Holdfast ${command}: killed`, ...told.map((line) => `> ${plain(line)}`)]
        .join('\n\n')
        .concat('\n');
}
function heading(document) {
    const { command, ok, name, store, durationMs } = document;
    const verdict = ok ? '✅' : '❌';
    const where = store === '' ? '' : ` in ${code(store)}`;
    const dry = 'dryRun' in document && document.dryRun ? ' (dry run)' : '';
    return `### ${verdict} Holdfast ${command}${dry}: ${name === '' ? 'not started' : code(name)}${where}, ${(0,pretty_ms__WEBPACK_IMPORTED_MODULE_3__/* ["default"] */ .A)(durationMs)}`;
}
function failure({ message, hint, problems }) {
    const found = problems ?? [{ message, hint }];
    return found
        .map((problem) => `> ${plain(problem.message)}${problem.hint === null ? '' : `\n>\n> → ${plain(problem.hint)}`}`)
        .join('\n\n');
}
function backedUp(document) {
    if (document === null || document.backup === null)
        return '';
    return [stored(document, document.backup), verdict(document.verified)]
        .filter((part) => part !== '')
        .join('\n\n');
}
const verdictSigns = { ok: '✅ ok', damaged: '❌ damaged', unknown: '⚠️ could not be verified' };
const notAsAsserted = '❌ not as asserted';
function verdict(document) {
    if (document === null)
        return '';
    const rows = document.databases.map(({ name, verdict: found, detail, intact }) => [
        code(name),
        intact ? notAsAsserted : verdictSigns[found],
        plain(detail),
    ]);
    const sign = (0,_app_result_js__WEBPACK_IMPORTED_MODULE_2__/* .isIntact */ .k)(document) ? notAsAsserted : verdictSigns[document.verdict];
    const title = `Verify, level ${code(document.level)}: ${sign}`;
    return [title, table(['Database', 'Verdict', 'Detail'], rows)].join('\n\n');
}
function restored(document) {
    if (document === null)
        return '';
    const { dryRun, backup, target, databases, safetyBackup, previous, goBack } = document;
    const lines = [
        `${dryRun ? 'Would restore' : 'Restored'} ${databases.map(code).join(', ')} of backup ${code(backup)} to ${code(target)}.`,
        ...(safetyBackup === null ? [] : [`Safety backup of what was there: ${code(safetyBackup)}.`]),
        ...(previous === null ? [] : [`What was there is kept as ${code(previous)}.`]),
        ...(goBack.length === 0 ? [] : [`To put it back:\n\n~~~sh\n${goBack.join('\n')}\n~~~`]),
    ];
    return lines.join('\n\n');
}
function checked(document) {
    if (document === null || document.newest === null)
        return '';
    const { newest, newestVerified } = document;
    const verified = newestVerified === null
        ? []
        : [['Newest verified', code(newestVerified.id), (0,_app_render_js__WEBPACK_IMPORTED_MODULE_0__/* .age */ .KW)(newestVerified.ageSeconds)]];
    return table(['', 'Backup', 'Age'], [['Newest', code(newest.id), (0,_app_render_js__WEBPACK_IMPORTED_MODULE_0__/* .age */ .KW)(newest.ageSeconds)], ...verified]);
}
function lifecycle(document) {
    if (document === null)
        return '';
    return [bullets('Rules for the bucket', document.notes), `~~~json\n${(0,_app_render_js__WEBPACK_IMPORTED_MODULE_0__/* .renderLifecycle */ .p5)(document)}\n~~~`].join('\n\n');
}
const levelSigns = { ok: '✅ ok', warn: '⚠️ warning', fail: '❌ failed', skip: '⏭️ skipped' };
function examined(document) {
    if (document === null)
        return '';
    const rows = document.checks.map(({ id, level, detail, hint }) => [
        code(id),
        levelSigns[level],
        plain(detail),
        plain(hint ?? ''),
    ]);
    return table(['Check', 'Result', 'Detail', 'Remedy'], rows);
}
function stored(document, { id, manifestKey, databases }) {
    const rows = databases.map(({ name, source, plainBytes, storedBytes, previousStoredBytes, tables, rows, snapshot }) => [
        code(name),
        plain(source),
        (0,pretty_bytes__WEBPACK_IMPORTED_MODULE_4__/* ["default"] */ .A)(plainBytes),
        `${(0,pretty_bytes__WEBPACK_IMPORTED_MODULE_4__/* ["default"] */ .A)(storedBytes)}${change(storedBytes, previousStoredBytes)}`,
        `${rows.toLocaleString('en')} in ${tables} tables`,
        `${plain(snapshot.method)}, ${(0,pretty_ms__WEBPACK_IMPORTED_MODULE_3__/* ["default"] */ .A)(snapshot.durationMs)}`,
    ]);
    return [
        `Backup ${code(id)}, manifest ${code(`${document.store}/${manifestKey}`)}`,
        table(['Database', 'Source', 'Plain', 'Stored (since the last)', 'Rows', 'Snapshot'], rows),
    ].join('\n\n');
}
/** ` (+3.1 %)`: against the backup before. */
function change(now, before) {
    if (before === null || before === 0)
        return ' (first)';
    const percent = ((now - before) / before) * 100;
    return ` (${percent >= 0 ? '+' : '−'}${Math.abs(percent).toFixed(1)} %)`;
}
function decisions({ kept, pruned, }) {
    if (kept.length === 0 && pruned.length === 0)
        return '';
    const rows = [
        ...kept.map(({ id, reasons }) => [code(id), 'kept', plain(reasons.join(', '))]),
        ...pruned.map(({ id, storedBytes }) => [
            code(id),
            '**removed**',
            `no rule keeps it (${(0,pretty_bytes__WEBPACK_IMPORTED_MODULE_4__/* ["default"] */ .A)(storedBytes)})`,
        ]),
    ].sort(([a = ''], [b = '']) => (a < b ? 1 : -1));
    const title = `Retention: ${kept.length} kept, ${pruned.length} removed`;
    return `<details><summary>${title}</summary>\n\n${table(['Backup', 'Decision', 'Why'], rows)}\n\n</details>`;
}
function listed(document) {
    if (document === null)
        return '';
    const { backups, leftovers, otherNames } = document;
    const rows = backups.map(({ id, ageSeconds, databases, storedBytes, verified, missing }) => [
        code(id),
        (0,_app_render_js__WEBPACK_IMPORTED_MODULE_0__/* .age */ .KW)(ageSeconds),
        missing ? '❌ its objects are missing' : databases.map(({ name }) => code(name)).join(', '),
        (0,pretty_bytes__WEBPACK_IMPORTED_MODULE_4__/* ["default"] */ .A)(storedBytes),
        verified === null ? 'no' : `${verified.level} ${verified.at.slice(0, 10)}`,
    ]);
    for (const leftover of leftovers.filter(({ uploads }) => uploads !== undefined)) {
        const { id, ageSeconds, storedBytes } = leftover;
        rows.push([
            code(id),
            (0,_app_render_js__WEBPACK_IMPORTED_MODULE_0__/* .age */ .KW)(ageSeconds),
            (0,_app_render_js__WEBPACK_IMPORTED_MODULE_0__/* .describeLeftover */ .tL)(leftover),
            (0,pretty_bytes__WEBPACK_IMPORTED_MODULE_4__/* ["default"] */ .A)(storedBytes),
            'incomplete',
        ]);
    }
    const remains = leftovers.length === 0 ? '' : `\n\nLeftovers of ${leftovers.length} runs that failed.`;
    const others = otherNames.length === 0 ? '' : ` ${plain((0,_core_other_names_js__WEBPACK_IMPORTED_MODULE_1__/* .describeOthers */ .H)(otherNames))}`;
    if (rows.length === 0)
        return `No backups.${others}${remains}`;
    return table(['Backup', 'Age', 'Databases', 'Size', 'Verified'], rows) + remains;
}
function recovery({ databases }) {
    const commands = databases.flatMap((database) => [`# ${database.name}`, ...database.recovery]);
    return `<details><summary>How to get it back without Holdfast</summary>\n\n~~~sh\n${commands.join('\n')}\n~~~\n\n</details>`;
}
function table(head, rows) {
    const shown = rows.slice(0, longestTable);
    const more = rows.length > shown.length ? `\n\n… and ${rows.length - shown.length} more.` : '';
    const lines = [head, head.map(() => '---'), ...shown].map((cells) => `| ${cells.join(' | ')} |`);
    return lines.join('\n') + more;
}
function bullets(title, lines) {
    return [`**${title}**`, '', ...lines.slice(0, longestTable).map((line) => `- ${plain(line)}`)].join('\n');
}
/** Text that Markdown and HTML leave as it is, on one line. */
function plain(text) {
    return text
        .replace(/[\r\n]+/g, ' ')
        .replace(/[&<>]/g, (char) => `&#${char.charCodeAt(0)};`)
        .replace(/[\\`*_{}[\]|~#]/g, '\\$&');
}
function code(text) {
    return `<code>${text.replace(/[\r\n]+/g, ' ').replace(/[&<>|]/g, (char) => `&#${char.charCodeAt(0)};`)}</code>`;
}


/***/ }),

/***/ 3654:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   F: () => (/* binding */ secretsOf)
/* harmony export */ });
/* harmony import */ var _options_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9242);

/** Shorter lines would mask half of a log. */
const shortestLine = 6;
/** No key belongs there, but has been found there. */
const mayHoldKey = ['store', 's3-endpoint'];
const variables = ['DATABASE_URL', 'AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3'];
/**
 * Every text that must not be printed: each secret option whole, line by line, decoded and encoded; each URL, and whatever may
 * be a password in it, also where it is none that can be read. For the masks of a workflow runner, which knows only exact texts.
 */
function secretsOf(raw, env) {
    const secrets = new Set();
    const texts = _options_js__WEBPACK_IMPORTED_MODULE_0__/* .options */ .f.flatMap(({ name, kind }) => {
        const text = raw[name];
        if (text === undefined)
            return [];
        // A secret key in a place for public ones is still a secret.
        if (kind === 'public-keys' && /SECRET-KEY|PRIVATE KEY/.test(text))
            return [{ text, kind: 'secret' }];
        const holdsKey = mayHoldKey.includes(name) ? text.includes('@') : name === 'ssh' && /:.*@/.test(text);
        if (holdsKey)
            return [{ text, kind: 'secret-lines' }];
        return kind.startsWith('secret') ? [{ text, kind }] : [];
    });
    for (const text of variables.flatMap((name) => env[name] ?? []))
        texts.push({ text, kind: 'secret-lines' });
    for (const { text, kind } of texts) {
        for (const line of text.split(/\r\n|\r|\n/)) {
            const derived = kind === 'secret-lines' ? secretsOfLine(line.trim()) : [line.trim()];
            for (const secret of derived)
                addForms(secrets, secret);
        }
        if (kind !== 'secret-lines')
            addForms(secrets, text.trim());
    }
    return [...secrets];
}
function addForms(secrets, secret) {
    if (secret === '' || secret.startsWith('-----'))
        return;
    const forms = [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')];
    for (const form of forms)
        if (form.length >= shortestLine || form === secret)
            secrets.add(form);
}
/** The path of a file is no secret; anything else may be one as a whole. */
function secretsOfLine(line) {
    if (/^sqlite3?:/.test(line) || /^(?:file:|~?\/|\.{1,2}\/)[^@=]*$/.test(line))
        return [];
    const parts = [line, ...userParts(line)].filter((part) => part.length >= shortestLine);
    const passwords = [...parts, ...passwordsOf(line)];
    return [...passwords, ...passwords.map(decode)];
}
/** The password of a URL, however an `@` in it was meant, and those of parameters: `password=…`. */
function passwordsOf(line) {
    const forms = [/^[a-z][\w+.-]*:\/\/[^:@/]*:([^@]*)@/i, /^[a-z][\w+.-]*:\/\/[^:@/]*:(.*)@/i];
    const parameters = line.matchAll(/(?:password|passwd|pwd)\s*=\s*(?:'((?:[^'\\]|\\.)*)'|([^\s&;]+))/gi);
    return [
        ...forms.map((form) => form.exec(line)?.[1] ?? ''),
        ...[...parameters].map(([, quoted, bare]) => quoted ?? bare ?? ''),
    ];
}
/** What follows each colon before an `@`, where no form of a URL tells which one is the password. */
function userParts(line) {
    return [line.indexOf('@'), line.lastIndexOf('@')].flatMap((end) => {
        const words = line.slice(0, Math.max(0, end)).split(':');
        return words.map((_, index) => words.slice(index + 1).join(':'));
    });
}
function decode(text) {
    try {
        return decodeURIComponent(text);
    }
    catch {
        return text;
    }
}


/***/ })

};
