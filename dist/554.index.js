export const id = 554;
export const ids = [554];
export const modules = {

/***/ 6109:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   W: () => (/* binding */ cancellation)
/* harmony export */ });
/* harmony import */ var _core_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2807);
/* harmony import */ var _internal_error_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3576);


/**
 * The one signal that ends everything: aborted by SIGINT and SIGTERM. A second one ends the process at once, cleaned up
 * or not. An exception that nobody caught aborts it too.
 */
function cancellation(process) {
    const controller = new AbortController();
    const onSignal = (name) => {
        if (controller.signal.aborted) {
            process.stderr.write(`Ended at once by ${name}: what was not cleaned up stays for now, and is removed by a prune after a day.\n`);
            process.exit(_core_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .exitCodes */ .hS.cancelled);
        }
        controller.abort(new _core_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .CancelledError */ .cc(`Cancelled by ${name} before it was complete.`));
    };
    // What nobody caught ends the run as a cancellation does: with everything cleaned up, and never with success.
    process.on('uncaughtException', (cause) => {
        process.once('exit', (code) => {
            if (code === _core_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .exitCodes */ .hS.done)
                process.exitCode = _core_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .exitCodes */ .hS.failed;
        });
        controller.abort((0,_internal_error_js__WEBPACK_IMPORTED_MODULE_1__/* .internalError */ .W)(cause));
    });
    process.on('SIGINT', onSignal);
    process.on('SIGTERM', onSignal);
    return controller.signal;
}


/***/ }),

/***/ 3576:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   C: () => (/* binding */ asHoldfastError),
/* harmony export */   W: () => (/* binding */ internalError)
/* harmony export */ });
/* harmony import */ var _core_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2807);

/** A failure that nobody foresaw: the program is wrong, not what it was given. */
function internalError(cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    return new _core_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .HoldfastError */ .Et(`Something failed that should not: ${message}.`, {
        code: 'internal',
        hint: 'Please report this with the lines above it; run again with RUNNER_DEBUG=1 for more of them.',
        cause,
    });
}
/** Whatever it was that failed: after a cancellation, that is what it was. */
function asHoldfastError(cause, signal) {
    if (cause instanceof _core_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .CancelledError */ .cc)
        return cause;
    if (signal.aborted)
        return signal.reason instanceof _core_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .HoldfastError */ .Et ? signal.reason : new _core_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .CancelledError */ .cc();
    if (cause instanceof _core_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .HoldfastError */ .Et)
        return cause;
    // What failed first is what is to be told, not what failed in its wake.
    if (cause instanceof SuppressedError)
        return asHoldfastError(cause.suppressed, signal);
    return internalError(cause);
}


/***/ }),

/***/ 4574:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  e: () => (/* binding */ run)
});

// EXTERNAL MODULE: ./build/config/parse.js + 9 modules
var parse = __webpack_require__(6667);
// EXTERNAL MODULE: ./build/core/errors.js
var errors = __webpack_require__(2807);
// EXTERNAL MODULE: ./build/core/journal.js
var core_journal = __webpack_require__(4701);
// EXTERNAL MODULE: ./build/codecs/age.js + 1 modules
var age = __webpack_require__(8955);
// EXTERNAL MODULE: ./build/core/keys.js
var core_keys = __webpack_require__(7464);
;// CONCATENATED MODULE: ./build/core/assert-complete.js


/**
 * Makes sure, by one listing, that the store has every object that the manifest names, as long as it was when it was
 * stored: to the prune of another run, objects that are older than a day and have no manifest are leftovers. What a listing
 * does not show, as that of a store that is late with it, is asked for by name.
 * @throws HoldfastError `backup.incomplete`
 */
async function assertComplete(store, { name, id, databases }, signal) {
    const found = new Map();
    for await (const { key, bytes } of store.list((0,core_keys/* backupFolder */.j0)(name, id), { signal }))
        found.set(key, bytes);
    for (const { key } of databases.filter(({ key }) => !found.has(key))) {
        const object = await store.stat(key, { signal });
        if (object !== null)
            found.set(key, object.bytes);
    }
    const [first, ...more] = databases.filter(({ key, storedBytes }) => found.get(key) !== storedBytes);
    if (first === undefined)
        return;
    const bytes = found.get(first.key);
    const what = bytes === undefined ? 'is no longer there' : `has ${bytes} bytes instead of ${first.storedBytes}`;
    const others = more.length === 0 ? '' : `, and ${more.length} more are not as they were stored`;
    throw new errors/* HoldfastError */.Et(`The backup ${id} can't be committed: ${first.key} ${what} in ${store.label}${others}.`, {
        code: 'backup.incomplete',
        hint: 'Run it again, and see who removes objects there: a prune takes what has no manifest after a day for a leftover. ' +
            'What takes longer than a day goes into several backups, each with a `name` of its own.',
    });
}

;// CONCATENATED MODULE: ./build/core/assert-still-encrypted.js


/**
 * Whether encryption has been lost on the way: in a workflow a secret that is not set is as empty as an option that is left
 * out. That the backup before was encrypted tells the two apart; a safety backup follows the backup that is restored instead.
 * @throws ConfigError when the backup before is encrypted, and this one would not be although nobody said so
 */
function assertStillEncrypted(request, previous) {
    const { codecs, inTheClear = false, purpose } = request;
    if (previous === null || inTheClear || purpose !== undefined)
        return;
    if (!previous.objects.some(({ file }) => (0,core_keys/* isEncryptedFile */.br)(file)))
        return;
    if (codecs.some(({ extension }) => (0,core_keys/* isEncryptedFile */.br)(`app.sqlite3.${extension}`)))
        return;
    throw new errors/* ConfigError */.xL([
        {
            input: 'encrypt-to',
            message: `The backup ${previous.id} before this one is encrypted, but this one would not be: neither \`encrypt-to\` nor \`passphrase\` is set.`,
            hint: 'Set it again (a secret that is not set is empty), or write `encrypt-to: none` to go on without encryption.',
        },
    ]);
}

;// CONCATENATED MODULE: ./build/core/assertion.js


/** The assertions about the database of that name in a backup. */
function assertionsFor(name, assertions) {
    return assertions.filter(({ database }) => database === name || (0,core_keys/* databaseOfFile */.Hc)(database) === name);
}
/**
 * @param where what has databases of these names: `in the backup …`
 * @throws ConfigError when an assertion is about none of them
 */
function assertAssertable(assertions, names, where) {
    const lost = assertions.find((assertion) => names.every((name) => assertionsFor(name, [assertion]).length === 0));
    if (lost === undefined)
        return;
    const message = `\`assert\` names ${JSON.stringify(lost.database)}, which is not ${where}.`;
    throw new errors/* ConfigError */.xL([{ input: 'assert', message, hint: `Name one of ${names.join(', ')}.` }]);
}

// EXTERNAL MODULE: ./build/core/backup-id.js
var backup_id = __webpack_require__(8850);
// EXTERNAL MODULE: ./build/core/bytes.js
var core_bytes = __webpack_require__(7993);
// EXTERNAL MODULE: ./build/core/catalog.js
var core_catalog = __webpack_require__(5281);
// EXTERNAL MODULE: ./build/core/clock.js
var core_clock = __webpack_require__(4300);
;// CONCATENATED MODULE: ./build/core/endings.js
/** What still goes on when the work on a database is done: its snapshot goes from its host. */
class Endings {
    #going = new Set();
    #reporter;
    constructor(reporter) {
        this.#reporter = reporter;
    }
    /** A failure is a warning: the backup is good, and the next run removes what is left. */
    add(ending) {
        const noted = Promise.resolve(ending)
            .catch((error) => {
            const why = error instanceof Error ? error.message : String(error);
            this.#reporter.warn(`What a snapshot took on its host was not given back (${why}); a later run removes it.`);
        })
            .finally(() => this.#going.delete(noted));
        this.#going.add(noted);
    }
    /** Resolves when all have ended. */
    async all() {
        await Promise.all(this.#going);
    }
}

// EXTERNAL MODULE: ./build/core/in-flight.js
var in_flight = __webpack_require__(5622);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
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
    /** `safety`: made by a restore, of what it replaced. */
    purpose: schemas/* optional */.lqM(schemas/* string */.YjP()),
    databases: schemas/* array */.YOg(databaseEntry).check(api/* _minLength */.m9(1)),
});
/** The manifest as it is stored: JSON for people, with a checksum of all the rest, signed where there is a key for it. */
function formatManifest(content, signer = null) {
    const checksum = sha256Of(asText(content));
    const signature = signer && { keyId: signer.keyId, ed25519: signer.sign(checksum) };
    return Buffer.from(`${asText({ ...content, checksum, ...(signature && { signature }) })}\n`);
}
/**
 * Compares a stored manifest with its own checksum, which finds bits that went wrong and edits by hand; who means harm
 * makes a new one, but has no key to sign it. Without a verifier, manifests without a checksum pass.
 * @throws IntegrityError `manifest.altered`, `manifest.unsigned`
 */
function assertUnaltered(stored, verifier) {
    const { checksum, signature, ...content } = parseJson(stored);
    if (checksum !== undefined && checksum !== sha256Of(asText(content))) {
        throw new errors/* IntegrityError */.cs('The manifest is damaged: it was altered after it was written.', {
            code: 'manifest.altered',
            hint: 'Take another backup; its objects can still be read by hand with the commands in it.',
        });
    }
    if (verifier === null || isSigned(checksum, signature, verifier))
        return;
    const what = signature === undefined ? 'is not signed' : `is not signed by the key ${verifier.keyId}`;
    throw new errors/* IntegrityError */.cs(`The manifest ${what}, as \`verify-key\` demands: it may be a forgery.`, {
        code: 'manifest.unsigned',
        input: 'verify-key',
        hint: 'Give the `verify-key` of the `sign-key` that the backup was made with; leave it out only for backups from before you signed.',
    });
}
function isSigned(checksum, signature, verifier) {
    const { ed25519 } = (signature ?? {});
    return typeof checksum === 'string' && typeof ed25519 === 'string' && verifier.verify(checksum, ed25519);
}
function asText(content) {
    return JSON.stringify(content, null, 2);
}
function sha256Of(text) {
    return (0,external_node_crypto_.createHash)('sha256').update(text).digest('hex');
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

;// CONCATENATED MODULE: ./build/core/look-at-manifest.js



const mostBytes = 16 * 1024 * 1024;
/** Reads the manifest of a backup that is about to go, or for whose sake another one would. Throws when the store fails. */
async function lookAtManifest({ store, name, verifier, signal }, { id, manifestKey }) {
    try {
        const stored = await (0,core_bytes/* collect */.Fo)(store.get(manifestKey, { signal }), mostBytes);
        const manifest = parseManifest(stored);
        if (verifier !== null)
            assertUnaltered(stored, verifier);
        if (manifest.name === name && manifest.id === id) {
            const keys = manifest.databases.map(({ key }) => key);
            return { kind: 'ours', safety: manifest.purpose === 'safety', keys };
        }
        return { kind: 'foreign', why: `its manifest is that of ${manifest.name}/${manifest.id}.` };
    }
    catch (error) {
        return unread(error);
    }
}
/** Only what the manifest says may spare a backup, and a key that may not read it; a store that fails must fail the prune. */
function unread(error) {
    if (error instanceof RangeError)
        return { kind: 'foreign', why: 'its manifest is too large to be one.' };
    if (!(error instanceof errors/* HoldfastError */.Et))
        throw error;
    if (error.code === 'store.not-found')
        return { kind: 'gone' };
    if (error.code === 'store.denied')
        return { kind: 'denied' };
    if (!error.code.startsWith('manifest.'))
        throw error;
    return { kind: 'foreign', why: error.message };
}

;// CONCATENATED MODULE: ./build/core/prune-run.js
/** Gives what could not be removed. */
async function remove(run, keys) {
    const { kept, warning } = await run.store.remove(keys, { signal: run.signal });
    if (warning !== undefined)
        run.storeWarnings.add(warning);
    run.denied ||= kept.some(({ denied }) => denied);
    return kept;
}
/** What stays though this key may remove it; a lock is no failure. */
function stuckOf({ stuck }, kept) {
    stuck.push(...kept.filter(({ denied, locked }) => !denied && !locked).map(({ key }) => key));
    return kept.filter(({ denied }) => !denied);
}

;// CONCATENATED MODULE: ./build/core/remove-dead.js





const leftoverAgeMs = 86_400_000;
/**
 * Removes what runs have left that show no sign of life for a day: an id tells when its run began, and one that still goes
 * on has put something since.
 */
async function removeDead(run, leftovers) {
    const puts = await unfinishedOf(run);
    const signs = [
        ...leftovers.map(({ id, writtenAt }) => ({ id, at: writtenAt })),
        ...puts.flatMap(({ backup: id, startedAt }) => [
            { id, at: startedAt },
            { id, at: (0,backup_id/* timeOfBackupId */.s2)(id) },
        ]),
    ];
    const alive = signs.filter(({ at }) => run.now.getTime() - at.getTime() < leftoverAgeMs);
    const isDead = (id) => !alive.some((sign) => sign.id === id);
    const removed = await removeLeftovers(run, leftovers.filter(({ id }) => isDead(id)));
    await abandon(run, puts.filter(({ backup }) => isDead(backup)));
    return removed;
}
/** A key that may not ask leaves it to a rule of the bucket to end what dead runs were putting. */
async function unfinishedOf({ store, name, reporter, signal }) {
    try {
        return await (0,core_catalog/* readUnfinished */.ML)(store, name, { signal });
    }
    catch (error) {
        if (!(error instanceof errors/* StoreError */.AD && error.code === 'store.denied'))
            throw error;
        reporter.debug(error.message);
        return [];
    }
}
const hiddenManifest = 'no manifest is listed, but the store has one, or a hidden version of one. It may have been a good backup: bring the manifest back, or remove the folder with all versions.';
/** What has had a manifest is nothing that a dead run has left. */
async function removeLeftovers(run, leftovers) {
    const { dryRun, reporter, signal, store, name } = run;
    const removed = [];
    for (const { id, keys, storedBytes } of leftovers) {
        (0,errors/* throwIfCancelled */.dZ)(signal);
        if (await store.hasTrace((0,core_keys/* manifestKey */.Rn)(name, id), { signal })) {
            reporter.warn(`${id} is left alone: ${hiddenManifest}`);
            continue;
        }
        const kept = dryRun ? [] : await remove(run, keys);
        for (const { key, reason } of stuckOf(run, kept))
            reporter.warn(`The leftover ${key} could not be removed: ${reason}.`);
        if (kept.length > 0)
            continue;
        removed.push({ id, storedBytes });
        reporter.info(`Leftover ${id} of a run that failed ${dryRun ? 'would be' : 'was'} removed.`);
    }
    return removed;
}
/** What this key may not end, a rule of the bucket does. */
async function abandon({ store, dryRun, reporter, signal }, puts) {
    if (puts.length === 0)
        return;
    const { kept } = dryRun ? { kept: [] } : await store.abandon(puts, { signal });
    const gone = puts.length - kept.length;
    reporter.info(`${gone} unfinished uploads of dead runs ${dryRun ? 'would be' : 'were'} aborted.`);
}

// EXTERNAL MODULE: ./build/core/retention.js
var retention = __webpack_require__(8224);
;// CONCATENATED MODULE: ./build/core/settle-plan.js



const looksInFlight = 4;
/**
 * Plans by the listing, reads the manifests by which that may be wrong, and plans again until no unread one has a say. A
 * listing shows what anybody named who may add objects: with a verifier nothing goes for the sake of a backup that is not
 * signed; and nothing goes as made by a restore, or as one whose objects are gone, unless its manifest says so too: a newer
 * version may name its objects otherwise. Reads no manifest twice, and none when nothing would go. Whose manifest is not
 * ours has no decision.
 */
async function settlePlan(request, backups) {
    const { policy, now, looks } = request;
    for (;;) {
        const decisions = (0,retention/* plan */.e)(backups.flatMap((backup) => asKnown(backup, looks.get(backup.id))), policy, now);
        const doubtful = doubtfulOf(request, backups, decisions);
        if (doubtful.length === 0)
            return decisions;
        const found = await (0,in_flight/* inFlight */.C)(doubtful, looksInFlight, request.signal, (backup, signal) => lookAtManifest({ ...request, signal }, backup));
        for (const [index, { id }] of doubtful.entries())
            looks.set(id, found[index]);
    }
}
function asKnown(backup, look) {
    if (look === undefined)
        return [backup];
    if (look.kind !== 'ours')
        return [];
    const { safety, keys } = look;
    return [{ ...backup, safety, missing: !backup.objects.some(({ key }) => keys.includes(key)) }];
}
/** Those that were not looked at, and are counted though they may be forged, or would go uncounted by their files' names alone. */
function doubtfulOf({ verifier, looks }, backups, decisions) {
    if (decisions.every(({ keep }) => keep))
        return [];
    const byId = new Map(decisions.map((decision) => [decision.id, decision]));
    return backups.filter((backup) => {
        const decision = byId.get(backup.id);
        if (decision === undefined || looks.has(backup.id))
            return false;
        return decision.keep ? verifier !== null && decision.counted : backup.safety || backup.missing;
    });
}

;// CONCATENATED MODULE: ./build/core/prune.js








/** A dry run looks at so many manifests of what would go; a request for each of thousands would take minutes. */
const dryLooks = 20;
/**
 * Removes what the policy no longer wants, by one complete listing. A backup's manifest goes first, so that no backup is
 * ever listed without its data; what an interruption leaves behind is a leftover, removed once it is older than a day.
 */
async function prune(request) {
    const { store, name, policy, signal, reporter } = request;
    assertNotEmpty(policy);
    const run = {
        ...request,
        storeWarnings: new Set(),
        denied: false,
        stuck: [],
        looks: new Map(),
        looked: 0,
        notLookedAt: 0,
    };
    const { backups, leftovers } = await (0,core_catalog/* readCatalog */.uM)(store, name, { signal });
    (0,core_clock/* assertClock */.R7)(store);
    (0,core_clock/* warnOfClock */.o0)(store, reporter);
    const { kept, pruned } = await removeUnwanted(run, backups);
    const removed = await removeDead(run, leftovers);
    for (const warning of run.storeWarnings)
        reporter.warn(warning);
    tellNotLookedAt(run);
    const denied = run.denied ? mayNotPrune(store) : null;
    const stuck = notRemoved(store, run.stuck);
    return { dryRun: request.dryRun, kept, pruned, leftovers: removed, denied, stuck };
}
/** Goes through the backups, newest first; what stays that should go says why. */
async function removeUnwanted(run, backups) {
    const decisions = await settlePlan(run, backups);
    const byId = new Map(decisions.map((decision) => [decision.id, decision]));
    const kept = [];
    const pruned = [];
    for (const backup of backups) {
        const { id, storedBytes } = backup;
        const { keep, reasons } = byId.get(id) ?? undecided;
        if (reasons.includes('dated in the future')) {
            run.reporter.warn(`Backup ${id} is dated in the future and kept: check the clock of whoever made it.`);
        }
        const obstacle = keep ? null : await removeBackup(run, backup);
        if (keep)
            kept.push({ id, reasons });
        else if (obstacle === null)
            pruned.push({ id, storedBytes });
        else
            kept.push({ id, reasons: [obstacle] });
    }
    return { kept, pruned };
}
/** Its manifest is not one that counts. */
const undecided = { keep: false, reasons: [] };
function tellNotLookedAt({ notLookedAt, reporter }) {
    if (notLookedAt === 0)
        return;
    reporter.info(`The manifests of ${notLookedAt} more backups were not looked at; one that is not in order would be left alone.`);
}
const lacksRight = 'this storage key may not prune';
function mayNotPrune({ label }) {
    return new errors/* StoreError */.AD(`What no rule keeps stays in ${label}: this storage key may not delete, or not read the manifests.`, {
        code: 'store.may-not-prune',
        input: 's3-access-key-id',
        hint: 'Let lifecycle rules of the bucket do it (`holdfast lifecycle` prints them), or prune with a key that may.',
    });
}
function notRemoved({ label }, keys) {
    if (keys.length === 0)
        return null;
    const what = keys.length === 1 ? keys[0] : `${keys.length} objects, ${keys[0]} first,`;
    return new errors/* StoreError */.AD(`What no rule keeps stays in ${label}: ${what} could not be removed.`, {
        code: 'store.not-removed',
        hint: 'Run prune again; the warnings tell what the store said of each.',
    });
}
function assertNotEmpty(policy) {
    if (!(0,retention/* isEmptyPolicy */.k)(policy))
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
    const look = run.looks.get(backup.id) ?? (await lookBeforeRemoval(run, backup));
    if (look?.kind === 'denied') {
        run.denied = true;
        return lacksRight;
    }
    if (look?.kind === 'foreign') {
        reporter.warn(`Backup ${backup.id} is left alone and not counted: ${look.why}`);
        return 'its manifest is not one that this version may delete';
    }
    if (backup.missing && look?.kind === 'ours' && (await hasHidden(run, backup, look.keys))) {
        reporter.warn(`Backup ${backup.id} is left alone: none of its databases is listed, but the store has them, or hidden versions of them. Bring them back, or remove its folder with all versions.`);
        return 'its databases are hidden';
    }
    // When it is gone another prune was quicker, and removes the rest.
    if (dryRun || look?.kind !== 'ours')
        return null;
    const [stuck] = await remove(run, [backup.manifestKey]);
    if (stuck?.denied)
        return lacksRight;
    if (stuck?.locked)
        return stuck.reason;
    if (stuck !== undefined) {
        run.stuck.push(backup.manifestKey);
        reporter.warn(`Backup ${backup.id} could not be removed: ${stuck.reason}.`);
        return `could not be removed: ${stuck.reason}`;
    }
    const { ours, unnamed } = partsOf(backup, look.keys);
    for (const { key, reason } of stuckOf(run, await remove(run, ours)))
        reporter.warn(`${key} of the removed backup ${backup.id} stays as a leftover: ${reason}.`);
    for (const key of unnamed) {
        reporter.warn(`${key} was not named by the manifest of the removed backup ${backup.id} and stays; named like an object of ours it is a leftover now.`);
    }
    return null;
}
/** Whether the store has some of them though the listing does not show them. */
async function hasHidden({ store, signal }, { objects }, keys) {
    const listed = new Set(objects.map(({ key }) => key));
    for (const key of keys)
        if (!listed.has(key) && (await store.hasTrace(key, { signal })))
            return true;
    return false;
}
/** What goes with the manifest, and what is only named as if it did. */
function partsOf({ objects, manifestKey }, named) {
    const ours = objects.filter(({ key, file }) => named.includes(key) || (0,core_catalog/* isMark */.qi)(file));
    const unnamed = (0,core_catalog/* ourKeys */.$b)(objects.filter((object) => !ours.includes(object)));
    return { ours: ours.map(({ key }) => key).filter((key) => key !== manifestKey), unnamed };
}
/** `null`: a dry run has looked at enough. */
async function lookBeforeRemoval(run, backup) {
    if (run.dryRun && run.looked === dryLooks) {
        run.notLookedAt += 1;
        return null;
    }
    run.looked += 1;
    return lookAtManifest(run, backup);
}

;// CONCATENATED MODULE: ./build/core/shrunk.js
/** A database of less than half its size has most likely lost something. */
const muchSmaller = 0.5;
/** Smaller objects than this are mostly schema. */
const smallestBytes = 64 * 1024;
/** What nobody wants a list of in an annotation. */
const mostNames = 5;
/**
 * A sentence for each database that is much smaller than in the backup before, by the stored bytes that a listing shows, and one
 * for those that are gone. Objects made by other codecs, whose names tell, are not compared by size.
 */
function shrunkDatabases(manifest, previous) {
    if (previous === null)
        return [];
    return [...tellGone(manifest, previous), ...tellSmaller(manifest, previous)];
}
/** Where nothing is left, it is most likely another app's backup that is compared with. */
function tellGone({ databases }, previous) {
    const here = new Set(databases.map(({ name }) => name));
    const gone = previous.databases.map(({ name }) => name).filter((name) => !here.has(name));
    if (gone.length === 0)
        return [];
    const more = gone.length > mostNames ? `, and ${gone.length - mostNames} more` : '';
    const names = gone.slice(0, mostNames).join(', ') + more;
    const sentence = `What the backup ${previous.id} before it holds is not all in this one: ${names}.`;
    if (gone.length < previous.databases.length)
        return [sentence];
    const apart = 'They have no database in common: two sets of databases under one name prune each other, so give each a `name` of its own.';
    return [sentence, apart];
}
function tellSmaller({ databases }, { id, objects }) {
    return databases.flatMap(({ key, name, storedBytes }) => {
        const file = key.slice(key.lastIndexOf('/') + 1);
        const before = objects.find((object) => object.file === file)?.bytes ?? 0;
        if (before < smallestBytes || storedBytes >= before * muchSmaller)
            return [];
        const percent = Math.floor((1 - storedBytes / before) * 100);
        return [
            `${name} is ${percent} % smaller than in the backup ${id} before it (${storedBytes} bytes stored instead of ${before}).`,
        ];
    });
}

// EXTERNAL MODULE: ./build/core/program.js
var core_program = __webpack_require__(6278);
;// CONCATENATED MODULE: ./build/core/digest-decoded.js



/**
 * Hashes stdin in one buffer, says now and then how many bytes there were, and last the digest. Node does it because it is
 * there for sure.
 */
const hashScript = `
const { readSync } = require('node:fs');
const hash = require('node:crypto').createHash('sha256');
const buffer = Buffer.allocUnsafe(1 << 20);
let bytes = 0, said = 0;
for (let count; (count = readSync(0, buffer)) > 0; ) {
  hash.update(buffer.subarray(0, count));
  bytes += count;
  if (bytes - said >= 1 << 24) process.stdout.write((said = bytes) + '\\n');
}
process.stdout.write(bytes + ' ' + hash.digest('hex') + '\\n');
`;
/** For fewer plain bytes than these it does not pay to start programs. */
const programBytes = 32_000_000;
/**
 * Size and SHA-256 of what encoded bytes decode to. Where this machine has the codec's program, that decodes, beside this
 * process: three to four times as many bytes as are stored then never come into its memory.
 * @throws IntegrityError for bytes that do not decode
 */
async function digestDecoded(codec, encoded, options) {
    const { runner, expectedBytes, onBytes, signal } = options;
    const program = codec.decodeProgram;
    if (program === undefined ||
        expectedBytes < programBytes ||
        !(await (0,core_program/* hasProgram */.Dt)(runner, program[0], signal))) {
        return decodeHere(codec, encoded, onBytes);
    }
    const through = [process.execPath, '-e', hashScript];
    const running = runner.spawn(program, { signal, stdin: encoded, through });
    running.exit.catch(() => { });
    let said = '';
    for await (const chunk of running.stdout) {
        said += Buffer.from(chunk).toString('latin1');
        onBytes(Number(/(?:^|\n)(\d+)[^\n]*\n$/.exec(said)?.[1] ?? 0));
    }
    const exit = await running.exit;
    const [, bytes, sha256] = /(?:^|\n)(\d+) ([0-9a-f]{64})\n$/.exec(said) ?? [];
    if (exit.code === 0 && sha256 !== undefined)
        return { bytes: Number(bytes), sha256 };
    throw digest_decoded_damaged(codec, (0,core_program/* lastLine */.fM)(exit.stderr) || (0,core_program/* describeExit */.KE)(exit));
}
async function decodeHere(codec, encoded, onBytes) {
    const plain = new core_bytes/* Watch */.ox(onBytes);
    try {
        await (0,core_bytes/* drain */.Ze)(plain.through(codec.decode(encoded, { passing: true })));
    }
    catch (error) {
        throw error instanceof errors/* IntegrityError */.cs ? digest_decoded_damaged(codec, error.message) : error;
    }
    return plain.digest();
}
function digest_decoded_damaged({ id }, why) {
    return new errors/* IntegrityError */.cs(`What was compressed by ${id} does not decode (${why.replace(/\.$/, '')}); nothing was stored.`, { code: 'snapshot.mismatch', hint: 'Run the backup again; if it repeats, set `compress-on: runner`.' });
}

;// CONCATENATED MODULE: ./build/core/packed-reader.js

const headBytes = 8;
const sha256Bytes = 32;
/**
 * Takes apart what a codec's `encodeProgram` writes: frames, each after a head of two 32-bit numbers, big-endian, of the plain bytes
 * in it and of its own; and last a head of zeros and the SHA-256 of all plain bytes.
 */
class PackedReader {
    #onBytes;
    #plainBytes = 0;
    #digest = null;
    /** A head, or the SHA-256, of which not all has come. */
    #held = Buffer.alloc(0);
    /** Of the frame that is being read. */
    #bytesLeft = 0;
    #atEnd = false;
    /** @param onBytes told the number of plain bytes so far */
    constructor(onBytes) {
        this.#onBytes = onBytes;
    }
    /** The frames alone. @throws IntegrityError when they are not followed by their end */
    async *through(source) {
        for await (const chunk of source) {
            for (let rest = chunk; rest.byteLength > 0;) {
                if (this.#bytesLeft === 0) {
                    rest = this.#hold(rest);
                    continue;
                }
                const frame = rest.subarray(0, this.#bytesLeft);
                rest = rest.subarray(frame.byteLength);
                this.#bytesLeft -= frame.byteLength;
                yield frame;
            }
        }
        this.digest();
    }
    /** Size and SHA-256 of all plain bytes. @throws IntegrityError before the end came */
    digest() {
        if (this.#digest === null)
            throw notWhole('it was cut short');
        return this.#digest;
    }
    /** Keeps what belongs to a head or the SHA-256, and gives what follows. */
    #hold(bytes) {
        if (this.#digest !== null)
            throw notWhole('something follows its end');
        const wanted = this.#atEnd ? sha256Bytes : headBytes;
        const taken = bytes.subarray(0, wanted - this.#held.byteLength);
        this.#held = Buffer.concat([this.#held, taken]);
        if (this.#held.byteLength === wanted) {
            this.#read(this.#held);
            this.#held = Buffer.alloc(0);
        }
        return bytes.subarray(taken.byteLength);
    }
    #read(held) {
        if (this.#atEnd) {
            this.#digest = { bytes: this.#plainBytes, sha256: held.toString('hex') };
            return;
        }
        this.#plainBytes += held.readUInt32BE(0);
        this.#bytesLeft = held.readUInt32BE(4);
        this.#atEnd = this.#bytesLeft === 0;
        this.#onBytes(this.#plainBytes);
    }
}
function notWhole(why) {
    return new errors/* IntegrityError */.cs(`What the packing program of this machine wrote is not whole (${why}); nothing was stored.`, {
        code: 'snapshot.mismatch',
        hint: 'Run the backup again; if it repeats, check the memory and the free space of this machine.',
    });
}

// EXTERNAL MODULE: ./build/core/quote.js
var quote = __webpack_require__(5054);
;// CONCATENATED MODULE: ./build/core/recovery.js

/**
 * What gets the database back with plain tools and without Holdfast, one shell command a line: fetch, compare the
 * hash, decode from the last codec to the first, compare again, open.
 */
function recoveryCommands({ key, plainSha256, storedSha256 }, { file, codecs, engine, store }) {
    const names = [file];
    for (const codec of codecs)
        names.push(`${names.at(-1)}.${codec.extension}`);
    const stored = (0,quote/* quote */.h)(names.at(-1));
    const plain = (0,quote/* quote */.h)(file);
    const decode = codecs.map((codec, index) => `${codec.decodeCommand} < ${(0,quote/* quote */.h)(names[index + 1])} > ${(0,quote/* quote */.h)(names[index])}`);
    return [
        `${store.fetchCommand(key)} > ${stored}`,
        `echo ${(0,quote/* quote */.h)(`${storedSha256}  ${names.at(-1)}`)} | sha256sum -c -`,
        ...decode.reverse(),
        ...(codecs.length === 0 ? [] : [`echo ${(0,quote/* quote */.h)(`${plainSha256}  ${file}`)} | sha256sum -c -`]),
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
        let packing;
        const snapshot = await engine.snapshot(database, {
            signal,
            async pack(host) {
                packing = await packingOn(host, request);
                return packing?.program;
            },
        });
        const stack = __addDisposableResource(env_1, new AsyncDisposableStack(), true);
        const held = stack.use(endedOnce(snapshot));
        const snapshotMs = performance.now() - startedAt;
        reporter.info(`Snapshot taken by ${snapshot.method} in ${(snapshotMs / 1000).toFixed(1)} s.`);
        const file = `${request.fileName}.${snapshot.extension}`;
        const key = `${(0,core_keys/* backupFolder */.j0)(request.name, request.id)}${[file, ...codecs.map((codec) => codec.extension)].join('.')}`;
        const stored = new core_bytes/* Watch */.ox();
        const { encoded, plain } = encode(request, snapshot, packing, (bytes) => reporter.progress({ label: file, bytes, totalBytes: snapshot.expectedBytes }));
        const proven = endWhenProven(encoded, () => proveArrived(snapshot, database, plain), held);
        const { expectedBytes } = snapshot;
        await request.noted(key, () => store.put(key, stored.through(proven), { signal, expectedBytes }));
        const { fingerprint } = await snapshot.proof;
        const [arrived, kept] = [await plain(), stored.digest()];
        const [from, to] = [arrived, kept].map(({ bytes }) => (bytes / 1e6).toFixed(1));
        reporter.info(`Stored as ${key}: ${from} MB in ${to} MB.`);
        const entry = {
            name: request.fileName,
            engine: engine.id,
            engineVersion: snapshot.engineVersion,
            toolVersion: snapshot.toolVersion,
            source: database.source,
            key,
            codecs: codecs.map((codec) => codec.id),
            plainBytes: arrived.bytes,
            plainSha256: arrived.sha256,
            storedBytes: kept.bytes,
            storedSha256: kept.sha256,
            fingerprint,
            snapshot: {
                method: snapshot.method,
                takenAt: snapshot.takenAt.toISOString(),
                durationMs: Math.round(snapshotMs),
            },
        };
        const recovery = recoveryCommands(entry, { file, codecs, engine, store });
        stack.move();
        return { entry: { ...entry, recovery }, ended: held[Symbol.asyncDispose]() };
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
/** What the host encodes is decoded here on the way, so that the plain bytes are known. */
function encode(request, snapshot, packing, onBytes) {
    const [first, ...rest] = request.codecs;
    if (packing?.own) {
        const reader = new PackedReader(onBytes);
        const encoded = encodeWith(rest, reader.through(snapshot.read()));
        return { encoded, plain: async () => reader.digest() };
    }
    if (first === undefined || packing === undefined) {
        const watch = new core_bytes/* Watch */.ox(onBytes);
        const encoded = encodeWith(request.codecs, watch.through(snapshot.read()));
        return { encoded, plain: async () => watch.digest() };
    }
    request.reporter.info(`Compressed by ${first.id} on ${snapshot.host.label}.`);
    const digest = Promise.withResolvers();
    digest.promise.catch(() => { });
    const { expectedBytes } = snapshot;
    const fromHost = (0,core_bytes/* alongside */.bx)(snapshot.read(), async (copy) => {
        digest.resolve(await digestDecoded(first, copy, { ...request, expectedBytes, onBytes }));
    });
    return { encoded: encodeWith(rest, fromHost), plain: () => digest.promise };
}
function encodeWith(codecs, plain) {
    return codecs.reduce((bytes, codec) => codec.encode(bytes), plain);
}
async function packingOn(host, { codecs: [codec], compressOn, runner, expectedBytes, signal }) {
    const here = host.label === runner.label;
    if (codec?.encodeProgram !== undefined && here && compressOn !== 'host' && expectedBytes >= programBytes)
        return { program: codec.encodeProgram, own: true };
    if (codec?.command === undefined || compressOn === 'runner')
        return undefined;
    if (compressOn === 'auto' && !host.remote)
        return undefined;
    if (await (0,core_program/* hasProgram */.Dt)(host, codec.id, signal))
        return { program: codec.command, own: false };
    if (compressOn === 'auto')
        return undefined;
    throw new errors/* HoldfastError */.Et(`${host.label} has no ${codec.id} program to compress with.`, {
        code: 'codec.no-tool',
        input: 'compress-on',
        hint: `Install ${codec.id} there, or set \`compress-on: auto\`.`,
    });
}
/** Ends it with the first disposing; each waits for that. */
function endedOnce(snapshot) {
    let ended;
    return {
        async [Symbol.asyncDispose]() {
            ended ??= snapshot[Symbol.asyncDispose]();
            await ended;
        },
    };
}
async function* endWhenProven(encoded, prove, snapshot) {
    yield* encoded;
    await prove();
    // It goes while the last bytes are still being stored. What is wrong with that is told to whoever waits for its end.
    snapshot[Symbol.asyncDispose]().then(undefined, () => { });
}
async function proveArrived(snapshot, database, plain) {
    assertArrived(await snapshot.proof, await plain(), database, snapshot);
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

;// CONCATENATED MODULE: ./build/core/take-back.js
/** A cancelled job is ended after seven seconds. */
const takeBackMs = 3000;
/**
 * Takes back what a failed backup has stored. Best effort, and quick: what stays is a leftover that a later prune removes.
 * The manifest goes first and alone, and as long as it may be there the data stays: no backup is listed without its data.
 */
async function takeBack(request) {
    const { store, reporter, manifest, written } = request;
    const signal = AbortSignal.timeout(takeBackMs);
    const rest = [...written].filter((key) => key !== manifest).toReversed();
    if (written.has(manifest) && !(await removeManifest(request, signal)))
        return;
    try {
        tellKept((await store.remove(rest, { signal })).kept, reporter);
    }
    catch (error) {
        reporter.warn(`Objects of the failed backup could not be removed now (${messageOf(error)}); ` +
            'they are shown as leftovers, and a prune removes them after a day.');
    }
}
/** @returns whether it is gone for sure */
async function removeManifest({ store, reporter, manifest }, signal) {
    try {
        const [kept] = (await store.remove([manifest], { signal })).kept;
        if (kept?.denied)
            tellKept([kept], reporter);
        else if (kept !== undefined)
            tellStays(manifest, kept.reason, reporter);
        return kept === undefined;
    }
    catch (error) {
        tellStays(manifest, messageOf(error), reporter);
        return false;
    }
}
function tellStays(manifest, why, reporter) {
    reporter.warn(`${manifest} may be there and could not be removed now (${why}), so the objects beside it were left too: ` +
        'if `list` shows that backup, it is a complete one; if not, a prune removes them after a day.');
}
function tellKept(kept, reporter) {
    for (const { key, reason, denied } of kept) {
        if (!denied)
            reporter.warn(`${key} of the failed backup stays for now: ${reason}.`);
    }
    if (!kept.some(({ denied }) => denied))
        return;
    reporter.warn('Objects of the failed backup stay for now, because this storage key may not delete: lifecycle rules of the ' +
        'bucket do it (`holdfast lifecycle` prints them), or a prune by a key that may.');
}
function messageOf(error) {
    return error instanceof Error ? error.message : String(error);
}

;// CONCATENATED MODULE: ./build/core/backup.js
var backup_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
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
var backup_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
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

















/** A database of no more is small. */
const smallBytes = 32_000_000;
/** Of those, that many at a time at most. */
const smallInFlight = 3;
/** A server allows ten programs at a time over one connection, unless told otherwise; a snapshot has that many, unless its probe says so. */
const [programsAtOnce, programsOfSnapshot] = [9, 4];
/** Looking at a database needs one. */
const probesInFlight = 4;
/**
 * Probes each database, stores a proven snapshot of each, writes the manifest that makes them a backup, verifies it where
 * that is asked for, and only then prunes. Whatever fails before the manifest leaves the store as it was.
 */
async function backup(request) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const { reporter, store, name, assertions = [] } = request;
        const held = backup_addDisposableResource(env_1, new AsyncDisposableStack(), true);
        const endings = new Endings(reporter);
        held.defer(() => endings.all());
        const [candidates, previous] = await (0,in_flight/* bothOf */.v)(request.signal, (signal) => reporter.step('Find and probe the databases', () => probeAll({ ...request, signal }, held)), (signal) => backupBefore({ ...request, signal }));
        const names = candidates.map((candidate) => candidate.name);
        assertAssertable(assertions, names, 'one of the databases to back up');
        assertStillEncrypted(request, previous);
        (0,core_clock/* warnOfClock */.o0)(store, reporter);
        if (request.dryRun) {
            const retention = await pruneAfter(request);
            return { manifest: null, manifestKey: null, previous, retention, verified: null, failure: null };
        }
        const manifest = await commit(request, candidates, endings);
        const key = (0,core_keys/* manifestKey */.Rn)(name, manifest.id);
        // A restore here takes room, too.
        if (request.verifyAfter !== null)
            await endings.all();
        reporter.info(`Backup ${manifest.id} is complete in ${store.label}.`);
        return { manifest, manifestKey: key, previous, ...(await verifyAndPrune(request, manifest, previous)) };
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = backup_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
/** What fails here does not undo the backup, and the user must hear of both. */
async function verifyAndPrune(request, manifest, previous) {
    const complete = `Backup ${manifest.id} is complete`;
    let verified = null;
    let doing = 'verifying it';
    try {
        verified = (await request.verifyAfter?.(manifest)) ?? null;
        if (verified !== null && verified.failure !== null) {
            const message = `${complete}, but the verify after it failed, and nothing was pruned: ${verified.failure.message}`;
            return { verified, retention: null, failure: (0,errors/* retold */.Xd)(verified.failure, message) };
        }
        const shrunk = request.purpose === undefined ? shrunkDatabases(manifest, previous) : [];
        if (shrunk.length > 0)
            return { verified, retention: null, failure: tellShrunk(request, complete, shrunk) };
        doing = 'pruning after it';
        return { verified, retention: await pruneAfter(request), failure: null };
    }
    catch (error) {
        if (!(error instanceof errors/* HoldfastError */.Et))
            throw error;
        const failure = (0,errors/* retold */.Xd)(error, `${complete}, but ${doing} did not finish: ${error.message}`);
        return { verified, retention: null, failure };
    }
}
/** The older backups may be all that is left of the data. */
function tellShrunk({ failOnShrink, reporter }, complete, shrunk) {
    const message = `${complete}, but nothing was pruned: ${shrunk.join(' ')}`;
    const hint = 'Look whether data was lost. If it is meant to be so, the next run is compared with this backup.';
    if (failOnShrink)
        return new errors/* HoldfastError */.Et(message, { code: 'backup.shrunk', input: 'fail-on-shrink', hint });
    reporter.warn(`${message} ${hint}`);
    return null;
}
async function probeAll({ engines, reporter, signal }, held) {
    const found = [];
    for (const engine of engines) {
        const databases = await engine.discover({ signal });
        const probes = await (0,in_flight/* inFlight */.C)(databases, probesInFlight, signal, (database, either) => engine.probe(database, { signal: either, held }));
        for (const [index, database] of databases.entries()) {
            const probe = probes[index];
            for (const warning of probe.warnings)
                reporter.warn(warning);
            for (const { message, hint } of probe.notes ?? [])
                reporter.info(`${message} ${hint}`);
            reporter.info(`${database.source}: about ${Math.ceil(probe.expectedBytes / 1e6)} MB`);
            found.push({ engine, database, probe });
        }
    }
    const names = (0,core_keys/* uniqueNames */.uZ)(found.map(({ database }) => (0,core_keys/* safeName */.jC)(database.name)));
    return found.map((candidate, index) => ({ ...candidate, name: names[index] }));
}
/** The newest that the next one can be compared with: regular, with its objects, and not of a wrong clock. */
async function backupBefore({ store, name, now, signal }) {
    const { backups } = await (0,core_catalog/* readCatalog */.uM)(store, name, { signal });
    const at = now();
    return backups.find((found) => !found.safety && !found.missing && !(0,core_clock/* isFuture */.GJ)(found, at)) ?? null;
}
/** Stores every database and then the manifest; takes everything back when anything fails. */
async function commit(request, candidates, endings) {
    const { store, name, signal } = request;
    const createdAt = request.now();
    const id = (0,backup_id/* newBackupId */._H)(createdAt);
    const key = (0,core_keys/* manifestKey */.Rn)(name, id);
    const written = new Set();
    const noted = async (itsKey, put) => {
        written.add(itsKey);
        try {
            await put();
        }
        catch (error) {
            // What was there already is another run's.
            if (error instanceof errors/* HoldfastError */.Et && error.code === 'store.exists')
                written.delete(itsKey);
            throw error;
        }
    };
    request.journal?.backup(id);
    try {
        const databases = await storeAll(request, candidates, id, noted, endings);
        const manifest = {
            format: manifestFormat,
            id,
            name,
            createdAt: createdAt.toISOString(),
            tool: { name: 'holdfast', version: request.toolVersion },
            ...(request.purpose === undefined ? {} : { purpose: request.purpose }),
            databases,
        };
        (0,errors/* throwIfCancelled */.dZ)(signal);
        if (request.purpose === 'safety') {
            const mark = `${(0,core_keys/* backupFolder */.j0)(name, id)}${core_keys/* safetyFile */.Pd}`;
            await noted(mark, () => store.put(mark, (0,core_bytes/* bytesOf */.$$)('{}\n'), { signal }));
        }
        await assertComplete(store, manifest, signal);
        const text = formatManifest(manifest, request.signer);
        await noted(key, () => store.put(key, (0,core_bytes/* bytesOf */.$$)(text), { signal }));
        return manifest;
    }
    catch (error) {
        await takeBack({ ...request, manifest: key, written });
        throw error;
    }
}
/** The small ones a few at a time, as what they take is mostly waiting; then the large ones one after the other. */
async function storeAll(request, candidates, id, noted, endings) {
    const { reporter } = request;
    const isSmall = ({ probe }) => probe.expectedBytes <= smallBytes;
    const store = async ({ engine, database, probe, name: fileName }, signal) => {
        // The space and the programs that those before it took on the host.
        await endings.all();
        (0,errors/* throwIfCancelled */.dZ)(signal);
        const { expectedBytes } = probe;
        const { entry, ended } = await reporter.step(`Back up ${database.source}`, () => storeDatabase({ ...request, signal, engine, database, expectedBytes, id, fileName, noted }));
        endings.add(ended);
        return entry;
    };
    const small = candidates.filter(isSmall);
    const large = candidates.filter((candidate) => !isSmall(candidate));
    const programs = Math.max(1, ...small.map(({ probe }) => probe.programs ?? programsOfSnapshot));
    const atOnce = Math.min(smallInFlight, Math.floor(programsAtOnce / programs));
    const stored = [
        ...(await (0,in_flight/* inFlight */.C)(small, atOnce, request.signal, store)),
        ...(await (0,in_flight/* inFlight */.C)(large, 1, request.signal, store)),
    ];
    const order = [...small, ...large];
    return candidates.map((candidate) => stored[order.indexOf(candidate)]);
}
async function pruneAfter(request) {
    const { policy, reporter } = request;
    if (policy === null || (0,retention/* isEmptyPolicy */.k)(policy))
        return null;
    return reporter.step('Prune by the retention policy', async () => {
        const result = await prune({ ...request, policy, now: request.now() });
        // A key that may only write is a good one to make backups with.
        if (result.denied !== null)
            reporter.warn(`${result.denied.message} ${result.denied.hint}`);
        return result;
    });
}

// EXTERNAL MODULE: ./build/core/calendar.js
var calendar = __webpack_require__(6778);
// EXTERNAL MODULE: ./build/core/duration.js
var duration = __webpack_require__(1420);
// EXTERNAL MODULE: ./build/core/other-names.js
var other_names = __webpack_require__(2053);
;// CONCATENATED MODULE: ./build/core/check.js






/** Asks whether the newest backup, and the newest verified one, are young enough. One listing, no download. */
async function check(request) {
    const { store, name, maxAge, maxVerifiedAge, now, reporter, signal } = request;
    const catalog = await (0,core_catalog/* readCatalog */.uM)(store, name, { signal });
    const backups = catalog.backups.filter(({ safety, missing }) => !safety && !missing);
    const [ahead] = backups.filter((backup) => (0,core_clock/* isFuture */.GJ)(backup, now));
    if (ahead !== undefined) {
        reporter.warn(`Backup ${ahead.id} is dated in the future and not counted: check the clock of whoever made it.`);
    }
    const past = backups.filter((backup) => !(0,core_clock/* isFuture */.GJ)(backup, now));
    const newest = past[0] ?? null;
    const verified = past.find(core_catalog/* provesContent */.Xe) ?? null;
    const problems = [
        tooOld(request, 'backup', newest, maxAge),
        ...(maxVerifiedAge === null ? [] : [tooOld(request, 'verified backup', verified, maxVerifiedAge)]),
    ].filter((problem) => problem !== null);
    const others = catalog.backups.length === 0 ? await (0,other_names/* otherNames */.J)(store, name, { signal }) : [];
    return {
        newest: newest && aged(newest, now),
        newestVerified: verified && aged(verified, now),
        failure: problems.length === 0 ? null : stale(problems.join(' '), others),
    };
}
function tooOld({ name, store, now }, what, backup, limit) {
    const text = (0,duration/* formatDuration */.a)(limit);
    if (backup === null)
        return `There is no ${what} of ${name} in ${store.label}; one must be younger than ${text}.`;
    if (backup.createdAt.getTime() > new calendar/* Calendar */.V('UTC').before(now, limit).getTime())
        return null;
    const { ageSeconds } = aged(backup, now);
    const hours = Math.floor(ageSeconds / 3600);
    const days = Math.floor(hours / 24);
    const age = hours < 1 ? `${ageSeconds} seconds` : hours < 48 ? `${hours} hours` : `${days} days`;
    return `The newest ${what} of ${name} in ${store.label} is ${backup.id}, ${age} old; it must be younger than ${text}.`;
}
function aged({ id, createdAt }, now) {
    return { id, ageSeconds: Math.floor((now.getTime() - createdAt.getTime()) / 1000) };
}
function stale(message, others) {
    if (others.length > 0) {
        return new errors/* StaleError */.We(message, { code: 'check.stale', input: 'name', hint: (0,other_names/* describeOthers */.H)(others) });
    }
    return new errors/* StaleError */.We(message, {
        code: 'check.stale',
        hint: 'Look at the runs of the backup workflow: a schedule may be late, switched off (after 60 days without activity), or failing.',
    });
}

;// CONCATENATED MODULE: ./build/core/lifecycle.js

/** An upload that is not complete by then never will be. */
const uploadDays = 7;
/** So long what was hidden or overwritten can be brought back. */
const noncurrentDays = 30;
const marginDays = 7;
/** The largest number of days that stores take. */
const mostDays = 2_147_483_647;
/**
 * Rules for the store that do by age what prune does by policy, for keys that may not delete. They remove later than prune
 * would, and nothing by age where the policy can't be told as one.
 * @param folder where the backups lie: `prefix/name/`
 */
function lifecycleOf(policy, folder) {
    const longest = longestAge(policy);
    const expires = typeof longest === 'number';
    const base = { Status: 'Enabled', Filter: { Prefix: folder } };
    const id = `holdfast ${folder}`;
    const rules = [
        {
            ...base,
            ID: `${id} uploads and versions`,
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: uploadDays },
            NoncurrentVersionExpiration: { NoncurrentDays: noncurrentDays },
        },
        // S3 takes days and markers in two rules only.
        { ...base, ID: `${id} markers`, Expiration: { ExpiredObjectDeleteMarker: true } },
    ];
    if (expires)
        rules.push({ ...base, ID: `${id} age`, Expiration: { Days: withMargin(longest) } });
    const notes = expires
        ? expirationNotes(withMargin(longest))
        : [`No rule removes backups by age: ${longest}`];
    return { rules, notes };
}
function expirationNotes(days) {
    return [
        `Backups are removed ${days} days after they were made, whatever else is there: when no new ones are made, the last one goes too, so let \`check\` watch them.`,
        'The number holds for backups that are made at least daily; with fewer, the keep rules reach further back than these rules.',
        'Rules of a bucket know neither `pinned` backups nor the newest verified one: copy what must stay to another prefix.',
    ];
}
/** The age in days that no backup which the policy keeps can exceed; or the sentence why there is none. */
function longestAge(policy) {
    if (policy === null || (0,retention/* isEmptyPolicy */.k)(policy))
        return 'no keep rule is set, so everything is kept.';
    const { last, within, hourly, daily, weekly, monthly, yearly, min } = policy;
    if (last > 0)
        return '`keep-last` counts backups, and a bucket knows only their age; use `keep-within` or `keep-daily`.';
    // Daily backups have one in an hour, so that each hour counted is a day.
    const days = Math.max(within === null ? 0 : daysOf(within), hourly, daily, weekly * 7, monthly * 31, yearly * 366, min);
    if (withMargin(days) <= mostDays)
        return days;
    return 'a keep rule has no end (`unlimited`), or one that is out of reach.';
}
function withMargin(days) {
    return Math.ceil(days * 1.1) + marginDays;
}
/** At the most: calendar units are taken at their longest. */
function daysOf({ years, months, weeks, days, hours, minutes, seconds }) {
    return Math.ceil(years * 366 + months * 31 + weeks * 7 + days + hours / 24 + minutes / 1440 + seconds / 86_400);
}

;// CONCATENATED MODULE: ./build/core/list.js




/** The backups of one name, newest first, and what failed runs have left behind. */
async function list(request) {
    const { store, name, now, all, signal } = request;
    const { backups, leftovers } = await (0,core_catalog/* readCatalog */.uM)(store, name, { signal });
    const aged = (createdAt) => ({
        createdAt,
        ageSeconds: Math.floor((now.getTime() - createdAt.getTime()) / 1000),
    });
    const found = all ? withUploads(leftovers, await list_unfinishedOf(request)) : leftovers;
    return {
        otherNames: backups.length === 0 ? await (0,other_names/* otherNames */.J)(store, name, { signal }) : [],
        leftovers: found.map(({ writtenAt: _, ...leftover }) => ({ ...leftover, ...aged(leftover.createdAt) })),
        backups: backups.map(({ id, createdAt, storedBytes, databases, verified, safety, missing }) => ({
            ...{ id, storedBytes, databases, verified, safety, missing },
            ...aged(createdAt),
        })),
    };
}
/** What is being uploaded at this moment is among them. */
async function list_unfinishedOf({ store, name, reporter, signal }) {
    try {
        return await (0,core_catalog/* readUnfinished */.ML)(store, name, { signal });
    }
    catch (error) {
        if (!(error instanceof errors/* StoreError */.AD && error.code === 'store.denied'))
            throw error;
        reporter.warn(`${error.message} ${error.hint}`);
        return [];
    }
}
function withUploads(leftovers, puts) {
    const ids = new Set([...leftovers.map(({ id }) => id), ...puts.map(({ backup }) => backup)]);
    return [...ids]
        .map((id) => {
        const createdAt = (0,backup_id/* timeOfBackupId */.s2)(id);
        const none = { id, createdAt, keys: [], storedBytes: 0, writtenAt: createdAt };
        const uploads = puts.filter(({ backup }) => backup === id);
        return { ...none, ...leftovers.find((leftover) => leftover.id === id), uploads };
    })
        .sort(core_catalog/* newestFirst */.ll);
}

// EXTERNAL MODULE: ./build/core/signature.js
var signature = __webpack_require__(2020);
// EXTERNAL MODULE: ./build/core/doctor.js
var doctor = __webpack_require__(1359);
// EXTERNAL MODULE: ./build/hosts/open-host.js + 7 modules
var open_host = __webpack_require__(8189);
// EXTERNAL MODULE: ./build/stores/s3-errors.js
var s3_errors = __webpack_require__(7661);
;// CONCATENATED MODULE: ./build/stores/s3-answer.js

const noAnswers = {
    none: ['NoSuchLifecycleConfiguration', 'ObjectLockConfigurationNotFoundError'],
    denied: ['AccessDenied', '403'],
    // InvalidRequest: of older Ceph, for a bucket without locks.
    unknown: ['NotImplemented', '501', 'MethodNotAllowed', '405', 'InvalidRequest', 'NotFound'],
};
/** The answer, or why there is none; any other failure is thrown as a sentence. */
async function answerOf(bucket, ask) {
    try {
        return await ask();
    }
    catch (error) {
        const codes = (0,s3_errors/* codesOf */.MZ)(error);
        const why = Object.keys(noAnswers).find((each) => noAnswers[each].some((code) => codes.includes(code)));
        if (why !== undefined)
            return why;
        throw bucket.translate('examine', '', error);
    }
}

// EXTERNAL MODULE: ./build/stores/s3-bucket.js
var s3_bucket = __webpack_require__(2480);
// EXTERNAL MODULE: ./build/stores/s3-client.js + 3 modules
var s3_client = __webpack_require__(4906);
// EXTERNAL MODULE: external "node:timers/promises"
var promises_ = __webpack_require__(8500);
// EXTERNAL MODULE: ./build/stores/s3-remove.js
var s3_remove = __webpack_require__(3562);
;// CONCATENATED MODULE: ./build/stores/s3-privileges.js




/**
 * Would be tried by doing it to the bucket of the backups. No refusal can be relied upon (there are stores that delete a
 * bucket which is not empty), nothing that is put back is sure to be what was there, and somebody else may change it
 * meanwhile: so it is never tried.
 */
const untriedPrivileges = [
    'change lifecycle rules',
    'change versioning',
    'change the default lock',
    'change the bucket policy',
    'delete the bucket',
];
/** How long the test object is locked. */
const lockMs = 4000;
/** Tries each on an object of its own. The bucket itself, and whatever else is in it, is never the target of a request. */
async function examinePrivileges(bucket, { key, isThere }, signal) {
    const VersionId = isThere ? await versionOf(bucket, key, signal) : await put(bucket, key, signal);
    const own = { bucket, key, version: VersionId, signal };
    let left = true;
    const verdicts = new Map();
    try {
        // Where there are versions nothing is lost, and a key that may not delete could not take the second one away.
        verdicts.set('overwrite objects', VersionId === undefined ? await mayOverwrite(own) : null);
        verdicts.set('get around locks', await mayBypass(own));
        verdicts.set('delete objects', await mayDelete(own, undefined));
        verdicts.set('delete old versions', VersionId === undefined ? null : await mayDelete(own, VersionId));
    }
    finally {
        left = !(await isRemoved(own));
    }
    const which = (wanted) => [...verdicts].filter(([, may]) => may === wanted).map(([name]) => name);
    return { allowed: which(true), refused: which(false), versioned: VersionId !== undefined, left };
}
async function put(bucket, key, signal) {
    const { sdk, client, preset } = bucket.connection;
    // As a backup puts, which may be all that the key is allowed to.
    const condition = preset.conditionalPut ? { IfNoneMatch: '*' } : {};
    const command = new sdk.PutObjectCommand({
        ...bucket.target(key),
        Body: Buffer.from('test'),
        ...condition,
    });
    const { VersionId } = await bucket.translated('put', key, () => client.send(command, { abortSignal: signal }));
    return VersionId;
}
/** Not told where the key may not look. */
async function versionOf(bucket, key, signal) {
    const { sdk, client } = bucket.connection;
    const command = new sdk.HeadObjectCommand(bucket.target(key));
    const answer = await answerOf(bucket, () => client.send(command, { abortSignal: signal }));
    return typeof answer === 'string' ? undefined : answer.VersionId;
}
async function isRemoved({ bucket, key }) {
    try {
        const { kept, warning } = await (0,s3_remove/* removeKeys */.$)(bucket, [key], AbortSignal.timeout(10_000));
        return kept.length === 0 && warning === undefined;
    }
    catch {
        return false;
    }
}
/** Whether the store does it, or refuses; where it says anything else, that is not known. */
async function isAllowed(work) {
    try {
        await work();
        return true;
    }
    catch (error) {
        const codes = (0,s3_errors/* codesOf */.MZ)(error);
        return codes.includes('AccessDenied') || codes.includes('403') ? false : null;
    }
}
function mayOverwrite({ bucket, key, signal }) {
    const { sdk, client } = bucket.connection;
    const command = new sdk.PutObjectCommand({ ...bucket.target(key), Body: Buffer.from('test again') });
    return isAllowed(() => client.send(command, { abortSignal: signal }));
}
function mayDelete({ bucket, key, signal }, VersionId) {
    const { sdk, client } = bucket.connection;
    const target = VersionId === undefined ? bucket.target(key) : { ...bucket.target(key), VersionId };
    return isAllowed(() => client.send(new sdk.DeleteObjectCommand(target), { abortSignal: signal }));
}
/** Locks the test object for seconds, and tries to delete it in spite of that. */
async function mayBypass({ bucket, key, version, signal }) {
    if (version === undefined)
        return null;
    const { sdk, client } = bucket.connection;
    const options = { abortSignal: signal };
    const target = { ...bucket.target(key), VersionId: version };
    const RetainUntilDate = new Date(Date.now() + lockMs);
    const locking = new sdk.PutObjectRetentionCommand({
        ...target,
        Retention: { Mode: 'GOVERNANCE', RetainUntilDate },
    });
    if ((await isAllowed(() => client.send(locking, options))) !== true)
        return null;
    const removing = new sdk.DeleteObjectCommand({ ...target, BypassGovernanceRetention: true });
    const may = await isAllowed(() => client.send(removing, options));
    if (may !== true)
        await (0,promises_.setTimeout)(lockMs + 1000, undefined, { signal }).catch(() => { });
    return may;
}

;// CONCATENATED MODULE: ./build/stores/s3-doctor.js






async function openS3Doctor(settings) {
    const connection = await (0,s3_client/* connectS3 */.f)(settings);
    const bucket = new s3_bucket/* S3Bucket */.r(settings, connection);
    const { clock } = connection;
    return {
        partBytes: connection.preset.minimumPartBytes,
        versioning: (signal) => versioning(bucket, signal),
        lock: (wanted, signal) => lock(bucket, wanted, signal),
        lifecycle: (signal) => lifecycle(bucket, signal),
        privileges: (object, signal) => examinePrivileges(bucket, object, signal),
        async clock(signal) {
            if (clock.aheadMs === null)
                await bucket.headIfAllowed('holdfast-doctor', signal);
            return clock.aheadMs === null ? (0,doctor/* untried */.IM)('the store tells no time.') : (0,core_clock/* judgeClock */.Mi)(clock.aheadMs);
        },
    };
}
async function versioning(bucket, signal) {
    const { sdk, client } = bucket.connection;
    const command = new sdk.GetBucketVersioningCommand({ Bucket: bucket.name });
    const answer = await answerOf(bucket, () => client.send(command, { abortSignal: signal }));
    if (answer === 'unknown' || answer === 'none')
        return (0,doctor/* good */.uw)('The store knows no versions.');
    if (answer === 'denied')
        return (0,doctor/* good */.uw)('Not told: the key may not ask (s3:GetBucketVersioning).');
    if (answer.Status === 'Enabled')
        return (0,doctor/* good */.uw)('Old versions are kept: what is deleted by name can be undone.');
    return (0,doctor/* good */.uw)('Off: an object that is deleted or overwritten is gone. With Object Lock, versions protect backups.');
}
async function lock(bucket, wanted, signal) {
    const { sdk, client } = bucket.connection;
    const command = new sdk.GetObjectLockConfigurationCommand({ Bucket: bucket.name });
    const answer = await answerOf(bucket, () => client.send(command, { abortSignal: signal }));
    const without = (detail) => (wanted ? unlockable(detail) : (0,doctor/* good */.uw)(detail));
    if (answer === 'unknown')
        return without('There are none: whoever may delete objects may delete backups.');
    if (answer === 'denied')
        return (0,doctor/* good */.uw)('Not told: the key may not ask (s3:GetBucketObjectLockConfiguration).');
    if (answer === 'none' || answer.ObjectLockConfiguration?.ObjectLockEnabled !== 'Enabled') {
        return without('Off: whoever may delete objects may delete backups.');
    }
    const retention = answer.ObjectLockConfiguration.Rule?.DefaultRetention;
    if (retention === undefined)
        return (0,doctor/* good */.uw)('On, without a default: new objects are not locked by themselves.');
    const { Mode, Days, Years } = retention;
    return (0,doctor/* good */.uw)(`On: new objects are locked for ${Days ?? Years} ${Days === undefined ? 'years' : 'days'} (${Mode}).`);
}
function unlockable(detail) {
    const hint = 'Store in a bucket that was made with Object Lock, or leave `lock-days` out.';
    return (0,doctor/* bad */.MB)(`${detail} \`lock-days\` would fail every backup.`, hint, 'lock-days');
}
async function lifecycle(bucket, signal) {
    const { sdk, client } = bucket.connection;
    const command = new sdk.GetBucketLifecycleConfigurationCommand({ Bucket: bucket.name });
    const answer = await answerOf(bucket, () => client.send(command, { abortSignal: signal }));
    if (answer === 'unknown')
        return (0,doctor/* good */.uw)('The store knows no lifecycle rules.');
    if (answer === 'denied')
        return (0,doctor/* good */.uw)('Not told: the key may not ask (s3:GetLifecycleConfiguration).');
    return judgeLifecycle(answer === 'none' ? [] : (answer.Rules ?? []), bucket.prefix);
}
/** Of rules that are in force and that concern the prefix. */
function judgeLifecycle(rules, prefix) {
    const ours = rules.filter((rule) => rule.Status === 'Enabled' && concerns(rule, prefix));
    const expiring = ours.find(({ Expiration }) => Expiration?.Days !== undefined || Expiration?.Date !== undefined);
    if (expiring !== undefined) {
        const { Days, Date: date } = expiring.Expiration ?? {};
        const when = Days === undefined ? `on ${date?.toISOString().slice(0, 10)}` : `after ${Days} days`;
        return (0,doctor/* doubtful */.Yb)(`The rule ${expiring.ID ?? 'without a name'} removes backups ${when}, whatever the keep rules say.`, 'Remove its expiration, or make sure that it is longer than what you want to keep.');
    }
    const aborting = ours.find(({ AbortIncompleteMultipartUpload: abort }) => abort?.DaysAfterInitiation);
    if (aborting !== undefined) {
        const days = aborting.AbortIncompleteMultipartUpload?.DaysAfterInitiation;
        return (0,doctor/* good */.uw)(`Unfinished uploads are removed after ${days} days.`);
    }
    return (0,doctor/* doubtful */.Yb)('No rule removes unfinished uploads, which a killed run leaves and which are billed for ever.', 'Add a lifecycle rule to the bucket with AbortIncompleteMultipartUpload, DaysAfterInitiation 3.');
}
function concerns({ Filter, Prefix }, prefix) {
    const narrowed = Filter?.Tag ?? Filter?.And?.Tags ?? Filter?.ObjectSizeLessThan ?? Filter?.ObjectSizeGreaterThan;
    if (narrowed !== undefined)
        return false;
    const its = Filter?.And?.Prefix ?? Filter?.Prefix ?? Prefix ?? '';
    return prefix.startsWith(its);
}

// EXTERNAL MODULE: ./build/app/open.js + 68 modules
var app_open = __webpack_require__(5422);
;// CONCATENATED MODULE: ./build/app/doctor-bucket.js




/** Of folders, that need no parts. */
const folderBytes = 8 * 2 ** 20;
/** What only buckets have. */
function bucketChecks(trial) {
    const { config, surroundings, signal } = trial;
    const { store } = config;
    if (store.kind !== 's3')
        return { checks: [], partBytes: async () => folderBytes };
    let opened = null;
    const bucket = () => {
        opened ??= openS3Doctor((0,app_open/* s3SettingsOf */.lZ)(store, surroundings));
        return opened;
    };
    const needs = ['store.reach'];
    const checks = [
        { id: 'store.versioning', needs, run: async () => (await bucket()).versioning(signal) },
        { id: 'store.lock', needs, run: async () => (await bucket()).lock(config.lock !== null, signal) },
        { id: 'store.lifecycle', needs, run: async () => (await bucket()).lifecycle(signal) },
        { id: 'store.privileges', needs: ['store.put'], run: async () => privileges(await bucket(), trial) },
        { id: 'store.clock', needs, run: async () => (await bucket()).clock(signal) },
    ];
    return { checks, partBytes: async () => (await bucket()).partBytes };
}
async function privileges(bucket, { config, folder, made, signal }) {
    const [there] = made;
    const key = there ?? `${folder}/privileges`;
    const object = { key, isThere: there !== undefined };
    const { allowed, refused, versioned, left } = await bucket.privileges(object, signal);
    if (!left)
        made.delete(key);
    const needed = neededFor(config);
    const extra = allowed.filter((privilege) => privilege !== 'overwrite objects' && !needed.includes(privilege));
    const overwrites = allowed.includes('overwrite objects');
    const stays = left ? ` ${key} stays.` : '';
    const cannot = refused.length === 0 ? '' : ` It may not ${refused.join(', ')}.`;
    const more = `${overText(versioned, overwrites)}${cannot}${stays}${untried}`;
    const least = `To an object of its own this key may do no more than a backup needs.${more}`;
    if (extra.length === 0)
        return overwrites ? (0,doctor/* doubtful */.Yb)(least, versionsHint) : (0,doctor/* good */.uw)(least);
    const right = config.policy === null ? 'list, read and write' : 'list, read, write and delete';
    const hint = `Use a key of this bucket that may ${right} only (docs/security.md).`;
    return (0,doctor/* doubtful */.Yb)(`This key may do more than a backup needs, and so may whoever steals it: ${extra.join(', ')}.${more}`, overwrites ? `${hint} ${versionsHint}` : hint);
}
const untried = ` Not tried, as that would put the bucket at risk: ${untriedPrivileges.join(', ')}. ` +
    'On AWS `aws iam simulate-principal-policy` tells, on Backblaze B2 `b2 account get` (docs/security.md).';
const versionsHint = 'Turn on versions, and with `lock-days` locks: few stores can refuse to overwrite (docs/security.md).';
function overText(versioned, overwrites) {
    if (versioned)
        return ' What it puts over a backup is a newer version: the backup stays.';
    if (!overwrites)
        return '';
    return ' It may put other content over a backup, which is gone then: the bucket keeps no versions.';
}
/** Pruning frees space only when it may delete versions. */
function neededFor({ policy }) {
    return policy === null ? [] : ['delete objects', 'delete old versions'];
}

// EXTERNAL MODULE: ./node_modules/pretty-bytes/index.js
var pretty_bytes = __webpack_require__(5901);
;// CONCATENATED MODULE: ./build/app/doctor-databases.js





/** Finds the databases, and then has a check for each of them. */
function databaseChecks(given) {
    const needs = [given.config.host.gated ? 'ssh.gate' : 'host.shell'];
    return [{ id: 'database', needs, run: () => find(given) }];
}
async function find({ config, host, stack, surroundings }) {
    const { signal } = surroundings;
    const runner = stack.use(await (0,app_open/* openRunner */.NH)(surroundings));
    const engines = (0,app_open/* openEngines */.Uj)(config, await host(), runner, surroundings);
    const found = [];
    const failures = [];
    for (const engine of engines) {
        try {
            const databases = await engine.discover({ signal });
            found.push(...databases.map((database) => ({ engine, database })));
        }
        catch (error) {
            (0,errors/* throwIfCancelled */.dZ)(signal);
            if (!(error instanceof errors/* HoldfastError */.Et))
                throw error;
            failures.push(error);
        }
    }
    // Named as in the backup.
    const names = (0,core_keys/* uniqueNames */.uZ)(found.map(({ database }) => (0,core_keys/* safeName */.jC)(database.name)));
    const more = found.map((each, index) => checkOf(each, names[index], config.host.gated, surroundings));
    const [first] = failures;
    if (first === undefined)
        return { ...(0,doctor/* good */.uw)(`${found.length} to back up: ${names.join(', ')}.`), more };
    const detail = failures.map(({ message }) => message).join(' ');
    return { level: 'fail', detail, hint: first.hint, input: first.input, more };
}
function checkOf({ engine, database }, name, gated, { signal }) {
    return {
        id: `database.${name}`,
        // A gate looks for the tools itself.
        needs: engine.id === 'sqlite' && !gated ? ['host.tools'] : [],
        async run() {
            const { expectedBytes, warnings, notes = [], detail } = await engine.probe(database, { signal });
            const size = expectedBytes > 0 ? `, about ${(0,pretty_bytes/* default */.A)(expectedBytes)}` : '';
            const text = `${database.source}${detail === undefined ? '' : `: ${detail}`}${size}.`;
            const doubts = [...warnings, ...notes.map(({ message }) => message)];
            if (doubts.length === 0)
                return (0,doctor/* good */.uw)(text);
            return { level: 'warn', detail: [text, ...doubts].join(' '), hint: notes[0]?.hint };
        },
    };
}

// EXTERNAL MODULE: ./build/engines/sqlite/host-facts.js + 1 modules
var host_facts = __webpack_require__(8410);
// EXTERNAL MODULE: external "node:dns/promises"
var external_node_dns_promises_ = __webpack_require__(1553);
// EXTERNAL MODULE: external "node:events"
var external_node_events_ = __webpack_require__(8474);
// EXTERNAL MODULE: external "node:net"
var external_node_net_ = __webpack_require__(7030);
// EXTERNAL MODULE: ./build/hosts/after-mark.js
var after_mark = __webpack_require__(2578);
// EXTERNAL MODULE: ./build/hosts/open-ssh.js + 6 modules
var open_ssh = __webpack_require__(676);
// EXTERNAL MODULE: ./build/hosts/ssh-errors.js
var ssh_errors = __webpack_require__(5892);
// EXTERNAL MODULE: ./build/hosts/tether.js
var tether = __webpack_require__(8158);
;// CONCATENATED MODULE: ./build/hosts/ssh-doctor.js











const answerTimeoutMs = 20_000;
/** Of our own key, and so of the login: told before the server is asked for its key, or after it. */
const keyCodes = ['ssh.key', 'ssh.passphrase'];
const loginCodes = [...keyCodes, 'ssh.key-refused'];
/** Looks at the way to a server step by step. Disposing closes the connection. */
class SshDoctor {
    #target;
    #label;
    #signal;
    #opened = null;
    constructor(target, signal) {
        this.#target = target;
        this.#label = `${target.user}@${target.host}`;
        this.#signal = signal;
    }
    async dns() {
        const { host } = this.#target;
        if ((0,external_node_net_.isIP)(host) !== 0)
            return (0,doctor/* good */.uw)(`${host} is an address.`);
        try {
            const found = await (0,external_node_dns_promises_.lookup)(host, { all: true });
            return (0,doctor/* good */.uw)(`${host} is ${found.map(({ address }) => address).join(', ')}.`);
        }
        catch (error) {
            throw (0,ssh_errors/* sshError */.$$)(this.#label, error);
        }
    }
    async port() {
        try {
            const banner = await this.#banner();
            return (0,doctor/* good */.uw)(`Port ${this.#target.port} answers: ${banner}`);
        }
        catch (error) {
            if (this.#signal.aborted)
                throw error;
            throw (0,ssh_errors/* sshError */.$$)(this.#label, error);
        }
    }
    async hostKey() {
        const opened = await this.#open();
        if (!(opened instanceof errors/* HoldfastError */.Et) || opened.code === 'ssh.key-refused') {
            return (0,doctor/* good */.uw)('The server has a key of `ssh-known-hosts`.');
        }
        if (keyCodes.includes(opened.code))
            return (0,doctor/* untried */.IM)('`ssh-key` can not be read.');
        throw opened;
    }
    async login() {
        const opened = await this.#open();
        if (!(opened instanceof errors/* HoldfastError */.Et))
            return (0,doctor/* good */.uw)(`Logged in as ${this.#target.user}.`);
        if (loginCodes.includes(opened.code))
            throw opened;
        return (0,doctor/* untried */.IM)('ssh.host-key is not good.');
    }
    /** Whether `sh` starts, and nothing else speaks before it. */
    async shell() {
        const opened = await this.#open();
        if (opened instanceof errors/* HoldfastError */.Et)
            throw opened;
        const mark = `holdfast-${(0,external_node_crypto_.randomBytes)(12).toString('hex')}`;
        const script = `printf '%s\\n' ${mark}\n`;
        const raw = await opened.start(tether/* bootstrap */.Nw);
        raw.stdin.on('error', () => { });
        raw.stderr.resume();
        raw.stdin.end((0,tether/* scripted */.LI)(script));
        const marked = (0,after_mark/* afterMark */.W)(raw.stdout, mark);
        await (0,core_bytes/* collect */.Fo)(marked.bytes);
        await raw.ended;
        const said = marked.before().trim();
        if (!(await marked.seen))
            throw noShell(this.#label, said);
        if (said === '')
            return (0,doctor/* good */.uw)('`sh` starts, and no login script speaks before it.');
        return (0,doctor/* doubtful */.Yb)(`A login script prints ${JSON.stringify(said.slice(0, 80))} before every program; Holdfast skips it, scp and rsync break.`, 'Begin ~/.bashrc on the server with: case $- in *i*) ;; *) return;; esac');
    }
    async [Symbol.asyncDispose]() {
        const opened = await this.#opened;
        if (opened !== null && !(opened instanceof errors/* HoldfastError */.Et))
            await opened.close();
    }
    #open() {
        this.#opened ??= (0,open_ssh/* openSsh */.z)(this.#target, this.#signal).catch((error) => {
            if (error instanceof errors/* HoldfastError */.Et && !this.#signal.aborted)
                return error;
            throw error;
        });
        return this.#opened;
    }
    /** The first line that a server says. */
    async #banner() {
        const { host, port } = this.#target;
        const signal = AbortSignal.any([this.#signal, AbortSignal.timeout(answerTimeoutMs)]);
        const socket = (0,external_node_net_.createConnection)({ host, port });
        let open = false;
        try {
            await (0,external_node_events_.once)(socket, 'connect', { signal });
            open = true;
            const [first] = (await (0,external_node_events_.once)(socket, 'data', { signal }));
            const [line = ''] = first.toString('latin1').split(/\r?\n/, 1);
            if (!line.startsWith('SSH-'))
                throw new Error('no SSH banner');
            return line.slice(0, 80);
        }
        catch (cause) {
            if (this.#signal.aborted || cause.name !== 'AbortError')
                throw cause;
            if (open)
                throw new Error('no SSH banner', { cause });
            throw Object.assign(new Error('connect timed out', { cause }), { code: 'ETIMEDOUT' });
        }
        finally {
            socket.on('error', () => { });
            socket.destroy();
        }
    }
}
function noShell(label, said) {
    const why = said === '' ? 'nothing was answered' : `it says ${JSON.stringify(said.slice(-200))}`;
    return new errors/* HoldfastError */.Et(`No program can be started on ${label}: ${why}.`, {
        code: 'host.no-shell',
        input: 'ssh',
        hint: 'The account needs a login shell and `sh`: look at its line in /etc/passwd, and at ForceCommand or `command=`.',
    });
}

;// CONCATENATED MODULE: ./build/app/doctor-host.js
var doctor_host_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
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
var doctor_host_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
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






/** The way to the server, step by step. */
function sshChecks(given) {
    const { config, stack, signal } = given;
    const { stallMs } = given.surroundings;
    const { ssh, gated } = config.host;
    if (ssh === null)
        return [];
    const steps = stack.use(new SshDoctor({ ...ssh, stallMs }, signal));
    return [
        { id: 'ssh.dns', run: () => steps.dns() },
        { id: 'ssh.port', needs: ['ssh.dns'], run: () => steps.port() },
        { id: 'ssh.host-key', needs: ['ssh.port'], run: () => steps.hostKey() },
        { id: 'ssh.login', needs: ['ssh.port'], run: () => steps.login() },
        gated
            ? { id: 'ssh.gate', needs: ['ssh.login'], run: () => gate(given) }
            : { id: 'ssh.shell', needs: ['ssh.login'], run: () => steps.shell() },
    ];
}
/** The key does what it is for; what else it may not do is sshd's and the line's business. */
async function gate({ host, signal }) {
    const where = await host();
    const ran = await (0,core_program/* runProgram */.mB)(where, ['holdfast', '1', 'list'], { signal });
    if (ran.code !== 0)
        throw (0,core_program/* programFailed */.U_)('Listing the files of the key', where, ran);
    return (0,doctor/* good */.uw)('The key takes this backup, and nothing else.');
}
/** What the machine, or the container on it, has for a backup. */
function hostChecks(given) {
    if (given.config.host.gated)
        return [];
    return [
        { id: 'host.shell', needs: ['ssh.shell'], run: () => shell(given) },
        { id: 'host.tools', needs: ['host.shell'], run: () => tools(given) },
        { id: 'host.scratch', needs: ['host.shell'], run: () => scratch(given) },
    ];
}
async function shell({ config, host, signal }) {
    const where = await host();
    const ran = await (0,core_program/* runProgram */.mB)(where, ['id', '-un'], { signal });
    if (ran.code !== 0)
        throw (0,core_program/* programFailed */.U_)('`id`', where, ran);
    const how = config.host.sudo ? ' by sudo' : '';
    return (0,doctor/* good */.uw)(`Programs run on ${where.label} as ${ran.stdout.trim()}${how}.`);
}
/** One fact a line; programs that are missing say nothing. */
const toolScript = `${host_facts/* factScript */.gJ}
say_tools all
for tool in zstd gzip openssl; do
  if command -v "$tool" >/dev/null 2>&1; then
    case $tool in openssl) flag=version ;; *) flag=--version ;; esac
    say "$tool $("$tool" "$flag" 2>&1 </dev/null | head -n 1)"
  fi
done
for tool in setsid nice df awk od mktemp head dd; do
  if command -v "$tool" >/dev/null 2>&1; then say "has $tool"; fi
done
`;
const versioned = ['zstd', 'gzip', 'openssl'];
async function tools({ config, host, signal }) {
    const where = await host();
    const { sources, compression } = config;
    const facts = new host_facts/* Facts */.At((await (0,core_program/* runProgram */.mB)(where, ['sh', '-c', toolScript], { signal })).stdout);
    if (sources.sqlite.length > 0)
        (0,host_facts/* chooseTool */.q1)(facts.tools, `SQLite files on ${where.label} can't be copied`);
    const { shellVersion, pythonVersion } = facts.tools;
    const listed = [
        `sqlite3 ${shellVersion ?? 'missing'}`,
        `python3 ${pythonVersion === null ? 'missing' : `with SQLite ${pythonVersion}`}`,
        ...versioned.map((name) => `${name} ${versionIn(facts.get(name))}`),
        facts.all('has').includes('setsid') ? 'setsid' : 'setsid missing',
    ].join(', ');
    const wanted = compression.codec === 'none' || compression.on === 'runner' ? null : compression;
    if (wanted === null || facts.get(wanted.codec) !== undefined)
        return (0,doctor/* good */.uw)(`${listed}.`);
    if (wanted.on === 'host')
        throw noCompressor(where, wanted.codec);
    if (!where.remote)
        return (0,doctor/* good */.uw)(`${listed}.`);
    return (0,doctor/* doubtful */.Yb)(`${listed}; without ${wanted.codec} there, plain bytes cross the network.`, `Install ${wanted.codec} on the server.`);
}
function versionIn(text) {
    if (text === undefined)
        return 'missing';
    return /\d+\.\d+[\w.]*/.exec(text)?.[0] ?? 'of unknown version';
}
function noCompressor({ label }, codec) {
    return new errors/* HoldfastError */.Et(`${label} has no ${codec} program to compress with.`, {
        code: 'codec.no-tool',
        input: 'compress-on',
        hint: `Install ${codec} there, or set \`compress-on: auto\`.`,
    });
}
/** Less is soon full. */
const littleBytes = 256 * 1024 * 1024;
async function scratch({ host, signal }) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const where = await host();
        const folder = doctor_host_addDisposableResource(env_1, await where.scratch({ signal }), true);
        const script = `${host_facts/* factScript */.gJ}\nsay_free "$1"\nsay_temporary_folders\n`;
        const { stdout } = await (0,core_program/* runProgram */.mB)(where, ['sh', '-c', script, 'sh', folder.path], { signal });
        const [own, ...others] = new host_facts/* Facts */.At(stdout).freeFolders;
        const free = own?.freeBytes ?? 0;
        const more = others.map(({ path, freeBytes }) => `${path} ${(0,pretty_bytes/* default */.A)(freeBytes)}`).join(', ');
        const detail = `A private folder was made and removed; free: ${more === '' ? (0,pretty_bytes/* default */.A)(free) : more}.`;
        if (Math.max(free, ...others.map(({ freeBytes }) => freeBytes)) >= littleBytes)
            return (0,doctor/* good */.uw)(detail);
        return (0,doctor/* doubtful */.Yb)(detail, 'Free some space there, or set TMPDIR to a folder with room.');
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = doctor_host_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}

;// CONCATENATED MODULE: ./build/app/doctor-keys.js



const sample = 'Holdfast doctor: whoever can read this can read the backups.\n';
/** Whether what is encrypted for others can be opened again with what is at hand. */
function encryptionCheck(config, surroundings) {
    return { id: 'encryption.round-trip', run: () => roundTrip(config, surroundings) };
}
async function roundTrip({ encryption, keys, verify }, surroundings) {
    const [codec] = await (0,app_open/* openEncryption */.ox)(encryption, surroundings);
    if (codec === undefined) {
        return (0,doctor/* good */.uw)('Backups are not encrypted: whoever may read the store can read them (`encrypt-to`).');
    }
    const opener = (0,app_open/* codecOpener */.WX)(keys, surroundings)(codec.id);
    if (opener.locked && verify?.level === 'restore') {
        return (0,doctor/* bad */.MB)('`verify` is to restore each new backup, but no key to open it is here.', 'Give the secret key as `identity`; or set `verify: hash`, and restore by the command `verify` elsewhere.', 'identity');
    }
    if (opener.locked) {
        await (0,core_bytes/* drain */.Ze)(codec.encode((0,core_bytes/* bytesOf */.$$)(sample)));
        return (0,doctor/* good */.uw)(`A text was encrypted by ${codec.id}; no key to open it is here, which is right for a backup.`);
    }
    const opened = await (0,core_bytes/* collect */.Fo)(opener.decode(codec.encode((0,core_bytes/* bytesOf */.$$)(sample))));
    if (opened.toString() === sample)
        return (0,doctor/* good */.uw)(`A text was encrypted by ${codec.id} and opened again.`);
    return (0,doctor/* bad */.MB)(`What ${codec.id} encrypted was opened as something else.`, 'Please report this.');
}
/** Whether the two halves belong together. */
function signatureCheck({ signer, verifier }) {
    return {
        id: 'signature',
        async run() {
            if (signer === null && verifier === null)
                return (0,doctor/* good */.uw)('Manifests are not signed (`sign-key`).');
            if (verifier === null)
                return (0,doctor/* good */.uw)(`Manifests are signed by the key ${signer?.keyId}.`);
            if (signer === null) {
                return (0,doctor/* doubtful */.Yb)('Signatures are asked for, but new manifests are not signed: prune and restore will refuse them.', 'Set `sign-key` to the secret half of `verify-key`.');
            }
            if (verifier.verify(sample, signer.sign(sample)))
                return (0,doctor/* good */.uw)(`\`sign-key\` and \`verify-key\` belong together: ${signer.keyId}.`);
            return (0,doctor/* bad */.MB)(`\`sign-key\` is ${signer.keyId}, but \`verify-key\` is ${verifier.keyId}: every new manifest would be refused.`, 'Set both to the halves of one pair, as `holdfast keygen` prints them.', 'verify-key');
        },
    };
}
/** What only GitHub's schedules do to a backup. */
function scheduleChecks({ env }) {
    if (env['GITHUB_ACTIONS'] !== 'true')
        return [];
    const bySchedule = env['GITHUB_EVENT_NAME'] === 'schedule';
    const run = async () => bySchedule
        ? (0,doctor/* doubtful */.Yb)('GitHub switches a schedule off after 60 days without a commit, and starts those of the full hour late or not at all.', 'Choose an odd minute in `cron`, and let `holdfast check` watch the age of the newest backup from another repository.')
        : (0,doctor/* good */.uw)('This run was not started by a schedule.');
    return [{ id: 'schedule', run }];
}

// EXTERNAL MODULE: external "node:fs/promises"
var external_node_fs_promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
;// CONCATENATED MODULE: ./build/app/doctor-store.js







/** What disposing could not remove stays, and the checks have told it. */
function openTrial(config, stack, surroundings) {
    let opened = null;
    const store = () => {
        opened ??= (0,app_open/* openStore */.Ch)(config.store, surroundings);
        return opened;
    };
    const folder = `${config.name}/doctor-${(0,external_node_crypto_.randomBytes)(6).toString('hex')}`;
    const made = new Set();
    stack.defer(async () => {
        if (made.size === 0)
            return;
        const removing = (await store()).remove([...made], { signal: AbortSignal.timeout(5000) });
        await removing.catch(() => { });
    });
    return { config, store, folder, made, surroundings, signal: surroundings.signal };
}
/** Writing, reading and deleting test objects, in any store. @param partBytes an object of more is sent in parts */
function storeChecks(trial, partBytes) {
    const state = { mayDelete: false };
    return [
        { id: 'store.reach', run: () => reach(trial) },
        { id: 'store.list', needs: ['store.reach'], run: () => doctor_store_list(trial) },
        { id: 'store.put', needs: ['store.reach'], run: () => doctor_store_put(trial) },
        { id: 'store.get', needs: ['store.put'], run: () => get(trial) },
        { id: 'store.delete', needs: ['store.put'], run: () => doctor_store_remove(trial, state) },
        {
            id: 'store.multipart',
            needs: ['store.put'],
            run: async () => putLarge(trial, await partBytes(), state.mayDelete),
        },
    ];
}
const doctor_store_sample = 'A test object of `holdfast doctor`.\n';
const smallKey = ({ folder }) => `${folder}/small`;
/** Asks for what is not there: to hear that is to have been let in. */
async function reach({ store, folder, signal }) {
    const opened = await store();
    try {
        await (0,core_bytes/* collect */.Fo)(opened.get(`${folder}/nothing`, { signal }));
    }
    catch (error) {
        const answers = ['store.not-found', 'store.denied'];
        if (!(error instanceof errors/* StoreError */.AD && answers.includes(error.code)))
            throw error;
    }
    return (0,doctor/* good */.uw)(`${opened.label} answers, and knows who asks.`);
}
/** A page of the listing is enough. */
const enough = 1000;
async function doctor_store_list({ config, store, signal }) {
    let count = 0;
    for await (const _ of (await store()).list(`${config.name}/`, { signal })) {
        count += 1;
        if (count === enough)
            break;
    }
    return (0,doctor/* good */.uw)(`${count === enough ? `${enough} or more` : count} objects of ${config.name}.`);
}
async function doctor_store_put(trial) {
    const { store, made, signal } = trial;
    const key = smallKey(trial);
    const { bytes } = await (await store()).put(key, (0,core_bytes/* bytesOf */.$$)(doctor_store_sample), { signal });
    made.add(key);
    return (0,doctor/* good */.uw)(`An object of ${bytes} bytes was written.`);
}
async function get(trial) {
    const { store, config, signal } = trial;
    try {
        const read = await (0,core_bytes/* collect */.Fo)((await store()).get(smallKey(trial), { signal }));
        if (read.toString() === doctor_store_sample)
            return (0,doctor/* good */.uw)('It was read back, the same.');
        return (0,doctor/* bad */.MB)('The test object was read back as something else.', 'Do not use this store for backups.');
    }
    catch (error) {
        const mayNot = error instanceof errors/* StoreError */.AD && error.code === 'store.denied';
        if (!mayNot || config.verify !== null)
            throw error;
        return (0,doctor/* good */.uw)('The key may not read: backups work, `verify` and `restore` need another one.');
    }
}
async function doctor_store_remove(trial, state) {
    const { store, config, made, signal } = trial;
    const key = smallKey(trial);
    let reason;
    try {
        const { removed, kept, warning } = await (await store()).remove([key], { signal });
        if (removed.includes(key)) {
            made.delete(key);
            state.mayDelete = warning === undefined;
            if (warning === undefined || config.policy === null)
                return (0,doctor/* good */.uw)('It was deleted.');
            return (0,doctor/* doubtful */.Yb)(warning, 'Allow the key to list and delete versions, or add a lifecycle rule for old ones.');
        }
        reason = kept[0]?.reason ?? 'no reason given';
    }
    catch (error) {
        if (!(error instanceof errors/* StoreError */.AD && error.code === 'store.denied'))
            throw error;
        reason = 'AccessDenied';
    }
    return keptBecause(reason, key, trial);
}
function keptBecause(reason, key, { config }) {
    if (reason.startsWith('locked'))
        return (0,doctor/* good */.uw)(`${key} is ${reason}, as backups will be; it stays until then.`);
    if (config.policy === null) {
        return (0,doctor/* good */.uw)(`The key may not delete (${reason}), which is best: nothing is pruned. ${key} stays.`);
    }
    return (0,doctor/* bad */.MB)(`The key may not delete (${reason}), but keep rules are set: nothing would ever be pruned.`, 'Allow it s3:DeleteObject on the bucket (on Backblaze B2 deleteFiles), or leave the keep rules out and let a lifecycle rule remove old backups.', 's3-access-key-id');
}
class Enough extends Error {
}
/**
 * Sends more than one part. Where it could not be deleted afterwards, the upload is given up after the first parts,
 * which leaves nothing.
 */
async function putLarge(trial, partBytes, mayDelete) {
    const { store, folder, made, signal } = trial;
    const key = `${folder}/large`;
    const opened = await store();
    const megabytes = (bytes) => `${Math.round(bytes / 2 ** 20)} MiB`;
    if (!mayDelete) {
        try {
            await opened.put(key, zeros(2 * partBytes, true), { signal });
        }
        catch (error) {
            if (!(error instanceof Enough))
                throw error;
        }
        return (0,doctor/* good */.uw)(`The first parts of an upload of more than ${megabytes(partBytes)} were taken, and given up again.`);
    }
    const { bytes } = await opened.put(key, zeros(partBytes + 2 ** 20, false), { signal });
    made.add(key);
    const { removed } = await opened.remove([key], { signal });
    if (removed.includes(key))
        made.delete(key);
    return (0,doctor/* good */.uw)(`An object of ${megabytes(bytes)} was written in parts and deleted.`);
}
async function* zeros(bytes, giveUp) {
    const chunk = Buffer.alloc(2 ** 20);
    for (let sent = 0; sent < bytes; sent += chunk.byteLength)
        yield chunk;
    if (giveUp)
        throw new Enough('enough');
}
/** Folders that the first write makes go again with the last test object. */
async function rememberFolders(store, stack) {
    if (store.kind !== 'folder')
        return;
    const missing = [];
    const isThere = (path) => (0,external_node_fs_promises_.stat)(path).then(() => true, () => false);
    for (let at = store.path; !(await isThere(at)) && (0,external_node_path_.dirname)(at) !== at; at = (0,external_node_path_.dirname)(at))
        missing.push(at);
    stack.defer(async () => {
        for (const folder of missing)
            await (0,external_node_fs_promises_.rmdir)(folder).catch(() => { });
    });
}

;// CONCATENATED MODULE: ./build/app/doctor-command.js
var doctor_command_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
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
var doctor_command_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
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








/** Checks everything that a backup with these settings needs, the settings included. */
async function runDoctor(config, surroundings) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const stack = doctor_command_addDisposableResource(env_1, new AsyncDisposableStack(), true);
        const checks = [
            { id: 'settings', run: async () => settings(config) },
            ...serverChecks(config, stack, surroundings),
            ...unlessWrong(config, isOfStore, await allStoreChecks(config, stack, surroundings)),
            ...unlessWrong(config, isOfEncryption, [encryptionCheck(config, surroundings)]),
            ...unlessWrong(config, isOfSignature, [signatureCheck(config)]),
            ...scheduleChecks(surroundings),
        ];
        const { checks: results, failure } = await (0,doctor/* doctor */.Ac)({ ...surroundings, checks });
        const [first, ...rest] = config.problems;
        return {
            own: { command: 'doctor', checks: results },
            failure: first === undefined ? failure : new errors/* ConfigError */.xL([first, ...rest]),
        };
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = doctor_command_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
function settings({ problems, name }) {
    const [first] = problems;
    if (first === undefined)
        return (0,doctor/* good */.uw)(`All can be read; backups are named ${name}.`);
    const said = problems.map(({ message }) => message).join(' ');
    const hints = problems.flatMap(({ hint }) => hint ?? []).join(' ');
    return (0,doctor/* bad */.MB)(said, hints, first.input);
}
function serverChecks(config, stack, surroundings) {
    const { env, signal, stallMs } = surroundings;
    let opened = null;
    const host = () => {
        opened ??= (0,open_host/* openHost */.Z)({ ...config.host, env, signal, stallMs }).then((machine) => stack.use(machine));
        return opened;
    };
    const given = { config, host, stack, signal, surroundings };
    return [
        ...unlessWrong(config, isOfHost, [...sshChecks(given), ...hostChecks(given)]),
        ...unlessWrong(config, (input) => isOfHost(input) || isOfDatabase(input), databaseChecks(given)),
    ];
}
async function allStoreChecks(config, stack, surroundings) {
    await rememberFolders(config.store, stack);
    const trial = openTrial(config, stack, surroundings);
    const { checks, partBytes } = bucketChecks(trial);
    return [...storeChecks(trial, partBytes), ...checks];
}
const isOfHost = (input) => /^(?:ssh(?:-.*)?|container|sudo|stall-timeout)$/.test(input);
const isOfDatabase = (input) => /^(?:database|exclude|globals)$/.test(input);
const isOfStore = (input) => /^(?:store|name|s3-.*)$/.test(input);
const isOfEncryption = (input) => /^(?:encrypt-to|passphrase|identity)$/.test(input);
const isOfSignature = (input) => /^(?:sign-key|verify-key)$/.test(input);
/** Checks that go by a wrong setting are not tried. */
function unlessWrong({ problems }, isTheirs, checks) {
    const wrong = problems.find(({ input }) => isTheirs(input));
    if (wrong === undefined)
        return checks;
    return checks.map(({ id }) => ({ id, run: async () => (0,doctor/* untried */.IM)(`\`${wrong.input}\` is wrong.`) }));
}

// EXTERNAL MODULE: ./build/core/make-folder.js
var make_folder = __webpack_require__(9831);
;// CONCATENATED MODULE: ./build/core/read-object.js


/**
 * Hands the plain bytes of an object to `use`; they end only when sizes and SHA-256, stored and plain, are those of the
 * manifest. A read that is bad is done once more, with `use` begun anew: storage and networks have bad moments.
 * @returns what `use` made of them, and what there is to say about a read that was bad only once
 * @throws IntegrityError `object.missing` or `object.damaged` when the object itself is bad
 */
async function readObject(request, use) {
    const first = new Reading(request);
    try {
        return { result: await use(first.plain(), first.packed()), transient: null };
    }
    catch (error) {
        if (first.damage === null)
            throw error;
    }
    request.reporter.info(`${first.damage.message} It is read once more.`);
    const second = new Reading(request);
    try {
        const result = await use(second.plain(), second.packed());
        const transient = `The first read of ${request.entry.key} was bad (SHA-256 ${first.storedSha256}), the second good ` +
            `(${second.storedSha256}): transient, but the store or the way to it is not reliable.`;
        request.reporter.warn(transient);
        return { result, transient };
    }
    catch (error) {
        if (second.damage === null)
            throw error;
        throw first.storedSha256 === second.storedSha256 ? second.damage : unsteady(request, first, second);
    }
}
/**
 * Opens an object with its codecs and reads its beginning, which costs some megabytes at most: its keys fit, and it is there.
 * @throws IntegrityError, or the codec's own error, as {@link readObject} does
 */
async function openObject(request) {
    await readObject(request, async (plain) => {
        for await (const _ of plain)
            return;
    });
}
function unsteady({ entry }, first, second) {
    return new errors/* IntegrityError */.cs(`${entry.key} is damaged, and two reads differ: SHA-256 ${first.storedSha256} and ${second.storedSha256} instead of ${entry.storedSha256}.`, { code: 'object.damaged', cause: second.damage });
}
/** One pass over an object, or two where the first form of it was of no use. */
class Reading {
    /** Set once the bytes are known to be bad. */
    damage = null;
    #request;
    #stored = new core_bytes/* Watch */.ox();
    constructor(request) {
        this.#request = request;
    }
    /** Of what was read. */
    get storedSha256() {
        return this.#stored.digest().sha256;
    }
    plain() {
        const { entry, codecs, decode = true } = this.#request;
        if (!decode)
            return this.#read([], null);
        return this.#read(codecs, { bytes: entry.plainBytes, sha256: entry.plainSha256 });
    }
    /** What only the codec that was applied first has still to decode; `undefined` where no program does that. */
    packed() {
        const [first, ...outer] = this.#request.codecs;
        if (first?.decodeProgram === undefined)
            return undefined;
        const { plainSha256 } = this.#request.entry;
        return { program: first.decodeProgram, plainSha256, read: () => this.#read(outer, null) };
    }
    /** @param expected what must have come out at the end, where that is known */
    async *#read(codecs, expected) {
        const { store, entry, reporter, signal } = this.#request;
        const label = entry.key.slice(entry.key.lastIndexOf('/') + 1);
        const totalBytes = expected?.bytes ?? entry.storedBytes;
        const progress = (bytes) => reporter.progress({ label, bytes, totalBytes });
        const result = new core_bytes/* Watch */.ox(progress);
        this.#stored = new core_bytes/* Watch */.ox();
        const source = (0,core_bytes/* ahead */.Uc)(store.get(entry.key, { signal }))[Symbol.asyncIterator]();
        try {
            // Only the first codec's decoding can grow the bytes, up to what the manifest says.
            const decoded = codecs.reduceRight((bytes, codec, index) => codec.decode(bytes, { limitBytes: index === 0 ? expected?.bytes : undefined }), this.#stored.through(this.#limited(source)));
            yield* (0,core_bytes/* ahead */.Uc)(expected === null ? counted(decoded, progress) : result.through(decoded));
            this.#compareStored();
            if (expected !== null && !equal(result.digest(), expected)) {
                throw read_object_damaged(entry, 'what it decodes to', result.digest(), expected);
            }
        }
        catch (error) {
            throw await this.#explain(error, source);
        }
        finally {
            await source.return?.();
        }
    }
    /** The source without its `return`: who leaves early leaves the rest to be hashed. And no more than there should be. */
    #limited(source) {
        const { entry } = this.#request;
        const stored = this.#stored;
        const next = async () => {
            if (stored.bytes > entry.storedBytes)
                throw tooLong(entry);
            return source.next();
        };
        return { [Symbol.asyncIterator]: () => ({ next }) };
    }
    #compareStored() {
        const { entry } = this.#request;
        const stored = this.#stored.digest();
        const expected = { bytes: entry.storedBytes, sha256: entry.storedSha256 };
        if (!equal(stored, expected))
            throw read_object_damaged(entry, 'what is stored', stored, expected);
    }
    /** Names the damage by the object's own hash, whatever it was that stumbled over it. */
    async #explain(error, source) {
        const { entry, store } = this.#request;
        if (error instanceof errors/* HoldfastError */.Et && error.code === 'store.not-found') {
            this.damage = new errors/* IntegrityError */.cs(`${entry.key} is missing in ${store.label}.`, {
                code: 'object.missing',
                cause: error,
            });
            return this.damage;
        }
        if (!(error instanceof errors/* IntegrityError */.cs))
            return error;
        if (error.code === 'codec.damaged' || error.code === 'codec.too-large') {
            for (let read = await source.next(); !read.done; read = await source.next())
                this.#stored.add(read.value);
        }
        const stored = this.#stored.digest();
        const expected = { bytes: entry.storedBytes, sha256: entry.storedSha256 };
        const byHash = equal(stored, expected) ? error : read_object_damaged(entry, 'what is stored', stored, expected);
        this.damage = error.code === 'object.damaged' ? error : byHash;
        return this.damage;
    }
}
async function* counted(source, onBytes) {
    let total = 0;
    for await (const chunk of source) {
        total += chunk.byteLength;
        onBytes(total);
        yield chunk;
    }
}
function equal(a, b) {
    return a.bytes === b.bytes && a.sha256 === b.sha256;
}
function read_object_damaged({ key }, what, found, expected) {
    return new errors/* IntegrityError */.cs(`${key} is damaged: ${what} has ${found.bytes} bytes with SHA-256 ${found.sha256} instead of ${expected.bytes} with ${expected.sha256}.`, { code: 'object.damaged', hint: 'Take an earlier backup; `list` shows them.' });
}
function tooLong({ key, storedBytes }) {
    return new errors/* IntegrityError */.cs(`${key} is damaged: it has more than the ${storedBytes} bytes of the manifest.`, {
        code: 'object.damaged',
        hint: 'Take an earlier backup; `list` shows them.',
    });
}

;// CONCATENATED MODULE: ./build/core/hooks.js


const tenMinutesMs = 10 * 60_000;
/** What is shown of the end of a hook's output. */
const shownBytes = 16 * 1024;
/** Runs the command, where there is one, until its shell ends; what that has left in the background goes on. */
async function runHook(hooks, name, reporter) {
    const command = hooks[name];
    if (command === null)
        return;
    await reporter.step(`Run ${name}: ${command}`, async () => {
        const ended = await runWithin(hooks, name, command);
        for (const line of `${ended.stdout}\n${ended.stderr}`.split('\n'))
            if (line.trim() !== '')
                reporter.info(line);
        if (ended.code === 0)
            return;
        const said = (0,core_program/* lastLine */.fM)(ended.stderr) || `exit code ${ended.code}`;
        throw failed(`The command of \`${name}\` failed on ${hooks.host.label} (${command}): ${said}.`, {
            input: name,
            hint: 'Correct the command; it is run by `sh -c`.',
        });
    });
}
async function runWithin({ host, limitMs = tenMinutesMs }, name, command) {
    // Not the run's own signal: what was stopped must be started again, also after a cancellation.
    const signal = AbortSignal.timeout(limitMs);
    const running = host.spawn(['sh', '-c', command], { signal, lingering: true });
    try {
        const [stdout, exit] = await Promise.all([endOf(running.stdout), running.exit]);
        return { ...exit, stdout };
    }
    catch (error) {
        if (!signal.aborted)
            throw error;
        const minutes = limitMs / 60_000;
        const what = `The command of \`${name}\` did not end within ${minutes} minutes on ${host.label}`;
        throw failed(`${what}, and was ended (${command}).`, {
            input: name,
            hint: 'What is to go on must be in the background: `./app >app.log 2>&1 &`, or a service manager.',
            cause: error,
        });
    }
}
function failed(message, details) {
    return new errors/* HoldfastError */.Et(message, { code: 'restore.hook', ...details });
}
async function endOf(output) {
    let end = Buffer.alloc(0);
    for await (const chunk of output)
        end = Buffer.concat([end, chunk]).subarray(-shownBytes);
    return end.toString('utf8');
}

// EXTERNAL MODULE: ./build/core/prove-loaded.js
var prove_loaded = __webpack_require__(3296);
;// CONCATENATED MODULE: ./build/core/restore.js
var restore_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
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
var restore_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
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
 * Shows what will happen and asks for the typed name; makes the new database whole beside the target and proves it; backs
 * up what is there; and only then swaps the two. Whatever fails, the target is what it was, or the new one whole.
 */
async function restore(request) {
    const { target, reporter, selected, confirm, dryRun, signal } = request;
    const entry = chooseEntry(request);
    const found = await reporter.step(`Look at ${target.label}`, () => target.inspect({ signal }));
    for (const line of describe(request, entry, found))
        reporter.info(line);
    const nothing = { safetyBackup: null, previous: null, goBack: [], failure: null };
    const result = { id: selected.manifest.id, database: entry.name, state: found.state };
    if (!dryRun || confirm !== null)
        assertConfirmed(request, found);
    if (dryRun) {
        await reporter.step(`Open ${entry.name}`, () => restore_open(request, entry));
        return { ...result, ...nothing };
    }
    assertFree(request, found);
    let safetyBackup = null;
    try {
        const env_1 = { stack: [], error: void 0, hasError: false };
        try {
            const staged = restore_addDisposableResource(env_1, await stageAndProve(request, entry), true);
            safetyBackup = found.state === 'present' ? await backUpTarget(request) : null;
            (0,errors/* throwIfCancelled */.dZ)(signal);
            const { swapped, failure } = await swapBetweenHooks(request, staged, found, safetyBackup);
            reporter.info(`${target.label} is now ${entry.name} of ${selected.manifest.id}.`);
            return { ...result, safetyBackup, failure, ...swapped };
        }
        catch (e_1) {
            env_1.error = e_1;
            env_1.hasError = true;
        }
        finally {
            const result_1 = restore_disposeResources(env_1);
            if (result_1)
                await result_1;
        }
    }
    catch (error) {
        throw unchanged(error, target, safetyBackup);
    }
}
/** The database of the backup that is meant for the target. */
function chooseEntry({ selected, only, target }) {
    const { databases, id } = selected.manifest;
    const fitting = databases.filter(({ engine, key }) => engine === target.engine && isDatabase(key));
    const wanted = only === null ? fitting : databases.filter((entry) => isNamed(entry, only));
    const [entry, ...others] = wanted;
    const names = databases.map(({ name }) => name).join(', ');
    if (entry === undefined) {
        const what = only === null ? `no ${target.engine} database` : `no database ${JSON.stringify(only)}`;
        throw wrongChoice(`The backup ${id} holds ${what} to restore to ${target.label}.`, `It holds ${names}.`);
    }
    if (others.length > 0) {
        const hint = `Choose one with \`only\`: ${wanted.map(({ name }) => name).join(', ')}.`;
        throw wrongChoice(`The backup ${id} holds several databases for ${target.label}.`, hint);
    }
    if (entry.engine !== target.engine) {
        const message = `${entry.name} of the backup ${id} is of the engine ${entry.engine}, but \`to\` is ${target.label}.`;
        throw wrongChoice(message, 'Restore a database only to one of its own kind.');
    }
    return entry;
}
/** `app` or, as in the listing of a folder, `app.sqlite3`. */
function isNamed({ name, key }, wanted) {
    return wanted === name || wanted === (0,core_keys/* plainFileOf */.uG)(key).file;
}
/** Roles of a server belong to no database. */
function isDatabase(key) {
    return (0,core_keys/* plainFileOf */.uG)(key).file !== 'globals.sql';
}
function wrongChoice(message, hint) {
    return new errors/* HoldfastError */.Et(message, { code: 'restore.choice', input: 'only', hint });
}
function describe({ selected, target, confirm, force, hooks }, entry, { state, inUse }) {
    const { id, createdAt } = selected.manifest;
    const rows = Object.values(entry.fingerprint.tables);
    const what = {
        absent: 'It is not there and will be made.',
        empty: 'It is empty and will be replaced.',
        present: 'It is there: it is backed up first, then replaced, and kept beside the new one.',
    }[state];
    return [
        `Restore ${entry.name} of backup ${id} (${createdAt}): ${entry.plainBytes} bytes, ${restore_counted(rows.length, 'table')}, ${restore_counted(rows.reduce((sum, count) => sum + count, 0), 'row')}.`,
        `Target: ${target.label}. ${what}`,
        ...(inUse === null ? [] : [`It is in use by ${inUse}${force ? ', which `force` overrides' : ''}.`]),
        ...(hooks.stop === null ? [] : [describeStop(hooks.stop, state)]),
        ...(hooks.start === null ? [] : [`After it, whatever happens, runs: ${hooks.start}`]),
        ...(state === 'present' && confirm !== target.name
            ? [`To go on, confirm with the name: ${target.name}`]
            : []),
    ];
}
function describeStop(command, state) {
    return state === 'absent'
        ? `As nothing is replaced, this does not run: ${command}`
        : `Before the swap runs: ${command}`;
}
function assertConfirmed({ target, confirm }, { state }) {
    if (state !== 'present' || confirm === target.name)
        return;
    throw new errors/* ConfigError */.xL([
        {
            input: 'confirm',
            message: confirm === null
                ? `${target.label} is there and would be replaced, but \`confirm\` is not set.`
                : `\`confirm\` is ${JSON.stringify(confirm)}, which is not the name of ${target.label}.`,
            hint: `Type the name of the database that is replaced: \`confirm: ${target.name}\`.`,
        },
    ]);
}
/** With a stop hook the swap itself looks again, when it counts. */
function assertFree({ target, force, hooks }, { inUse }) {
    if (inUse === null || force || hooks.stop !== null)
        return;
    throw new errors/* HoldfastError */.Et(`${target.label} is in use by ${inUse}; nothing was changed.`, {
        code: 'restore.in-use',
        input: 'force',
        hint: 'Stop the app first, give the commands that do it as `stop` and `start`, or override with `force: true`.',
    });
}
/** A dry run that says fine must not be followed by a restore that lacks the key. */
async function restore_open(request, entry) {
    const { store, codecById, reporter, signal } = request;
    await openObject({ store, entry, codecs: entry.codecs.map(codecById), reporter, signal });
}
async function stageAndProve(request, entry) {
    const { store, codecById, target, force, reporter, signal } = request;
    const { engineVersion, plainBytes } = entry;
    const { extension } = (0,core_keys/* plainFileOf */.uG)(entry.key);
    const codecs = entry.codecs.map(codecById);
    return reporter.step(`Load ${entry.name} beside the target and check it`, async () => {
        const env_2 = { stack: [], error: void 0, hasError: false };
        try {
            const stack = restore_addDisposableResource(env_2, new AsyncDisposableStack(), true);
            const { result } = await readObject({ store, entry, codecs, reporter, signal }, (plain, packed) => target.stage({ plain, packed, plainBytes, extension, engineVersion, signal }));
            const staged = stack.use(result);
            const goOn = ({ message }) => reporter.warn(`${message} Every table has its rows; going on, because of \`force\`.`);
            reporter.info(await (0,prove_loaded/* proveLoaded */.E)(staged, entry, [], force ? goOn : undefined));
            stack.move();
            return staged;
        }
        catch (e_2) {
            env_2.error = e_2;
            env_2.hasError = true;
        }
        finally {
            const result_2 = restore_disposeResources(env_2);
            if (result_2)
                await result_2;
        }
    });
}
async function backUpTarget(request) {
    const { target, safety, store, selected, force, reporter, signal } = request;
    try {
        const { manifest } = await reporter.step('Back up what is there', () => backup({
            ...safety,
            name: selected.manifest.name,
            engines: [target.source],
            store,
            policy: null,
            failOnShrink: false,
            verifyAfter: null,
            purpose: 'safety',
            dryRun: false,
            reporter,
            signal,
        }));
        return manifest?.id ?? null;
    }
    catch (error) {
        (0,errors/* throwIfCancelled */.dZ)(signal);
        if (!(error instanceof errors/* HoldfastError */.Et))
            throw error;
        const message = `The safety backup of what is there failed: ${error.message}`;
        if (!force) {
            const hint = 'The old database would be kept beside the new one all the same: set `force: true` to go on without the safety backup.';
            throw new errors/* HoldfastError */.Et(message, { code: 'restore.safety', input: 'force', hint, cause: error });
        }
        reporter.warn(`${message} Going on, because of \`force\`; the old database is kept beside the new one.`);
        return null;
    }
}
/** The start hook runs whatever became of the swap, also after a cancellation. */
async function swapBetweenHooks(request, staged, { state }, safetyBackup) {
    const { hooks, force, safety, reporter, target } = request;
    const outcome = await attempt(async () => {
        // Where nothing is replaced there is no app to stop, and on a new server not even the command's unit.
        if (state !== 'absent')
            await runHook(hooks, 'stop', reporter);
        const id = safetyBackup ?? (0,backup_id/* newBackupId */._H)(safety.now());
        return reporter.step(`Swap ${target.label}`, () => staged.swap({ id, force }));
    });
    const started = await attempt(() => runHook(hooks, 'start', reporter));
    if ('error' in outcome) {
        if ('error' in started)
            reporter.warn(restore_messageOf(started.error));
        throw outcome.error;
    }
    const { error } = { error: undefined, ...started };
    const failure = error === undefined ? null : startFailed(target, error);
    return { swapped: outcome.value, failure };
}
async function attempt(work) {
    try {
        return { value: await work() };
    }
    catch (error) {
        return { error };
    }
}
function startFailed(target, error) {
    const message = `${target.label} is the restored one, but the app was not started: ${restore_messageOf(error)}`;
    if (error instanceof errors/* HoldfastError */.Et)
        return (0,errors/* retold */.Xd)(error, message);
    return new errors/* HoldfastError */.Et(message, { code: 'restore.hook', input: 'start', cause: error });
}
function restore_messageOf(error) {
    return error instanceof Error ? error.message : String(error);
}
/** Codes of failures after which nobody here knows what the target is. */
const silent = new Set(['restore.unknown', 'restore.locked']);
/** Says what has become of the target: nothing, unless even the host can't tell any more. */
function unchanged(error, target, safetyBackup) {
    if (!(error instanceof errors/* HoldfastError */.Et) || silent.has(error.code))
        return error;
    const saved = safetyBackup === null ? '' : ` (and in the safety backup ${safetyBackup})`;
    return (0,errors/* retold */.Xd)(error, `${error.message} ${target.label} is what it was${saved}.`);
}
const restore_counted = (count, what) => `${count} ${what}${count === 1 ? '' : 's'}`;

// EXTERNAL MODULE: ./build/core/write-plain.js
var write_plain = __webpack_require__(3608);
;// CONCATENATED MODULE: ./build/core/fetch-files.js









/**
 * Fetches and decodes the files of a backup into a folder, each whole and proven by its SHA-256 before it gets its name. A
 * file that is there already is never overwritten.
 * @returns their paths
 */
async function fetchFiles(request) {
    const { folder, dryRun, reporter } = request;
    const entries = chooseEntries(request);
    if (!dryRun)
        await translated(folder, () => (0,make_folder/* makeFolder */.f)(folder));
    const paths = [];
    for (const entry of entries) {
        const path = (0,external_node_path_.join)(folder, (0,core_keys/* plainFileOf */.uG)(entry.key).file);
        paths.push(path);
        if (dryRun)
            await reporter.step(`Open ${entry.name}`, () => openFile(request, entry, path));
        else
            await reporter.step(`Fetch ${entry.name} to ${path}`, () => fetchFile(request, entry, path));
    }
    return paths;
}
async function openFile(request, entry, path) {
    const { store, codecById, reporter, signal } = request;
    await openObject({ store, entry, codecs: entry.codecs.map(codecById), reporter, signal });
    reporter.info(`Would fetch ${entry.name} (${entry.plainBytes} bytes) to ${path}.`);
}
function chooseEntries({ manifest, only }) {
    if (only.length === 0)
        return manifest.databases;
    return only.map((name) => {
        const entry = manifest.databases.find((candidate) => isNamed(candidate, name));
        if (entry !== undefined)
            return entry;
        throw new errors/* HoldfastError */.Et(`The backup ${manifest.id} holds no database ${JSON.stringify(name)}.`, {
            code: 'restore.choice',
            input: 'only',
            hint: `It holds ${manifest.databases.map((candidate) => candidate.name).join(', ')}.`,
        });
    });
}
async function fetchFile(request, entry, path) {
    const { store, codecById, folder, host, reporter, signal } = request;
    const { plainBytes } = entry;
    const part = (0,external_node_path_.join)(folder, `.holdfast-${(0,external_node_crypto_.randomUUID)()}.part`);
    try {
        const reading = { store, entry, codecs: entry.codecs.map(codecById), reporter, signal };
        await readObject(reading, (plain, packed) => (0,write_plain/* writePlain */.y)(host, part, { plain, packed, plainBytes, signal }, 'restore.folder'));
        await translated(folder, () => sync(part));
        await translated(folder, () => giveName(part, path));
    }
    finally {
        await (0,external_node_fs_promises_.rm)(part, { force: true });
    }
}
/** Under a name that nobody has. Not every file system has links: then it is a copy. */
async function giveName(part, path) {
    try {
        await (0,external_node_fs_promises_.link)(part, path);
    }
    catch (error) {
        if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes(error.code ?? ''))
            throw error;
        await (0,external_node_fs_promises_.copyFile)(part, path, external_node_fs_promises_.constants.COPYFILE_EXCL);
        await sync(path);
    }
}
async function sync(path) {
    const file = await (0,external_node_fs_promises_.open)(path, 'r+');
    try {
        await file.sync();
    }
    finally {
        await file.close();
    }
}
async function translated(folder, work) {
    try {
        return await work();
    }
    catch (cause) {
        const { code, syscall } = cause;
        if (syscall === undefined)
            throw cause;
        throw code === 'EEXIST' ? exists(folder, cause) : notWritable(folder, cause);
    }
}
function exists(folder, cause) {
    return new errors/* HoldfastError */.Et(`A file of the backup is in ${folder} already and is not overwritten.`, {
        code: 'restore.exists',
        input: 'to',
        hint: 'Name an empty folder in `to`.',
        cause,
    });
}
function notWritable(folder, cause) {
    const known = {
        ENOSPC: 'the disk is full',
        ENOENT: 'no folder can be made there',
    };
    const why = known[cause.code ?? ''] ?? cause.message;
    return new errors/* HoldfastError */.Et(`The folder ${folder} can't be written to: ${why}.`, {
        code: 'restore.folder',
        input: 'to',
        hint: 'Free some space, or name another folder in `to`.',
        cause,
    });
}

;// CONCATENATED MODULE: ./build/core/select-backup.js





/**
 * Finds the backup that is meant and reads its manifest. What a restore has put aside (its safety backup) is never the
 * `latest`: it is taken by its id alone.
 * @throws HoldfastError `backup.none` when there is no such backup; IntegrityError when its manifest is damaged
 */
async function selectBackup(request) {
    const { store, name, selector, verifier, reporter, signal } = request;
    const { backups, leftovers } = await (0,core_catalog/* readCatalog */.uM)(store, name, { signal });
    const regular = backups.filter(({ safety }) => !safety);
    for (const backup of backups.filter((candidate) => isMeant(candidate, selector))) {
        // Whoever may add objects can put the mark of a restore beside any backup: the manifest decides.
        const manifest = await readManifest({ store, name, verifier, reporter, signal }, backup).catch((error) => {
            if (selector.kind !== 'id' && backup.safety && error instanceof errors/* IntegrityError */.cs)
                return null;
            throw error;
        });
        if (manifest !== null && (selector.kind === 'id' || manifest.purpose !== 'safety')) {
            tellPassedOver(request, backup, leftovers);
            return { backup, manifest };
        }
        reporter.info(`${backup.id} is the safety backup of an earlier restore; it is passed over.`);
    }
    const others = regular.length === 0 ? await (0,other_names/* otherNames */.J)(store, name, { signal }) : [];
    throw noBackup(request, regular, others);
}
function tellPassedOver({ selector, reporter }, { createdAt }, leftovers) {
    const newer = leftovers.filter((leftover) => leftover.createdAt > createdAt).map(({ id }) => id);
    if (selector.kind !== 'latest' || newer.length === 0)
        return;
    reporter.info(`Passed over, as it was never completed: ${newer.join(', ')}.`);
}
/**
 * A damaged `latest` does not silently become an older backup: whoever restores must know what is missing. But the error says
 * which one to take.
 */
async function namingAlternative({ store, name, selector, signal }, error) {
    if (selector.kind !== 'latest' || !(error instanceof errors/* IntegrityError */.cs))
        return error;
    const { backups } = await (0,core_catalog/* readCatalog */.uM)(store, name, { signal }).catch(() => ({ backups: [] }));
    const [, ...earlier] = backups.filter(({ safety }) => !safety);
    const good = earlier.find(core_catalog/* provesContent */.Xe) ?? earlier[0];
    if (good === undefined)
        return error;
    const known = (0,core_catalog/* provesContent */.Xe)(good)
        ? 'the newest verified one before it'
        : 'the one before it, never verified';
    const { code, input } = error;
    const hint = `Take an earlier backup: \`backup: ${good.id}\` is ${known}.`;
    return new errors/* IntegrityError */.cs(error.message, { code, input, hint, cause: error });
}
function isMeant({ id, createdAt }, selector) {
    switch (selector.kind) {
        case 'latest':
            return true;
        case 'id':
            return id === selector.id;
        case 'before':
            return createdAt.getTime() <= selector.time.getTime();
    }
}
/**
 * A manifest that is bad is read once more: storage and networks have bad moments.
 * @throws IntegrityError when it is damaged, altered, or that of another backup
 */
async function readManifest(reading, backup) {
    try {
        return await readOnce(reading, backup);
    }
    catch (error) {
        if (!(error instanceof errors/* IntegrityError */.cs))
            throw error;
        const manifest = await readOnce(reading, backup);
        reading.reporter.warn(`The first read of ${backup.manifestKey} was bad, the second good: transient, but the store or the way to it is not reliable.`);
        return manifest;
    }
}
async function readOnce({ store, name, verifier, signal }, { id, manifestKey }) {
    const stored = await (0,core_bytes/* collect */.Fo)(store.get(manifestKey, { signal }), manifestBytes);
    try {
        const manifest = parseManifest(stored);
        assertUnaltered(stored, verifier);
        if (manifest.id === id && manifest.name === name)
            return manifest;
        throw new errors/* IntegrityError */.cs(`The manifest is that of ${manifest.name}/${manifest.id}.`, {
            code: 'manifest.foreign',
        });
    }
    catch (error) {
        if (!(error instanceof errors/* HoldfastError */.Et))
            throw error;
        throw (0,errors/* retold */.Xd)(error, `Backup ${id} can't be used. ${error.message}`);
    }
}
const manifestBytes = 64 * 1024 * 1024;
function noBackup({ store, name, selector }, backups, others) {
    const which = { latest: '', id: ` ${selector.id}`, before: ' as old as that' }[selector.kind];
    const newest = backups.slice(0, 3).map(({ id }) => id);
    return new errors/* HoldfastError */.Et(`There is no backup${which} of ${name} in ${store.label}.`, {
        code: 'backup.none',
        input: selector.kind === 'latest' || others.length > 0 ? 'name' : 'backup',
        hint: newest.length === 0 ? whenNone(others) : `The newest are ${newest.join(', ')}; \`list\` shows all.`,
    });
}
function whenNone(others) {
    if (others.length > 0)
        return (0,other_names/* describeOthers */.H)(others);
    return 'Check `name` and `store`: no backup of that name is there at all.';
}

// EXTERNAL MODULE: ./build/codecs/registry.js + 5 modules
var registry = __webpack_require__(5025);
;// CONCATENATED MODULE: ./build/app/safety-codecs.js




/**
 * How a restore's safety backup is made: as encrypted as the backup that is restored, so that a restore never puts data in
 * the clear where it was not before. Without `encrypt-to`, for whoever can open that one.
 */
async function safetyCodecs({ encryption, keys }, { databases }, surroundings) {
    const compressing = [(0,registry/* codecById */.R)('zstd')];
    const used = new Set(databases.flatMap(({ codecs }) => codecs));
    if (encryption !== null)
        return [...compressing, ...(await (0,app_open/* openEncryption */.ox)(encryption, surroundings))];
    if (used.has('age') && keys.identities.length > 0) {
        const recipients = await (0,age/* ageRecipientsOf */.bB)(keys.identities);
        return [...compressing, ...(await (0,app_open/* openEncryption */.ox)({ kind: 'age', recipients }, surroundings))];
    }
    // Nothing of an age or OpenPGP backup can be restored without its key, which says so itself.
    if (!used.has('gpg') || keys.privateKeys.length === 0)
        return compressing;
    throw new errors/* ConfigError */.xL([
        {
            input: 'encrypt-to',
            message: 'The backup is encrypted, but nothing says to whom the safety backup of what is replaced is to be.',
            hint: 'Set `encrypt-to` to the public key of your backups.',
        },
    ]);
}

// EXTERNAL MODULE: ./build/app/version.js
var version = __webpack_require__(3912);
;// CONCATENATED MODULE: ./build/app/restore-command.js
var restore_command_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
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
var restore_command_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
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






async function runRestore(config, surroundings) {
    const store = await (0,app_open/* openStore */.Ch)(config.store, surroundings);
    try {
        return await restoreFrom(store, config, surroundings);
    }
    catch (error) {
        throw await namingAlternative({ ...surroundings, ...config, store }, error);
    }
}
async function restoreFrom(store, config, surroundings) {
    const { name, selector, verifier, target } = config;
    const selected = await selectBackup({ ...surroundings, store, name, selector, verifier });
    return target.kind === 'folder'
        ? await runFetch(config, target, selected, store, surroundings)
        : await runSwap(config, target, selected, store, surroundings);
}
async function runFetch({ dryRun, keys }, { path, only }, { manifest }, store, surroundings) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const host = restore_command_addDisposableResource(env_1, await (0,app_open/* openRunner */.NH)(surroundings), true);
        const request = { ...surroundings, store, manifest, only, folder: path, host, dryRun };
        const files = await fetchFiles({ ...request, codecById: (0,app_open/* codecOpener */.WX)(keys, surroundings) });
        const chosen = manifest.databases.filter((entry) => only.length === 0 || only.some((name) => isNamed(entry, name)));
        const databases = chosen.map(({ name }) => name);
        const nothing = { safetyBackup: null, previous: null, goBack: [] };
        const own = {
            command: 'restore',
            dryRun,
            backup: manifest.id,
            target: `file:${path}`,
            databases,
            files,
        };
        return { own: { ...own, ...nothing }, failure: null };
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = restore_command_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
async function runSwap({ dryRun, keys, signer, verifier, ...rest }, config, selected, store, surroundings) {
    const env_2 = { stack: [], error: void 0, hasError: false };
    try {
        const { only, confirm, force, stop, start } = config;
        const runner = restore_command_addDisposableResource(env_2, await (0,app_open/* openRunner */.NH)(surroundings), true);
        const host = restore_command_addDisposableResource(env_2, await (0,app_open/* openConfiguredHost */.tr)(config.host, surroundings), true);
        const stack = restore_command_addDisposableResource(env_2, new AsyncDisposableStack(), true);
        const machine = needsMachine(config)
            ? stack.use(await (0,app_open/* openConfiguredHost */.tr)({ ...config.host, container: null }, surroundings))
            : host;
        const target = (0,app_open/* openTarget */.Ap)(config.database, host, runner, surroundings);
        const result = await restore({
            ...surroundings,
            store,
            selected,
            target,
            ...{ only, confirm, force, dryRun },
            hooks: { host: machine, stop, start },
            codecById: (0,app_open/* codecOpener */.WX)(keys, surroundings),
            safety: {
                codecs: await safetyCodecs({ ...rest, dryRun, keys, signer, verifier }, selected.manifest, surroundings),
                signer,
                verifier,
                compressOn: 'auto',
                runner,
                toolVersion: version/* version */.r,
                now: () => new Date(),
                journal: surroundings.journal,
            },
        });
        const { id, database, safetyBackup, previous, goBack, failure } = result;
        const own = {
            command: 'restore',
            dryRun,
            backup: id,
            target: target.label,
            databases: [database],
        };
        return { own: { ...own, safetyBackup, previous, goBack, files: [] }, failure };
    }
    catch (e_2) {
        env_2.error = e_2;
        env_2.hasError = true;
    }
    finally {
        const result_2 = restore_command_disposeResources(env_2);
        if (result_2)
            await result_2;
    }
}
/** The app is stopped and started on the machine itself, also when the database is in a container of it. */
function needsMachine({ host: { container }, stop, start }) {
    return container !== null && (stop !== null || start !== null);
}

;// CONCATENATED MODULE: ./build/core/verify.js
var verify_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
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
var verify_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
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
 * Proves that a backup is what was stored, by level: `stat` that its objects are there, `hash` that all their bytes are
 * right, `restore` that they load and hold what was backed up. When it is, a proof object beside the manifest says so.
 */
async function verify(request) {
    const { manifest, level, reporter, signal } = request;
    assertAsked(request);
    const databases = [];
    let failure = null;
    for (const entry of manifest.databases) {
        (0,errors/* throwIfCancelled */.dZ)(signal);
        const { verdict, error } = await reporter.step(`Verify ${entry.name} (${level})`, () => judge(request, entry));
        databases.push(verdict);
        const found = verdict.intact ? 'not as asserted' : verdict.verdict;
        reporter.info(`${entry.name}: ${found}. ${verdict.detail}`);
        if (worse(error, failure))
            failure = error;
    }
    const verdict = worst(databases);
    if (verdict === 'ok')
        await writeProof(request, databases);
    if (failure !== null && (0,prove_loaded/* isDamage */.e)(failure))
        await dropProofs(request);
    return {
        id: manifest.id,
        level,
        verdict,
        databases,
        failure: failure && told(request, databases, failure),
    };
}
/** Damage is told before an assertion that is false, and that before what could not be tried. */
function worse(error, than) {
    return severity(error) > severity(than);
}
function severity(error) {
    if (error === null)
        return 0;
    if (!(error instanceof errors/* IntegrityError */.cs))
        return 1;
    return (0,prove_loaded/* isDamage */.e)(error) ? 3 : 2;
}
function worst(databases) {
    const found = databases.map(({ verdict }) => verdict);
    if (found.includes('damaged'))
        return 'damaged';
    return found.includes('unknown') ? 'unknown' : 'ok';
}
function assertAsked({ assertions, manifest, level }) {
    const names = manifest.databases.map(({ name }) => name);
    assertAssertable(assertions, names, `in the backup ${manifest.id}`);
    if (assertions.length === 0 || level === 'restore')
        return;
    throw new errors/* ConfigError */.xL([
        {
            input: 'assert',
            message: `\`assert\` needs a restored database, which the level ${level} does not make.`,
            hint: 'Verify at the level restore, or leave `assert` out.',
        },
    ]);
}
async function judge(request, entry) {
    const { name } = entry;
    try {
        return { verdict: { name, verdict: 'ok', detail: await look(request, entry) }, error: null };
    }
    catch (cause) {
        (0,errors/* throwIfCancelled */.dZ)(request.signal);
        const error = asFailure(cause, name);
        const detail = error.message;
        if (!(error instanceof errors/* IntegrityError */.cs))
            return { verdict: { name, verdict: 'unknown', detail }, error };
        const intact = (0,prove_loaded/* isDamage */.e)(error) ? {} : { intact: true };
        return { verdict: { name, verdict: 'damaged', detail, ...intact }, error };
    }
}
function asFailure(cause, name) {
    if (cause instanceof errors/* HoldfastError */.Et)
        return cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    return new errors/* HoldfastError */.Et(`${name} could not be tried: ${message}.`, { code: 'verify.failed', cause });
}
function look(request, entry) {
    switch (request.level) {
        case 'stat':
            return lookAtSize(request, entry);
        case 'hash':
            return lookAtBytes(request, entry);
        case 'restore':
            return lookAtContent(request, entry);
    }
}
async function lookAtSize({ store, signal }, { key, storedBytes }) {
    const found = await store.stat(key, { signal });
    if (found?.bytes === storedBytes)
        return `its object is there with ${storedBytes} bytes`;
    const what = found === null ? `is missing in ${store.label}` : `has ${found.bytes} bytes instead of ${storedBytes}`;
    throw new errors/* IntegrityError */.cs(`${key} ${what}.`, {
        code: found === null ? 'object.missing' : 'object.damaged',
        hint: 'Take an earlier backup; `list` shows them.',
    });
}
async function lookAtBytes(request, entry) {
    const whole = reading(request, entry);
    const locked = whole.codecs.some((codec) => codec.locked === true);
    const { transient } = await readObject({ ...whole, decode: !locked }, core_bytes/* drain */.Ze);
    const seen = locked
        ? `${entry.storedBytes} stored bytes have their SHA-256; they were not decrypted, as there is no key here`
        : `${entry.storedBytes} stored and ${entry.plainBytes} plain bytes have their SHA-256`;
    return transient === null ? seen : `${seen}; ${transient}`;
}
async function lookAtContent(request, entry) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const engine = request.engineById(entry.engine);
        if (engine === null) {
            throw new errors/* HoldfastError */.Et(`${entry.name} is of the engine ${entry.engine}, which this version does not know.`, {
                code: 'engine.unknown',
                hint: 'Upgrade Holdfast to the version that wrote the backup, or a later one.',
            });
        }
        const { signal, assertions } = request;
        const { extension } = (0,core_keys/* plainFileOf */.uG)(entry.key);
        const { engineVersion, plainBytes } = entry;
        const { result: loaded, transient } = await readObject(reading(request, entry), (plain, packed) => engine.load({ plain, packed, plainBytes, extension, engineVersion, signal }));
        const _ = verify_addDisposableResource(env_1, loaded, true);
        const seen = await (0,prove_loaded/* proveLoaded */.E)(loaded, entry, assertionsFor(entry.name, assertions));
        return transient === null ? seen : `${seen}; ${transient}`;
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = verify_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
function reading({ store, codecById, reporter, signal }, entry) {
    return { store, entry, codecs: entry.codecs.map(codecById), reporter, signal };
}
/** A reader's key may not write: then the backup is as good, but `list` won't show it. */
async function writeProof(request, databases) {
    const { store, manifest, level, toolVersion, now, reporter, signal } = request;
    const at = now();
    const proof = {
        id: manifest.id,
        level,
        at: at.toISOString(),
        tool: { name: 'holdfast', version: toolVersion },
        databases,
    };
    const key = (0,core_keys/* proofKey */.CU)(manifest.name, manifest.id, level, at);
    try {
        await store.put(key, (0,core_bytes/* bytesOf */.$$)(`${JSON.stringify(proof, null, 2)}\n`), { signal });
    }
    catch (error) {
        (0,errors/* throwIfCancelled */.dZ)(signal);
        // Somebody proved the same in the same second.
        if (error instanceof errors/* HoldfastError */.Et && error.code === 'store.exists')
            return;
        const why = error instanceof Error ? error.message : String(error);
        reporter.warn(`The verify passed, but its proof could not be stored, so \`list\` will not show it: ${why}`);
    }
}
/** What was once proven is no longer true. Without the right to delete, the proofs stay, and that is told. */
async function dropProofs({ store, manifest, reporter, signal }) {
    const proofs = [];
    try {
        const folder = (0,core_keys/* backupFolder */.j0)(manifest.name, manifest.id);
        for await (const { key } of store.list(folder, { signal })) {
            if ((0,core_keys/* parseProofFile */.wf)(key.slice(folder.length)) !== null)
                proofs.push(key);
        }
        const { kept } = proofs.length === 0 ? { kept: [] } : await store.remove(proofs, { signal });
        if (kept.length === 0)
            return;
    }
    catch (error) {
        (0,errors/* throwIfCancelled */.dZ)(signal);
        if (!(error instanceof errors/* HoldfastError */.Et))
            throw error;
    }
    reporter.warn(`Backup ${manifest.id} is damaged, but its earlier proofs could not be removed: \`list\` still shows them.`);
}
function told({ manifest, level }, databases, failure) {
    const bad = databases.filter(({ verdict }) => verdict === worst(databases));
    const details = bad.map(({ name, detail }) => `${name}: ${detail}`).join(' ');
    const { hint, input, cause } = failure;
    if (failure instanceof errors/* IntegrityError */.cs) {
        const what = (0,prove_loaded/* isDamage */.e)(failure) ? 'is damaged' : 'does not hold what `assert` demands';
        return new errors/* IntegrityError */.cs(`Backup ${manifest.id} ${what} (${level}). ${details}`, {
            code: failure.code,
            ...{ hint, input, cause },
        });
    }
    return new errors/* HoldfastError */.Et(`Backup ${manifest.id} could not be verified (${level}), which says nothing about it. ${details}`, { code: 'verify.unknown', ...{ hint, input, cause } });
}

;// CONCATENATED MODULE: ./build/app/verify-command.js
var verify_command_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
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
var verify_command_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
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




async function runVerify(config, surroundings) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const { name, selector, keys, verifier } = config;
        const store = await (0,app_open/* openStore */.Ch)(config.store, surroundings);
        const runner = verify_command_addDisposableResource(env_1, await (0,app_open/* openRunner */.NH)(surroundings), true);
        const { manifest } = await selectBackup({ ...surroundings, store, name, selector, verifier });
        const result = await verifyWith({ store, manifest, verify: config.verify, keys, runner, surroundings });
        const { id, level, verdict, databases, failure } = result;
        return { own: { command: 'verify', backup: id, level, verdict, databases }, failure };
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = verify_command_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
function verifyWith({ store, manifest, verify: settings, keys, runner, surroundings, }) {
    return verify({
        ...surroundings,
        store,
        manifest,
        level: settings.level,
        assertions: settings.assertions,
        engineById: (id) => (0,app_open/* openScratchEngine */.dR)(id, settings, runner, surroundings),
        codecById: (0,app_open/* codecOpener */.WX)(keys, surroundings),
        toolVersion: version/* version */.r,
        now: () => new Date(),
    });
}

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
        case 'verify':
            return runVerify(config, surroundings);
        case 'restore':
            return runRestore(config, surroundings);
        case 'prune':
            return runPrune(config, surroundings);
        case 'lifecycle':
            return runLifecycle(config, surroundings);
        case 'check':
            return runCheck(config, surroundings);
        case 'keygen':
            return runKeygen();
        case 'doctor':
            return runDoctor(config, surroundings);
    }
}
async function runBackup(config, surroundings) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const codecs = await (0,app_open/* openCodecs */.Ot)(config.compression, config.encryption, surroundings);
        const runner = commands_addDisposableResource(env_1, await (0,app_open/* openRunner */.NH)(surroundings), true);
        const connecting = (0,app_open/* openConfiguredHost */.tr)(config.host, surroundings);
        // The store's client is loaded while the server answers.
        const opening = (0,app_open/* openLockingStore */.b)(config.store, config.lock, surroundings);
        opening.catch(() => { });
        const host = commands_addDisposableResource(env_1, await connecting, true);
        const store = await opening;
        const { compression, name, policy, failOnShrink, dryRun, verify, keys } = config;
        const result = await backup({
            ...surroundings,
            name,
            policy,
            failOnShrink,
            dryRun,
            store,
            runner,
            engines: (0,app_open/* openEngines */.Uj)(config, host, runner, surroundings),
            codecs,
            inTheClear: config.encryption?.kind === 'none',
            signer: config.signer,
            verifier: config.verifier,
            compressOn: compression.codec === 'none' ? 'runner' : compression.on,
            verifyAfter: verify && ((manifest) => verifyWith({ store, manifest, verify, keys, runner, surroundings })),
            assertions: verify?.assertions ?? [],
            toolVersion: version/* version */.r,
            now: () => new Date(),
        });
        const own = {
            command: 'backup',
            dryRun,
            backup: describeBackup(result),
            verified: result.verified && {
                level: result.verified.level,
                verdict: result.verified.verdict,
                databases: result.verified.databases,
            },
            kept: result.retention?.kept ?? [],
            pruned: result.retention?.pruned ?? [],
        };
        return { own, failure: result.failure };
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
async function runList({ name, store: settings, all }, surroundings) {
    const store = await (0,app_open/* openStore */.Ch)(settings, surroundings);
    const found = await list({ ...surroundings, store, name, all, now: new Date() });
    const { backups, leftovers, otherNames } = found;
    const own = {
        command: 'list',
        otherNames,
        backups: backups.map((backup) => ({
            ...backup,
            createdAt: backup.createdAt.toISOString(),
            verified: backup.verified && { level: backup.verified.level, at: backup.verified.at.toISOString() },
        })),
        leftovers: leftovers.map(({ createdAt, uploads, ...leftover }) => ({
            ...leftover,
            createdAt: createdAt.toISOString(),
            ...(uploads && {
                uploads: uploads.map(({ key, startedAt }) => ({ key, startedAt: startedAt.toISOString() })),
            }),
        })),
    };
    return { own, failure: null };
}
async function runPrune({ name, store: settings, policy, verifier, dryRun }, surroundings) {
    const store = await (0,app_open/* openStore */.Ch)(settings, surroundings);
    const now = new Date();
    const { kept, pruned, denied, stuck } = await prune({
        ...surroundings,
        store,
        name,
        policy,
        verifier,
        dryRun,
        now,
    });
    return { own: { command: 'prune', dryRun, kept, pruned }, failure: denied ?? stuck };
}
/** What is printed here is shown once and kept nowhere. */
async function runKeygen() {
    const own = { command: 'keygen', age: await (0,age/* newAgeKeys */.AR)(), signing: (0,signature/* newSigningKeys */.QF)() };
    return { own, failure: null };
}
async function runCheck({ name, store: settings, maxAge, maxVerifiedAge }, surroundings) {
    const store = await (0,app_open/* openStore */.Ch)(settings, surroundings);
    const now = new Date();
    const found = await check({ ...surroundings, store, name, maxAge, maxVerifiedAge, now });
    const { newest, newestVerified, failure } = found;
    return { own: { command: 'check', newest, newestVerified, stale: failure !== null }, failure };
}
/** Asks the store nothing: what it prints is for whoever owns the bucket. */
async function runLifecycle({ name, store: { prefix }, policy }, { reporter }) {
    const { rules, notes } = lifecycleOf(policy, `${prefix === '' ? '' : `${prefix}/`}${(0,core_keys/* backupsFolder */.a)(name)}`);
    for (const note of notes)
        reporter.info(note);
    return { own: { command: 'lifecycle', rules, notes }, failure: null };
}

// EXTERNAL MODULE: ./build/app/internal-error.js
var internal_error = __webpack_require__(3576);
;// CONCATENATED MODULE: ./build/app/run.js





/** Parses, wires and runs one command. Never throws: this is the only place where failures become an outcome. */
async function run({ read, face, env, cwd, reporter, signal, journal = core_journal/* noJournal */.v, }) {
    const startedAt = new Date();
    const startMs = performance.now();
    const warnings = [];
    const collecting = {
        step: (title, work) => reporter.step(title, work),
        progress: (progress) => reporter.progress(progress),
        info: (message) => reporter.info(message),
        debug: (message) => reporter.debug(message),
        warn(message) {
            // Two parts of a command may find the same.
            if (warnings.includes(message))
                return;
            warnings.push(message);
            reporter.warn(message);
        },
    };
    let config = null;
    const common = () => ({
        name: config !== null && 'name' in config ? config.name : '',
        store: config !== null && 'store' in config ? labelOf(config.store) : '',
        startedAt: startedAt.toISOString(),
        durationMs: Math.round(performance.now() - startMs),
        warnings,
    });
    try {
        assertCommand(read);
        config = (0,parse/* parseConfig */.o)(read.command, read.raw, { face, env, cwd }, read.problems);
        const stallMs = 'stallMs' in config ? config.stallMs : 0;
        const { own, failure } = await runCommand(config, {
            env,
            reporter: collecting,
            signal,
            stallMs,
            journal,
        });
        const failed = failure === null ? {} : { error: describeError(failure) };
        const document = { ok: failure === null, ...common(), ...own, ...failed };
        return { exitCode: failure?.exitCode ?? errors/* exitCodes */.hS.done, document, error: failure };
    }
    catch (cause) {
        const error = (0,internal_error/* asHoldfastError */.C)(cause, signal);
        const document = { command: read.command, ok: false, ...common(), error: describeError(error) };
        return { exitCode: error.exitCode, document, error };
    }
}
function assertCommand({ isUnknown = false, problems: [first, ...rest] }) {
    if (isUnknown && first !== undefined)
        throw new errors/* ConfigError */.xL([first, ...rest]);
}
function labelOf(store) {
    if (store.kind === 'folder')
        return `file:${store.path}`;
    return `s3://${store.bucket}${store.prefix === '' ? '' : `/${store.prefix}`}`;
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

/***/ 3296:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   E: () => (/* binding */ proveLoaded),
/* harmony export */   e: () => (/* binding */ isDamage)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2807);

/**
 * The engine's check, the fingerprint of the manifest, the user's assertions: what makes a loaded database the one that
 * was backed up.
 * @param onOtherSchema is told where every table has its rows and the schema alone differs; absent: that is a failure, too
 * @returns what was looked at, and what is odd, for people
 * @throws IntegrityError when anything differs, or an assertion is false: {@link isDamage} tells them apart; HoldfastError
 * `verify.query` when one could not be asked
 */
async function proveLoaded(loaded, entry, assertions, onOtherSchema) {
    const notes = await loaded.check();
    const difference = compare(entry, await loaded.fingerprint());
    if (difference !== null && !(difference.schemaAlone && onOtherSchema))
        throw difference.error;
    if (difference !== null)
        onOtherSchema?.(difference.error);
    for (const { sql } of assertions)
        await holds(loaded, sql);
    const counts = Object.values(entry.fingerprint.tables);
    const rows = counts.reduce((sum, count) => sum + count, 0);
    const asserted = assertions.length === 0 ? [] : [`${assertions.length} assertions hold`];
    return [
        `${rows} rows in ${counts.length} tables as backed up, loaded by ${loaded.label}`,
        ...asserted,
        ...notes,
    ].join('; ');
}
const assertionCode = 'verify.assertion';
/** Whether the backup is not what was made. An assertion that is false says that of the data, not of the backup. */
function isDamage(error) {
    return error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .IntegrityError */ .cs && error.code !== assertionCode;
}
async function holds(loaded, sql) {
    const answer = await ask(loaded, sql);
    const broken = answer.find(isFalse);
    if (answer.length > 0 && broken === undefined)
        return;
    const why = answer.length === 0 ? 'it gives no row' : `it gives ${broken === '' ? 'NULL or nothing' : broken}`;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .IntegrityError */ .cs(`It is intact, but the assertion about it does not hold: ${why} (${sql}).`, {
        code: assertionCode,
        input: 'assert',
        hint: 'Look at the data, or correct the assertion.',
    });
}
async function ask(loaded, sql) {
    try {
        return await loaded.query(sql);
    }
    catch (cause) {
        if (!(cause instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .HoldfastError */ .Et) || !cause.code.endsWith('.query'))
            throw cause;
        const why = cause.message.replace(/\.$/, '');
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .HoldfastError */ .Et(`The assertion about it could not be asked: ${why} (${sql}).`, {
            code: 'verify.query',
            input: 'assert',
            hint: 'Correct the query in `assert`.',
            cause,
        });
    }
}
function isFalse(value) {
    const text = value.trim().toLowerCase();
    return text === '' || text === 'f' || text === 'false' || Number(text) === 0;
}
/** `null` when nothing differs. */
function compare({ name, fingerprint: expected }, found) {
    const tables = compareTables(expected, found);
    const schema = expected.schemaSha256 === found.schemaSha256 ? [] : ['its schema differs'];
    const differences = [...tables, ...schema];
    if (differences.length === 0)
        return null;
    const schemaAlone = tables.length === 0;
    const whole = ' Every table has its rows: `restore` with `force: true` takes it as it is.';
    const error = new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .IntegrityError */ .cs(`${name} restores, but is not what was backed up: ${shorten(differences)}.`, {
        code: 'verify.differs',
        hint: `Take an earlier backup; \`list\` shows them.${schemaAlone ? whole : ''}`,
    });
    return { schemaAlone, error };
}
function compareTables(expected, found) {
    const differences = [];
    const names = new Set([...Object.keys(expected.tables), ...Object.keys(found.tables)]);
    for (const name of names) {
        const [wanted, got] = [expected.tables[name], found.tables[name]];
        if (wanted === got)
            continue;
        if (got === undefined)
            differences.push(`the table ${name} is missing`);
        else if (wanted === undefined)
            differences.push(`the table ${name} was not there`);
        else
            differences.push(`the table ${name} has ${got} rows instead of ${wanted}`);
    }
    return differences;
}
function shorten(differences) {
    const more = differences.length > 5 ? `, and ${differences.length - 5} more` : '';
    return differences.slice(0, 5).join(', ') + more;
}


/***/ })

};
