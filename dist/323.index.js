export const id = 323;
export const ids = [323];
export const modules = {

/***/ 5422:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  WX: () => (/* binding */ codecOpener),
  Ot: () => (/* binding */ openCodecs),
  tr: () => (/* binding */ openConfiguredHost),
  ox: () => (/* binding */ openEncryption),
  Uj: () => (/* binding */ openEngines),
  b: () => (/* binding */ openLockingStore),
  NH: () => (/* binding */ openRunner),
  dR: () => (/* binding */ openScratchEngine),
  Ch: () => (/* binding */ openStore),
  Ap: () => (/* binding */ openTarget),
  lZ: () => (/* binding */ s3SettingsOf)
});

// EXTERNAL MODULE: ./build/codecs/age.js + 1 modules
var age = __webpack_require__(8955);
// EXTERNAL MODULE: ./build/core/errors.js
var errors = __webpack_require__(2807);
// EXTERNAL MODULE: ./build/codecs/damage.js
var damage = __webpack_require__(825);
// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __webpack_require__(1421);
// EXTERNAL MODULE: external "node:events"
var external_node_events_ = __webpack_require__(8474);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: external "node:stream/promises"
var external_node_stream_promises_ = __webpack_require__(4085);
// EXTERNAL MODULE: ./build/core/bytes.js
var bytes = __webpack_require__(7993);
;// CONCATENATED MODULE: ./build/codecs/gpg-home.js








/** Nobody's configuration, key ring, agent, key server or terminal. */
const quiet = [
    '--batch',
    '--no-tty',
    '--no-options',
    '--disable-dirmngr',
    '--no-auto-key-locate',
    '--no-symkey-cache',
];
/** A home folder of gpg that nobody else has. Disposing ends its agent and removes it. */
class GpgHome {
    #path;
    #env;
    #files = 0;
    #hasAgent = false;
    constructor(path, searchPath) {
        this.#path = path;
        const PATH = searchPath.split(':').filter(external_node_path_.isAbsolute).join(':');
        this.#env = { PATH, HOME: path, LC_ALL: 'C' };
    }
    /** @param searchPath where gpg is looked for, as in PATH; relative folders do not count */
    static async open(searchPath) {
        // Mode 0700 by mkdtemp.
        return new GpgHome(await (0,promises_.mkdtemp)((0,external_node_path_.join)((0,external_node_os_.tmpdir)(), 'holdfast.gpg-')), searchPath);
    }
    /** Writes public keys for gpg to read, and gives their paths. */
    async writeAll(keys) {
        const paths = [];
        for (const key of keys) {
            this.#files += 1;
            const path = (0,external_node_path_.join)(this.#path, `key-${this.#files}.asc`);
            await (0,promises_.writeFile)(path, key, { mode: 0o600 });
            paths.push(path);
        }
        return paths;
    }
    /** @throws HoldfastError `gpg.private-key` */
    async importKey(key, passphrase) {
        this.#hasAgent = true;
        const running = this.start(['--import'], (0,bytes/* bytesOf */.$$)(key.reveal()), passphrase);
        const [, { code, stderr }] = await Promise.all([(0,bytes/* collect */.Fo)(running.stdout), running.ended]);
        if (code === 0)
            return;
        throw new errors/* HoldfastError */.Et(`gpg does not take the private key of \`identity\`: ${stderr.trim().split('\n').at(-1)}.`, {
            code: 'gpg.private-key',
            input: 'identity',
            hint: 'Give it armored, as `gpg --export-secret-keys --armor` prints it.',
        });
    }
    /** Starts gpg; the passphrase goes over a descriptor of its own. */
    start(args, stdin, passphrase) {
        const withPassphrase = passphrase === null ? [] : ['--pinentry-mode', 'loopback', '--passphrase-fd', '3'];
        const argv = ['--homedir', this.#path, ...quiet, '--status-fd', '4', ...withPassphrase, ...args];
        const child = (0,external_node_child_process_.spawn)('gpg', argv, {
            cwd: '/',
            env: this.#env,
            stdio: ['pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
        });
        const [, , , secret, status] = child.stdio;
        secret.on('error', () => { });
        secret.end(passphrase === null ? '' : `${passphrase.reveal()}\n`);
        const texts = Promise.all([textOf(status), textOf(child.stderr)]);
        const source = new Remembering(stdin);
        // gpg may close its stdin early, which its exit code tells; only the source's own failure counts here.
        (0,external_node_stream_promises_.pipeline)(source.bytes(), child.stdin).catch(() => child.kill('SIGKILL'));
        const ended = (async () => {
            const [code] = (await (0,external_node_events_.once)(child, 'close'));
            const [said, stderr] = await texts;
            return { code, status: said, stderr };
        })().catch((cause) => {
            throw notStarted(cause);
        });
        ended.catch(() => { });
        return { stdout: outputOf(child.stdout, () => child.kill('SIGKILL'), source, ended), ended };
    }
    async [Symbol.asyncDispose]() {
        if (this.#hasAgent) {
            const ending = (0,external_node_child_process_.spawn)('gpgconf', ['--homedir', this.#path, '--kill', 'gpg-agent'], {
                stdio: 'ignore',
                env: this.#env,
            });
            await (0,external_node_events_.once)(ending, 'close').catch(() => { });
        }
        await (0,promises_.rm)(this.#path, { recursive: true, force: true });
    }
}
/** What gpg writes; a failure of what it is fed with is the one to tell, and a reader that leaves early ends it. */
async function* outputOf(stdout, kill, source, ended) {
    try {
        yield* stdout;
        await ended;
        if (source.failure !== undefined)
            throw source.failure;
    }
    finally {
        kill();
    }
}
/** A source that remembers why it failed: its reader is told too late, or nothing. */
class Remembering {
    failure;
    #source;
    constructor(source) {
        this.#source = source;
    }
    async *bytes() {
        try {
            yield* this.#source;
        }
        catch (error) {
            this.failure = error;
            throw error;
        }
    }
}
async function textOf(stream) {
    let text = '';
    for await (const chunk of stream.setEncoding('utf8'))
        text = (text + chunk).slice(-16_384);
    return text;
}
function notStarted(cause) {
    return new errors/* CommandError */.Qd('gpg could not be started on this machine.', {
        code: 'gpg.missing',
        hint: 'Install the package `gnupg`, or encrypt with age (`encrypt-to: age1…`), which needs no program.',
        cause,
    });
}

;// CONCATENATED MODULE: ./build/codecs/gpg.js
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
 * OpenPGP by this machine's `gpg`, in a home folder of its own: AES-256, by passphrase or to public keys. gpg gives out plain
 * bytes before it knows that they are right: only the end of the stream says so.
 */
function gpgCodec(keys) {
    return {
        id: 'gpg',
        extension: 'gpg',
        decodeCommand: 'gpg --decrypt',
        locked: keys.passphrase === null && keys.privateKeys.length === 0,
        encode: (plain) => encode(plain, keys),
        decode: (encoded, options) => (0,damage/* guardDecoded */.m)('gpg', decode(encoded, keys), options),
    };
}
/** The slowest key derivation that the format has (RFC 4880, 3.7.1.3), so that guessing is slow too. */
const symmetric = [
    '--symmetric',
    '--s2k-mode',
    '3',
    '--s2k-digest-algo',
    'SHA512',
    '--s2k-count',
    '65011712',
];
async function* encode(plain, { passphrase, publicKeys, searchPath }) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const home = __addDisposableResource(env_1, await GpgHome.open(searchPath), true);
        const recipients = await home.writeAll(publicKeys);
        const how = recipients.length === 0
            ? symmetric
            : ['--encrypt', '--trust-model', 'always', ...recipients.flatMap((file) => ['--recipient-file', file])];
        const argv = ['--cipher-algo', 'AES256', '--compress-algo', 'none', ...how, '--output', '-'];
        const running = home.start(argv, plain, recipients.length === 0 ? passphrase : null);
        yield* running.stdout;
        const ended = await running.ended;
        if (ended.code === 0 && ended.status.includes('END_ENCRYPTION'))
            return;
        throw new errors/* HoldfastError */.Et(`Encrypting with gpg failed: ${reasonOf(ended)}.`, {
            code: 'gpg.encrypt',
            input: recipients.length === 0 ? 'passphrase' : 'encrypt-to',
            hint: 'Check that the public key is whole, neither expired nor revoked, and may encrypt.',
        });
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
async function* decode(encoded, { passphrase, privateKeys, searchPath }) {
    const env_2 = { stack: [], error: void 0, hasError: false };
    try {
        if (passphrase === null && privateKeys.length === 0)
            throw noKey();
        const home = __addDisposableResource(env_2, await GpgHome.open(searchPath), true);
        for (const key of privateKeys)
            await home.importKey(key, passphrase);
        const running = home.start(['--decrypt', '--output', '-'], encoded, passphrase);
        yield* running.stdout;
        const ended = await running.ended;
        const { code, status } = ended;
        const whole = status.includes('DECRYPTION_OKAY') &&
            (status.includes('GOODMDC') || /DECRYPTION_INFO 0 \d+ [1-9]/.test(status));
        if (code === 0 && whole)
            return;
        throw decodeFailed(ended);
    }
    catch (e_2) {
        env_2.error = e_2;
        env_2.hasError = true;
    }
    finally {
        const result_2 = __disposeResources(env_2);
        if (result_2)
            await result_2;
    }
}
function decodeFailed(ended) {
    const { status, stderr } = ended;
    if (/BAD_PASSPHRASE|NO_SECKEY|Bad session key/i.test(status + stderr)) {
        return new errors/* HoldfastError */.Et('The backup is encrypted with OpenPGP, and no passphrase or key matched.', {
            code: 'gpg.wrong-key',
            input: 'passphrase',
            hint: 'Give the `passphrase`, or the private key as `identity`, that the backup was made with.',
        });
    }
    if (ended.code === null)
        return new errors/* CommandError */.Qd(`gpg was ended: ${reasonOf(ended)}.`, { code: 'gpg.ended' });
    return new errors/* IntegrityError */.cs(`The gpg data is damaged: ${reasonOf(ended)}.`, { code: 'codec.damaged' });
}
function reasonOf({ stderr, code }) {
    const lines = stderr.split('\n').filter((line) => line.startsWith('gpg: '));
    return lines.at(-1)?.slice('gpg: '.length).replace(/\.$/, '') ?? `exit code ${code}`;
}
function noKey() {
    return new errors/* HoldfastError */.Et('The backup is encrypted with OpenPGP, and there is nothing to open it with.', {
        code: 'gpg.no-key',
        input: 'passphrase',
        hint: 'Give the `passphrase`, or the private key as `identity`.',
    });
}

// EXTERNAL MODULE: ./build/codecs/registry.js + 5 modules
var registry = __webpack_require__(5025);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
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
        const target = (0,external_node_path_.join)(await folder(), `postgresql-client-${found}`);
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
    await (0,promises_.mkdir)(target, { recursive: true });
    const key = await cacheKey(packages);
    await restore(target, key, reporter);
    let downloaded = false;
    for (const wanted of packages) {
        if (await isGenuine(target, wanted))
            continue;
        await (0,promises_.rm)((0,external_node_path_.join)(target, wanted.file), { force: true });
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
            .update(await (0,promises_.readFile)((0,external_node_path_.join)(target, file)))
            .digest('hex') === sha256);
    }
    catch {
        return false;
    }
}
async function unpack(packages, target) {
    const root = (0,external_node_path_.join)(target, 'root');
    await (0,promises_.rm)(root, { recursive: true, force: true });
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
    const release = await (0,promises_.readFile)('/etc/os-release', 'utf8').catch(() => '');
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
// EXTERNAL MODULE: ./build/core/program.js
var program = __webpack_require__(6278);
// EXTERNAL MODULE: ./build/core/secret.js
var secret = __webpack_require__(5616);
;// CONCATENATED MODULE: ./build/engines/postgres/pooler-url.js

/** What a pooler in transaction mode would do to the app. */
const sharedSessions = 'a connection pooler in transaction mode, where the settings of our sessions would stay on connections that the app shares';
/**
 * Refuses the URLs that providers give for their poolers in transaction mode; others show when they are connected to.
 * @throws HoldfastError `postgres.pooler`, with the URL to write instead
 */
function refusePoolerUrl(url) {
    const hint = directUrl(url);
    if (hint === null)
        return;
    throw new errors/* HoldfastError */.Et(`The PostgreSQL URL in \`database\` can't be used: it leads to ${sharedSessions}.`, { code: 'postgres.pooler', input: 'database', hint });
}
function directUrl({ host = '', port, pgbouncer }) {
    const name = host.toLowerCase().replace(/\.$/, '');
    const flagged = pgbouncer === 'true';
    const without = pgbouncer === undefined ? '' : ', without `pgbouncer` in it';
    if (/^[^.]+-pooler\..*\bneon\.tech$/.test(name)) {
        return `Write Neon's direct URL: the host ${name.replace('-pooler.', '.')}${without}.`;
    }
    if (/\.supabase\.com?$/.test(name) && (port === 6543 || flagged)) {
        return `Write the URL of Supabase's session pooler: the same with port 5432${without}.`;
    }
    if (!flagged)
        return null;
    return 'Write the direct URL of the server, without `pgbouncer` in it; Prisma calls that one `directUrl`.';
}

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
 * @throws HoldfastError `postgres.url` or `postgres.pooler`, naming `database`; neither the URL nor its password is in the message
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
    const port = parsePort(value('port', parts.port));
    refusePoolerUrl({ host, port, pgbouncer: query.get('pgbouncer') });
    return {
        host,
        port,
        user,
        password: new secret/* Secret */.z(value('password', parts.password) ?? ''),
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
        when: /unsupported (?:options )?startup parameter|command-line options/i,
        code: 'postgres.options',
        why: (said) => `a connection pooler in between does not let a setting through (${said})`,
        hint: "Write the direct URL of the server, not the pooler's.",
    },
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
        // Of a name's several addresses one may be out of reach and another speak: then that one's words count.
        when: /^(?!.*(?:FATAL|Connection refused|timeout expired)).*(?:Network is unreachable|Cannot assign requested address|No route to host)/is,
        code: 'postgres.unreachable',
        why: (_, stderr) => `there is no way to the server's address from where psql runs (${attemptsIn(stderr)})`,
        hint: 'Where the address is an IPv6 one (with colons), the machine has no IPv6, as those of GitHub: write the URL of an IPv4 ' +
            'address of the provider (Supabase: of its session pooler, port 5432), or go over `ssh` through a machine that gets there.',
    },
    {
        when: /^(?!.*(?:FATAL|timeout expired)).*(?:Connection refused|No such file or directory[^\n]*\n?[^\n]*socket|Is the server running)/is,
        code: 'postgres.refused',
        why: (_, stderr) => `nothing answers there (${attemptsIn(stderr)})`,
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
        why: (_, stderr) => `another session holds an ACCESS EXCLUSIVE lock on ${tableOfLock(stderr)}, or waits for one, and was not done in time`,
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
        when: /conflict with recovery/i,
        code: 'postgres.standby-conflict',
        why: () => 'this server is a standby, and replaying changes of its primary conflicts with the dump',
        hint: 'Raise max_standby_streaming_delay on the standby, switch hot_standby_feedback on, or back up the primary.',
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
        when: /cache lookup failed|could not open relation|(?:relation|schema) ".*" does not exist/i,
        code: 'postgres.changed',
        why: () => 'a table was dropped or changed while the dump began',
        hint: 'Run the backup again, not during migrations.',
    },
];
/** The one place where what psql and pg_dump say becomes a sentence. They never print a password. */
function postgresError(what, exit) {
    const said = reasonIn(exit.stderr) || (0,program/* describeExit */.KE)(exit);
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
    const line = said(/(?:FATAL|ERROR|PANIC): /) ?? said(/error: /) ?? (0,program/* lastLine */.fM)(stderr);
    return line
        .replace(/^.*(?:FATAL|ERROR|PANIC): +|^.*?error: +/, '')
        .replace(/\.$/, '')
        .trim();
}
/** What became of each address that was tried. */
function attemptsIn(stderr) {
    const lines = stderr.split('\n').filter((line) => /(?:failed|could not connect to server): /.test(line));
    const attempts = lines.map((line) => line.replace(/^.*?error: +/, '').trim());
    return attempts.join('; ') || reasonIn(stderr);
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





/** Puts the password, where there is one, into a private file on the host, sent over stdin. */
async function openAccess(request) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const { host, client, connection, signal } = request;
        const stack = access_addDisposableResource(env_1, new AsyncDisposableStack(), true);
        const text = passwordLine(connection);
        const file = { name: 'pgpass', text };
        const scratch = stack.use(await host.scratch({ signal, ...(text === '' ? {} : { file }) }));
        const env = {
            ...client.env,
            ...(await variablesOf(request)),
            // Named in any case, so that no other one is looked for.
            PGPASSFILE: `${scratch.path}/${file.name}`,
        };
        const cleared = libpqVariables.filter((name) => !(name in env)).flatMap((name) => ['-u', name]);
        // pg_dump must keep the database's own encoding: not every text of another one can be converted. An archive names its own.
        const encoding = { psql: ['PGCLIENTENCODING=UTF8'], pg_dump: [], pg_dumpall: [], pg_restore: [] };
        const held = stack.move();
        return {
            host,
            client,
            connection,
            folder: scratch.path,
            env,
            program: (name, ...args) => {
                const prefix = ['env', ...cleared, ...encoding[name]];
                return [...prefix, `${client.folder}/${name}`, keepalive(host), ...args];
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
/** The same way in, to another database of the server; it ends with the first. */
function inDatabase(access, database) {
    return {
        ...access,
        connection: { ...access.connection, database },
        env: { ...access.env, PGDATABASE: database },
        [Symbol.asyncDispose]: async () => { },
    };
}
/**
 * A server that is gone without a word is noticed, and no firewall forgets a connection that is silent for minutes, as that
 * of the snapshot is during a long dump. libpq counts in whole seconds.
 */
function keepalive({ stallMs }) {
    const seconds = Math.max(1, Math.floor(stallMs / 4000));
    return `--dbname=keepalives_idle=${seconds} keepalives_interval=${seconds} keepalives_count=3`;
}
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
        PGOPTIONS: '',
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
    const found = await (0,program/* runProgram */.mB)(host, ['sh', '-c', script, 'sh', ...bundles], { signal });
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
function query(access, what, statements, signal) {
    // A role's own limit may be shorter than these questions take.
    return queryAsIs(access, what, `SET statement_timeout = 0;\n${statements}`, signal);
}
/** The same in a session as the server gives it, with nothing set. */
async function queryAsIs(access, what, stdin, signal) {
    const { host, env } = access;
    for (let attempt = 1;; attempt += 1) {
        const done = await (0,program/* runProgram */.mB)(host, access.program('psql', ...quietPsql), { signal, env, stdin });
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
/** One line a client: `pg_dump (PostgreSQL) 16.4 (Debian…)|/usr/lib/postgresql/16/bin`. PATH comes last; Debian's wrapper there leads to those before it. */
const script = `
known=
for pattern in "$@"; do
  for folder in $pattern; do
    if [ -x "$folder/pg_dump" ] && [ -x "$folder/psql" ]; then
      known=yes
      printf '%s|%s\\n' "$("$folder/pg_dump" --version)" "$folder"
    fi
  done
done
dump=$(command -v pg_dump) && command -v psql >/dev/null || exit 0
case $known$(readlink -f "$dump" 2>/dev/null) in yes*/pg_wrapper) exit 0 ;; esac
printf '%s|%s\\n' "$(pg_dump --version)" "\${dump%/*}"
`;
/** All clients of a host, the newest first. @param folders globs of folders; PATH is looked at too. */
async function findClients(host, signal, folders = usualFolders) {
    const { stdout } = await (0,program/* runProgram */.mB)(host, ['sh', '-c', script, 'sh', ...folders], { signal });
    const found = stdout.split('\n').flatMap((line) => {
        const [, version = '', folder = ''] = /\(PostgreSQL\) (\S+)[^|]*\|(\/.*)$/.exec(line) ?? [];
        return version === '' ? [] : [{ major: Number.parseInt(version, 10), version, folder, env: {} }];
    });
    return found.sort((a, b) => b.major - a.major);
}

// EXTERNAL MODULE: external "node:stream"
var external_node_stream_ = __webpack_require__(7075);
;// CONCATENATED MODULE: ./build/engines/postgres/held-session.js



const endMark = 'holdfast-answered';
/**
 * psql reads from a pipe that is filled from here. When that ends, because of us or because we died, psql runs the last
 * statements and ends too, and what is still at work then is cancelled at the server. The end of a connection that fell silent
 * is not told for hours, but then the folder goes. $1: a private folder, with a lease; $2: `watched` or not; $3: the last
 * statements; $4: seconds that they may take; then psql's argument list.
 */
const tethered = `
folder=$1
pipe=$1/statements.$$
answers=$1/answers.$$
watched=$2
last=$3
grace=$4
shift 4
mkfifo "$pipe" "$answers" || exit 1
# With both ends open first, no later open waits for another end that may never come: the folder goes when we die.
exec 3<&0 4<>"$pipe" 5<>"$answers"
exec 6<"$pipe" 7>"$pipe" 8<"$answers" 9>"$answers" 4>&- 5>&-
# When nobody listens any more, an answer must not kill psql before its last statements.
( cat; cat >/dev/null ) <&8 3<&- 6<&- 7>&- 9>&- &
relay=$!
"$@" <&6 >&9 3<&- 7>&- 8<&- &
psql=$!
exec 6<&- 8<&- 9>&-
(
  cat <&3 >&7 &
  statements=$!
  if [ "$watched" = watched ]; then
    ( while [ -d "$folder" ]; do sleep 2; done; kill "$statements" ) 3<&- 7>&- &
  fi
  wait "$statements"
  printf '%s\\n' "$last" >&7
  exec 7>&-
  sleep "$grace"; kill -INT "$psql"; sleep 2; kill -KILL "$psql"
) >/dev/null 2>&1 &
exec 7>&-
wait "$psql"
status=$?
wait "$relay"
exit "$status"
`;
/** One psql that stays open, and with it its transaction. Disposing ends both. */
class HeldSession {
    #stdin = new external_node_stream_.PassThrough();
    #process;
    #lines;
    #what;
    constructor(access, what, signal, last = { sql: '', graceSeconds: 1 }) {
        this.#what = what;
        const psql = access.program('psql', ...quietPsql, '--echo-errors');
        // A program of this machine hears of our end in any case.
        const watched = access.host.remote ? 'watched' : 'alone';
        const folder = [access.folder, watched];
        const script = ['sh', '-c', tethered, 'sh', ...folder, last.sql, `${last.graceSeconds}`];
        this.#process = access.host.spawn([...script, ...psql], {
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
    /** Ends it and says how psql ended; `null` when nobody knows. */
    async end() {
        this.#stdin.end();
        while (!(await this.#lines.next().catch(() => ({ done: true }))).done)
            ;
        return this.#process.exit.catch(() => null);
    }
    async [Symbol.asyncDispose]() {
        await this.end();
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

;// CONCATENATED MODULE: ./build/engines/postgres/pooler.js
var pooler_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
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
var pooler_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
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




/** A setting of our own, given as the session begins: poolers refuse it or leave it out, a server shows it. */
const mark = '-c holdfast.direct=yes';
const answerMark = 'holdfast-answer';
/** Sets nothing, and must not fail where the mark is missing. */
const questions = (also) => `SHOW server_version_num;
\\set ON_ERROR_STOP 0
SHOW holdfast.direct;
\\echo ${answerMark}
${also}
`;
const rounds = 3;
/**
 * Asks for the server's major version, and whether the sessions are ours alone. Nothing is set before that is known.
 * @param also a statement that gives one line and sets nothing, asked in passing
 * @throws HoldfastError `postgres.pooler` where sessions share the server's connections
 */
async function greet(access, label, signal, also = '') {
    const what = `Connecting to ${label}`;
    const marked = { ...access, env: { ...access.env, PGOPTIONS: mark } };
    const said = await queryAsIs(marked, what, questions(also), signal).catch((error) => {
        if (mayBeTheMark(error))
            return [];
        throw error;
    });
    const [version, direct] = said;
    if (version !== undefined && direct === 'yes')
        return { major: majorOf(version), answer: said[said.indexOf(answerMark) + 1] };
    return { major: majorOf(await versionBehindPooler(access, what, label, signal)), answer: undefined };
}
function majorOf(version) {
    return Math.floor(Number(version) / 10_000);
}
/** Poolers have their own words for what they refuse. */
function mayBeTheMark(error) {
    return (error instanceof errors/* HoldfastError */.Et && (error.code === 'postgres.options' || error.code === 'postgres.failed'));
}
/**
 * Two sessions at a time. Where each has a connection of the server for itself, as in a pooler's session mode, each sees one
 * process of the server, and not the other's. A pooler gives a shared connection to whoever comes next: to the other session, or
 * to a third one, and then the first sees another process the second time.
 */
async function versionBehindPooler(access, what, label, signal) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const one = pooler_addDisposableResource(env_1, new HeldSession(access, what, signal), true);
        const two = pooler_addDisposableResource(env_1, new HeldSession(access, what, signal), true);
        const [version = ''] = await one.ask('SHOW server_version_num;');
        const [ofOne, ofTwo] = [new Set(), new Set()];
        for (let round = 0; round < rounds; round += 1) {
            for (const [session, seen] of [
                [one, ofOne],
                [two, ofTwo],
            ]) {
                for (const pid of await session.ask('SELECT pg_backend_pid();\nSELECT pg_backend_pid();'))
                    seen.add(pid);
            }
        }
        if (ofOne.size === 1 && ofTwo.size === 1 && ofOne.isDisjointFrom(ofTwo))
            return version;
        throw new errors/* HoldfastError */.Et(`${label} can't be used: it is behind ${sharedSessions}.`, {
            code: 'postgres.pooler',
            input: 'database',
            hint: "Write the direct URL of the server: its own host and port, not the pooler's. A pooler's session mode will do too " +
                '(pool_mode=session in PgBouncer).',
        });
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = pooler_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
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





/** What was found for each connection, so that the next access need not look for it again. */
const known = new WeakMap();
/**
 * Opens the database with a client of exactly the server's major version: the host's own, else this machine's, through a
 * connection forwarded over SSH where the host is remote, else one that is installed for it.
 * @throws HoldfastError `postgres.no-client`, naming both versions, before anything is dumped; `postgres.pooler`
 */
async function openMatching(hosts, connection, signal) {
    const match = known.get(connection);
    return match === undefined
        ? openAnywhere(hosts, connection, signal)
        : openAt(hosts, match, connection, signal);
}
async function openAnywhere(hosts, connection, signal) {
    const { host, runner, install, folders = usualFolders } = hosts;
    const places = [{ host, forwarded: false }];
    if (host.forward !== undefined)
        places.push({ host: runner, forwarded: true });
    const seen = [];
    let serverMajor = null;
    for (const place of places) {
        const clients = await findClients(place.host, signal, folders);
        seen.push(`${place.host.label} has ${clients.length === 0 ? 'none' : clients.map(({ major }) => major).join(', ')}`);
        const opened = await openByOneOf(hosts, place, clients, serverMajor, connection, signal);
        if (opened.access !== null)
            return opened.access;
        serverMajor = opened.major;
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
async function openByOneOf(hosts, place, clients, knownMajor, connection, signal) {
    const [newest] = clients;
    if (newest === undefined)
        return { access: null, major: knownMajor };
    const asked = knownMajor === null
        ? await openAndAsk(hosts, { place, client: newest }, connection, signal)
        : { access: null, major: knownMajor };
    const client = clients.find(({ major }) => major === asked.major);
    if (asked.access !== null || client === undefined)
        return asked;
    return { access: await openAt(hosts, { place, client }, connection, signal), major: asked.major };
}
async function installMatching(hosts, place, knownMajor, connection, signal) {
    let major = knownMajor;
    if (major === null) {
        const any = await hosts.install('newest', signal);
        if (any === null)
            return null;
        const asked = await openAndAsk(hosts, { place, client: any }, connection, signal);
        if (asked.access !== null)
            return asked.access;
        major = asked.major;
    }
    const client = await hosts.install(major, signal);
    return client === null ? null : openAt(hosts, { place, client }, connection, signal);
}
/** An access that fits the server; what it is by was the right one. */
async function openAt(hosts, match, connection, signal) {
    const access = await openBy(hosts, match, connection, signal);
    known.set(connection, match);
    return access;
}
/** Any client can ask for the server's version; only the matching one may dump. `access` is `null` where it does not match. */
async function openAndAsk(hosts, match, connection, signal) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const stack = choose_client_addDisposableResource(env_1, new AsyncDisposableStack(), true);
        const access = stack.use(await openBy(hosts, match, connection, signal));
        const label = labelOf(connection, hosts.host.label);
        const { major, answer } = await greet(access, label, signal, hosts.alsoAsk).catch((error) => {
            const refusal = access.refusal?.() ?? null;
            throw refusal === null ? error : notForwarded(hosts.host, connection, refusal);
        });
        if (match.client.major !== major)
            return { access: null, major };
        known.set(connection, match);
        const held = stack.move();
        return { access: { ...access, answer, [Symbol.asyncDispose]: () => held.disposeAsync() }, major };
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
async function openBy({ host }, { place, client }, connection, signal) {
    const env_2 = { stack: [], error: void 0, hasError: false };
    try {
        if (!place.forwarded || host.forward === undefined) {
            return openAccess({ host: place.host, client, connection, forwardedPort: undefined, signal });
        }
        const { host: name, port = 5432 } = connection;
        const stack = choose_client_addDisposableResource(env_2, new AsyncDisposableStack(), true);
        const address = { host: name === undefined || name.startsWith('/') ? 'localhost' : name, port };
        const forward = stack.use(await host.forward(address));
        const access = stack.use(await openAccess({ host: place.host, client, connection, forwardedPort: forward.port, signal }));
        const held = stack.move();
        return { ...access, refusal: () => forward.refusal(), [Symbol.asyncDispose]: () => held.disposeAsync() };
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
/** The client only sees that its connection ends. */
function notForwarded({ label }, { host, port = 5432 }, cause) {
    const address = `${host ?? 'localhost'}:${port}`;
    return new errors/* CommandError */.Qd(`${label} forwards nothing to ${address} (${cause.message}).`, {
        code: 'ssh.forward',
        input: 'database',
        hint: `Install the package postgresql-client there, which needs no forward; or start the server and correct the port; or allow it: a key with \`restrict\` ` +
            `needs \`port-forwarding,permitopen="${address}"\` too.`,
        cause,
    });
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

;// CONCATENATED MODULE: ./build/engines/postgres/names.js
/** A name as SQL reads it back unchanged. */
function identifier(name) {
    return `"${name.replaceAll('"', '""')}"`;
}
/** A text as SQL reads it back unchanged, whatever the server thinks of backslashes. */
function literal(text) {
    const quoted = `'${text.replaceAll("'", "''")}'`;
    return text.includes('\\') ? `E${quoted.replaceAll('\\', '\\\\')}` : quoted;
}
const limitBytes = 63;
/** A name that begins with as much of `name` as fits, and ends in the whole suffix: longer ones the server would cut. */
function suffixed(name, suffix) {
    const room = limitBytes - Buffer.byteLength(suffix);
    let kept = '';
    let bytes = 0;
    for (const character of name) {
        bytes += Buffer.byteLength(character);
        if (bytes > room)
            break;
        kept += character;
    }
    return kept + suffix;
}

;// CONCATENATED MODULE: ./build/engines/postgres/fingerprint.js


const userSchema = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";
/** What an extension brought along is the extension's business, also after a restore. */
const notOfExtension = (catalog, oid) => `NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = ${oid} AND d.deptype = 'e')`;
const relations = `FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${userSchema} AND ${notOfExtension('pg_class', 'c.oid')}`;
/** Not one that a partition has from its parent: its name may be another one after a restore. Versions before 11 have none. */
const ownConstraint = "coalesce((to_jsonb(c) ->> 'conparentid')::bigint, 0) = 0";
/** Of an index: pg_dump has it. It leaves out what a failed CREATE INDEX CONCURRENTLY left, and those of an extension's table. */
const dumpedIndex = (oid) => `EXISTS (SELECT FROM pg_index x JOIN pg_class o ON o.oid = x.indrelid WHERE x.indexrelid = ${oid}
    AND (x.indisvalid OR o.relkind = 'p') AND x.indisready AND ${notOfExtension('pg_class', 'x.indrelid')})`;
/** Of a constraint, on a table or a domain: pg_dump has it. */
const dumpedConstraint = `${notOfExtension('pg_class', 'c.conrelid')} AND ${notOfExtension('pg_type', 'c.contypid')}
    AND (c.contype NOT IN ('p', 'u', 'x') OR ${dumpedIndex('c.conindid')})`;
/** Whether there is anything of a user in the database: not tables alone are worth keeping. */
const contentQuery = `
SELECT EXISTS (SELECT ${relations} AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c'))
  OR EXISTS (SELECT FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${userSchema} AND ${notOfExtension('pg_proc', 'p.oid')})
  OR EXISTS (SELECT FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE ${userSchema} AND t.typtype IN ('e', 'd', 'r') AND ${notOfExtension('pg_type', 't.oid')})
  OR EXISTS (SELECT FROM pg_largeobject_metadata);
`;
/** One JSON text a row: the schema and the name of a table. Parents of partitions hold no rows of their own. */
const tablesQuery = `SELECT json_build_array(n.nspname, c.relname) ${relations} AND c.relkind = 'r';`;
/** How many tables those are, as an expression. */
const tableCount = `(SELECT count(*) ${relations} AND c.relkind = 'r')`;
/** The same for all that pg_dump locks, in its order: parents of partitions, too. */
const lockedTablesQuery = `SELECT json_build_array(n.nspname, c.relname) ${relations} AND c.relkind IN ('r', 'p') ORDER BY c.oid;`;
/**
 * The schema as facts that are the same after a restore into this or a newer major version: names, types and kinds, not
 * the texts that the server makes of definitions. One JSON text a row. Nothing that pg_dump leaves out may be among them.
 */
const schemaQuery = `
SELECT json_build_array('column', n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull AND a.attinhcount = 0, a.atthasdef)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE ${userSchema} AND ${notOfExtension('pg_class', 'c.oid')}
    AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL SELECT json_build_array('relation', n.nspname, c.relname, c.relkind) ${relations}
    AND (c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') OR c.relkind IN ('i', 'I') AND ${dumpedIndex('c.oid')})
UNION ALL SELECT json_build_array('constraint', n.nspname, c.conrelid::regclass::text, c.conname, c.contype)
  FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
  WHERE ${userSchema} AND c.contype IN ('p', 'u', 'f', 'c', 'x') AND ${ownConstraint} AND ${dumpedConstraint}
UNION ALL SELECT json_build_array('unique', n.nspname, c.relname, i.indisprimary)
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${userSchema} AND i.indisunique AND ${notOfExtension('pg_class', 'c.oid')} AND ${dumpedIndex('c.oid')}
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
  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE ${userSchema} AND ${notOfExtension('pg_class', 'c.oid')};
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
    return JSON.parse(tableRow).map(identifier).join('.');
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

// EXTERNAL MODULE: ./build/core/write-plain.js
var write_plain = __webpack_require__(3608);
;// CONCATENATED MODULE: ./build/engines/postgres/archive-header.js


/** The statement comes within the first lines. */
const archive_header_script = '"$1" --create --section=pre-data --file=- "$2" 2>/dev/null | head -c 262144';
const statement = /^CREATE DATABASE (?:"(?:[^"]|"")*"|\S+) WITH TEMPLATE = template0((?: \w+ = (?:'(?:[^']|'')*'|\w+))*);$/m;
/** The options that are about texts; a tablespace is not. */
const archive_header_known = /^(?:ENCODING|LOCALE_PROVIDER|LOCALE|LC_COLLATE|LC_CTYPE|ICU_LOCALE|ICU_RULES|BUILTIN_LOCALE)$/;
/** Never throws for an archive that is damaged: loading it will tell. */
async function readHeader({ host, client }, file, signal) {
    const argv = ['sh', '-c', archive_header_script, 'sh', `${client.folder}/pg_restore`, file];
    const { stdout } = await (0,program/* runProgram */.mB)(host, argv, { signal, env: client.env });
    const text = statement.exec(stdout)?.[1];
    if (text === undefined)
        return { encoding: null, options: null };
    const options = [...text.matchAll(/(\w+) = ('(?:[^']|'')*'|\w+)/g)]
        .map(([, name = '', value = '']) => ({ name, value }))
        .filter(({ name }) => archive_header_known.test(name));
    const encoding = options.find(({ name }) => name === 'ENCODING')?.value.slice(1, -1);
    return {
        encoding: encoding ?? null,
        options: options.length === 0 ? null : options.map(({ name, value }) => `${name} = ${value}`).join(' '),
    };
}
const listScript = `"$1" --list "$2" 2>/dev/null | sed -n 's/^[0-9; ]* SUBSCRIPTION - //p'`;
/** Name and owner of each subscription in an archive. */
async function readSubscriptions({ host, client }, file, signal) {
    const argv = ['sh', '-c', listScript, 'sh', `${client.folder}/pg_restore`, file];
    const { stdout } = await (0,program/* runProgram */.mB)(host, argv, { signal, env: client.env });
    return stdout.split('\n').filter((line) => line !== '');
}
/** Options for a database with the archive's encoding where its locale is not to be had, the most alike first. */
function plainLocales({ encoding }, serverMajor) {
    const provider = serverMajor >= 15 ? ' LOCALE_PROVIDER = libc' : '';
    const texts = encoding === null ? '' : `ENCODING = ${literal(encoding)} `;
    const ctypes = encoding === null || encoding === 'UTF8' ? ['C.UTF-8', 'C'] : ['C'];
    return ctypes.map((ctype) => `${texts}LC_COLLATE = 'C' LC_CTYPE = '${ctype}'${provider}`);
}

;// CONCATENATED MODULE: ./build/engines/postgres/take-fingerprint.js
var take_fingerprint_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
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
var take_fingerprint_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
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
 * Limits that a role or the server may have set must not end a long dump; not every version knows all of them. A transaction of
 * ours is idle only while pg_dump reads the schema: after an hour nobody is there any more.
 */
const sessionSettings = (lockWaitMs) => `
SET statement_timeout = 0;
SELECT set_config(name, CASE name WHEN 'idle_in_transaction_session_timeout' THEN '1h' ELSE '0' END, false) FROM pg_settings
  WHERE name IN ('idle_in_transaction_session_timeout', 'idle_session_timeout', 'transaction_timeout');
SET lock_timeout = ${lockWaitMs};
SET search_path = pg_catalog;
SET row_security = off;`;
/**
 * The fingerprint as the open transaction of a session sees it, which ends with it: by itself, as we may be gone by then.
 * @param tables as `tablesQuery` gave them there
 */
async function fingerprintIn(session, tables) {
    const schema = await session.ask(lettingGo(schemaQuery));
    const counting = tables.map((table) => lettingGo(countStatement(table)));
    const counts = await session.ask([...counting, 'COMMIT;'].join('\n'));
    return fingerprintOf(schema, tables, counts);
}
/** The fingerprint of a database that nobody changes meanwhile. */
async function takeFingerprint(access, what, signal) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const session = take_fingerprint_addDisposableResource(env_1, new HeldSession(access, what, signal), true);
        await session.ask(sessionSettings(60_000));
        await session.ask('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;');
        return await fingerprintIn(session, await session.ask(tablesQuery));
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = take_fingerprint_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
/** A query without the locks that it would keep until the transaction ends, as on each index: a server has few. */
function lettingGo(statement) {
    return `SAVEPOINT one; ${statement} ROLLBACK TO one; RELEASE one;`;
}

;// CONCATENATED MODULE: ./build/engines/postgres/loaded-database.js






/** A backup's database on a server. Loading it has checked its constraints and built its indexes. */
class LoadedDatabase {
    label;
    #options;
    #stop = new AbortController();
    #during;
    #fingerprint;
    constructor(options) {
        this.label = options.label;
        this.#options = options;
        this.#during = AbortSignal.any([options.signal, this.#stop.signal]);
    }
    async check() {
        const what = `Looking at the indexes of ${this.label}`;
        const invalid = await query(this.#options.access, what, invalidQuery, this.#during);
        return invalid.length === 0 ? [] : [`indexes that are not valid: ${invalid.join(', ')}`];
    }
    fingerprint() {
        this.#fingerprint ??= takeFingerprint(this.#options.access, `Counting the rows of ${this.label}`, this.#during);
        return this.#fingerprint;
    }
    query(sql) {
        return firstColumn(this.#options.access, sql, this.#during);
    }
    async [Symbol.asyncDispose]() {
        this.#stop.abort();
        await this.#fingerprint?.catch(() => { });
        await this.#options.held[Symbol.asyncDispose]();
    }
}
const invalidQuery = 'SELECT indexrelid::regclass FROM pg_index WHERE NOT indisvalid;';
/**
 * The server takes the text as one query that gives rows, or refuses it: a cursor has no other. psql sees but its
 * hexadecimal digits. What separates columns occurs in no value, rows end in NUL.
 */
async function firstColumn(access, sql, signal) {
    const separator = `\u001f${(0,external_node_crypto_.randomBytes)(12).toString('hex')}\u001f`;
    const text = Buffer.from(sql).toString('hex');
    const statements = `SET statement_timeout = 0;
BEGIN READ ONLY;
DO $holdfast$ DECLARE c refcursor := 'holdfast'; BEGIN
  OPEN c FOR EXECUTE convert_from(decode('${text}', 'hex'), 'UTF8');
END $holdfast$;
FETCH ALL FROM holdfast;
`;
    const psql = access.program('psql', ...quietPsql, '--record-separator-zero', '-F', separator);
    const run = await (0,program/* runProgram */.mB)(access.host, psql, { signal, env: access.env, stdin: statements }).catch((cause) => {
        if (cause instanceof RangeError)
            throw queryFailed('it gives more than can be read', cause);
        throw cause;
    });
    if (run.code === 0) {
        const rows = run.stdout.split('\0').slice(0, -1);
        return rows.map((row) => row.split(separator, 1)[0] ?? '');
    }
    const error = postgresError('The query', run);
    if (/^postgres\.(?:busy|lost|refused|timeout|password|dns)$/.test(error.code))
        throw error;
    throw queryFailed(reasonIn(run.stderr), error);
}
function queryFailed(why, cause) {
    return new errors/* HoldfastError */.Et(`The query failed: ${why}.`, {
        code: 'postgres.query',
        hint: 'Write one SELECT; try it in psql on the database.',
        cause,
    });
}

;// CONCATENATED MODULE: ./build/engines/postgres/loaded-sql.js


/** The lines that pg_dump and pg_dumpall write last: they are there only when all is. */
const trailer = /^-- PostgreSQL database (?:cluster )?dump complete$/;
/** What may follow it. */
const nothing = /^(?:--)?\r?$|^\\unrestrict \w+$/;
const longestLine = 1024;
/**
 * Reads SQL to its end. It is run nowhere: SQL of a server's roles belongs to no database, and psql would take commands
 * from it.
 */
async function readSql(plain) {
    const seen = new SeenSql();
    const decoder = new TextDecoder('latin1');
    for await (const chunk of plain)
        seen.add(decoder.decode(chunk, { stream: true }));
    const fault = seen.fault();
    return {
        label: 'a reading of the SQL to its end',
        async check() {
            if (fault === null)
                return [];
            throw new errors/* IntegrityError */.cs(`The SQL of the backup is not whole: ${fault}.`, {
                code: 'postgres.not-restorable',
                hint: 'Take an earlier backup; `list` shows them.',
            });
        },
        fingerprint: async () => fingerprintOf([], [], []),
        async query() {
            throw new errors/* HoldfastError */.Et("SQL text can't be queried: it is not loaded into a server.", {
                code: 'postgres.query',
                input: 'assert',
                hint: 'Ask a database of the backup instead.',
            });
        },
        async [Symbol.asyncDispose]() { },
    };
}
/** What matters of the lines so far: whether they end inside the rows of a COPY, and which was the last to say something. */
class SeenSql {
    #line = '';
    #ending = '';
    #copying = false;
    #last = '';
    add(text) {
        const lines = text.split('\n');
        for (const [index, part] of lines.entries()) {
            if (this.#line.length < longestLine)
                this.#line += part.slice(0, longestLine);
            this.#ending = (this.#ending + part.slice(-64)).slice(-64);
            if (index < lines.length - 1)
                this.#endLine();
        }
    }
    fault() {
        if (this.#line !== '')
            this.#endLine();
        if (this.#copying)
            return 'it ends inside the rows of a table';
        if (!trailer.test(this.#last))
            return 'its last line is missing';
        return null;
    }
    #endLine() {
        if (this.#copying)
            this.#copying = this.#line !== '\\.';
        else if (this.#line.startsWith('COPY ') && this.#ending.endsWith(' FROM stdin;'))
            this.#copying = true;
        else if (!nothing.test(this.#line))
            this.#last = this.#line;
        this.#line = '';
        this.#ending = '';
    }
}

;// CONCATENATED MODULE: ./build/engines/postgres/new-database.js




/**
 * Creates a database from `template0`, in a session that stays open only to drop it.
 * @throws HoldfastError also when there is a database of that name, which is not touched
 */
async function createDatabase(request) {
    const { access, name, options } = request;
    for (const [option, text] of options.entries()) {
        try {
            const session = await create(request, text);
            return {
                name,
                access: inDatabase(access, name),
                option,
                [Symbol.asyncDispose]: () => drop(request, session),
            };
        }
        catch (error) {
            if (option === options.length - 1 || !isOfLocale(error))
                throw error;
        }
    }
    throw new TypeError('no options to create a database with');
}
/** The session must outlive a cancellation, as it has to drop what it made. */
const unending = new AbortController().signal;
async function create(request, options) {
    const { access, name, what, signal } = request;
    // Where the creation fails, psql has ended before it reads the last statements.
    const session = new HeldSession(access, what, unending, {
        sql: dropStatements(name, access.client.major),
        graceSeconds: 60,
    });
    try {
        await session.ask('SET statement_timeout = 0;');
        await session.ask(`CREATE DATABASE ${identifier(name)} TEMPLATE template0 ${options};`);
        return session;
    }
    catch (error) {
        await session.end();
        // What the session needs on the host goes with a cancellation.
        (0,errors/* throwIfCancelled */.dZ)(signal);
        throw told(error, access);
    }
}
async function drop({ name, onLeft }, session) {
    const exit = await session.end();
    if (exit?.code !== 0)
        onLeft(`DROP DATABASE IF EXISTS ${identifier(name)};`);
}
/** Nothing happens to a database that was renamed. */
function dropStatements(name, serverMajor) {
    const plain = `DROP DATABASE IF EXISTS ${identifier(name)}`;
    const quiet = 'SET client_min_messages = error;';
    if (serverMajor >= 13)
        return `${quiet} ${plain} WITH (FORCE);`;
    return `${quiet} SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ${literal(name)}; ${plain};`;
}
function isOfLocale(error) {
    return error instanceof Error && /locale|encoding|collat|\bICU\b|provider/i.test(error.message);
}
function told(error, { connection }) {
    if (!(error instanceof errors/* HoldfastError */.Et) || error.code !== 'postgres.permission')
        return error;
    const role = connection.user === undefined ? '…' : identifier(connection.user);
    return new errors/* HoldfastError */.Et(error.message, {
        code: error.code,
        input: error.input,
        hint: `Let the role of the URL create databases; as a superuser: ALTER ROLE ${role} CREATEDB;`,
        cause: error,
    });
}

// EXTERNAL MODULE: ./build/core/compare-versions.js
var compare_versions = __webpack_require__(2187);
;// CONCATENATED MODULE: ./build/engines/postgres/restore-errors.js




/** What the place may lack. Whatever else pg_restore says is about the archive. */
const conditions = [
    {
        when: /no space left|disk quota|disk full|file too large|^could not (?:extend|write)/i,
        code: 'postgres.no-space',
        hint: 'Free some space for the server.',
    },
    {
        when: /^role ".*" does not exist/,
        code: 'postgres.no-role',
        hint: 'Create the role on the server; NOLOGIN is enough.',
    },
    {
        when: /extension control file|^extension ".*"|could not (?:access|load|open) (?:file|library|directory)|^(?:access method|language) ".*" does not exist|is not installed|^unrecognized configuration parameter|must be loaded via/,
        code: 'postgres.no-extension',
        hint: 'Install the extension that the database uses, for the version of this server.',
    },
    {
        when: /^out of shared memory/,
        code: 'postgres.locks',
        hint: 'Raise max_locks_per_transaction on the server, which must be restarted for it.',
    },
    {
        when: /^out of memory|cannot allocate memory|could not resize shared memory/i,
        code: 'postgres.memory',
        hint: 'Give the server more memory.',
    },
    {
        when: /^collation ".*"|could not create locale|invalid locale name|could not open collator/,
        code: 'postgres.locale',
        hint: 'Install the locale on the machine of the server.',
    },
    {
        when: /has no equivalent in encoding/,
        code: 'postgres.encoding',
        hint: 'Load it into a database with the encoding of the source; UTF8 holds everything.',
    },
    {
        when: /^tablespace ".*"|"default_tablespace"/,
        code: 'postgres.no-tablespace',
        hint: 'Create the tablespace on the server.',
    },
    {
        when: /^permission denied|^must (?:be|have)|only (?:superuser|roles with)|non-superuser/i,
        code: 'postgres.permission',
        hint: 'Load it as a superuser, or as the owner of what is in it.',
    },
    {
        when: /server closed|terminating connection|the database system is|could not connect|connection to server|no connection to|SSL SYSCALL|connection refused|too many clients|connection slots|^canceling statement|worker process died/i,
        code: 'postgres.lost',
        hint: 'Look at the log of the server, and try again.',
    },
    {
        when: /build does not support compression/,
        code: 'postgres.no-codec',
        hint: 'Use a pg_restore that was built with that compression.',
    },
];
/** A value may be right in one locale only. */
const ofLocale = /violates (?:check|partition) constraint|no partition of relation|could not create unique index|conflicting key value/;
const missing = /: not found|No such file or directory|Permission denied|error while loading shared libraries/;
/** @param exit of pg_restore, with what it said first as stderr */
function restoreFailure(exit, place) {
    const reason = reasonIn(exit.stderr) || (0,program/* describeExit */.KE)(exit);
    return { reason, error: asError(reason, exit, place) };
}
function asError(reason, exit, place) {
    const { label, version, engineVersion } = place;
    const unable = (code, hint) => new errors/* CommandError */.Qd(`The backup could not be loaded into ${label}: ${sentence(reason, exit)}.`, {
        code,
        hint,
    });
    if (exit.code === null || exit.code > 128 || (exit.code > 125 && missing.test(exit.stderr))) {
        return unable('postgres.load', 'Try again; pg_restore itself did not run to its end.');
    }
    const lacks = conditions.find(({ when }) => when.test(reason));
    if (lacks !== undefined)
        return unable(lacks.code, lacks.hint);
    if (/^unsupported version/.test(reason) && (0,compare_versions/* compareVersions */.Z)(version, engineVersion) < 0) {
        return unable('postgres.too-old', `Use PostgreSQL ${engineVersion} or later.`);
    }
    if (place.otherLocale && ofLocale.test(reason)) {
        return unable('postgres.locale', 'Install the locale of the source on the machine of the server.');
    }
    return new errors/* IntegrityError */.cs(`The backup does not restore: pg_restore ${version} says "${sentence(reason, exit)}".`, {
        code: 'postgres.not-restorable',
        hint: 'Take an earlier backup; `list` shows them.',
    });
}
/** The reason and the object, which the server's words alone need not name. */
function sentence(reason, { stderr }) {
    const table = /COPY failed for (?:table|relation) "(.*?)": /.exec(stderr)?.[1];
    if (table !== undefined)
        return `table ${table}: ${reason}`;
    const command = /Command was: (.*)/.exec(stderr)?.[1]?.trim();
    return command === undefined || command === '' ? reason : `${reason} (${command})`;
}

;// CONCATENATED MODULE: ./build/engines/postgres/run-restore.js


/** What pg_restore says first counts, and may be followed by the whole statement that failed. */
const run_restore_script = `
said=$1
shift
"$@" 2>"$said"
status=$?
if [ "$status" -ne 0 ]; then
  { LC_ALL=C grep -a -m 1 -E 'error: |ERROR: |FATAL: |PANIC: ' "$said" || tail -n 3 "$said"; } | cut -c 1-2000 >&2
  LC_ALL=C grep -a -m 1 'Command was: ' "$said" | cut -c 1-300 >&2
fi
exit "$status"
`;
/** Loads an archive, all of it or to the first error. Gives why it failed; `null` when it did not. */
async function runRestore({ access, file, flags, place, signal, }) {
    const { host, env, folder } = access;
    const restore = access.program('pg_restore', '--exit-on-error', '--no-password', ...flags, file);
    const run = await (0,program/* runProgram */.mB)(host, ['sh', '-c', run_restore_script, 'sh', `${folder}/restore.log`, ...restore], {
        signal,
        env,
    });
    return run.code === 0 ? null : restoreFailure(run, place);
}

;// CONCATENATED MODULE: ./build/engines/postgres/maintenance.js


/** Opens the first of these databases that lets us in, from where others are created, renamed and dropped. */
async function openMaintenance(hosts, connection, databases, signal) {
    let first;
    for (const database of databases) {
        try {
            return await openMatching(hosts, { ...connection, database }, signal);
        }
        catch (error) {
            if (!(error instanceof errors/* HoldfastError */.Et && ofOneDatabase.has(error.code)))
                throw error;
            first ??= error;
        }
    }
    throw first ?? new TypeError('no database to connect to');
}
const ofOneDatabase = new Set(['postgres.no-database', 'postgres.permission', 'postgres.hba']);
/** The same failure, of the option that the URL comes from. */
function about(input, error) {
    if (error.input !== 'database' || error instanceof errors/* IntegrityError */.cs)
        return error;
    const renamed = (text) => text.replaceAll('`database`', `\`${input}\``);
    return new errors/* CommandError */.Qd(renamed(error.message), {
        code: error.code,
        hint: error.hint === undefined ? undefined : renamed(error.hint),
        input,
        cause: error,
    });
}

;// CONCATENATED MODULE: ./build/engines/postgres/scratch-cluster-script.js
/** A server refuses to be root: then another user is chosen, and what can make a program his. */
const asServer = `
way=self
if [ "$(id -u)" = 0 ]; then
  user=
  for candidate in postgres nobody; do
    if id -u "$candidate" >/dev/null 2>&1; then user=$candidate; break; fi
  done
  if [ -z "$user" ]; then echo 'there is no user postgres or nobody, and root may not run a server' >&2; exit 4; fi
  uid=$(id -u "$user")
  gid=$(id -g "$user")
  if setpriv --reuid="$uid" --regid="$gid" --init-groups true 2>/dev/null; then way=setpriv
  elif runuser -u "$user" -- true 2>/dev/null; then way=runuser
  else way=su
  fi
fi
as_server() {
  case $way in
    self) exec "$@" ;;
    setpriv) exec setpriv --reuid="$uid" --regid="$gid" --init-groups "$@" ;;
    runuser) exec runuser -u "$user" -- "$@" ;;
    su) exec su -s /bin/sh "$user" -c 'exec "$@"' -- sh "$@" ;;
  esac
}
`;
/**
 * `BIN PORT`: makes a cluster in a private folder and says, in two lines, the folder of its log and that of its socket once it
 * answers. It stays until its stdin ends: because of us, or because we died. Then the server gets QUIT, at which it ends at
 * once and leaves no shared memory, while `initdb`, which would leave some, is waited for; the folders go last. Nobody hurries it:
 * a server whose files vanish below it would leave more.
 */
const clusterScript = `${asServer}
umask 077
bin=$1 port=$2
folder= sockets= stopping= postmaster=
clean() {
  for try in 1 2 3; do
    rm -rf -- \${folder:+"$folder"} \${sockets:+"$sockets"} 2>/dev/null && return
    sleep 1
  done
}
trap 'trap "" HUP INT TERM PIPE; kill "$watch" 2>/dev/null; clean' EXIT
trap 'stopping=yes; [ -z "$postmaster" ] || kill -QUIT "$postmaster" 2>/dev/null' TERM HUP INT

exec 3<&0 </dev/null
( while read -r line <&3; do :; done; kill -TERM $$ ) >/dev/null 2>&1 &
watch=$!
exec 3<&-
TZ=UTC
export TZ

# A folder of the server's user, below $1 if he gets there.
make_folder() {
  made=$(mktemp -d "$1/holdfast.XXXXXXXX") || return 1
  if [ "$way" = self ]; then return; fi
  if chown "$uid:$gid" "$made" && ( as_server sh -c 'cd "$1" && [ -w . ]' sh "$made" ) 2>/dev/null; then return; fi
  rmdir "$made"
  return 1
}

# A signal ends a wait early.
wait_for() {
  while :; do
    wait "$1"
    status=$?
    kill -0 "$1" 2>/dev/null || return "$status"
  done
}

make_folder "\${TMPDIR:-/tmp}" || make_folder /tmp || { echo 'no temporary folder that its user gets into' >&2; exit 4; }
folder=$made
# The path of a socket has at most 103 bytes, 15 of them for its name; and it stands in a list, in quotes.
if [ "\${#folder}" -le 85 ] && case $folder in *[!A-Za-z0-9_/.+-]*) false ;; esac; then
  at=$folder
else
  make_folder /tmp || { echo 'no folder for a socket in /tmp' >&2; exit 4; }
  sockets=$made
  at=$sockets
fi
data=$folder/data
cd "$folder" || exit 1
# What is full half-way leaves shared memory.
free=$(df -Pk . 2>/dev/null | awk 'NR == 2 { print $4 }' 2>/dev/null)
if [ -n "$free" ] && [ "$free" -lt 65536 ]; then
  printf 'no space left in %s: it has %s KiB, and an empty cluster takes up to 65536\\n' "\${folder%/*}" "$free" >&2
  exit 4
fi

( as_server "$bin/initdb" -N -A trust -U postgres -E UTF8 --locale=C -D "$data" ) >initdb.log 2>&1 &
wait_for $! || { [ -n "$stopping" ] || tail -n 5 initdb.log >&2; exit 3; }
[ -z "$stopping" ] || exit 3

cat >>"$data/postgresql.conf" <<END || exit 3
listen_addresses = ''
unix_socket_directories = '$at'
port = $port
max_connections = 20
superuser_reserved_connections = 0
max_locks_per_transaction = 8192
shared_buffers = 64MB
maintenance_work_mem = 64MB
dynamic_shared_memory_type = mmap
fsync = off
full_page_writes = off
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
autovacuum_max_workers = 1
log_min_messages = error
END

( as_server "$bin/postgres" -D "$data" ) >log 2>&1 &
starter=$!
postmaster=$starter
tries=0
while :; do
  if [ -n "$stopping" ]; then kill -QUIT "$postmaster" 2>/dev/null; break; fi
  if "$bin/psql" -X -w -h "$at" -p "$port" -U postgres -d postgres -c 'SELECT 1' >/dev/null 2>&1; then
    # Behind runuser or su it is another process.
    read -r postmaster <"$data/postmaster.pid"
    if [ -n "$stopping" ]; then kill -QUIT "$postmaster" 2>/dev/null; break; fi
    printf '%s\\n' "$folder" "$at"
    break
  fi
  tries=$((tries + 1))
  if [ "$tries" -gt 600 ] || ! kill -0 "$starter" 2>/dev/null; then
    tail -n 5 log >&2
    kill -QUIT "$postmaster" 2>/dev/null
    break
  fi
  sleep 0.1 2>/dev/null || sleep 1
done
wait_for "$starter"
while kill -0 "$postmaster" 2>/dev/null; do sleep 1; done
[ -n "$stopping" ] || tail -n 5 log >&2
exit 1
`;

;// CONCATENATED MODULE: ./build/engines/postgres/scratch-cluster.js
var scratch_cluster_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
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
var scratch_cluster_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
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
 * Makes a cluster that is as short-lived as we are, and starts it. It answers on a socket that nobody else can reach.
 * @throws CommandError `postgres.no-space`, `postgres.scratch`
 */
async function startCluster(host, programs, signal) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const stack = scratch_cluster_addDisposableResource(env_1, new AsyncDisposableStack(), true);
        const port = (0,external_node_crypto_.randomInt)(10_000, 60_000);
        const running = stack.use(new Running(host, [programs.folder, `${port}`], signal));
        const { folder, sockets } = await running.ready(programs.version);
        const held = stack.move();
        return {
            connection: {
                host: sockets,
                port,
                user: 'postgres',
                password: new secret/* Secret */.z(''),
                database: 'postgres',
                sslmode: undefined,
                settings: {},
            },
            async isFull() {
                const found = await (0,program/* runProgram */.mB)(host, ['grep', '-q', 'No space left', `${folder}/log`], { signal });
                return found.code === 0;
            },
            [Symbol.asyncDispose]: () => held.disposeAsync(),
        };
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = scratch_cluster_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
/** A cancellation must not hurry it: the script ends with its stdin, in good order. */
const scratch_cluster_unending = new AbortController().signal;
/** The server process and its end. */
class Running {
    #host;
    #signal;
    #stdin = new external_node_stream_.PassThrough();
    #process;
    #end = () => {
        this.#stdin.end();
    };
    constructor(host, args, signal) {
        (0,errors/* throwIfCancelled */.dZ)(signal);
        this.#host = host;
        this.#signal = signal;
        signal.addEventListener('abort', this.#end, { once: true });
        const argv = ['sh', '-c', clusterScript, 'sh', ...args];
        this.#process = host.spawn([...argv], { signal: scratch_cluster_unending, stdin: this.#stdin });
        this.#process.exit.catch(() => { });
    }
    async ready(version) {
        let said = '';
        const output = this.#process.stdout[Symbol.asyncIterator]();
        while (said.split('\n').length < 3) {
            const { done, value } = await output.next();
            if (done) {
                (0,errors/* throwIfCancelled */.dZ)(this.#signal);
                throw startFailed(this.#host, version, await this.#process.exit);
            }
            said += Buffer.from(value).toString('utf8');
        }
        // It says nothing more, but its end must be seen.
        output.next().catch(() => { });
        (0,errors/* throwIfCancelled */.dZ)(this.#signal);
        const [folder = '', sockets = ''] = said.split('\n');
        return { folder, sockets };
    }
    async [Symbol.asyncDispose]() {
        this.#signal.removeEventListener('abort', this.#end);
        this.#end();
        await this.#process.exit.catch(() => { });
    }
}
function startFailed(host, version, exit) {
    const why = (0,program/* lastLine */.fM)(exit.stderr) || (0,program/* describeExit */.KE)(exit);
    const full = /no space left|disk quota/i.test(exit.stderr);
    return new errors/* CommandError */.Qd(`A scratch cluster of PostgreSQL ${version} could not be started on ${host.label}: ${why}.`, {
        code: full ? 'postgres.no-space' : 'postgres.scratch',
        hint: full
            ? 'Free some space in the temporary folder, or set TMPDIR to one with room.'
            : 'Name a server to load backups into with `scratch-url`.',
    });
}

;// CONCATENATED MODULE: ./build/engines/postgres/server-programs.js



/** One line a server: `postgres (PostgreSQL) 16.4 (Debian…)|/usr/lib/postgresql/16/bin`. */
const server_programs_script = `
look() {
  for program in initdb postgres pg_restore psql; do [ -x "$1/$program" ] || return 0; done
  printf '%s|%s\\n' "$("$1/postgres" --version)" "$1"
}
for pattern in "$@"; do
  for folder in $pattern; do look "$folder"; done
done
if initdb=$(command -v initdb); then look "\${initdb%/*}"; fi
exit 0
`;
/** All folders of a host with the programs of a server and its client, the oldest version first. */
async function findServers(host, signal, folders = usualFolders) {
    const { stdout } = await (0,program/* runProgram */.mB)(host, ['sh', '-c', server_programs_script, 'sh', ...folders], { signal });
    const found = stdout.split('\n').flatMap((line) => {
        const [, version = '', folder = ''] = /\(PostgreSQL\) (\S+)[^|]*\|(\/.*)$/.exec(line) ?? [];
        return version === '' ? [] : [{ major: Number.parseInt(version, 10), version, folder, env: {} }];
    });
    return found.sort((a, b) => a.major - b.major);
}
/**
 * The programs of the oldest version that can read a dump of `engineVersion`.
 * @throws CommandError `postgres.no-server`, naming both versions
 */
async function chooseServer(host, engineVersion, signal, folders) {
    const wanted = server_programs_majorOf(engineVersion);
    const servers = await findServers(host, signal, folders);
    const server = servers.find(({ major }) => major >= wanted);
    if (server !== undefined)
        return server;
    const seen = servers.map(({ version }) => version).join(', ') || 'none';
    throw new errors/* CommandError */.Qd(`A dump of PostgreSQL ${engineVersion} can't be loaded on ${host.label}: it needs the server programs of version ${wanted} or later, but there is ${seen}.`, {
        code: 'postgres.no-server',
        input: 'scratch-url',
        hint: `Install the package postgresql-${wanted}, or name a server to load it into with \`scratch-url\`.`,
    });
}
/** `16` for `16.4`. */
function server_programs_majorOf(engineVersion) {
    const major = Number.parseInt(engineVersion, 10);
    return Number.isNaN(major) ? 0 : major;
}

;// CONCATENATED MODULE: ./build/engines/postgres/scratch-server.js
var scratch_server_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
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
var scratch_server_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
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






/** A cluster of our own, made of the server programs of the host. @throws CommandError `postgres.no-server` */
async function ownServer(host, folders, { engineVersion, signal }) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const client = await chooseServer(host, engineVersion, signal, folders);
        const stack = scratch_server_addDisposableResource(env_1, new AsyncDisposableStack(), true);
        const cluster = stack.use(await startCluster(host, client, signal));
        const { connection } = cluster;
        const access = stack.use(await openAccess({ host, client, connection, forwardedPort: undefined, signal }));
        const held = stack.move();
        return {
            label: `a scratch cluster of PostgreSQL ${client.version}`,
            access,
            cluster,
            [Symbol.asyncDispose]: () => held.disposeAsync(),
        };
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = scratch_server_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
/** @throws CommandError `postgres.too-old` when the server is older than the dump */
async function givenServer(hosts, url, { engineVersion, signal }) {
    const env_2 = { stack: [], error: void 0, hasError: false };
    try {
        const stack = scratch_server_addDisposableResource(env_2, new AsyncDisposableStack(), true);
        try {
            const connection = parseConnection(url);
            const databases = [...new Set([connection.database, 'postgres', 'template1'])];
            const access = stack.use(await openMaintenance(hosts, connection, databases, signal));
            const label = `a scratch database of PostgreSQL ${access.client.major} at ${connection.host ?? hosts.host.label}`;
            assertNewEnough(access, label, engineVersion, 'scratch-url');
            const held = stack.move();
            return { label, access, cluster: null, [Symbol.asyncDispose]: () => held.disposeAsync() };
        }
        catch (error) {
            throw error instanceof errors/* HoldfastError */.Et ? about('scratch-url', error) : error;
        }
    }
    catch (e_2) {
        env_2.error = e_2;
        env_2.hasError = true;
    }
    finally {
        const result_2 = scratch_server_disposeResources(env_2);
        if (result_2)
            await result_2;
    }
}
/** A server reads the dumps of its own and earlier versions only. */
function assertNewEnough({ client: { major } }, label, engineVersion, input) {
    const wanted = server_programs_majorOf(engineVersion);
    if (major >= wanted)
        return;
    throw new errors/* CommandError */.Qd(`A dump of PostgreSQL ${engineVersion} can't be loaded into ${label}: the server is of version ${major}, which is older.`, { code: 'postgres.too-old', input, hint: `Name a server of version ${wanted} or later in \`${input}\`.` });
}

;// CONCATENATED MODULE: ./build/engines/postgres/load-backup.js
var load_backup_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
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
var load_backup_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
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











/** How often a role that is missing in a cluster of our own is made, and the loading begun anew. */
const mostRoles = 100;
/** Loads an archive into a scratch database: of the server at `scratchUrl`, else of a cluster of its own. */
async function loadBackup(options, request) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        if (request.extension === 'sql')
            return readSql(request.plain);
        const { scratchUrl, host, folders, reporter } = options;
        const stack = load_backup_addDisposableResource(env_1, new AsyncDisposableStack(), true);
        const server = stack.use(scratchUrl === undefined
            ? await ownServer(host, folders, request)
            : await givenServer(options, scratchUrl, request));
        const { access, label } = server;
        const file = `${access.folder}/backup.dump`;
        await (0,write_plain/* writePlain */.y)(access.host, file, request, 'postgres.no-space');
        const header = await readHeader(access, file, request.signal);
        const { signal } = request;
        const filling = fill(server, { file, header, request, reporter }).catch((error) => {
            // A cluster that is cancelled ends before its clients do: what these say of it is not the reason.
            (0,errors/* throwIfCancelled */.dZ)(signal);
            throw error;
        });
        const database = stack.use(await filling);
        return new LoadedDatabase({ label, access: database.access, held: stack.move(), signal });
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = load_backup_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
/** What belongs to a server, not to its database, is left out. A subscription would keep the database from being dropped. */
const flags = [
    '--single-transaction',
    '--no-owner',
    '--no-privileges',
    '--no-tablespaces',
    '--no-security-labels',
    '--no-publications',
    '--no-subscriptions',
];
async function fill(server, { file, header, request, reporter }) {
    const { access, label } = server;
    const { engineVersion, signal } = request;
    const same = header.options === null ? [] : [header.options];
    const [first = '', ...others] = [...same, ...plainLocales(header, access.client.major)];
    for (let attempt = 0;; attempt += 1) {
        const env_2 = { stack: [], error: void 0, hasError: false };
        try {
            const stack = load_backup_addDisposableResource(env_2, new AsyncDisposableStack(), true);
            const database = stack.use(await createDatabase({
                access,
                name: `holdfast_scratch_${(0,external_node_crypto_.randomBytes)(6).toString('hex')}`,
                options: [first, ...others],
                what: `Making ${label}`,
                signal,
                onLeft: (drop) => {
                    if (server.cluster === null)
                        reporter.warn(`A scratch database may be left on the server: ${drop}`);
                },
            }));
            const otherLocale = header.options !== null && database.option > 0;
            const place = { label, version: access.client.version, engineVersion, otherLocale };
            const failure = await runRestore({ access: database.access, file, flags, place, signal });
            if (failure === null) {
                stack.move();
                return database;
            }
            if (attempt === mostRoles || !(await makeRole(server, failure, signal))) {
                throw await explained(server, failure);
            }
        }
        catch (e_2) {
            env_2.error = e_2;
            env_2.hasError = true;
        }
        finally {
            const result_2 = load_backup_disposeResources(env_2);
            if (result_2)
                await result_2;
        }
    }
}
/** A policy may name a role; who that is does not matter here. */
async function makeRole({ cluster, access, label }, { reason, error }, signal) {
    const role = /^role "(.*)" does not exist/.exec(reason)?.[1];
    if (cluster === null || role === undefined || error.code !== 'postgres.no-role')
        return false;
    await query(access, `Making a role in ${label}`, `CREATE ROLE ${identifier(role)} NOLOGIN;\n`, signal);
    return true;
}
async function explained({ cluster, label }, { error }) {
    if (error.code !== 'postgres.lost' || !(await cluster?.isFull()))
        return error;
    return new errors/* CommandError */.Qd(`The backup could not be loaded into ${label}: the disk is full.`, {
        code: 'postgres.no-space',
        hint: 'Free some space in the temporary folder, or set TMPDIR to one with room.',
        cause: error,
    });
}

;// CONCATENATED MODULE: ./build/engines/postgres/export-snapshot.js
var export_snapshot_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
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
var export_snapshot_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
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




/** Counting takes no processors from the app's own queries; versions before 9.6 have one for it anyway. */
const alone = `
SELECT set_config(name, '0', false) FROM pg_settings WHERE name = 'max_parallel_workers_per_gather';`;
const begin = `
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT pg_export_snapshot();`;
/** A table that is dropped between the export and its lock makes the snapshot useless: then another is taken, once. */
async function exportSnapshot(request) {
    try {
        return await exportOnce(request);
    }
    catch (error) {
        if (!hasCode(error, 'postgres.changed'))
            throw error;
        request.reporter.debug(`${error.message} It is taken again.`);
        return exportOnce(request);
    }
}
/**
 * Locks every table as a reader does, so that counts and dump see the same: emptying a table with TRUNCATE would otherwise
 * show in whichever of them comes later, snapshot or not.
 */
async function exportOnce({ access, source, lockWaitMs, signal }) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const stack = export_snapshot_addDisposableResource(env_1, new AsyncDisposableStack(), true);
        const session = stack.use(new HeldSession(access, `The snapshot of ${source}`, signal));
        await session.ask(`${sessionSettings(lockWaitMs)}${alone}`);
        const takenAt = new Date();
        const [id = ''] = await session.ask(begin);
        const tables = await session.ask(tablesQuery);
        const locked = await session.ask(lockedTablesQuery);
        await session.ask(locked.map(lockStatement).join('\n'));
        stack.move();
        return { id, takenAt, tables, session };
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = export_snapshot_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
function hasCode(error, code) {
    return error instanceof errors/* HoldfastError */.Et && error.code === code;
}

;// CONCATENATED MODULE: ./build/engines/postgres/start-dump.js
var start_dump_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
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
var start_dump_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
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
 * How long pg_dump waits for a lock. The session of the snapshot has the same locks already, so that whoever is in the way waits
 * for that session, and pg_dump for him.
 */
const queueMs = 2000;
/** pg_dump writes nothing before it has its locks; what a packer makes of nothing is shorter. */
const pastLocksBytes = 4096;
/**
 * Runs pg_dump with a larger buffer for its output, where the host's stdbuf works with it: by itself it writes 4 KiB at a time, and
 * waking the reader for each takes more time than the dump. $1: pg_dump; then its command.
 */
const buffered = `
pg_dump=$1
shift
if said=$(stdbuf -o64K "$pg_dump" --version 2>&1 >/dev/null) && [ -z "$said" ]; then exec stdbuf -o64K "$@"; fi
exec "$@"`;
/**
 * Exports a snapshot and starts pg_dump on it. A migration that wants a table in between waits for our session, pg_dump behind
 * it, and the app behind both: then it is let through, and another snapshot is taken, once.
 */
async function startDump(request) {
    const exported = await exportSnapshot(request);
    try {
        return await dumpOf(exported, request);
    }
    catch (error) {
        if (!hasCode(error, 'postgres.locked'))
            throw error;
        request.reporter.debug(`${error.message} Another snapshot is taken.`);
        return dumpOf(await exportSnapshot(request), request);
    }
}
/** Resolves once pg_dump has its locks. Takes over the session. */
async function dumpOf(exported, request) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const { access } = request;
        const { id, session } = exported;
        const stack = start_dump_addDisposableResource(env_1, new AsyncDisposableStack(), true);
        stack.use(session);
        const stop = new AbortController();
        const signal = AbortSignal.any([request.signal, stop.signal]);
        const settings = ['--format=custom', '--compress=0', `--snapshot=${id}`, `--lock-wait-timeout=${queueMs}`];
        const dump = access.program('pg_dump', ...settings, '--no-password');
        const argv = ['sh', '-c', buffered, 'sh', `${access.client.folder}/pg_dump`, ...dump];
        const bytes = readOutput({ ...request, signal }, argv)[Symbol.asyncIterator]();
        stack.defer(async () => {
            stop.abort();
            await bytes.return?.().catch(() => { });
        });
        const begin = await beginOf(bytes, session);
        const held = stack.move();
        async function* read() {
            yield* begin.chunks;
            if (begin.failure !== undefined)
                throw begin.failure;
            yield* { [Symbol.asyncIterator]: () => bytes };
        }
        return { exported, read, [Symbol.asyncDispose]: () => held.disposeAsync() };
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = start_dump_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
/** So much of the bytes that they are pg_dump's, or all of them. @throws HoldfastError `postgres.locked` */
async function beginOf(bytes, session) {
    const chunks = [];
    try {
        for (let count = 0; count < pastLocksBytes;) {
            const { done, value } = await bytes.next();
            if (done)
                break;
            chunks.push(value);
            count += value.byteLength;
        }
        return { chunks };
    }
    catch (error) {
        if (hasCode(error, 'postgres.locked'))
            throw error;
        return {
            chunks,
            failure: hasCode(error, 'postgres.snapshot-gone') ? await endOf(session, error) : error,
        };
    }
}
/** Where the dump fails because the session of its snapshot did, that session's failure is the one to tell. */
async function endOf(session, failure) {
    return session.ask('SELECT 1;').then(() => failure, (first) => first);
}
/** What a client's program writes, packed; what it warns of is told at the end. */
async function* readOutput({ access, source, reporter, packer, signal }, argv) {
    const { host, env } = access;
    const running = host.spawn(argv, { signal, env, ...(packer === undefined ? {} : { through: packer }) });
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



/**
 * Exports a snapshot in a session that stays open, lets pg_dump dump the very same one, and counts the rows in it. The counting
 * goes on while the dump travels; after it, the locks are pg_dump's alone. Takes over the access: disposing ends it too.
 */
async function takeSnapshot(request) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const { access } = request;
        const stack = postgres_snapshot_addDisposableResource(env_1, new AsyncDisposableStack(), true);
        stack.use(access);
        const dump = stack.use(await startDump(request));
        const { session, tables, takenAt } = dump.exported;
        const proof = fingerprintIn(session, tables).then((fingerprint) => ({ fingerprint }));
        // Whoever commits awaits the proof; until then its failure must not count as unhandled.
        proof.catch(() => { });
        const held = stack.move();
        return {
            host: access.host,
            extension: 'dump',
            engineVersion: request.serverVersion,
            toolVersion: `pg_dump ${access.client.version}`,
            method: 'pg_dump of an exported snapshot',
            takenAt,
            expectedBytes: request.expectedBytes,
            proof,
            read: () => dump.read(),
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
        read: () => readOutput(request, globals),
        [Symbol.asyncDispose]: () => access[Symbol.asyncDispose](),
    };
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







/** Every role that may dump anything may ask these. All in one line, or none. */
const factsQuery = `SELECT ${tableCount}, has_table_privilege('pg_catalog.pg_authid', 'SELECT'), coalesce(pg_database_size(current_database()), 0), current_setting('server_version');`;
/** PostgreSQL databases, by URL. */
class PostgresEngine {
    id = 'postgres';
    #options;
    #sources = new Map();
    /** As the probes found them. */
    #probed = new Map();
    /** Left open by the probes. */
    #kept = new Map();
    constructor(options) {
        this.#options = options;
    }
    async discover() {
        const { urls, globals, host } = this.#options;
        const servers = new Set();
        this.#sources.clear();
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
    async probe(database, { signal, held }) {
        const env_1 = { stack: [], error: void 0, hasError: false };
        try {
            const stack = postgres_engine_addDisposableResource(env_1, new AsyncDisposableStack(), true);
            const access = stack.use(await this.#open(database, signal));
            const facts = await this.#facts(access, database, signal);
            const probe = this.#judge(database, access, facts);
            this.#probed.set(database, facts);
            // Of several each would take one of the programs that a server allows at a time.
            if (held?.disposed === false && this.#sources.size === 1) {
                held.use(stack.move());
                this.#kept.set(database, access);
            }
            return probe;
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
    #judge(database, { client, host }, facts) {
        const detail = `PostgreSQL ${facts.version}, by pg_dump ${client.version} of ${host.label}`;
        if (this.#source(database).kind === 'globals') {
            const partial = `The passwords of roles are not backed up: this user may not read them (${database.source}).`;
            return { expectedBytes: 0, detail, warnings: facts.mayReadPasswords ? [] : [partial] };
        }
        if (facts.tables === 0 && this.#options.evenEmpty !== true) {
            throw new errors/* HoldfastError */.Et(`${database.source} can't be backed up: it holds no table.`, {
                code: 'postgres.empty',
                input: 'database',
                hint: 'Correct the database in the URL: the app most likely uses another one.',
            });
        }
        return { expectedBytes: facts.bytes, detail, warnings: [] };
    }
    async snapshot(database, { signal, pack }) {
        const env_2 = { stack: [], error: void 0, hasError: false };
        try {
            const stack = postgres_engine_addDisposableResource(env_2, new AsyncDisposableStack(), true);
            const access = stack.use(this.#kept.get(database) ?? (await this.#open(database, signal)));
            this.#kept.delete(database);
            const facts = this.#probed.get(database) ?? (await this.#facts(access, database, signal));
            const packer = await pack?.(access.host);
            const { reporter, lockWaitMs = 60_000 } = this.#options;
            const { source } = database;
            stack.move();
            const request = { access, source, reporter, packer, signal, serverVersion: facts.version };
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
    load(request) {
        return loadBackup(this.#options, request);
    }
    recoverCommand(file) {
        if (file.replace(/'$/, '').endsWith('.sql'))
            return `psql --no-psqlrc --dbname="$TARGET_URL" --file=${file}`;
        return `pg_restore --exit-on-error --no-owner --no-privileges --dbname="$TARGET_URL" ${file}`;
    }
    #open(database, signal) {
        const hosts = { ...this.#options, alsoAsk: factsQuery };
        return openMatching(hosts, this.#source(database).connection, signal);
    }
    async #facts(access, { source }, signal) {
        const inPassing = factsIn(access.answer);
        if (inPassing !== null)
            return inPassing;
        const [line] = await query(access, `Connecting to ${source}`, factsQuery, signal);
        const facts = factsIn(line);
        if (facts === null)
            throw new TypeError(`${source} answered ${line}`);
        return facts;
    }
    #source(database) {
        const source = this.#sources.get(database);
        if (source === undefined)
            throw new TypeError(`${database.source} was not discovered by this engine`);
        return source;
    }
}
function factsIn(line) {
    const [, tables, mayReadPasswords, bytes, version = ''] = /^(\d+)\|([tf])\|(\d+)\|(.*)$/.exec(line ?? '') ?? [];
    if (bytes === undefined)
        return null;
    return {
        version: version.split(' ')[0] ?? version,
        bytes: Number(bytes),
        mayReadPasswords: mayReadPasswords === 't',
        tables: Number(tables),
    };
}

;// CONCATENATED MODULE: ./build/engines/postgres/archive-properties.js


/**
 * Asks for the entries of the database alone, which are listed with `--create` only: its privileges come at the end of an archive,
 * after those of all tables.
 * $1: pg_restore; $2: the archive; $3: a file for the numbers of the entries.
 */
const archive_properties_script = `
entries='DATABASE|DATABASE PROPERTIES|(ACL|COMMENT|SECURITY LABEL) - DATABASE'
"$1" --create --list "$2" 2>/dev/null | LC_ALL=C sed -n -E "s/^([0-9]+; [0-9]+ [0-9]+) ($entries) .*/\\1/p" >"$3"
"$1" --create --use-list="$3" --file=- "$2" 2>/dev/null | head -c 262144
rm -f "$3"`;
/** Never throws for an archive that is damaged: loading it will tell. */
async function readProperties({ host, client, folder }, file, signal) {
    const argv = ['sh', '-c', archive_properties_script, 'sh', `${client.folder}/pg_restore`, file, `${folder}/entries`];
    const { stdout } = await (0,program/* runProgram */.mB)(host, argv, { signal, env: client.env });
    return propertiesIn(stdout);
}
/** Comments, and the commands to psql that pg_restore writes between statements. */
const between = /(?:\s+|--[^\n]*|\\[^\n]*)*/y;
const statementEnd = /(?:"[^"]*"|E'(?:[^'\\]|\\.)*'|'[^']*'|(?!E')[^"';])*;/sy;
/** Each statement is taken apart and made anew, so that it can be of no other database and of no other kind. */
function propertiesIn(sql) {
    const properties = [];
    const unread = [];
    const escapes = /^SET standard_conforming_strings = '?off/m.test(sql);
    for (let at = 0;;) {
        at += matchAt(between, sql, at).length;
        const statement = matchAt(statementEnd, sql, at) || sql.slice(at);
        if (statement === '')
            return { properties, unread };
        at += statement.length;
        const property = statement.includes('\uFFFD') ? null : readStatement(statement, escapes);
        if (property !== null)
            properties.push(property);
        else if (!ofSession.test(statement))
            unread.push(statement);
    }
}
function matchAt(pattern, text, at) {
    pattern.lastIndex = at;
    return pattern.exec(text)?.[0] ?? '';
}
/** What only makes the database, or is about the session that restores. */
const ofSession = /^(?:CREATE DATABASE|SELECT pg_catalog\.set_config|SET|RESET)\b/;
const archive_properties_name = String.raw `(?:"(?:[^"]|"")+"|[A-Za-z_]\w*)`;
const archive_properties_text = String.raw `(?:E'(?:[^'\\]|''|\\.)*'|'(?:[^']|'')*')`;
const privilege = '(?:ALL|CREATE|CONNECT|TEMPORARY|TEMP)(?: PRIVILEGES)?';
const archive_properties_form = (pattern) => new RegExp(`^${pattern.replaceAll('NAME', archive_properties_name).replaceAll('TEXT', archive_properties_text).replaceAll('PRIVILEGE', privilege)};$`, 's');
const archive_properties_forms = {
    owner: archive_properties_form('ALTER DATABASE NAME OWNER TO (?<role>NAME)'),
    setting: archive_properties_form('ALTER (?:DATABASE|ROLE (?<role>NAME) IN DATABASE) NAME SET (?<key>NAME) TO (?<value>TEXT(?:, *TEXT)*)'),
    limit: archive_properties_form(String.raw `ALTER DATABASE NAME CONNECTION LIMIT =? ?(?<count>\d{1,9})`),
    comment: archive_properties_form('COMMENT ON DATABASE NAME IS (?<value>TEXT)'),
    grant: archive_properties_form('GRANT (?<what>PRIVILEGE(?:, *PRIVILEGE)*) ON DATABASE NAME TO (?<role>NAME)(?<passable> WITH GRANT OPTION)?'),
    revoke: archive_properties_form('REVOKE (?<what>(?:GRANT OPTION FOR )?PRIVILEGE(?:, *PRIVILEGE)*) ON DATABASE NAME FROM (?<role>NAME)'),
};
/** `null`: of no kind that is known. */
function readStatement(statement, escapes) {
    for (const [kind, pattern] of Object.entries(archive_properties_forms)) {
        const groups = pattern.exec(statement)?.groups;
        if (groups !== undefined)
            return makers[kind](groups, escapes);
    }
    return null;
}
const plain = (statement) => ({ statement, shown: statement });
const makers = {
    owner({ role = '' }) {
        const owner = identifier(archive_properties_nameOf(role));
        return {
            // The last statement fails where this user would lose the right to rename the database and to drop it.
            statement: (to) => `ALTER DATABASE ${identifier(to)} OWNER TO ${owner}; ALTER DATABASE ${identifier(to)} CONNECTION LIMIT -1;`,
            shown: (to) => `ALTER DATABASE ${identifier(to)} OWNER TO ${owner};`,
        };
    },
    setting({ role, key = '', value = '' }, escapes) {
        const setting = archive_properties_nameOf(key);
        const values = (value.match(new RegExp(archive_properties_text, 'gs')) ?? []).map((found) => literal(archive_properties_textOf(found, escapes)));
        const whose = role === undefined ? '' : `ROLE ${identifier(archive_properties_nameOf(role))} IN `;
        const set = (to, shown) => `ALTER ${whose}DATABASE ${identifier(to)} SET ${identifier(setting)} TO ${shown};`;
        return {
            statement: (to) => set(to, values.join(', ')),
            shown: (to) => set(to, setting.includes('.') ? '…' : values.join(', ')),
        };
    },
    limit: ({ count = '' }) => plain((to) => `ALTER DATABASE ${identifier(to)} CONNECTION LIMIT ${count};`),
    comment: ({ value = '' }, escapes) => plain((to) => `COMMENT ON DATABASE ${identifier(to)} IS ${literal(archive_properties_textOf(value, escapes))};`),
    grant: ({ what = '', role = '', passable = '' }) => plain((to) => `GRANT ${what} ON DATABASE ${identifier(to)} TO ${granteeOf(role)}${passable};`),
    revoke: ({ what = '', role = '' }) => plain((to) => `REVOKE ${what} ON DATABASE ${identifier(to)} FROM ${granteeOf(role)};`),
};
function archive_properties_nameOf(written) {
    return written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written.toLowerCase();
}
function granteeOf(written) {
    return written === 'PUBLIC' ? written : identifier(archive_properties_nameOf(written));
}
/** @param escapes whether a text without E has backslashes doubled, as servers did that were set so */
function archive_properties_textOf(written, escapes) {
    const escaped = written.startsWith('E');
    const inner = written.slice(escaped ? 2 : 1, -1).replaceAll("''", "'");
    return escaped || escapes ? inner.replace(/\\(.)/gs, '$1') : inner;
}

;// CONCATENATED MODULE: ./build/engines/postgres/copy-properties.js



/**
 * What a dump does not hold, as it belongs to the name of a database: who may connect, settings, limit, comment.
 * Whoever may restore need not be allowed to set every setting: such a one is told. A privilege that can't be kept fails.
 */
async function copyProperties(access, from, { to, name, label, reporter }, signal) {
    const what = `Giving the new database what ${label} has`;
    const run = (statements) => query(access, what, ['BEGIN;', ...statements, 'COMMIT;', ''].join('\n'), signal);
    const must = [...privilegeStatements(to, from), ...limitStatements(to, from)];
    const settings = settingStatements(to, from);
    try {
        await run([...must, ...settings]);
        return;
    }
    catch (error) {
        if (settings.length === 0 || !(error instanceof errors/* HoldfastError */.Et))
            throw error;
    }
    await run(must);
    for (const statement of settings) {
        try {
            await run([statement]);
        }
        catch (error) {
            if (!(error instanceof errors/* HoldfastError */.Et) || error.code === 'cancelled')
                throw error;
            const shown = statement.replace(identifier(to), identifier(name));
            reporter.warn(`A setting of ${label} is not kept, as this user may not set it: ${shown}`);
        }
    }
}
/** Gives a new database what that of the archive had. What the server refuses, a role that it lacks say, is told. */
async function giveProperties(access, { properties, unread }, { to, name, label, reporter }, signal) {
    const what = `Giving ${label} what it had`;
    const run = (statements) => query(access, what, ['BEGIN;', ...statements, 'COMMIT;', ''].join('\n'), signal);
    for (const statement of unread) {
        reporter.warn(`What the backup says of its database is not understood, and not kept: ${firstWords(statement)}`);
    }
    if (properties.length === 0)
        return;
    const all = properties.map(({ statement }) => statement(to));
    if ((await refusalOf(run(all))) === null)
        return;
    for (const { statement, shown } of properties) {
        const refusal = await refusalOf(run([statement(to)]));
        if (refusal === null)
            continue;
        const why = refusal.message.replace(`${what} failed: `, '').replaceAll(to, name).replace(/\.$/, '');
        reporter.warn(`${label} does not get what it had in the backup (${why}): ${shown(name)}`);
    }
}
async function refusalOf(work) {
    try {
        await work;
        return null;
    }
    catch (error) {
        if (!(error instanceof errors/* HoldfastError */.Et) || error.code === 'cancelled')
            throw error;
        return error;
    }
}
function firstWords(statement) {
    const words = statement.replace(/\s+/g, ' ').trim();
    return words.length > 120 ? `${words.slice(0, 120)}…` : words;
}
function privilegeStatements(to, { privileges, owner }) {
    if (privileges === null)
        return [];
    const database = identifier(to);
    return [
        `REVOKE ALL ON DATABASE ${database} FROM PUBLIC, ${identifier(owner)};`,
        ...privileges.map(([role, privilege, passable]) => {
            const grantee = role === null ? 'PUBLIC' : identifier(role);
            return `GRANT ${privilege} ON DATABASE ${database} TO ${grantee}${passable ? ' WITH GRANT OPTION' : ''};`;
        }),
    ];
}
function limitStatements(to, { connectionLimit, comment }) {
    const database = identifier(to);
    const limit = connectionLimit === -1 ? [] : [`ALTER DATABASE ${database} CONNECTION LIMIT ${connectionLimit};`];
    const text = comment === null ? [] : [`COMMENT ON DATABASE ${database} IS ${literal(comment)};`];
    return [...limit, ...text];
}
function settingStatements(to, { settings }) {
    return settings.flatMap(([role, pairs]) => {
        const database = identifier(to);
        const whose = role === null ? `DATABASE ${database}` : `ROLE ${identifier(role)} IN DATABASE ${database}`;
        return pairs.map((pair) => {
            const [name = '', value = ''] = pair.split(/=(.*)/s, 2);
            return `ALTER ${whose} SET ${identifier(name)} TO ${settingValue(name, value)};`;
        });
    });
}
/** Settings that hold a list of names: the catalog has the names quoted where they must be, the statement takes them one by one. */
const lists = new Set([
    'local_preload_libraries',
    'search_path',
    'session_preload_libraries',
    'shared_preload_libraries',
    'temp_tablespaces',
    'unix_socket_directories',
]);
/** @see https://github.com/postgres/postgres/blob/master/src/bin/pg_dump/dumputils.c makeAlterConfigCommand */
function settingValue(name, value) {
    if (!lists.has(name.toLowerCase()))
        return literal(value);
    const names = [...value.matchAll(/"((?:[^"]|"")*)"|([^\s,"]+)/g)].map(([, quoted, bare]) => literal(quoted?.replaceAll('""', '"') ?? bare ?? ''));
    return names.length === 0 ? "''" : names.join(', ');
}

;// CONCATENATED MODULE: ./build/engines/postgres/target-facts.js


/** @param leftover what the names of staged databases begin with */
async function readFacts(access, { what, name, leftover }, signal) {
    const [row = ''] = await query(access, what, target_facts_factsQuery(name, leftover), signal);
    const { database, ...server } = JSON.parse(row);
    if (database === null)
        return { ...server, database };
    const { encoding, catalog, ...facts } = database;
    const locale = localeOf(encoding, catalog);
    return { ...server, database: { ...facts, locale, connectionLimit: catalog.datconnlimit } };
}
const target_facts_factsQuery = (name, leftover) => `
SELECT json_build_object(
  'user', current_user,
  'mayCreate', (SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user),
  'mayAlter', coalesce((SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = ${literal(name)}), true),
  'standby', pg_is_in_recovery(),
  'leftovers', (SELECT coalesce(json_agg(datname ORDER BY datname), '[]') FROM pg_database
    WHERE left(datname, ${[...leftover].length}) = ${literal(leftover)} AND right(datname, -${[...leftover].length}) ~ '^[0-9a-f]{8}$'),
  'database', (SELECT json_build_object(
    'oid', d.oid::bigint,
    'owner', pg_get_userbyid(d.datdba),
    'tablespace', (SELECT spcname FROM pg_tablespace t WHERE t.oid = d.dattablespace),
    'encoding', pg_encoding_to_char(d.encoding),
    'catalog', row_to_json(d),
    'comment', shobj_description(d.oid, 'pg_database'),
    'privileges', CASE WHEN d.datacl IS NOT NULL THEN (SELECT coalesce(json_agg(json_build_array(
        CASE WHEN a.grantee <> 0 THEN pg_get_userbyid(a.grantee) END, a.privilege_type, a.is_grantable)), '[]')
      FROM aclexplode(d.datacl) a) END,
    'settings', (SELECT coalesce(json_agg(json_build_array(
        CASE WHEN s.setrole <> 0 THEN pg_get_userbyid(s.setrole) END, s.setconfig)), '[]')
      FROM pg_db_role_setting s WHERE s.setdatabase = d.oid),
    'sessions', (SELECT coalesce(json_agg(json_build_array(g.usename, g.application_name, g.count)), '[]') FROM (
        SELECT usename, application_name, count(*) FROM pg_stat_activity
          WHERE datid = d.oid AND usename IS NOT NULL AND pid <> pg_backend_pid() GROUP BY 1, 2 ORDER BY 3 DESC) g)
  ) FROM pg_database d WHERE d.datname = ${literal(name)})
);
`;
function localeOf(encoding, catalog) {
    const { datcollate, datctype, datlocprovider, daticurules } = catalog;
    const texts = `ENCODING = ${literal(encoding)} LC_COLLATE = ${literal(datcollate)} LC_CTYPE = ${literal(datctype)}`;
    const own = literal(catalog.datlocale ?? catalog.daticulocale ?? '');
    const rules = daticurules == null ? '' : ` ICU_RULES = ${literal(daticurules)}`;
    switch (datlocprovider) {
        case undefined:
            return texts;
        case 'i':
            return `${texts} LOCALE_PROVIDER = icu ICU_LOCALE = ${own}${rules}`;
        case 'b':
            return `${texts} LOCALE_PROVIDER = builtin BUILTIN_LOCALE = ${own}`;
        default:
            return `${texts} LOCALE_PROVIDER = libc`;
    }
}
/** Options of CREATE DATABASE for a database like this one. */
function optionsLike({ owner, tablespace, locale }) {
    const where = tablespace === 'pg_default' ? '' : ` TABLESPACE = ${identifier(tablespace)}`;
    return `OWNER = ${identifier(owner)} ${locale}${where}`;
}
/** `3 sessions of the role app (puma), 1 session of the role admin`; `null` when there is none. */
function describeSessions({ sessions }) {
    const words = sessions.map(([role, application, count]) => {
        const program = application ? ` (${application})` : '';
        return `${count} ${count === 1 ? 'session' : 'sessions'} of the role ${role}${program}`;
    });
    return words.length === 0 ? null : words.join(', ');
}

;// CONCATENATED MODULE: ./build/engines/postgres/swap-databases.js







/** How long the renames may take; they are not stopped by a cancellation. */
const swapTimeoutMs = 10 * 60_000;
const mostAttempts = 10;
/** Gives the new database the old one's name, and the old one another, in one transaction. */
async function swapDatabases(place, { id, force }) {
    const { access, name, label, fresh, reporter, signal } = place;
    const old = await lookAgain(place);
    const sessions = old === null ? null : describeSessions(old);
    if (sessions !== null && !force)
        throw inUse(label, sessions);
    const properties = { to: fresh, name, label, reporter };
    if (old !== null)
        await copyProperties(access, old, properties, signal);
    else if (place.archived !== null)
        await giveProperties(access, place.archived, properties, signal);
    (0,errors/* throwIfCancelled */.dZ)(signal);
    const previous = suffixed(name, `_before_${id}`);
    const renames = [rename(fresh, name)];
    if (old !== null)
        renames.unshift(rename(name, previous));
    await runRenames(place, { renames, oid: force ? (old?.oid ?? null) : null });
    if (old === null)
        return { previous: null, goBack: [] };
    return { previous, goBack: [rename(name, suffixed(name, `_after_${id}`)), rename(previous, name)] };
}
function rename(from, to) {
    return `ALTER DATABASE ${identifier(from)} RENAME TO ${identifier(to)};`;
}
async function lookAgain({ access, name, label, prefix, old, signal, }) {
    const what = `Looking at ${label}`;
    const { database } = await readFacts(access, { what, name, leftover: prefix }, signal);
    if (database?.oid === old?.oid)
        return database;
    throw new errors/* HoldfastError */.Et(`${label} was made or removed by somebody since the restore began.`, {
        code: 'restore.changed',
        hint: 'Stop the app first, and run the restore again.',
    });
}
/** A pool that connects again at once may win the race a few times. */
async function runRenames(place, renaming) {
    const signal = AbortSignal.timeout(swapTimeoutMs);
    const attempts = renaming.oid === null ? 1 : mostAttempts;
    let obstacle;
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
        (0,errors/* throwIfCancelled */.dZ)(place.signal);
        obstacle = await tryRenames(place, renaming, signal);
        if (obstacle === null)
            return;
    }
    throw inUse(place.label, await whoStays(place, signal), obstacle);
}
/** Gives the error when sessions are in the way; `null` when it is done. */
async function tryRenames(place, renaming, signal) {
    try {
        await renameOnce(place, renaming, signal);
        return null;
    }
    catch (error) {
        if (await isDone(place, error, signal))
            return null;
        if (isInUse(error))
            return error;
        throw error instanceof errors/* HoldfastError */.Et ? about('to', error) : error;
    }
}
async function renameOnce(place, { renames, oid }, signal) {
    const { access, label } = place;
    const statements = ["SET lock_timeout = '30s';", 'BEGIN;', ...renames, 'COMMIT;', ''].join('\n');
    const renamed = new AbortController();
    const ending = oid === null ? undefined : endSessions(place, oid, AbortSignal.any([signal, renamed.signal]));
    // Told only when the renames fail.
    ending?.catch(() => { });
    try {
        await query(access, `Renaming ${label}`, statements, signal);
    }
    catch (error) {
        renamed.abort();
        await ending;
        throw error;
    }
    renamed.abort();
    await ending?.catch(() => { });
}
/**
 * The rename locks the database against new sessions, and waits five seconds for the old ones to go: they are ended while
 * it waits. By its number: under the name there soon is another one.
 */
async function endSessions({ access, label }, oid, until) {
    const end = `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datid = ${oid} AND usename IS NOT NULL AND pid <> pg_backend_pid();\n`;
    while (!until.aborted) {
        try {
            await query(access, `Ending the sessions of ${label}`, end, until);
        }
        catch (error) {
            if (until.aborted)
                return;
            throw isForbidden(error) ? notOurs(label, error) : error;
        }
        await (0,external_node_timers_promises_.setTimeout)(100, undefined, { signal: until }).catch(() => { });
    }
}
/** The server may have renamed them though it could not say so. */
async function isDone({ access, fresh, label }, cause, signal) {
    const look = `SELECT 1 FROM pg_database WHERE datname = ${literal(fresh)};\n`;
    const found = await query(access, `Looking at ${label}`, look, signal).catch(() => null);
    if (found !== null)
        return found.length === 0;
    throw new errors/* HoldfastError */.Et(`The server did not say how the swap of ${label} ended: it is the old database or the new one, whole.`, { code: 'restore.unknown', hint: `The new one is named ${fresh} if it was not swapped in.`, cause });
}
async function whoStays({ access, name, label, prefix }, signal) {
    const what = `Looking at ${label}`;
    const { database } = await readFacts(access, { what, name, leftover: prefix }, signal);
    return ((database && describeSessions(database)) ?? 'a session, or a prepared transaction, that came just now');
}
function isForbidden(error) {
    return error instanceof Error && /permission denied|must be a /i.test(error.message);
}
function notOurs(label, cause) {
    return new errors/* HoldfastError */.Et(`${label} is in use by sessions that this user may not end; nothing was changed.`, {
        code: 'restore.in-use',
        input: 'force',
        hint: 'Stop the app first, or let the role of the URL end them: GRANT pg_signal_backend TO role; those of a superuser only another superuser can.',
        cause,
    });
}
function isInUse(error) {
    return error instanceof Error && /being accessed by other users|used by/.test(error.message);
}
function inUse(label, by, cause) {
    return new errors/* HoldfastError */.Et(`${label} is in use by ${by}; nothing was changed.`, {
        code: 'restore.in-use',
        input: 'force',
        hint: 'Stop the app first, give the commands that do it as `stop` and `start`, or end its sessions with `force: true`.',
        cause,
    });
}

;// CONCATENATED MODULE: ./build/engines/postgres/stage-database.js
var stage_database_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
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
var stage_database_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
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











/** Makes the new database, with the old one's owner and locale, under a name of its own: a rename swaps the two. */
async function stageDatabase(place, request) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const { access, lock, label } = place;
        const { signal } = request;
        const stack = stage_database_addDisposableResource(env_1, new AsyncDisposableStack(), true);
        stack.use(access);
        stack.use(lock);
        const file = `${access.folder}/backup.dump`;
        await (0,write_plain/* writePlain */.y)(access.host, file, request, 'postgres.no-space');
        const database = stack.use(await stage_database_fill(place, file, request));
        const subscriptions = await readSubscriptions(access, file, signal);
        if (subscriptions.length > 0) {
            place.reporter.warn(`Subscriptions are not restored, as they would start to work at once: ${subscriptions.join(', ')}.`);
        }
        const archived = place.old === null ? await readProperties(access, file, signal) : null;
        await dropFile(access, file, signal);
        const options = {
            label: `PostgreSQL ${access.client.major}, beside ${label}`,
            access: database.access,
            held: stack.move(),
            signal,
        };
        return new StagedDatabase(options, { ...place, fresh: database.name, archived, signal });
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = stage_database_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
class StagedDatabase extends LoadedDatabase {
    #place;
    constructor(options, place) {
        super(options);
        this.#place = place;
    }
    swap(options) {
        return swapDatabases(this.#place, options);
    }
}
/** What the server or the user may lack without harm to the data: then it is done without, and told. */
const concessions = [
    {
        when: /must be owner of extension/,
        flags: ['--no-comments'],
        warning: 'Comments are not restored, as this user may not comment on an extension',
    },
    {
        when: /^tablespace ".*"|"default_tablespace"/,
        flags: ['--no-tablespaces'],
        warning: 'Everything is restored into the default tablespace',
    },
    {
        when: /^role ".*" does not exist|^must be (?:member|owner|superuser|able)|^permission denied/,
        flags: ['--no-owner', '--no-privileges'],
        warning: 'Owners and privileges of what is in the database are not restored',
        forNewOnly: true,
    },
];
async function stage_database_fill(place, file, request) {
    const { access, label, jobs, reporter } = place;
    const { engineVersion, signal } = request;
    const options = await optionsFor(place, file, signal);
    // A subscription would begin to work at once, and keep its database from being dropped.
    const flags = ['--no-subscriptions', ...(jobs > 1 ? [`--jobs=${jobs}`] : ['--single-transaction'])];
    const left = new Set(concessions);
    for (;;) {
        const env_2 = { stack: [], error: void 0, hasError: false };
        try {
            const stack = stage_database_addDisposableResource(env_2, new AsyncDisposableStack(), true);
            const database = stack.use(await stage_database_create(place, options, signal));
            const otherLocale = place.old === null && database.option > 0;
            const { version } = access.client;
            const failure = await runRestore({
                ...{ access: database.access, file, flags, signal },
                place: { label: `the new database beside ${label}`, version, engineVersion, otherLocale },
            });
            if (failure === null) {
                if (otherLocale)
                    reporter.warn(`${label} gets another locale than the source had: the server lacks it.`);
                stack.move();
                return database;
            }
            const concession = chooseConcession(left, failure, place);
            left.delete(concession);
            flags.push(...concession.flags);
            reporter.warn(`${concession.warning}: ${withoutStop(failure.error)}.`);
        }
        catch (e_2) {
            env_2.error = e_2;
            env_2.hasError = true;
        }
        finally {
            const result_2 = stage_database_disposeResources(env_2);
            if (result_2)
                await result_2;
        }
    }
}
function chooseConcession(left, { reason, error }, { old }) {
    const found = [...left].find(({ when }) => when.test(reason));
    if (found === undefined)
        throw error;
    if (found.forNewOnly === true && old !== null)
        throw withoutOwners(error);
    return found;
}
function withoutOwners(error) {
    return new errors/* HoldfastError */.Et(error.message, {
        code: error.code,
        input: 'to',
        hint: 'Make the role first (CREATE ROLE …; `globals.sql` of a backup with `globals` has it), connect as a superuser, or ' +
            'restore to a new database, where everything belongs to the user of the URL.',
        cause: error,
    });
}
function withoutStop({ message }) {
    return message.replace(/\.$/, '');
}
function stage_database_create({ access, label, prefix, reporter }, options, signal) {
    return createDatabase({
        access,
        name: prefix + (0,external_node_crypto_.randomBytes)(4).toString('hex'),
        options,
        signal,
        what: `Making the new database beside ${label}`,
        onLeft: (drop) => reporter.warn(`The new database may be left beside ${label}: ${drop}`),
    });
}
/** As the old database is; else as the source was, else as the server likes it with the encoding of the source. */
async function optionsFor({ access, old }, file, signal) {
    if (old !== null)
        return [optionsLike(old)];
    const header = await readHeader(access, file, signal);
    if (header.encoding === null)
        return [''];
    const [first = '', ...others] = [
        ...(header.options === null ? [] : [header.options]),
        `ENCODING = '${header.encoding}'`,
        ...plainLocales(header, access.client.major),
    ];
    return [first, ...others];
}
/** It is as large as the database, and no longer needed. */
async function dropFile({ host }, file, signal) {
    const done = await (0,program/* runProgram */.mB)(host, ['rm', '-f', file], { signal });
    if (done.code !== 0)
        throw (0,program/* programFailed */.U_)('Removing the plain file', host, done);
}

;// CONCATENATED MODULE: ./build/core/target.js

/** The error of a target that another restore is filling. */
function otherRestore(label) {
    return new errors/* HoldfastError */.Et(`${label} is being restored by another run at this moment; this one changed nothing.`, {
        code: 'restore.locked',
        input: 'to',
        hint: 'Wait until that has ended, and look at what it restored; one that died is out of the way after five minutes.',
    });
}

;// CONCATENATED MODULE: ./build/engines/postgres/target-lock.js
var target_lock_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
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
var target_lock_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
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
 * Keeps other restores from the database of that name for as long as a session is open, which ends with this process too.
 * @throws HoldfastError `restore.locked` when another one is at work
 */
async function lockTarget(access, { name, label }, signal) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const stack = target_lock_addDisposableResource(env_1, new AsyncDisposableStack(), true);
        const session = stack.use(new HeldSession(access, `Locking ${label}`, signal));
        await session.ask(sessionSettings(0));
        const key = (0,external_node_crypto_.createHash)('sha256').update(`holdfast restore ${name}`).digest().readBigInt64BE();
        const [locked] = await session.ask(`SELECT pg_try_advisory_lock(${key});`);
        if (locked !== 't')
            throw otherRestore(label);
        return stack.move();
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = target_lock_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}

;// CONCATENATED MODULE: ./build/engines/postgres/postgres-target.js
var postgres_target_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
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
var postgres_target_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
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











/** One database of a server, which need not be there yet. */
class PostgresTarget {
    engine = 'postgres';
    name;
    label;
    source;
    #options;
    #connection;
    /** What the names of new databases begin with, until they are swapped in. */
    #prefix;
    /** @throws HoldfastError `postgres.url`, naming `to` */
    constructor(options) {
        const { url, host, reporter } = options;
        this.#options = options;
        this.#connection = parseTo(url);
        this.name = this.#connection.database;
        this.label = labelOf(this.#connection, host.label);
        if (/^template[01]$/.test(this.name))
            throw isTemplate(this.label);
        this.#prefix = suffixed(this.name, '_restore_........').slice(0, -8);
        this.source = new PostgresEngine({ ...options, urls: [url], globals: false, evenEmpty: true, reporter });
    }
    async inspect({ signal }) {
        return this.#about(async () => {
            const env_1 = { stack: [], error: void 0, hasError: false };
            try {
                const access = postgres_target_addDisposableResource(env_1, await this.#open(signal), true);
                const { database, leftovers } = await this.#facts(access, signal);
                for (const name of leftovers) {
                    this.#options.reporter.warn(`The database ${name} is what another restore left, or is making: DROP DATABASE ${identifier(name)};`);
                }
                if (database === null)
                    return { state: 'absent', inUse: null };
                return { state: await this.#stateOf(access, signal), inUse: describeSessions(database) };
            }
            catch (e_1) {
                env_1.error = e_1;
                env_1.hasError = true;
            }
            finally {
                const result_1 = postgres_target_disposeResources(env_1);
                if (result_1)
                    await result_1;
            }
        });
    }
    async stage(request) {
        const { name, label } = this;
        if (request.extension === 'sql')
            throw notLoaded(label);
        const { jobs, reporter } = this.#options;
        return this.#about(async () => {
            const env_2 = { stack: [], error: void 0, hasError: false };
            try {
                const stack = postgres_target_addDisposableResource(env_2, new AsyncDisposableStack(), true);
                const access = stack.use(await this.#open(request.signal));
                assertNewEnough(access, label, request.engineVersion, 'to');
                const { database: old } = await this.#facts(access, request.signal);
                const lock = stack.use(await lockTarget(access, this, request.signal));
                stack.move();
                const place = { access, lock, name, label, prefix: this.#prefix, old, jobs, reporter };
                return stageDatabase(place, request);
            }
            catch (e_2) {
                env_2.error = e_2;
                env_2.hasError = true;
            }
            finally {
                const result_2 = postgres_target_disposeResources(env_2);
                if (result_2)
                    await result_2;
            }
        });
    }
    /** A database can be renamed from another one only. */
    #open(signal) {
        const others = ['postgres', 'template1'].filter((database) => database !== this.name);
        return openMaintenance(this.#options, this.#connection, others, signal);
    }
    async #facts(access, signal) {
        const { name, label } = this;
        const what = `Looking at ${label}`;
        const facts = await readFacts(access, { what, name, leftover: this.#prefix }, signal);
        const obstacle = obstacleIn(facts);
        if (obstacle === null)
            return facts;
        const [why, hint] = obstacle;
        throw new errors/* HoldfastError */.Et(`${label} can't be restored to: ${why}.`, {
            code: 'restore.permission',
            input: 'to',
            hint,
        });
    }
    /** One that can't be looked into may be just what is to be replaced. */
    async #stateOf(access, signal) {
        const inside = inDatabase(access, this.name);
        try {
            const [content] = await query(inside, `Looking into ${this.label}`, contentQuery, signal);
            return content === 'f' ? 'empty' : 'present';
        }
        catch (error) {
            if (!(error instanceof errors/* HoldfastError */.Et) || error.code === 'cancelled')
                throw error;
            return 'present';
        }
    }
    async #about(work) {
        try {
            return await work();
        }
        catch (error) {
            throw error instanceof errors/* HoldfastError */.Et ? this.#told(error) : error;
        }
    }
    /** On a new server the role is what is missing; one that asks for passwords says no more than that this one is wrong. */
    #told(error) {
        const { message, code, input, hint = '', cause } = about('to', error);
        const { user } = this.#connection;
        if (user === undefined || !ofRole.has(code))
            return about('to', error);
        const create = `CREATE ROLE ${identifier(user)} LOGIN CREATEDB PASSWORD '…';`;
        return new errors/* CommandError */.Qd(message, {
            ...{ code, input, cause },
            hint: `${hint} On a new server make the role first, as a superuser: ${create}`,
        });
    }
}
const ofRole = new Set(['postgres.no-role', 'postgres.password']);
function parseTo(url) {
    try {
        return parseConnection(url);
    }
    catch (error) {
        throw error instanceof errors/* HoldfastError */.Et ? about('to', error) : error;
    }
}
function obstacleIn({ user, mayCreate, mayAlter, standby, }) {
    const role = identifier(user);
    if (standby)
        return ['its server is a standby, which takes no changes', 'Restore to the primary.'];
    if (!mayCreate)
        return [`the role ${user} may not create databases`, `As a superuser: ALTER ROLE ${role} CREATEDB;`];
    if (!mayAlter)
        return [
            `it belongs to a role that ${user} is no member of`,
            'Connect as the owner of the database, or as a superuser.',
        ];
    return null;
}
function isTemplate(label) {
    return new errors/* HoldfastError */.Et(`${label} can't be restored to: new databases are made from it.`, {
        code: 'restore.permission',
        input: 'to',
        hint: 'Name the database of your app in `to`.',
    });
}
function notLoaded(label) {
    return new errors/* HoldfastError */.Et(`SQL of a backup can't be restored to ${label}: it is of a whole server.`, {
        code: 'restore.sql',
        input: 'to',
        hint: 'Fetch it with `to: file:folder`, read it, and run by hand what you want of it.',
    });
}

// EXTERNAL MODULE: ./node_modules/picomatch/index.js
var picomatch = __webpack_require__(4006);
;// CONCATENATED MODULE: ./build/engines/sqlite/closed-folders.js



/** `find: '/srv/app': Permission denied`, with or without quotes. */
const denied = /^find: ['‘]?(.*?)['’]?: Permission denied$/;
/** Files and folders come and go while they are listed, and a link may lead to nothing, or to itself. */
const nothingThere = /^find: .*: (?:No such file or directory|Not a directory|Too many levels of symbolic links|Symbolic link loop)$/;
/** A link to a folder that it is in. */
const loop = /^find: File system loop detected; /;
/**
 * The folders that find could not look into.
 * @throws CommandError when it failed in another way: then nobody knows what it did not list
 */
function closedFolders(host, what, exit) {
    if (exit.code === 0)
        return [];
    // Of very many lines only the last are there, the first of them in part.
    const lines = exit.stderr.split('\n').filter((line) => line.startsWith('find: '));
    const known = lines.every((line) => [denied, nothingThere, loop].some((kind) => kind.test(line)));
    if (exit.code !== 1 || lines.length === 0 || !known) {
        throw (0,program/* programFailed */.U_)(`Listing the files of ${what}`, host, exit);
    }
    return lines.map((line) => denied.exec(line)?.[1]).filter((folder) => folder !== undefined);
}
/** Whether a file that a glob matches may lie somewhere below a folder. `**` matches no hidden name. */
function mayHold(glob, folder) {
    // What holds slashes of its own can't be taken apart.
    if (/\{[^}]*\/|[(\\]/.test(glob))
        return true;
    const parts = glob.split('/');
    const names = folder.split('/').filter((name) => name !== '.');
    const many = parts.findIndex((part) => part.includes('**'));
    const [fixed, rest] = many < 0 ? [names, []] : [names.slice(0, many), names.slice(many)];
    if (many < 0 && names.length >= parts.length)
        return false;
    if (rest.some((name) => name.startsWith('.')) && !glob.includes('/.'))
        return false;
    return fixed.every((name, index) => name === parts[index] || picomatch.isMatch(name, parts[index] || '.'));
}
/** What is left out of a backup without anybody having said so is lost. */
function foldersClosed(host, what, folders, hint = `Set \`sudo: true\` for the files of another user, make the glob narrower, or leave them out with \`exclude\`: \`${folders[0]}/**\`.`) {
    const more = folders.length > 3 ? `, and ${folders.length - 3} more` : '';
    const named = folders.slice(0, 3).join(', ');
    return new errors/* HoldfastError */.Et(`${what} can't be listed whole on ${host.label}: this user may not look into ${named}${more}.`, { code: 'sqlite.unreadable', input: 'database', hint });
}

;// CONCATENATED MODULE: ./build/engines/sqlite/discover.js





/** SQLite's own files beside a database: never databases themselves. */
const sideFile = /-(?:wal|shm|journal)$/;
/** A name may begin with a line feed, which `.` of a regular expression does not match. */
const anyCharacter = { flags: 's' };
/**
 * The files that paths and globs mean on a host, sorted, each once. A path without glob characters is taken as it is,
 * whether it exists or not; a glob that matches nothing is an error.
 *
 * A glob goes through links to folders as a shell does, except into a folder that it is in already. One with `**` follows a link
 * only where its fixed beginning ends: below that it could lead anywhere. A file that globs reach through several folders that are
 * the same one is found once; a link to a file is a file of its own.
 */
async function findFiles(host, { paths: patterns, exclude }, signal) {
    const excluded = exclude.map((glob) => picomatch(glob, { ...anyCharacter, basename: !glob.includes('/'), dot: true }));
    const isExcluded = (path) => excluded.some((matches) => matches(path));
    const wanted = (paths) => paths.filter((path) => !isExcluded(path));
    const expanded = new Set();
    for (const pattern of patterns.filter(isGlob)) {
        for (const path of wanted(await expand({ host, pattern, isExcluded }, signal)))
            expanded.add(path);
    }
    const named = wanted(patterns.filter((pattern) => !isGlob(pattern)));
    const found = new Set([...named, ...(await eachOnce(host, [...expanded].sort(), signal))]);
    if (found.size === 0) {
        throw new errors/* HoldfastError */.Et(`Nothing is left to back up: \`exclude\` leaves out every file that \`database\` names on ${host.label}.`, { code: 'sqlite.none', input: 'exclude', hint: 'Make a glob in `exclude` narrower.' });
    }
    return [...found].sort();
}
function isGlob(pattern) {
    return picomatch.scan(pattern).isGlob;
}
async function expand({ host, pattern, isExcluded }, signal) {
    const listing = await list(host, pattern, signal);
    const [home = '', ...listed] = listing.stdout.split('\0');
    const paths = picomatch.scan(pattern).base === '' ? listed.map((path) => path.replace(/^\.\//, '')) : listed;
    const absolute = pattern.startsWith('~/') ? `${home}${pattern.slice(1)}` : pattern;
    const matchesGlob = picomatch(absolute, anyCharacter);
    const matches = (path) => path !== '' && matchesGlob(path) && !sideFile.test(path);
    // Of a link that leads into a closed folder nobody knows whether it is a file.
    const closed = closedFolders(host, `sqlite:${pattern}`, listing).filter((folder) => (mayHold(absolute, folder) || matches(folder)) && !isExcluded(folder));
    if (closed.length > 0)
        throw foldersClosed(host, `sqlite:${pattern}`, closed);
    const files = paths.filter(matches);
    if (files.length > 0)
        return files;
    throw noMatch(host, pattern, (0,program/* lastLine */.fM)(listing.stderr));
}
function noMatch(host, pattern, said) {
    const options = /\?[\w-]+=[^?]*$/.exec(pattern);
    return new errors/* HoldfastError */.Et(`No file on ${host.label} matches sqlite:${pattern}${said === '' ? '' : ` (${said})`}.`, {
        code: 'sqlite.no-match',
        input: 'database',
        hint: options === null
            ? 'Correct the glob; list the folder on the server to see what is there.'
            : `Leave out the last \`?\` and what follows it: options of a connection are no part of a path. Write \`sqlite:${pattern.slice(0, options.index)}\`.`,
    });
}
/** What find lists below the fixed beginning of a glob. */
async function list(host, pattern, signal) {
    const { base } = picomatch.scan(pattern);
    const name = namePattern(pattern);
    const tests = ['-maxdepth', depth(pattern), ...(name === null ? [] : ['-name', name])];
    const follow = pattern.includes('**') ? '-H' : '-L';
    try {
        return await (0,program/* runProgram */.mB)(host, ['sh', '-c', discover_listScript, 'sh', base === '' ? '.' : base, follow, ...tests], { signal });
    }
    catch (cause) {
        if (!(cause instanceof RangeError))
            throw cause;
        throw new errors/* HoldfastError */.Et(`sqlite:${pattern} looks through too many files on ${host.label}.`, {
            code: 'sqlite.too-many',
            input: 'database',
            hint: 'Make the glob narrower: begin it with the folder of the databases, and end it with what only their names end with, such as `*.sqlite3`.',
            cause,
        });
    }
}
/**
 * The home folder and the files below a folder, each ended by NUL. With -L, a link to a file is a file, and one to nothing is
 * a link.
 */
const discover_listScript = `
base=$1 follow=$2
shift 2
case $base in "~") base=$HOME ;; "~/"*) base=$HOME/\${base#"~/"} ;; esac
printf '%s\\0' "$HOME"
exec find "$follow" "$base" "$@" \\( -type f -o -type l \\) -print0
`;
/** How deep a glob can reach below its fixed beginning. */
function depth(pattern) {
    const { glob } = picomatch.scan(pattern);
    return glob.includes('**') ? '32' : `${glob.split('/').length}`;
}
/**
 * What the names of a glob's files match for find, whatever its locale: at least what the glob matches. `null` where that is
 * every name, or not sure.
 */
function namePattern(pattern) {
    const plain = pattern.replace(/\[\w+\]/g, '?');
    const last = plain.slice(plain.lastIndexOf('/') + 1);
    if (/[[\]{}()\\!|"']/.test(plain) || last.includes('**') || !/^[\w.*?-]+$/.test(last))
        return null;
    const name = last.replace(/[*?]+/g, '*');
    return name === '*' ? null : name;
}
/** Files without those that are another one of them, reached through a link to its folder. The first stays, or the one without a link. */
async function eachOnce(host, files, signal) {
    const folders = new Map();
    for (const file of files) {
        const { dir, base } = external_node_path_.posix.parse(file);
        folders.set(base, (folders.get(base) ?? new Set()).add(dir));
    }
    // In one folder a name is there once.
    const several = [...folders.values()].filter(({ size }) => size > 1).flatMap((some) => [...some]);
    const real = await realFolders(host, [...new Set(several)], signal);
    const kept = new Map();
    for (const file of files) {
        const { dir, base } = external_node_path_.posix.parse(file);
        const folder = real.get(dir);
        const path = folder === undefined ? file : external_node_path_.posix.join(folder, base);
        if (!kept.has(path) || path === file)
            kept.set(path, file);
    }
    return [...kept.values()];
}
/** How many bytes of paths one program is given. */
const pathsBytes = 32_768;
/** Where folders are without links; one that can't be entered is left out. */
async function realFolders(host, folders, signal) {
    const real = new Map();
    for (let from = 0, to = 0; from < folders.length; from = to) {
        let bytes = 0;
        while (to < folders.length && (to === from || bytes < pathsBytes)) {
            bytes += Buffer.byteLength(folders[to] ?? '');
            to += 1;
        }
        const some = folders.slice(from, to);
        const argv = some.map((folder) => (folder.startsWith('/') ? folder : `./${folder}`));
        const { stdout } = await (0,program/* runProgram */.mB)(host, ['sh', '-c', realScript, 'sh', ...argv], { signal });
        for (const [index, said] of stdout.split('\0').entries()) {
            const folder = some[index];
            if (folder !== undefined && said.endsWith(realEnd))
                real.set(folder, said.slice(0, -realEnd.length));
        }
    }
    return real;
}
/** After a path, which may end with line feeds itself. */
const realEnd = '\n.';
const realScript = `
for folder do
  printf '%s\\0' "$(cd -P "$folder" 2>/dev/null && pwd -P && echo .)"
done
`;
/** The databases that files are, each with its path, in their order. */
function databasesOf(files, { label }) {
    const names = nameFiles(files);
    return new Map(files.map((path, index) => [{ name: names[index] ?? path, source: `sqlite:${path} on ${label}` }, path]));
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

// EXTERNAL MODULE: ./build/engines/sqlite/gate-patterns.js
var gate_patterns = __webpack_require__(8604);
// EXTERNAL MODULE: ./build/engines/sqlite/gate-script.js
var gate_script = __webpack_require__(3124);
// EXTERNAL MODULE: ./build/core/digest-file.js
var digest_file = __webpack_require__(6539);
// EXTERNAL MODULE: ./build/core/give-way.js
var give_way = __webpack_require__(1155);
// EXTERNAL MODULE: ./build/core/quote.js
var quote = __webpack_require__(5054);
;// CONCATENATED MODULE: ./build/engines/sqlite/damage.js



/** SQLite says that the bytes themselves are wrong. */
function saysDamage({ stderr }) {
    return /malformed|not a database|corrupt/i.test(stderr);
}
/** What a tool said last, or how it ended. */
function why(exit) {
    return (0,program/* lastLine */.fM)(exit.stderr) || (0,program/* describeExit */.KE)(exit);
}
/** SQLite's own words out of what a tool wrote to stderr: the shell's first line of an error, Python's last. */
function sqliteReason(exit) {
    const shell = exit.stderr.split('\n').find((line) => /^(?:parse |runtime )?error\b/i.test(line));
    return (shell ?? why(exit))
        .replace(/^(?:(?:Parse |Runtime )?error(?: near line \d+| in [^:]*)?|sqlite3\.\w+): /i, '')
        .trim();
}
/** For the private copy of a live database. */
function wordsOfSnapshot(host, source) {
    return {
        damaged: (found) => new errors/* IntegrityError */.cs(`${source} is damaged: integrity_check says "${found}"; nothing was stored.`, {
            code: 'sqlite.damaged',
            hint: 'Repair the source (sqlite3 FILE .recover) or restore an earlier backup; those are untouched.',
        }),
        unreadable(exit) {
            if (!saysDamage(exit))
                return (0,program/* programFailed */.U_)('Checking the copy of the database', host, exit);
            return new errors/* IntegrityError */.cs(`The copy of the database can't be read on ${host.label} (${why(exit)}): the source is damaged.`, {
                code: 'sqlite.damaged',
                hint: 'Look at it with `PRAGMA integrity_check`; earlier backups are untouched.',
            });
        },
    };
}
/** For the bytes of a backup, which `engineVersion` wrote. */
function wordsOfBackup(host, tool, engineVersion) {
    const hint = 'Take an earlier backup; `list` shows them.';
    return {
        damaged: (found) => new errors/* IntegrityError */.cs(`The database of the backup is damaged: integrity_check says "${found}".`, {
            code: 'sqlite.damaged',
            hint,
        }),
        unreadable(exit) {
            if (isTooNew(exit) && (0,compare_versions/* compareVersions */.Z)(tool.sqliteVersion, engineVersion) < 0) {
                return tooOld(host, tool, engineVersion, exit);
            }
            if (!saysDamage(exit))
                return (0,program/* programFailed */.U_)('Checking the database of the backup', host, exit);
            return new errors/* IntegrityError */.cs(`The database of the backup is damaged: SQLite says "${sqliteReason(exit)}".`, {
                code: 'sqlite.damaged',
                hint,
            });
        },
    };
}
/** An older SQLite says so of a schema with words that it does not know yet. */
function isTooNew({ stderr }) {
    return /malformed database schema|unsupported file format/i.test(stderr);
}
function tooOld(host, tool, engineVersion, exit) {
    return new errors/* CommandError */.Qd(`The database of the backup was written by SQLite ${engineVersion}, and ${tool.label} on ${host.label} is too old for it (${sqliteReason(exit)}).`, {
        code: 'sqlite.too-old',
        hint: `Install SQLite ${engineVersion} or a later one there.`,
    });
}

;// CONCATENATED MODULE: ./build/engines/sqlite/read-until.js
/** The values of two bytes that end something. */
const [newline, nul] = [10, 0];
/** More text than this is none of ours. */
const read_until_limitBytes = 16 * 1024 * 1024;
/** The text before the first byte of that value, `null` when there is none, and what follows it. */
async function readUntil(end, source) {
    const chunks = source[Symbol.asyncIterator]();
    const held = [];
    let size = 0;
    for (;;) {
        const { done, value } = await chunks.next();
        if (done)
            return { head: null, rest: source };
        size += value.byteLength;
        const at = value.indexOf(end);
        if (at < 0 && size > read_until_limitBytes) {
            await chunks.return?.();
            throw new RangeError(`more than ${read_until_limitBytes} bytes before the end of a text`);
        }
        held.push(at < 0 ? value : value.subarray(0, at));
        if (at >= 0) {
            return { head: Buffer.concat(held).toString('utf8'), rest: joined(value.subarray(at + 1), chunks) };
        }
    }
}
async function* joined(first, chunks) {
    try {
        if (first.byteLength > 0)
            yield first;
        yield* { [Symbol.asyncIterator]: () => chunks };
    }
    finally {
        await chunks.return?.();
    }
}

// EXTERNAL MODULE: ./build/engines/sqlite/script-parts.js
var script_parts = __webpack_require__(4981);
// EXTERNAL MODULE: ./build/engines/sqlite/sqlite-tool.js
var sqlite_tool = __webpack_require__(3272);
;// CONCATENATED MODULE: ./build/engines/sqlite/copy-live.js









/**
 * One program, as a second one would be three round trips later. It says the mark in between. What copies ends with it also where
 * there are no process groups (`hosts/tether.ts`): it holds a read transaction. How the file is opened is found out right before, as what is
 * known of it may be a second old.
 */
function copyThenSend({ live, program, copy, packer }) {
    const words = (argv) => argv.map(quote/* quote */.h).join(' ');
    const sending = packer === undefined ? words(['cat', copy]) : `${words(packer)} <${(0,quote/* quote */.h)(copy)}`;
    const said = (0,quote/* quote */.h)(`${copy}.said`);
    const script = `
exec 3<&0 </dev/null
live=${(0,quote/* quote */.h)(live)}
${script_parts/* judgeLive */.a$}
if ! is_there; then echo ${script_parts/* changedMark */.wM}; exit 0; fi
wal=false
set -- $(od -An -v -tx1 -N19 "$live")
if [ "\${19:-}" = 02 ]; then wal=true; fi
if must_write; then set -- ${words(program.writing)}; else set -- ${words(program.reading)}; fi
trap 'kill "$job"; exit 143' HUP INT TERM
"$@" <&3 3<&- >${said} &
job=$!
exec 3<&-
wait "$job" 2>/dev/null || exit
trap - HUP INT TERM
while read -r line; do last=$line; done <${said}
[ "$last" = ${sqlite_tool/* doneMark */.i_} ] || exit 1
printf '%s\\n' ${sqlite_tool/* doneMark */.i_}
${(0,give_way/* giveWay */.nE)(give_way/* niceness */.zA.bulk)}
exec $nice ${sending}`;
    return ['sh', '-c', script];
}
/**
 * Makes the copy, and then sends it. Resolves once it is made.
 * @throws CommandError, IntegrityError when it could not be made; `sqlite.changed` when the file is none any more
 */
async function copyAndSend(host, request) {
    const { source, live, signal } = request;
    const { stdin } = request.program;
    const stop = new AbortController();
    const { stdout, exit } = host.spawn(copyThenSend(request), {
        signal: AbortSignal.any([signal, stop.signal]),
        ...(stdin === undefined ? {} : { stdin }),
    });
    exit.catch(() => { });
    const { head, rest } = await readUntil(newline, stdout);
    if (head !== sqlite_tool/* doneMark */.i_) {
        await (0,bytes/* drain */.Ze)(rest);
        throw head === script_parts/* changedMark */.wM ? changed(host, live) : copyFailed(host, live, await exit);
    }
    const failed = (end) => (0,program/* programFailed */.U_)(`Sending ${source}`, host, end);
    return { bytes: (0,program/* steadily */.QF)(host, { bytes: rest, exit }, stop, failed), ended: exit.catch(() => { }) };
}
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
/** What they say when they may not take a write back. */
const stuck = /readonly database|unable to open database|permission denied|disk I\/O error/i;
function changed(host, live) {
    return new errors/* CommandError */.Qd(`${live} on ${host.label} went, or was emptied, while its snapshot began.`, {
        code: 'sqlite.changed',
        hint: 'Run it again when nobody moves it about.',
    });
}
/** The error of a copy that was not finished, with what can be done about it. */
function copyFailed(host, live, exit) {
    // Then a hot journal lies beside it.
    const hot = exit.stderr.split('\n').includes(script_parts/* hotMark */.xi);
    const what = `The snapshot of ${live} on ${host.label} failed`;
    if (saysDamage(exit)) {
        return new errors/* IntegrityError */.cs(`${what}: the source is damaged (${why(exit)}).`, {
            code: 'sqlite.damaged',
            hint: 'Look at it with `PRAGMA integrity_check`; earlier backups are untouched.',
        });
    }
    if (hot && stuck.test(exit.stderr)) {
        return new errors/* CommandError */.Qd(`${what}: the app was ended in the middle of a write, and this user may not write to the file and its folder, which it takes to take that back (${(0,program/* lastLine */.fM)(exit.stderr)}).`, {
            code: 'sqlite.hot-journal',
            input: 'database',
            hint: 'Start the app, which takes it back, connect as the user that runs it, or set `sudo: true`.',
        });
    }
    const known = causes.find(([pattern]) => pattern.test(exit.stderr));
    const reason = known === undefined ? why(exit) : `${known[1]} (${(0,program/* lastLine */.fM)(exit.stderr)})`;
    return new errors/* CommandError */.Qd(`${what}: ${reason}.`, { code: 'sqlite.snapshot', hint: known?.[2] });
}

;// CONCATENATED MODULE: ./build/engines/sqlite/fingerprint.js


/** One row per schema object, its four texts as space-separated hexadecimal, so that no name can confuse a line. */
const schemaStatement = "SELECT hex(type)||' '||hex(name)||' '||hex(tbl_name)||' '||hex(coalesce(sql,'')) FROM sqlite_master";
/** @param encoding of the database, as `PRAGMA encoding` says it: the hexadecimal is of its own bytes */
function parseSchema(lines, encoding) {
    const decode = decoderOf(encoding);
    return lines.map((line) => {
        const [type = '', name = '', table = '', sql = ''] = line.split(' ').map(decode);
        return { type, name, table, sql };
    });
}
function decoderOf(encoding) {
    const decoder = new TextDecoder(encoding.toLowerCase(), { ignoreBOM: true });
    return (hex) => decoder.decode(Buffer.from(hex, 'hex'));
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
    const tables = countedTables(objects);
    return [
        'PRAGMA integrity_check(20)',
        ...tables.map(({ name }) => `SELECT '${rowsMark} ${toHex(name)} '||count(*) FROM ${fingerprint_identifier(name)}`),
    ];
}
function countedTables(objects) {
    return objects.filter(({ type, sql }) => type === 'table' && !/^\s*create\s+virtual/i.test(sql));
}
const rowsMark = 'rows';
/**
 * Checks a private copy with SQLite's integrity_check and counts its rows, in one go.
 * @throws IntegrityError `sqlite.damaged` when the check found anything, in the given words
 */
async function checkFile({ host, tool, file, words }, signal) {
    const options = { signal, fail: words.unreadable };
    const [encoding = '', ...lines] = await tool.query(host, file, ['PRAGMA encoding', schemaStatement], options);
    const objects = parseSchema(lines, encoding);
    return readChecked(await tool.query(host, file, checkStatements(objects), options), objects, words);
}
/**
 * The same out of lines that the host asked for by itself: the encoding and the schema, and those of the check with all
 * counts, whose names are in the database's encoding too.
 */
function readFingerprint([encoding = '', ...schema], checked, words) {
    const objects = parseSchema(schema, encoding);
    const found = readChecked(checked, objects, words, decoderOf(encoding));
    const missing = countedTables(objects).find(({ name }) => !(name in found.tables));
    if (missing !== undefined)
        throw words.damaged(`the rows of ${missing.name} were not counted`);
    return found;
}
function readChecked(lines, objects, words, decode = fromHex) {
    const rows = lines.filter((line) => line.startsWith(`${rowsMark} `));
    const found = lines.filter((line) => !line.startsWith(`${rowsMark} `));
    if (found.length !== 1 || found[0] !== 'ok')
        throw words.damaged(found.slice(0, 3).join('; '));
    const tables = rows.map((line) => {
        const [, name = '', count = ''] = line.split(' ');
        return [decode(name), Number(count)];
    });
    return { schemaSha256: hashSchema(objects), tables: Object.fromEntries(tables) };
}
function fingerprint_identifier(name) {
    return `"${name.replaceAll('"', '""')}"`;
}
function toHex(text) {
    return Buffer.from(text).toString('hex');
}
function fromHex(text) {
    return Buffer.from(text, 'hex').toString('utf8');
}
/** Rows whose foreign key points nowhere, for each table. */
const strayStatement = 'SELECT hex("table")||\' \'||count(*) FROM pragma_foreign_key_check GROUP BY "table" ORDER BY 1';
/** SQLite does not hold foreign keys by default, so a sound copy may have such rows: told in a sentence, if there are any. */
async function strayRows({ host, tool, file }, signal) {
    const fail = (exit) => new UncheckedKeys(sqliteReason(exit));
    try {
        const lines = await tool.query(host, file, [strayStatement], { signal, fail });
        return describeStrays(lines);
    }
    catch (error) {
        if (!(error instanceof UncheckedKeys))
            throw error;
        return [`the foreign keys can't be checked: ${error.message}`];
    }
}
class UncheckedKeys extends Error {
}
function describeStrays(lines) {
    const counts = lines.map((line) => {
        const [name = '', count = ''] = line.split(' ');
        return [fromHex(name), Number(count)];
    });
    if (counts.length === 0)
        return [];
    const total = counts.reduce((sum, [, count]) => sum + count, 0);
    const tables = counts.map(([name, count]) => `table ${name} (${count})`).join(', ');
    const rows = total === 1 ? '1 row' : `${total} rows`;
    return [`${rows} with a foreign key that points nowhere, as in the source: ${tables}`];
}

;// CONCATENATED MODULE: ./build/engines/sqlite/gated-snapshot.js








/** One request is one snapshot: the gate copies, says which file it was, waits for a word, and sends and proves the copy. */
async function takeGatedSnapshot(request) {
    const { host, signal, sqliteVersion } = request;
    const stop = new AbortController();
    const chosen = Promise.withResolvers();
    const over = Promise.withResolvers();
    async function* words() {
        yield Buffer.from(await chosen.promise);
        // The end of its stdin would end the gate.
        await over.promise;
    }
    const takenAt = new Date();
    const running = host.spawn(request.request, {
        signal: AbortSignal.any([signal, stop.signal]),
        stdin: words(),
    });
    const release = () => {
        chosen.resolve('');
        over.resolve();
    };
    running.exit.then(release, release);
    const end = async () => {
        stop.abort();
        await running.exit.catch(() => { });
    };
    try {
        const { head, rest } = await readUntil(0, running.stdout);
        if (head === null)
            throw copyFailed(host, request.path, await running.exit);
        if (head !== request.path)
            throw gated_snapshot_changed(request, head);
        const proof = running.exit.then((exit) => readProof(request, exit));
        proof.catch(() => { });
        return {
            host,
            extension: 'sqlite3',
            engineVersion: sqliteVersion,
            toolVersion: `sqlite3 ${sqliteVersion}`,
            method: 'sqlite3 .backup inside a read transaction',
            takenAt,
            expectedBytes: request.expectedBytes,
            proof,
            read() {
                chosen.resolve(sendWord(request.packer));
                return endProven(rest, proof);
            },
            [Symbol.asyncDispose]: end,
        };
    }
    catch (error) {
        await end();
        throw error;
    }
}
/** `send zstd 3` for the program's arguments; the gate knows the rest of them. */
function sendWord(packer) {
    if (packer === undefined)
        return 'send plain\n';
    const level = packer.find((argument) => /^-\d+$/.test(argument))?.slice(1);
    return `send ${packer[0]} ${level}\n`;
}
async function* endProven(bytes, proof) {
    yield* bytes;
    await proof;
}
/** What the gate said after all went well: the digest in two lines, the schema, and what the check found. */
function readProof({ host, source }, exit) {
    const words = wordsOfSnapshot(host, source);
    if (exit.code !== 0)
        throw words.unreadable(exit);
    const [, said = ''] = exit.stderr.split(`${gate_script/* proofMark */.or}\n`);
    const lines = said.split('\n').slice(0, -1);
    const mark = lines.indexOf(script_parts/* checkMark */.kQ);
    if (mark < 2) {
        throw new errors/* CommandError */.Qd(`${host.label} gave no proof of the copy of ${source}.`, { code: 'sqlite.proof' });
    }
    return {
        fingerprint: readFingerprint(lines.slice(2, mark), lines.slice(mark + 1), words),
        digest: (0,digest_file/* readDigest */.r)(lines.slice(0, 2).join('\n'), `the copy of ${source}`, host),
    };
}
function gated_snapshot_changed({ host, path }, found) {
    return new errors/* CommandError */.Qd(`The files of the key on ${host.label} changed while they were listed: ${found} was copied instead of ${path}; nothing was stored.`, { code: 'sqlite.changed', hint: 'Run the backup again.' });
}

// EXTERNAL MODULE: ./build/core/in-flight.js
var in_flight = __webpack_require__(5622);
// EXTERNAL MODULE: ./build/engines/sqlite/host-facts.js + 1 modules
var host_facts = __webpack_require__(8410);
;// CONCATENATED MODULE: ./build/engines/sqlite/inspect.js




/**
 * Looks without opening: a wrong path must not become a new empty database, and a FIFO must not hang us.
 * Prints `state` and facts, one a line, for each file; the path comes last because it may hold newlines, and NUL ends them.
 */
const inspect_script = `${host_facts/* factScript */.gJ}
tools=$(say_tools)
folders=$(say_temporary_folders)
for f do
  shift
  case $f in "~/"*) f=$HOME/\${f#"~/"} ;; -) f=./- ;; esac
  set -- "$@" "$f"
done
# Two programs for all of them, where these can say it of each; else two for each.
sizes=$(stat -L -c %s -- "$@" 2>/dev/null) || sizes=
kinds=$(stat -f -c %T -- "$@" 2>/dev/null) || kinds=
# What real_path sets, by one program for all the files of a folder that are no links.
folder= resolved=
resolve() {
  case $1 in */*) ;; *) real_path "$1"; return ;; esac
  if [ "$folder" != "\${1%/*}/" ]; then
    folder=\${1%/*}/
    real_path "$folder"
    resolved=$real
  fi
  if [ -L "$1" ] || [ -z "$resolved" ]; then real_path "$1"; else real=\${resolved%/}/\${1##*/}; fi
}
look() {
f=$1
if [ ! -e "$f" ]; then say missing; return; fi
if [ -d "$f" ]; then say directory; return; fi
if [ ! -f "$f" ]; then say special; return; fi
if [ ! -r "$f" ]; then say "unreadable $(id -un 2>/dev/null)"; return; fi
if [ ! -s "$f" ]; then say empty; return; fi
set -- $(od -An -v -tx1 -N19 "$f")
case "$*" in "53 51 4c 69 74 65 20 66 6f 72 6d 61 74 20 33 00"*) ;; *) say foreign; return ;; esac
say ok
resolve "$f"
real=\${real:-$f}
say "bytes \${size:-$(wc -c <"$real")}"
say "header \${19}"
say "system \${kind:-$(stat -f -c %T "$real" 2>/dev/null)}"
if [ -e "$real-wal" ]; then say "wal $(wc -c <"$real-wal")"; fi
say "$tools"
say "$folders"
say "path $real"
}
for file do
  size=\${sizes%%"$end_of_line"*} sizes=\${sizes#*"$end_of_line"}
  case $size in *[!0-9]*) size= ;; esac
  kind=\${kinds%%"$end_of_line"*} kinds=\${kinds#*"$end_of_line"}
  look "$file"
  printf '\\0'
done
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
    const looks = await lookAt(host, [path], signal);
    return readInspection(looks.get(path), path, host);
}
/** How many files one program looks at, how long their paths may be together, and how many there are at a time. */
const [filesAtOnce, inspect_pathsBytes, programsAtOnce] = [50, 32_768, 2];
/** Looks at files, many with one program. */
async function lookAt(host, paths, signal) {
    const looks = await (0,in_flight/* inFlight */.C)(batches(paths), programsAtOnce, signal, async (some, either) => {
        const run = await (0,program/* runProgram */.mB)(host, ['sh', '-c', inspect_script, 'sh', ...some], { signal: either });
        const said = run.stdout.split('\0');
        return some.map((path, index) => [path, { ...run, stdout: said[index] ?? '' }]);
    });
    return new Map(looks.flat());
}
function batches(paths) {
    const made = [];
    let bytes = 0;
    for (const path of paths) {
        bytes += Buffer.byteLength(path);
        const last = made.at(-1);
        if (last === undefined || last.length === filesAtOnce || bytes > inspect_pathsBytes) {
            made.push([path]);
            bytes = Buffer.byteLength(path);
        }
        else
            last.push(path);
    }
    return made;
}
/** What a look said; throws as {@link inspect} does. */
function readInspection(run, path, host) {
    if (run === undefined)
        throw new TypeError(`${path} was not looked at`);
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
        throw new errors/* CommandError */.Qd(`sqlite:${path} could not be looked at on ${host.label}: ${(0,program/* lastLine */.fM)(run.stderr) || 'no answer'}.`, { code: 'sqlite.inspect' });
    }
    return inspect_readFacts(run.stdout);
}
function inspect_readFacts(stdout) {
    const facts = new host_facts/* Facts */.At(stdout);
    const walBytes = facts.get('wal');
    return {
        path: facts.path,
        fileBytes: Number(facts.get('bytes')),
        wal: Number(facts.get('header')) === 2,
        walBytes: walBytes === undefined ? null : Number(walBytes),
        fileSystem: facts.get('system') || null,
        ...facts.tools,
        scratchFolders: facts.freeFolders,
    };
}

;// CONCATENATED MODULE: ./build/engines/sqlite/doubts.js

/** As `stat -f -c %T` names them. Their locks are not what SQLite builds on (https://www.sqlite.org/faq.html#q5). */
const networkSystem = /^(?:nfs|cifs|smb|afs|ceph|coda|lustre|gfs|gpfs|ocfs2|v9fs|vboxsf|vmhgfs|prl_fs)/i;
/** What may make a source untrue, though it can be backed up: said with every backup. */
function doubtsAbout({ path, fileSystem }) {
    if (fileSystem === null || !networkSystem.test(fileSystem))
        return [];
    return [
        `${path} lies on a network file system (${fileSystem}), where SQLite's locks can't be relied on: move it to a local disk.`,
    ];
}
/** The corruption of a WAL that is reset while two connections write or checkpoint: https://www.sqlite.org/wal.html#walresetbug */
function walResetNote(version, wal) {
    const from = (first, before) => (0,compare_versions/* compareVersions */.Z)(version, first) >= 0 && (0,compare_versions/* compareVersions */.Z)(version, before) < 0;
    const mended = from('3.44.6', '3.45') || from('3.50.7', '3.51');
    if (!wal || mended || !from('3.7.0', '3.51.3'))
        return [];
    return [
        {
            message: `SQLite ${version} can, very rarely, damage a WAL database that several connections write to.`,
            hint: 'If the app uses a SQLite of that age too, upgrade to 3.51.3 (or 3.50.7, 3.44.6).',
        },
    ];
}

;// CONCATENATED MODULE: ./build/engines/sqlite/loaded-file.js



/** A backup's database as a private file. It is checked once, when first asked. */
class LoadedFile {
    label;
    #options;
    #stop = new AbortController();
    #during;
    #checked;
    constructor(options) {
        this.#options = options;
        this.#during = AbortSignal.any([options.signal, this.#stop.signal]);
        this.label = `${options.tool.label} on ${options.host.label}`;
    }
    async check() {
        await this.fingerprint();
        return strayRows(this.#options, this.#during);
    }
    fingerprint() {
        this.#checked ??= checkFile(this.#options, this.#during);
        return this.#checked;
    }
    async query(sql) {
        const { host, tool, file } = this.#options;
        const fail = loaded_file_queryFailed;
        return tool.firstColumn(host, file, oneSelect(sql), { signal: this.#during, fail });
    }
    async [Symbol.asyncDispose]() {
        this.#stop.abort();
        await this.#checked?.catch(() => { });
        await this.#options.held[Symbol.asyncDispose]();
    }
}
function loaded_file_queryFailed(exit) {
    return new errors/* HoldfastError */.Et(`The query failed: ${sqliteReason(exit)}.`, {
        code: 'sqlite.query',
        hint: 'Try it in `sqlite3` on the database.',
    });
}
/** Texts, names and comments, in which any character may stand. */
const opaque = /'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g;
/**
 * The query without the semicolon at its end.
 * @throws HoldfastError `sqlite.query` when it is not one SELECT, or has a line that `sqlite3` would take as a command
 */
function oneSelect(sql) {
    const bare = sql.replace(opaque, (text) => (/^(?:--|\/\*)/.test(text) ? ' ' : 'x'));
    const refusal = [
        [/^\s*\./m.test(sql), 'a line of it begins with a dot'],
        [!/^\s*(?:select|with|values)\b/i.test(bare), 'it does not begin with SELECT, WITH or VALUES'],
        [/;[\s;]*[^\s;]/.test(bare), 'it is more than one statement'],
    ].find(([applies]) => applies);
    if (refusal !== undefined) {
        throw new errors/* HoldfastError */.Et(`The query can't be asked: ${refusal[1]}.`, {
            code: 'sqlite.query',
            hint: 'Write one SELECT.',
        });
    }
    // A comment after it may hold semicolons too; then the last one of the statement ends it.
    return sql.replace(/[;\s]+$/, '');
}

;// CONCATENATED MODULE: ./build/engines/sqlite/load-backup.js
var sqlite_load_backup_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
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
var sqlite_load_backup_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
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






/** Makes a private file of a backup's bytes in a temporary folder of the host. */
async function load_backup_loadBackup(host, request) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const { signal, plainBytes, engineVersion } = request;
        const looked = await (0,program/* runProgram */.mB)(host, ['sh', '-c', load_backup_script], { signal });
        if (looked.code !== 0)
            throw (0,program/* programFailed */.U_)('Looking for SQLite', host, looked);
        const facts = new host_facts/* Facts */.At(looked.stdout);
        const tool = (0,host_facts/* chooseTool */.q1)(facts.tools, `The backup can't be loaded on ${host.label}`);
        const under = chooseFolder(host, facts.freeFolders, (0,host_facts/* roomFor */.N_)(plainBytes));
        const stack = sqlite_load_backup_addDisposableResource(env_1, new AsyncDisposableStack(), true);
        const scratch = stack.use(await host.scratch({ signal, under }));
        const file = `${scratch.path}/loaded.sqlite3`;
        await (0,write_plain/* writePlain */.y)(host, file, request, 'sqlite.no-space');
        const words = wordsOfBackup(host, tool, engineVersion);
        return new LoadedFile({ host, tool, file, words, signal, held: stack.move() });
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = sqlite_load_backup_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
const load_backup_script = `${host_facts/* factScript */.gJ}
say_tools
say_temporary_folders
exit 0
`;
function chooseFolder(host, folders, wanted) {
    const roomy = folders.find(({ freeBytes }) => freeBytes >= wanted);
    if (roomy !== undefined)
        return roomy.path;
    const seen = folders.map(({ path, freeBytes }) => `${path} has ${(0,host_facts/* mebibytes */.jh)(freeBytes)}`);
    throw new errors/* HoldfastError */.Et(`The backup can't be loaded on ${host.label}: ${(0,host_facts/* mebibytes */.jh)(wanted)} must be free for it, ` +
        `but ${seen.length === 0 ? 'no temporary folder is writable' : seen.join(', ')}.`, {
        code: 'sqlite.no-space',
        hint: 'Free some space there, or set TMPDIR to a folder with room.',
    });
}

// EXTERNAL MODULE: ./build/core/sweep-folders.js
var sweep_folders = __webpack_require__(1446);
// EXTERNAL MODULE: ./build/engines/sqlite/sqlite-shell.js + 1 modules
var sqlite_shell = __webpack_require__(7742);
;// CONCATENATED MODULE: ./build/engines/sqlite/small-snapshot.js












/**
 * All of a small snapshot in one program, for where there are hundreds: it copies, says so, checks and hashes the copy, says
 * what it found up to a NUL, and sends it through the packer. It ends, and its folder with it, when this process does.
 */
const small_snapshot_script = (sweeps, copyOptions) => `
umask 077
under=$1 live=$2 wal=$3
shift 3
dir=
clean() {
  trap "" HUP INT TERM PIPE
  if [ -n "$dir" ]; then cd / && rm -rf -- "$dir"; fi
}
${sweeps ? `${sweep_folders/* sweepFolders */.m}\nsweep "$under"` : ''}
${script_parts/* settings */.W0}
${script_parts/* judgeLive */.a$}
if ! is_there; then echo ${script_parts/* changedMark */.wM}; exit 0; fi
case $live in /*) ;; *) live=$PWD/$live ;; esac
only=-readonly
if must_write; then only=; fi
trap clean EXIT
trap "exit 1" HUP INT TERM PIPE
dir=$(mktemp -d "$under/holdfast.XXXXXXXX") && cd "$dir" || exit 1
# Where a shell has files for what follows "<<".
TMPDIR=$dir
q="'"${script_parts/* tablesQuery */.Sw}
said=$(sqlite3 $quiet $only "$live" <<end
${(0,script_parts/* copyLines */.FT)(copyOptions, '$tables').join('\n')}
end
) || exit 1
case $said in *${sqlite_tool/* doneMark */.i_}) ;; *) exit 1 ;; esac
echo ${sqlite_tool/* doneMark */.i_}
# The lock of the copy is nobody's trouble any more.
renice -n ${give_way/* niceness */.zA.bulk} -p $$ >/dev/null 2>&1
${(0,give_way/* giveWayBySession */.md)(give_way/* niceness */.zA.bulk)}
if command -v openssl >/dev/null 2>&1; then openssl dgst -sha256 -r
elif command -v sha256sum >/dev/null 2>&1; then sha256sum
else shasum -a 256
fi <copy.sqlite3 || exit 1
sqlite3 $quiet "$immutable" <<end || exit 1
PRAGMA page_size;
PRAGMA page_count;
${script_parts/* checkLines */.Wb.join('\n')}
\${said%${sqlite_tool/* doneMark */.i_}}
end
printf "\\000"
"$@" <copy.sqlite3
`;
/**
 * As `takeSnapshot` does, by sqlite3 alone; `null` when the file is no longer what it was when it was looked at. With `sweeps`,
 * what dead runs left there is removed first.
 */
async function takeSmallSnapshot(request, sweeps) {
    const { host, source, live, wal, tool, signal } = request;
    const packer = (await request.packer()) ?? ['cat'];
    const stop = new AbortController();
    const during = AbortSignal.any([signal, stop.signal]);
    const takenAt = new Date();
    const argv = [
        'sh',
        '-c',
        small_snapshot_script(sweeps, (0,sqlite_shell/* unsynced */.c)(tool.sqliteVersion)),
        'sh',
        request.scratchUnder,
        live,
        `${wal}`,
        ...packer,
    ];
    const running = host.spawn(argv, { signal: during });
    running.exit.catch(() => { });
    const end = async () => {
        stop.abort();
        await running.exit.catch(() => { });
    };
    try {
        const { head, rest } = await readUntil(newline, running.stdout);
        if (head === script_parts/* changedMark */.wM) {
            await end();
            return null;
        }
        if (head !== sqlite_tool/* doneMark */.i_)
            throw copyFailed(host, live, await running.exit);
        const proven = readProven(request, rest, () => running.exit);
        proven.catch(() => { });
        const proof = proven.then((found) => found.proof);
        proof.catch(() => { });
        async function* read() {
            const { bytes } = await proven;
            yield* (0,program/* steadily */.QF)(host, { bytes, exit: running.exit }, stop, (ended) => (0,program/* programFailed */.U_)(`Sending ${source}`, host, ended));
        }
        return {
            host,
            extension: 'sqlite3',
            engineVersion: tool.sqliteVersion,
            toolVersion: tool.label,
            method: tool.method,
            takenAt,
            expectedBytes: request.expectedBytes,
            proof,
            read,
            [Symbol.asyncDispose]: end,
        };
    }
    catch (error) {
        await end();
        throw error;
    }
}
/** The SHA-256, the size as pages, the schema, and what the check found; then the bytes. */
async function readProven({ host, source }, stdout, exit) {
    const words = wordsOfSnapshot(host, source);
    const { head, rest } = await readUntil(nul, stdout);
    const lines = (head ?? '').split('\n').slice(0, -1);
    const mark = lines.indexOf(script_parts/* checkMark */.kQ);
    if (head === null || mark < 3) {
        const ended = await exit();
        if (ended.code !== 0)
            throw words.unreadable(ended);
        throw new errors/* CommandError */.Qd(`${host.label} gave no proof of the copy of ${source}.`, { code: 'sqlite.proof' });
    }
    const [hashed = '', pageBytes, pages] = lines;
    const bytes = Number(pageBytes) * Number(pages);
    const proof = {
        fingerprint: readFingerprint(lines.slice(3, mark), lines.slice(mark + 1), words),
        digest: (0,digest_file/* readDigest */.r)(`${bytes}\n${hashed}`, `the copy of ${source}`, host),
    };
    return { proof, bytes: rest };
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
        const { host, tool, live, signal } = request;
        const stack = sqlite_snapshot_addDisposableResource(env_1, new AsyncDisposableStack(), true);
        const stop = new AbortController();
        const during = AbortSignal.any([signal, stop.signal]);
        const looking = request.packer();
        looking.catch(() => { });
        const scratch = stack.use(await host.scratch({ signal, under: request.scratchUnder }));
        const copy = `${scratch.path}/copy.sqlite3`;
        const packer = await looking;
        const takenAt = new Date();
        const program = tool.copyProgram({ live, copy });
        const { bytes, ended } = await copyAndSend(host, { ...request, program, copy, packer, signal: during });
        const proof = prove(request, copy, during);
        // Whoever commits awaits the proof; until then its failure must not count as unhandled.
        proof.catch(() => { });
        let isSending = false;
        async function* read() {
            for await (const chunk of bytes) {
                isSending = true;
                yield chunk;
            }
        }
        // Then what sends it has it open, and nobody else needs its name. Without that its room is given back as the sending ends, and not in a
        // step of its own, which takes 0.1 s for 600 MB.
        const unname = () => {
            if (isSending)
                scratch.unname();
        };
        proof.then(unname, () => { });
        stack.defer(async () => {
            stop.abort();
            await Promise.allSettled([proof, ended]);
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
            read,
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
async function prove(request, copy, signal) {
    const { host, tool, source } = request;
    const checked = { host, tool, file: copy, words: wordsOfSnapshot(host, source) };
    const [found, digest] = await Promise.all([
        checkFile(checked, signal),
        (0,digest_file/* digestFile */.T)(host, copy, { what: `the copy of ${source}`, signal }),
    ]);
    return { fingerprint: found, digest };
}

;// CONCATENATED MODULE: ./build/engines/sqlite/sqlite-engine.js








/** With more files than these, a small one is done by one program. */
const manyFiles = 8;
const smallBytes = 32_000_000;
/** For that long what a look found out is taken to hold. What must be right is looked at once more as the copying begins. */
const freshMs = 1000;
/** SQLite files on a host. */
class SqliteEngine {
    id = 'sqlite';
    #options;
    #paths = new Map();
    /** The first look at all of them, for the probes. */
    #looks;
    #lookedAtMs = 0;
    /** As they were when they were probed. */
    #small = new Map();
    #swept = false;
    constructor(options) {
        this.#options = options;
    }
    async discover({ signal }) {
        const { host, paths, literal = false } = this.#options;
        const files = literal ? paths : await findFiles(host, this.#options, signal);
        this.#looks = undefined;
        this.#paths = databasesOf(files, host);
        return [...this.#paths.keys()];
    }
    async probe(database, { signal }) {
        const found = await this.#firstLook(database, signal);
        const needed = neededBytes(found);
        const tool = (0,host_facts/* chooseTool */.q1)(found, `${database.source} can't be snapshotted`);
        const under = chooseScratch(found, database);
        const small = this.#paths.size > manyFiles && needed <= smallBytes && found.shellVersion !== null;
        if (small)
            this.#small.set(database, found);
        const path = this.#path(database);
        const moved = path.startsWith('/') && path !== found.path;
        return {
            expectedBytes: needed,
            detail: `${found.wal ? 'WAL' : 'rollback journal'}, by ${tool.label} with a copy in ${under}`,
            warnings: [
                ...(moved ? [`${path} is a link; the database is ${found.path}.`] : []),
                ...doubtsAbout(found),
            ],
            notes: walResetNote(tool.sqliteVersion, found.wal),
            ...(small ? { programs: 1 } : {}),
        };
    }
    async snapshot(database, options) {
        const { signal } = options;
        const probed = this.#small.get(database);
        if (probed !== undefined) {
            const sweeps = !this.#swept;
            this.#swept = true;
            const taken = await takeSmallSnapshot(this.#request(database, probed, options), sweeps);
            if (taken !== null)
                return taken;
        }
        const isFresh = probed === undefined && performance.now() - this.#lookedAtMs < freshMs;
        const take = (found) => sqlite_snapshot_takeSnapshot(this.#request(database, found, options));
        if (!isFresh)
            return take(await this.#lookAgain(database, signal));
        const found = await this.#firstLook(database, signal);
        try {
            return await take(found);
        }
        catch (error) {
            if (!(error instanceof errors/* HoldfastError */.Et && error.code.startsWith('sqlite.')))
                throw error;
            // What is there now may be a better answer, or a database.
            const later = await this.#lookAgain(database, signal);
            if (error.code !== 'sqlite.changed')
                throw error;
            return await take(later);
        }
    }
    #request(database, found, { signal, pack }) {
        const { host } = this.#options;
        return {
            host,
            source: database.source,
            tool: (0,host_facts/* chooseTool */.q1)(found, `${database.source} can't be snapshotted`),
            live: found.path,
            wal: found.wal,
            scratchUnder: chooseScratch(found, database),
            expectedBytes: neededBytes(found),
            packer: async () => await pack?.(host),
            signal,
        };
    }
    load(request) {
        return load_backup_loadBackup(this.#options.host, request);
    }
    recoverCommand(file) {
        return `sqlite3 ${file} 'PRAGMA integrity_check;'`;
    }
    async #firstLook(database, signal) {
        const { host } = this.#options;
        if (this.#looks === undefined) {
            this.#lookedAtMs = performance.now();
            const paths = [...this.#paths.keys()].map((one) => this.#path(one));
            this.#looks = lookAt(host, paths, signal);
        }
        const path = this.#path(database);
        return readInspection((await this.#looks).get(path), path, host);
    }
    #lookAgain(database, signal) {
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
/** What a copy takes. */
function neededBytes({ fileBytes, walBytes }) {
    return fileBytes + (walBytes ?? 0);
}
/** The first folder with twice the room that the copy takes, so that the app can go on writing meanwhile. */
function chooseScratch(found, { source }) {
    const wanted = 2 * neededBytes(found);
    const roomy = found.scratchFolders.find(({ freeBytes }) => freeBytes >= wanted);
    if (roomy !== undefined)
        return roomy.path;
    const seen = found.scratchFolders.map(({ path, freeBytes }) => `${path} has ${(0,host_facts/* mebibytes */.jh)(freeBytes)}`);
    throw new errors/* HoldfastError */.Et(`${source} can't be snapshotted: twice its size with the WAL, ${(0,host_facts/* mebibytes */.jh)(wanted)}, must be free for the copy, ` +
        `but ${seen.length === 0 ? 'no temporary folder is writable' : seen.join(', ')}.`, {
        code: 'sqlite.no-space',
        hint: 'Free some space on the host, or set TMPDIR there to a folder with room.',
    });
}

;// CONCATENATED MODULE: ./build/engines/sqlite/gated-engine.js









const closedHint = 'Give the key to the user who runs the app, or make the glob narrower and print the line of the key again.';
/** SQLite files behind a gate: which ones is in the key's line, and that must be what the options say. */
class GatedSqliteEngine {
    id = 'sqlite';
    #options;
    #paths = new Map();
    constructor(options) {
        this.#options = options;
    }
    async discover({ signal }) {
        const { host } = this.#options;
        const files = [...new Set(await this.#list(signal))].sort();
        if (files.length === 0) {
            throw new errors/* HoldfastError */.Et(`No file on ${host.label} matches \`database\` without \`exclude\`.`, {
                code: 'sqlite.none',
                input: 'database',
                hint: 'Correct the globs, and print the line of the key again.',
            });
        }
        this.#paths = databasesOf(files, host);
        return [...this.#paths.keys()];
    }
    async probe(database, { signal }) {
        const path = this.#path(database);
        const found = await this.#inspect(database, signal);
        chooseScratch(found, database);
        const warnings = path === found.path ? [] : [`${path} is a link; the database is ${found.path}.`];
        return { expectedBytes: neededBytes(found), warnings };
    }
    async snapshot(database, { signal, pack }) {
        const { host } = this.#options;
        const found = await this.#inspect(database, signal);
        const path = this.#path(database);
        return takeGatedSnapshot({
            host,
            source: database.source,
            path,
            request: await this.#request('snapshot', path, signal),
            sqliteVersion: versionOf(found, database),
            expectedBytes: neededBytes(found),
            packer: await pack?.(host),
            signal,
        });
    }
    async load() {
        throw new TypeError('a gate loads no backups');
    }
    recoverCommand(file) {
        return `sqlite3 ${file} 'PRAGMA integrity_check;'`;
    }
    async #inspect(database, signal) {
        const { host } = this.#options;
        const path = this.#path(database);
        const run = await (0,program/* runProgram */.mB)(host, await this.#request('facts', path, signal), { signal });
        const found = readInspection(run, path, host);
        versionOf(found, database);
        return found;
    }
    /** The number of a file is its place in the list, which may have changed: whoever uses it compares the path. */
    async #request(verb, path, signal) {
        const index = (await this.#list(signal)).indexOf(path);
        if (index >= 0)
            return ['holdfast', '1', verb, `${index}`];
        throw new errors/* HoldfastError */.Et(`sqlite:${path} on ${this.#options.host.label} was there a moment ago, and is gone.`, {
            code: 'sqlite.missing',
            hint: 'Run the backup again.',
        });
    }
    /** The files that the key may copy. */
    async #list(signal) {
        const { host } = this.#options;
        const run = await (0,program/* runProgram */.mB)(host, ['holdfast', '1', 'list'], { signal });
        const closed = run.stderr.split('\n').filter((line) => line.startsWith(gate_script/* closedMark */.es));
        if (closed.length > 0)
            throw foldersClosed(host, 'What the key may copy', closed.map((line) => line.slice(gate_script/* closedMark */.es.length)), closedHint);
        if (run.code !== 0)
            throw (0,program/* programFailed */.U_)('Listing the files of the key', host, run);
        const texts = run.stdout.split('\0').slice(0, -1);
        const end = texts.indexOf('');
        const wanted = (0,gate_patterns/* gatePatterns */.L)(this.#options);
        const baked = texts.slice(0, end);
        if (JSON.stringify(baked) !== JSON.stringify(wanted))
            throw outdated(host, baked, wanted);
        return texts.slice(end + 1);
    }
    #path(database) {
        const path = this.#paths.get(database);
        if (path === undefined)
            throw new TypeError(`${database.source} was not discovered by this engine`);
        return path;
    }
}
function versionOf({ shellVersion }, { source }) {
    if (shellVersion !== null)
        return shellVersion;
    throw new errors/* HoldfastError */.Et(`${source} can't be snapshotted: the host has no sqlite3 program.`, {
        code: 'sqlite.no-tool',
        hint: 'Install the package `sqlite3` there; with `ssh-gate`, python3 is not enough.',
    });
}
function outdated(host, baked, wanted) {
    return new errors/* HoldfastError */.Et(`The key's line in authorized_keys on ${host.label} is for ${baked.join(', ')}, but \`database\` and \`exclude\` say ${wanted.join(', ')}.`, {
        code: 'ssh.gate-outdated',
        input: 'database',
        hint: 'Replace the line by what `holdfast doctor --print-authorized-key` prints.',
    });
}

;// CONCATENATED MODULE: ./build/engines/sqlite/in-use.js


/**
 * Who has a database file, its `-wal` or its `-shm` open, in words; `null`: nobody that can be seen.
 *
 * Seen on Linux are the open files of the same user's processes (of all, as root), and through /proc/locks whoever
 * holds a lock, of any user and container: a connection to a WAL database always does, one with a rollback journal
 * only while it reads or writes. So an idle connection of another user to a database with a rollback journal is not
 * seen without root. Elsewhere `lsof` or `fuser` say what they can; without them nothing is seen.
 */
async function whoUses(host, path, signal) {
    const run = await (0,program/* runProgram */.mB)(host, ['sh', '-c', in_use_script, 'sh', path], { signal });
    if (run.code !== 0)
        throw (0,program/* programFailed */.U_)(`Looking for who has ${path} open`, host, run);
    const names = new Map();
    for (const line of run.stdout.split('\n')) {
        const user = readUser(line);
        if (user !== null)
            names.set(user.pid, user.words);
    }
    const users = [...names.values()];
    if (users.length === 0)
        return null;
    return users.length <= 5
        ? users.join(', ')
        : `${users.slice(0, 5).join(', ')} and ${users.length - 5} more`;
}
/** A `user` line for each open file, and a `lock` line for each lock on a file with the same number. */
const in_use_script = `
comm_of() { cat "/proc/$1/comm" 2>/dev/null || ps -o comm= -p "$1" 2>/dev/null || printf '\\n'; }
look() {
  inode=$(ls -diL "$1" | awk 'NR == 1 { print $1 }')
  if [ -d /proc/self/fd ]; then
    find -L /proc/[0-9]*/fd -maxdepth 1 -inum "$inode" 2>/dev/null | while read -r hit; do
      [ "$hit" -ef "$1" ] || continue
      pid=\${hit#/proc/}
      pid=\${pid%%/*}
      printf 'user %s %s\\n' "$pid" "$(comm_of "$pid")"
    done
    device=$(stat -Lc %D "$1" 2>/dev/null)
    awk -v inode="$inode" '{ for (i = 2; i <= NF; i++) if ($i ~ ":" inode "$") print $(i - 1), $i }' /proc/locks 2>/dev/null |
      while read -r pid place; do printf 'lock %s %s %s %s\\n' "$pid" "$place" "\${device:--}" "$(comm_of "$pid")"; done
  elif command -v lsof >/dev/null 2>&1; then
    for pid in $(lsof -t -- "$1" 2>/dev/null); do printf 'user %s %s\\n' "$pid" "$(comm_of "$pid")"; done
  elif command -v fuser >/dev/null 2>&1; then
    for pid in $(fuser "$1" 2>/dev/null); do printf 'user %s %s\\n' "$pid" "$(comm_of "$pid")"; done
  fi
}
for file in "$1" "$1-wal" "$1-shm"; do
  if [ -e "$file" ]; then look "$file"; fi
done
exit 0
`;
function readUser(line) {
    const [kind, pid = '', ...rest] = line.split(' ');
    if (kind === 'user')
        return { pid, words: inWords(pid, rest.join(' ')) };
    const [place = '', device = '', ...comm] = rest;
    if (kind !== 'lock' || !isSameDevice(place, device))
        return null;
    return { pid, words: inWords(pid, comm.join(' ')) };
}
function inWords(pid, comm) {
    if (Number(pid) <= 0)
        return 'a process that can not be seen from here';
    return comm.trim() === '' ? `process ${pid}` : `process ${pid} (${comm.trim()})`;
}
/**
 * Whether `fe:00:1507783` of /proc/locks and `fe00` of stat are one device. Where the kernel made up the number
 * (major 0: btrfs, overlay), the two may differ for the same file.
 */
function isSameDevice(place, device) {
    const number = Number.parseInt(device, 16);
    if (Number.isNaN(number))
        return true;
    const [major = 0, minor = 0] = place.split(':').map((part) => Number.parseInt(part, 16));
    const wantedMajor = (number >>> 8) & 0xfff;
    const wantedMinor = (number & 0xff) | ((number >>> 12) & 0xfff00);
    return major === wantedMajor && (major === 0 || minor === wantedMinor);
}
function in_use_inUse(label, by) {
    return new errors/* HoldfastError */.Et(`${label} is in use by ${by}; nothing was changed.`, {
        code: 'restore.in-use',
        input: 'force',
        hint: 'Stop the app first, give the commands that do it as `stop` and `start`, or override with `force: true`.',
    });
}

;// CONCATENATED MODULE: ./build/engines/sqlite/inspect-target.js




/** Looks without opening, as the database there may be damaged, in use, or no database at all. */
const inspect_target_script = `${host_facts/* factScript */.gJ}
f=$1
case $f in "~/"*) f=$HOME/\${f#"~/"} ;; esac
owner_of() { stat -c '%u %g %a' "$1" 2>/dev/null || stat -f '%u %g %Lp' "$1"; }
if [ -d "$f" ]; then say directory; exit 0; fi
real_path "$f"
if [ -z "$real" ]; then
  d=\${f%/*}
  if [ ! -d "$d/" ]; then
    if [ -e "$d" ]; then say not-a-folder; else say no-folder; fi
    exit 0
  fi
  d=$(cd "$d/" && pwd -P; printf x)
  d=\${d%x}
  real=\${d%"$end_of_line"}/\${f##*/}
fi
d=\${real%/*}
d=\${d:-/}
if [ ! -e "$d" ]; then say no-folder; exit 0; fi
if [ ! -d "$d" ]; then say not-a-folder; exit 0; fi
if [ ! -w "$d" ] || [ ! -x "$d" ]; then say "locked-folder"; exit 0; fi
if [ -L "$real" ] && [ ! -e "$real" ]; then say no-folder; exit 0; fi
if [ -e "$real" ] && [ ! -f "$real" ]; then say special; exit 0; fi
say ok
say "uid $(id -u)"
if [ -e "$real" ]; then
  say "owner $(owner_of "$real")"
  if [ -s "$real" ]; then
    if [ "$(head -c 15 "$real" 2>/dev/null | tr -d '\\000')" = "SQLite format 3" ]; then say "content database"; else say "content foreign"; fi
  fi
else
  say "folder-owner $(owner_of "$d")"
fi
if [ -s "$real-wal" ] || [ -s "$real-journal" ]; then say "side yes"; fi
say_tools
say_free "$d"
say "path $real"
`;
const inspect_target_faults = {
    directory: ['restore.not-a-file', 'it is a folder', 'Name the database file in it.'],
    special: ['restore.not-a-file', 'it is not a regular file', 'Name the database file itself in `to`.'],
    'no-folder': [
        'restore.folder',
        'the folder that it would be in is not there, or this user may not look into it',
        'Correct the path in `to`, make the folder, or set `sudo: true` for the files of another user.',
    ],
    'not-a-folder': ['restore.folder', 'what should be its folder is a file', 'Correct the path in `to`.'],
    'locked-folder': [
        'restore.folder',
        'this user may not write to its folder',
        'Connect as the user that runs the app, or set `sudo: true`.',
    ],
};
/**
 * @param path never looks like an option
 * @throws HoldfastError `restore.folder`, `restore.not-a-file`, each naming `to`, `sqlite.no-tool`
 */
async function inspectTarget(host, { path, label }, signal) {
    const run = await (0,program/* runProgram */.mB)(host, ['sh', '-c', inspect_target_script, 'sh', path], { signal });
    const [state = ''] = run.stdout.split(/[\n ]/, 1);
    const fault = inspect_target_faults[state];
    if (fault !== undefined) {
        const [code, reason, hint] = fault;
        throw new errors/* HoldfastError */.Et(`${label} can't be restored to: ${reason}.`, { code, input: 'to', hint });
    }
    if (run.code !== 0 || state !== 'ok') {
        throw new errors/* CommandError */.Qd(`${label} could not be looked at: ${(0,program/* lastLine */.fM)(run.stderr) || 'no answer'}.`, {
            code: 'restore.inspect',
        });
    }
    return readPlace(new host_facts/* Facts */.At(run.stdout), label);
}
function readPlace(facts, label) {
    const exists = facts.get('owner') !== undefined;
    const content = facts.get('content');
    return {
        path: facts.path,
        folder: external_node_path_.posix.dirname(facts.path),
        exists,
        content: content === 'database' || content === 'foreign' ? content : 'none',
        sideContent: facts.get('side') !== undefined,
        owner: ownerOf(facts),
        freeBytes: facts.freeFolders[0]?.freeBytes ?? 0,
        tool: (0,host_facts/* chooseTool */.q1)(facts.tools, `${label} can't be restored to`),
    };
}
/** The old file's; for a new one only its owner may read it: the folder's owner where we may choose. */
function ownerOf(facts) {
    const [uid = '', gid = '', mode = '600'] = (facts.get('owner') ?? '').split(' ');
    if (uid !== '')
        return { uid: Number(uid), gid: Number(gid), mode };
    const ofFolder = facts.get('uid') === '0' ? facts.get('folder-owner') : undefined;
    const [folderUid = '', folderGid = ''] = (ofFolder ?? '').split(' ');
    return { uid: Number(folderUid || -1), gid: Number(folderGid || -1), mode: '600' };
}

;// CONCATENATED MODULE: ./build/engines/sqlite/swap-script.js

/**
 * The moment of the swap: `sh -c … sh TARGET NEW KEPT SCRATCH present|absent settled|- force|-`. Deaf to the end of our side.
 *
 * Says `swapped` and the endings of the side files that lie beside KEPT; or, with everything as it was, `in-use`,
 * `changed` or `failed`. A second name for the old file comes first, the side files go second, the rename last: at each
 * moment the target is the old file or the new one, and never is a side file of the old one beside the new.
 */
const swapScript = `
trap '' HUP INT TERM
target=$1 new=$2 kept=$3 scratch=$4 state=$5 settled=$6 force=$7
moved=
copied=
linked=
fail() {
  for side in $moved; do mv -f "$kept-$side" "$target-$side"; done
  for side in $copied; do rm -f "$kept-$side"; done
  if [ -n "$linked" ]; then rm -f "$kept"; fi
  printf '%s\\n' "$1"
  exit 0
}
there() { [ -e "$1" ] || [ -L "$1" ]; }
${script_parts/* isHot */.U1}
for ending in '' -wal -shm -journal; do
  if there "$kept$ending"; then
    printf '%s is there already\\n' "$kept$ending" >&2
    fail failed
  fi
done
if [ "$state" = present ] && [ ! -f "$target" ]; then fail changed; fi
if [ "$state" = absent ] && there "$target"; then fail changed; fi

if [ "$state" = present ]; then
  if ln "$target" "$kept" 2>/dev/null; then
    linked=yes
  else
    # No second name here: a copy, which is complete before it gets its name.
    { cp -p "$target" "$scratch/old" && { sync "$scratch/old" 2>/dev/null || sync; }; } || fail failed
    mv -f "$scratch/old" "$kept" || fail failed
    linked=yes
  fi
fi
# Alone with the file, SQLite would have left none of these.
if [ "$settled" = settled ] && [ "$force" != force ]; then
  if [ -e "$target-wal" ]; then fail in-use; fi
  if is_hot "$target-journal"; then fail in-use; fi
fi
for side in wal shm journal; do
  if there "$target-$side"; then
    mv -f "$target-$side" "$kept-$side" || fail failed
    moved="$moved $side"
  elif [ "$settled" != settled ] && [ -e "$scratch/$side" ]; then
    # Gone, though it could not be settled: as it was before that was tried.
    mv -f "$scratch/$side" "$kept-$side" || fail failed
    copied="$copied $side"
  fi
done
if [ "$state" = present ]; then
  mv -f "$new" "$target" || fail failed
elif ! ln "$new" "$target" 2>/dev/null; then
  if there "$target"; then fail changed; fi
  mv -f "$new" "$target" || fail failed
fi
sync "\${target%/*}/" 2>/dev/null || sync
printf 'swapped\\n'
for side in $moved $copied; do printf '%s\\n' "$side"; done
exit 0
`;

;// CONCATENATED MODULE: ./build/engines/sqlite/swap-file.js





/** How long the last script may take; it is not stopped by a cancellation. */
const swap_file_swapTimeoutMs = 10 * 60_000;
/**
 * Puts the new file in the old one's place. First the old database's transactions are brought into its one file, by
 * SQLite itself, so that a single rename is the whole swap. Where that can't be (it is damaged, or somebody writes to it
 * and `force` is set), its side files go out of the way just before the rename; only a crash of the machine in between
 * leaves the old file without them, and then they lie complete beside the kept old one.
 */
async function swapFile(swap, { id, force }) {
    const { host, label, place, signal } = swap;
    if (!force) {
        const by = await whoUses(host, place.path, signal);
        if (by !== null)
            throw in_use_inUse(label, by);
    }
    const settlement = place.content === 'database' ? await settle(swap) : 'failed';
    (0,errors/* throwIfCancelled */.dZ)(signal);
    if (settlement === 'busy' && !force)
        throw in_use_inUse(label, 'a process that holds a lock on it');
    const settled = settlement === 'settled';
    const kept = `${place.path}.before-${id}`;
    const moved = await runSwap(swap, { kept, settled, force });
    if (!place.exists)
        return { previous: null, goBack: [] };
    return { previous: kept, goBack: goBack(place.path, kept, moved) };
}
const saveScript = `
for side in wal shm journal; do
  if [ -e "$1-$side" ]; then cp -p "$1-$side" "$2/$side" || exit 1; fi
done
`;
/** Keeps copies of the side files first. */
async function settle({ host, place, scratch, signal }) {
    const saved = await (0,program/* runProgram */.mB)(host, ['sh', '-c', saveScript, 'sh', place.path, scratch], { signal });
    if (saved.code !== 0)
        throw (0,program/* programFailed */.U_)(`Keeping the side files of ${place.path}`, host, saved);
    return place.tool.settle(host, place.path, signal);
}
/** Gives the endings of the side files that went to the kept old one. */
async function runSwap(swap, { kept, settled, force }) {
    const { host, label, place, scratch, file } = swap;
    const flags = [place.exists ? 'present' : 'absent', settled ? 'settled' : '-', force ? 'force' : '-'];
    const argv = ['sh', '-c', swapScript, 'sh', place.path, file, kept, scratch, ...flags];
    let run;
    try {
        run = await (0,program/* runProgram */.mB)(host, [...argv], { signal: AbortSignal.timeout(swap_file_swapTimeoutMs) });
    }
    catch (cause) {
        throw unknownOutcome(swap, kept, cause);
    }
    const [answer = '', ...moved] = run.stdout.trimEnd().split('\n');
    if (answer === 'swapped')
        return moved;
    const said = (0,program/* lastLine */.fM)(run.stderr);
    if (answer === 'in-use')
        throw in_use_inUse(label, 'a process that opened it just now');
    if (answer === 'changed')
        throw swap_file_changed(swap);
    if (answer === 'failed')
        throw swapFailed(swap, said);
    throw unknownOutcome(swap, kept, new Error(said));
}
function swap_file_changed({ label, place }) {
    const what = place.exists ? 'is gone since the restore began' : 'appeared since the restore began';
    return new errors/* HoldfastError */.Et(`${label} ${what}; nothing was changed.`, {
        code: 'restore.changed',
        hint: 'Stop the app first, and run the restore again.',
    });
}
function swapFailed({ label }, said) {
    return new errors/* HoldfastError */.Et(`The new file could not be put in the place of ${label}: ${said || 'a command failed'}; everything was put back.`, {
        code: 'restore.swap',
        hint: 'A file that is mounted into a container by itself can only be swapped outside of it.',
    });
}
function unknownOutcome({ label, place }, kept, cause) {
    return new errors/* HoldfastError */.Et(`The host did not say how the swap of ${label} ended: it is the old database or the new one, whole.`, {
        code: 'restore.unknown',
        hint: place.exists ? `The old one is also ${kept}, if that is there.` : 'Look whether it is there.',
        cause,
    });
}
function goBack(path, kept, moved) {
    const sides = ['wal', 'shm', 'journal'].map((side) => (0,quote/* quote */.h)(`${path}-${side}`));
    return [
        `rm -f ${sides.join(' ')}`,
        `mv -f ${(0,quote/* quote */.h)(kept)} ${(0,quote/* quote */.h)(path)}`,
        ...moved.map((side) => `mv -f ${(0,quote/* quote */.h)(`${kept}-${side}`)} ${(0,quote/* quote */.h)(`${path}-${side}`)}`),
    ];
}

;// CONCATENATED MODULE: ./build/engines/sqlite/stage-file.js
var stage_file_addDisposableResource = (undefined && undefined.__addDisposableResource) || function (env, value, async) {
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
var stage_file_disposeResources = (undefined && undefined.__disposeResources) || (function (SuppressedError) {
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









/** Makes the new file, with the old one's owner and mode, in a private folder beside it: a rename swaps the two. */
async function stageFile(target, request) {
    const env_1 = { stack: [], error: void 0, hasError: false };
    try {
        const { host, place } = target;
        const { signal, engineVersion } = request;
        assertRoom(target, request.plainBytes);
        const stack = stage_file_addDisposableResource(env_1, new AsyncDisposableStack(), true);
        const lock = await host.claim(`${place.folder}/.${external_node_path_.posix.basename(place.path)}.holdfast-restore`, {
            signal,
        });
        if (lock === null)
            throw otherRestore(target.label);
        stack.use(lock);
        const scratch = stack.use(await host.scratch({ signal, under: place.folder }));
        const file = `${scratch.path}/new`;
        await giveOwner(target, file, signal);
        await (0,write_plain/* writePlain */.y)(host, file, request, 'restore.no-space');
        const finished = await (0,program/* runProgram */.mB)(host, ['sh', '-c', finishScript, 'sh', place.owner.mode, file], {
            signal,
        });
        if (finished.code !== 0)
            throw (0,program/* programFailed */.U_)('Writing the new database to the disk', host, finished);
        const words = wordsOfBackup(host, place.tool, engineVersion);
        const options = { host, tool: place.tool, file, words, signal, held: stack.move() };
        return new StagedFile(options, { ...target, scratch: scratch.path, file, signal });
    }
    catch (e_1) {
        env_1.error = e_1;
        env_1.hasError = true;
    }
    finally {
        const result_1 = stage_file_disposeResources(env_1);
        if (result_1)
            await result_1;
    }
}
class StagedFile extends LoadedFile {
    #place;
    constructor(options, place) {
        super(options);
        this.#place = place;
    }
    swap(options) {
        return swapFile(this.#place, options);
    }
}
const finishScript = 'chmod "$1" "$2" && { sync "$2" 2>/dev/null || sync; }';
function assertRoom({ label, place }, plainBytes) {
    const wanted = (0,host_facts/* roomFor */.N_)(plainBytes);
    if (place.freeBytes >= wanted)
        return;
    throw new errors/* HoldfastError */.Et(`${label} can't be restored to: ${(0,host_facts/* mebibytes */.jh)(wanted)} must be free in ${place.folder} for the new file beside the old one, but it has ${(0,host_facts/* mebibytes */.jh)(place.freeBytes)}.`, { code: 'restore.no-space', hint: 'Free some space there.' });
}
const ownerScript = `
umask 077
: >"$1" || exit 1
if [ "$2" -lt 0 ]; then exit 0; fi
now=$(stat -c '%u:%g' "$1" 2>/dev/null || stat -f '%u:%g' "$1")
if [ "$now" = "$2:$3" ]; then exit 0; fi
chown "$2:$3" "$1" || exit 3
`;
/** Before the download: a file that the app may not open is of no use. */
async function giveOwner({ host, label, place }, file, signal) {
    const { uid, gid } = place.owner;
    const run = await (0,program/* runProgram */.mB)(host, ['sh', '-c', ownerScript, 'sh', file, `${uid}`, `${gid}`], { signal });
    if (run.code === 0)
        return;
    if (run.code !== 3)
        throw (0,program/* programFailed */.U_)('Making the new file', host, run);
    throw new errors/* HoldfastError */.Et(`${label} can't be restored to: this user may not give the new file the old one's owner ${uid}:${gid} (${(0,program/* lastLine */.fM)(run.stderr)}).`, {
        code: 'restore.owner',
        input: 'sudo',
        hint: 'Connect as the user that owns the file, or set `sudo: true`.',
    });
}

;// CONCATENATED MODULE: ./build/engines/sqlite/sqlite-target.js





/** One SQLite file on a host. */
class SqliteTarget {
    engine = 'sqlite';
    name;
    label;
    source;
    #host;
    #path;
    constructor({ host, path }) {
        this.#host = host;
        // It must not look like an option.
        this.#path = /^[/~]/.test(path) ? path : `./${path}`;
        this.name = external_node_path_.posix.basename(path);
        this.label = `sqlite:${path} on ${host.label}`;
        this.source = new SqliteEngine({ host, paths: [path], exclude: [], literal: true });
    }
    async inspect({ signal }) {
        const place = await this.#place(signal);
        // One after the other, or we would see ourselves.
        const inUse = await whoUses(this.#host, place.path, signal);
        return { state: await stateOf(this.#host, place, signal), inUse };
    }
    async stage(request) {
        const place = await this.#place(request.signal);
        return stageFile({ host: this.#host, label: this.label, place }, request);
    }
    #place(signal) {
        return inspectTarget(this.#host, { path: this.#path, label: this.label }, signal);
    }
}
/** Opened as immutable, so that no side file is made; where that does not tell for sure, something is there. */
async function stateOf(host, { exists, content, sideContent, path, tool }, signal) {
    if (!exists)
        return 'absent';
    if (content === 'none')
        return 'empty';
    if (content === 'foreign' || sideContent)
        return 'present';
    const fail = (exit) => new Unreadable(exit.stderr);
    try {
        const [tables] = await tool.query(host, path, [countTables], { signal, fail });
        return tables === '0' ? 'empty' : 'present';
    }
    catch (error) {
        if (!(error instanceof Unreadable))
            throw error;
        return 'present';
    }
}
const countTables = "SELECT count(*) FROM sqlite_master WHERE type IN ('table', 'view')";
class Unreadable extends Error {
}

// EXTERNAL MODULE: ./build/hosts/open-host.js + 7 modules
var open_host = __webpack_require__(8189);
// EXTERNAL MODULE: ./build/core/keys.js
var keys = __webpack_require__(7464);
// EXTERNAL MODULE: ./build/core/make-folder.js
var make_folder = __webpack_require__(9831);
;// CONCATENATED MODULE: ./build/stores/folder-store.js







/** Files that are being written; never listed. */
const isUnfinished = (key) => (0,keys/* isPartFile */.I2)(key.slice(key.lastIndexOf('/') + 1));
/** As many as a bucket gives at once. */
const pageOfFolders = 1000;
function openFolderStore(path) {
    return new FolderStore((0,external_node_path_.resolve)(path));
}
/** A folder of this machine; keys are paths below it. */
class FolderStore {
    label;
    clockAheadMs = null;
    #root;
    constructor(root) {
        this.#root = root;
        this.label = `file:${root}`;
    }
    fetchCommand(key) {
        return `cat ${(0,quote/* quote */.h)(this.#path(key))}`;
    }
    async put(key, content, { signal }) {
        const path = this.#path(key);
        const folder = (0,external_node_path_.dirname)(path);
        const part = (0,external_node_path_.join)(folder, (0,keys/* newPartFile */.Sn)());
        let made = part;
        try {
            const firstMade = await (0,make_folder/* makeFolder */.f)(folder);
            if ((await this.stat(key, { signal })) !== null)
                throw this.#exists(key);
            const bytes = await writeWhole(part, content, signal);
            await (0,promises_.rename)(part, path);
            made = path;
            await syncUpTo(firstMade === null ? folder : (0,external_node_path_.dirname)(firstMade), folder);
            return { key, bytes };
        }
        catch (error) {
            await (0,promises_.rm)(made, { force: true }).catch(() => { });
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
        const found = await this.#find(key);
        return found && { key, bytes: found.bytes };
    }
    async #find(key) {
        try {
            const found = await (0,promises_.stat)(this.#path(key));
            return found.isFile() ? { key, bytes: found.size, modifiedAt: found.mtime } : null;
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
        for await (const found of this.#walk(from, signal)) {
            if (found.key.startsWith(prefix) && !isUnfinished(found.key))
                keys.push(found);
        }
        yield* keys.sort((a, b) => byBytes(a.key, b.key));
    }
    async folders(prefix, { signal }) {
        (0,errors/* throwIfCancelled */.dZ)(signal);
        const entries = await this.#entries(prefix);
        const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
        return names.sort(byBytes).slice(0, pageOfFolders);
    }
    async remove(keys, { signal }) {
        const removed = [];
        const kept = [];
        for (const key of keys) {
            (0,errors/* throwIfCancelled */.dZ)(signal);
            try {
                await (0,promises_.rm)(this.#path(key), { force: true });
                await this.#removeEmptyFolders((0,external_node_path_.dirname)(this.#path(key)));
                removed.push(key);
            }
            catch (error) {
                kept.push({ key, reason: folder_store_reasonOf(error) });
            }
        }
        return { removed, kept };
    }
    async hasTrace(key, options) {
        return (await this.stat(key, options)) !== null;
    }
    async *unfinished(prefix, { signal }) {
        const from = prefix.slice(0, prefix.lastIndexOf('/') + 1);
        for await (const { key, modifiedAt: startedAt } of this.#walk(from, signal)) {
            if (key.startsWith(prefix) && isUnfinished(key))
                yield { key, id: key, startedAt };
        }
    }
    abandon(parts, { signal }) {
        const keys = parts.map(({ key }) => key);
        return this.remove(keys, { signal });
    }
    async *#walk(folder, signal) {
        (0,errors/* throwIfCancelled */.dZ)(signal);
        const entries = await this.#entries(folder);
        for (const entry of entries) {
            const key = folder + entry.name;
            if (entry.isDirectory())
                yield* this.#walk(`${key}/`, signal);
            else if (entry.isFile()) {
                const found = await this.#find(key);
                if (found !== null)
                    yield found;
            }
        }
    }
    async #entries(folder) {
        try {
            return await (0,promises_.readdir)(folder === '' ? this.#root : this.#path(folder), { withFileTypes: true });
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
                await (0,promises_.rmdir)(at);
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
    const file = await (0,promises_.open)(path, 'wx', 0o600);
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
        const handle = await (0,promises_.open)(at, 'r');
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
function byBytes(a, b) {
    return Buffer.compare(Buffer.from(a), Buffer.from(b));
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
    ENOENT: 'no folder can be made there',
    ENOTDIR: 'a part of the path is no folder',
};
function folder_store_reasonOf(error) {
    const { code, message } = error;
    return reasons[code ?? ''] ?? message;
}

// EXTERNAL MODULE: ./build/stores/next-marks.js
var next_marks = __webpack_require__(2965);
;// CONCATENATED MODULE: ./build/stores/page-objects.js
/**
 * Takes the objects out of the answer to a listing before the SDK reads the rest of it: of a page with a thousand objects the SDK
 * makes some twenty thousand of its own, and that is more work than all else that a long listing takes.
 * @returns what the last answer held, once the command was sent; `null`: the page was left to the SDK as it was
 */
function takeObjects(command) {
    let taken = null;
    const take = (next) => async (args) => {
        taken = null;
        const answer = await next(args);
        const { response } = answer;
        if (response?.statusCode !== 200 || !Buffer.isBuffer(response.body))
            return answer;
        const page = readPage(response.body.toString());
        if (page === null)
            return answer;
        taken = page.objects;
        response.body = Buffer.from(page.rest);
        return answer;
    };
    command.middlewareStack.addRelativeTo(take, {
        ...{ relation: 'before', toMiddleware: 'wholeListings', name: 'takeObjects' },
    });
    return () => taken;
}
const [page_objects_begin, end] = ['<Contents>', '</Contents>'];
/**
 * Reads a page as stores write it (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html); `null` where anything
 * in it asks for a whole parser: a character that is written as another, an attribute, a comment, an element that is missing.
 */
function readPage(text) {
    if (!/^(?:<\?xml[^<>]*>\s*)?<ListBucketResult[^<>]*>/.test(text) || !/<\/ListBucketResult>\s*$/.test(text))
        return null;
    if (text.includes('<!') || text.includes('<?', 1))
        return null;
    const objects = [];
    let rest = '';
    let at = 0;
    for (let from = text.indexOf(page_objects_begin); from !== -1; from = text.indexOf(page_objects_begin, at)) {
        const to = text.indexOf(end, from);
        const object = to === -1 ? null : readObject(text.slice(from + page_objects_begin.length, to));
        if (object === null)
            return null;
        objects.push(object);
        rest += text.slice(at, from);
        at = to + end.length;
    }
    rest += text.slice(at);
    return rest.includes('Contents') ? null : { objects, rest };
}
const key = /<Key>([^<&\r\n]+)<\/Key>/;
const size = /<Size>(\d{1,15})<\/Size>/;
const time = /<LastModified>(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z)<\/LastModified>/;
function readObject(inner) {
    const [itsKey, bytes, modified] = [only(key, inner), only(size, inner), only(time, inner)];
    if (itsKey === null || bytes === null || modified === null || inner.includes('<Contents'))
        return null;
    const modifiedAt = new Date(modified);
    if (Number.isNaN(modifiedAt.getTime()))
        return null;
    // A copy: a part of the page's text would keep all of it in memory.
    return { key: Buffer.from(itsKey).toString(), bytes: Number(bytes), modifiedAt };
}
/** What is in the element; `null` where it is not there as it should be, or another one of that name is too. */
function only(element, inner) {
    const found = element.exec(inner);
    const name = element.source.slice(0, element.source.indexOf('>'));
    return found === null || inner.indexOf(name) !== inner.lastIndexOf(name) ? null : found[1];
}

// EXTERNAL MODULE: ./build/stores/s3-bucket.js
var s3_bucket = __webpack_require__(2480);
// EXTERNAL MODULE: ./build/stores/s3-client.js + 3 modules
var s3_client = __webpack_require__(4906);
// EXTERNAL MODULE: ./build/stores/s3-errors.js
var s3_errors = __webpack_require__(7661);
;// CONCATENATED MODULE: ./build/stores/s3-get.js



/** How often in a row, without a byte between, a broken download is taken up where it stopped. */
const resumes = 3;
/** The bytes of an object, whole or with a throw. */
async function* getObject(bucket, key, signal) {
    const { stallMs } = bucket.connection;
    const silence = () => {
        body.destroy(new Error(`nothing came for ${stallMs / 1000} s`));
    };
    const whole = await s3_get_open(bucket, key, signal);
    let { body } = whole;
    let at = 0;
    let broken = 0;
    while (true) {
        try {
            for await (const chunk of (0,bytes/* unlessSilent */.md)(body, stallMs, silence)) {
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
            const codes = (0,s3_errors/* codesOf */.MZ)(error);
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

// EXTERNAL MODULE: ./build/stores/s3-lock.js
var s3_lock = __webpack_require__(8529);
// EXTERNAL MODULE: ./build/core/cutter.js
var core_cutter = __webpack_require__(5179);
;// CONCATENATED MODULE: ./build/stores/part-size.js
const mebibyte = 1024 * 1024;
/** S3's own limit for one part. */
const maximumPartBytes = 5 * 1024 * mebibyte;
/** An estimate may be a quarter too low. */
const headroom = 1.25;
/**
 * The size of every part of an upload but the last, in bytes: a whole number of MiB, fixed before the first part
 * because Cloudflare R2 wants equal ones.
 */
function choosePartSize(expectedBytes, { maximumParts, minimumPartBytes }) {
    const needed = Math.ceil((expectedBytes * headroom) / maximumParts / mebibyte) * mebibyte;
    return Math.min(Math.max(needed, minimumPartBytes), maximumPartBytes);
}

// EXTERNAL MODULE: ./build/stores/s3-remove.js
var s3_remove = __webpack_require__(3562);
;// CONCATENATED MODULE: ./build/stores/s3-upload.js




/** Parts under way at a time; with the one being filled, memory is five parts. */
const concurrency = 2;
/** How long giving up may take altogether, in milliseconds: a cancelled job is ended after seven seconds. */
const abortMs = 3000;
/** Uploads parts as they come. Whatever fails, the upload is aborted, so that nothing visible and nothing billed remains. */
async function uploadParts(upload) {
    const { bucket, key, signal, commit } = upload;
    const { sdk, client, preset } = bucket.connection;
    const { id, repeated } = await s3_upload_create(upload);
    let limit;
    try {
        const { parts, sent } = await sendParts(upload, id);
        (0,errors/* throwIfCancelled */.dZ)(signal);
        const command = new sdk.CompleteMultipartUploadCommand({
            ...id,
            MultipartUpload: { Parts: parts },
            ...(preset.conditionalComplete ? { IfNoneMatch: '*' } : {}),
        });
        await commit(sent, (abortSignal) => client.send(command, { abortSignal }));
        return sent;
    }
    catch (error) {
        const told = bucket.translate('put', key, error);
        limit = AbortSignal.timeout(abortMs);
        const remains = await abort(bucket, id, limit);
        if (remains !== null)
            told.message += ` ${remains}`;
        throw error instanceof s3_errors/* SourceFailure */.oi ? error : told;
    }
    finally {
        if (repeated)
            await abortOthers(bucket, key, id.UploadId, limit);
    }
}
/** When its answer is lost and it is asked again, there is a second upload, whose id nobody knows. */
async function s3_upload_create({ bucket, key, lock, signal }) {
    const { sdk, client } = bucket.connection;
    const target = bucket.target(key);
    try {
        const command = new sdk.CreateMultipartUploadCommand({ ...target, ...(0,s3_lock/* lockHeaders */.a0)(lock) });
        const { UploadId, $metadata } = await client.send(command, { abortSignal: signal });
        if (UploadId !== undefined)
            bucket.onUpload({ key, id: UploadId });
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
            const { ETag, $metadata } = await client.send(new sdk.UploadPartCommand(part), { abortSignal: during });
            done.push({ PartNumber, ETag });
            if ($metadata.attempts === 1)
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
async function abort({ connection: { sdk, client } }, id, abortSignal) {
    try {
        const command = new sdk.AbortMultipartUploadCommand(id);
        await client.send(command, { abortSignal });
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
async function abortOthers(bucket, key, ours, abortSignal = AbortSignal.timeout(abortMs)) {
    const { sdk, client } = bucket.connection;
    const { Bucket, Key } = bucket.target(key);
    try {
        const command = new sdk.ListMultipartUploadsCommand({ Bucket, Prefix: Key });
        const { Uploads = [] } = await client.send(command, { abortSignal });
        for (const { Key: itsKey, UploadId } of Uploads) {
            if (itsKey === Key && UploadId !== ours)
                await abort(bucket, { Bucket, Key, UploadId }, abortSignal);
        }
    }
    catch { }
}

;// CONCATENATED MODULE: ./build/stores/s3-put.js








/** How long a cancelled put may take to find out what became of its last request, in milliseconds. */
const withdrawMs = 2000;
/** Of it the part in which that request may still be answered. */
const answerMs = 1000;
/** Stores the whole content, or nothing. What is smaller than a part is one request, anything else a multipart upload. */
async function putObject(bucket, key, content, { signal, expectedBytes = 0 }) {
    return bucket.translated('put', key, async () => {
        (0,errors/* throwIfCancelled */.dZ)(signal);
        const { preset } = bucket.connection;
        const partBytes = choosePartSize(expectedBytes, preset);
        const cutter = new core_cutter/* Cutter */.U(partBytes, bucket.spareParts);
        const parts = cutter.cut(markFailures(content));
        try {
            const first = (await parts.next()).value;
            (0,errors/* throwIfCancelled */.dZ)(signal);
            // More follows, but where it is exactly that; the source stands still until the upload has begun.
            const isFull = first.byteLength === partBytes;
            if (isFull || !preset.conditionalPut)
                await assertFree(bucket, key, signal);
            const lock = (0,s3_lock/* lockFromNow */.y$)(bucket);
            const sent = isFull
                ? await uploadParts({
                    bucket,
                    key,
                    signal,
                    lock,
                    parts: startingWith(first, parts),
                    giveBack: (part) => cutter.giveBack(part),
                    commit: (made, complete) => commit({ bucket, key, lock, signal }, made, complete),
                })
                : await putWhole({ bucket, key, lock, signal }, first, (part) => cutter.giveBack(part));
            return { key, bytes: sent.bytes };
        }
        finally {
            await parts.return();
        }
    });
}
async function putWhole(put, Body, giveBack) {
    const { bucket, key, lock } = put;
    const { sdk, client, preset } = bucket.connection;
    const md5 = (0,external_node_crypto_.createHash)('md5').update(Body).digest();
    const sent = { bytes: Body.byteLength, etag: md5.toString('hex') };
    const command = new sdk.PutObjectCommand({
        ...bucket.target(key),
        ...(0,s3_lock/* lockHeaders */.a0)(lock),
        Body,
        ContentMD5: md5.toString('base64'),
        ...(preset.conditionalPut ? { IfNoneMatch: '*' } : {}),
    });
    let attempts;
    await commit(put, sent, async (abortSignal) => {
        ({ attempts } = (await client.send(command, { abortSignal })).$metadata);
    });
    // One that was given up may still be on its way, and would carry what comes next.
    if (attempts === 1)
        giveBack(Body);
    return sent;
}
/**
 * Sends the request that makes the object visible, and asks the store what it has. Its answer may be lost, or say that
 * it failed the second time because it succeeded the first time: what the store has decides.
 */
async function commit(put, sent, request) {
    const { bucket, key, lock, signal } = put;
    try {
        await request(somewhatLater(signal));
    }
    catch (error) {
        const cancelled = signal.aborted;
        const found = await (cancelled ? withdrawOurs(bucket, key, sent) : look(bucket, key, sent, signal));
        if (cancelled || found !== 'ours')
            throw whyNotStored(put, found, error);
    }
    try {
        await assertStored(bucket, key, sent, signal);
        await (0,s3_lock/* assertLocked */.Vq)(bucket, key, lock, signal);
    }
    catch (error) {
        await withdraw(bucket, key, AbortSignal.timeout(withdrawMs));
        throw error;
    }
}
/** Cancelled while its last request is on its way: the answer is waited for, so that the store can't do it after the look. */
function somewhatLater(signal) {
    const later = new AbortController();
    const abort = () => later.abort(signal.reason);
    if (signal.aborted)
        abort();
    signal.addEventListener('abort', () => setTimeout(abort, answerMs).unref(), { once: true });
    return later.signal;
}
/** Unique keys make this a second line of defence: between the look and the put somebody else may still come. */
async function assertFree(bucket, key, signal) {
    const head = await bucket.headIfAllowed(key, signal);
    if (head !== null && head !== 'denied')
        throw alreadyThere(bucket, key);
}
async function assertStored(bucket, key, sent, signal) {
    const head = await bucket.headIfAllowed(key, signal);
    // A key that may only write, and not even list, can't look; its put was answered with success.
    if (head === 'denied' || (head !== null && isSame(bucket, head, sent)))
        return;
    const what = head === null ? 'is not there' : `has ${head.bytes} bytes`;
    throw new errors/* StoreError */.AD(`${key} in ${bucket.label} is not what was sent: ${sent.bytes} bytes were, it ${what}${head?.bytes === sent.bytes ? ', but others' : ''}.`, {
        code: 'store.mismatch',
        hint: 'Run it again; if it repeats, the store does not keep what it is given.',
    });
}
async function look(bucket, key, sent, signal) {
    const head = await bucket.headIfAllowed(key, signal).catch(() => 'denied');
    if (head === 'denied')
        return 'unknown';
    return head !== null && isSame(bucket, head, sent) ? 'ours' : 'not ours';
}
/** That it is there already may be our own doing, where the request was sent more than once. */
function whyNotStored({ bucket, key }, found, error) {
    if (!(0,s3_errors/* codesOf */.MZ)(error).includes('412'))
        return error;
    return found === 'not ours' || (0,s3_errors/* attemptsOf */.Or)(error) === 1
        ? alreadyThere(bucket, key, error)
        : undecided(bucket, key, error);
}
function isSame(bucket, head, sent) {
    const { md5Etag, multipartEtag } = bucket.connection.preset;
    const comparable = !head.keyService && (sent.etag.includes('-') ? multipartEtag : md5Etag);
    return head.bytes === sent.bytes && (head.etag === sent.etag || !comparable);
}
/** After a cancelled request nobody knows what came of it: what is there is taken away only when it is ours. */
async function withdrawOurs(bucket, key, sent) {
    const signal = AbortSignal.timeout(withdrawMs - answerMs);
    const found = await look(bucket, key, sent, signal);
    if (found === 'ours')
        await withdraw(bucket, key, signal);
    return found;
}
/** As well as it goes: the failure that led here is the one to tell. */
async function withdraw(bucket, key, signal) {
    await (0,s3_remove/* removeKeys */.$)(bucket, [key], signal).catch(() => { });
}
function alreadyThere(bucket, key, cause) {
    return new errors/* StoreError */.AD(`${key} is in ${bucket.label} already and is not overwritten.`, {
        code: 'store.exists',
        cause,
    });
}
function undecided({ label }, key, cause) {
    return new errors/* StoreError */.AD(`Nobody knows whether ${key} in ${label} is what was sent: the answer to it was lost, and the store did not say what it has.`, {
        code: 'store.undecided',
        hint: 'Run it again later; if it repeats, look at the status page of the storage provider.',
        cause,
    });
}
async function* markFailures(content) {
    try {
        yield* content;
    }
    catch (error) {
        throw new s3_errors/* SourceFailure */.oi('the source failed', { cause: error });
    }
}
async function* startingWith(first, rest) {
    yield first;
    yield* rest;
}

;// CONCATENATED MODULE: ./build/stores/s3-unfinished.js


/** Uploads in parts that were begun under the prefix, page by page; none where the store can't tell. */
async function* unfinishedUploads(bucket, prefix, abortSignal) {
    const { sdk, client } = bucket.connection;
    const query = { Bucket: bucket.name, Prefix: bucket.prefix + prefix };
    let marks = {};
    while (marks !== null) {
        const input = { ...query, ...marks };
        const command = new sdk.ListMultipartUploadsCommand(input);
        const page = await unlessUnknown(bucket, () => client.send(command, { abortSignal }));
        for (const { Key = '', UploadId: id = '', Initiated } of page?.Uploads ?? []) {
            // Without its time nobody knows whether it still goes on.
            if (Initiated !== undefined)
                yield { key: Key.slice(bucket.prefix.length), id, startedAt: Initiated };
        }
        const next = { KeyMarker: page?.NextKeyMarker, UploadIdMarker: page?.NextUploadIdMarker };
        marks = (0,next_marks/* nextMarks */.k)(page?.IsTruncated, next, marks, `the uploads in ${bucket.label}`);
    }
}
async function unlessUnknown(bucket, ask) {
    try {
        return await ask();
    }
    catch (error) {
        if ((0,s3_errors/* codesOf */.MZ)(error).some((code) => s3_errors/* notKnown */.bh.includes(code)))
            return null;
        throw bucket.translate('uploads', '', error);
    }
}
/** Ends uploads, and frees what their parts took. */
async function abandonUploads(bucket, uploads, abortSignal) {
    const { sdk, client } = bucket.connection;
    const removed = [];
    const kept = [];
    for (const { key, id } of uploads) {
        try {
            const command = new sdk.AbortMultipartUploadCommand({ ...bucket.target(key), UploadId: id });
            await client.send(command, { abortSignal });
            removed.push(key);
        }
        catch (error) {
            if ((0,s3_errors/* isDenied */.GZ)(error))
                kept.push({ key, reason: 'this storage key may not abort uploads', denied: true });
            // It was completed or aborted meanwhile.
            else if (!(0,s3_errors/* codesOf */.MZ)(error).includes('NoSuchUpload'))
                throw bucket.translate('abandon', key, error);
        }
    }
    return { removed, kept };
}

;// CONCATENATED MODULE: ./build/stores/s3-store.js











/**
 * Asks the store nothing, unless objects are to be locked: then it fails here where the bucket can't.
 * @param signal for that question
 */
async function openS3Store(settings, signal) {
    const bucket = new s3_bucket/* S3Bucket */.r(settings, await (0,s3_client/* connectS3 */.f)(settings));
    if (bucket.lock !== null)
        await (0,s3_lock/* assertLocks */.lw)(bucket, signal);
    return new S3Store(settings.endpoint, bucket);
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
    get clockAheadMs() {
        return this.#bucket.connection.clock.aheadMs;
    }
    fetchCommand(key) {
        const { connection, name, prefix } = this.#bucket;
        const options = [
            ...(this.#endpoint === undefined ? [] : ['--endpoint-url', this.#endpoint]),
            ...(connection.region === undefined ? [] : ['--region', connection.region]),
        ];
        return ['aws', 's3', 'cp', ...options, `s3://${name}/${prefix}${key}`, '-'].map(quote/* quote */.h).join(' ');
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
    async *list(prefix, options) {
        const { prefix: own } = this.#bucket;
        for await (const contents of (0,bytes/* ahead */.Uc)(this.#pages(prefix, options))) {
            for (const { key, ...object } of contents)
                yield { key: key.slice(own.length), ...object };
        }
    }
    async *#pages(prefix, { signal }) {
        const bucket = this.#bucket;
        const { sdk, client } = bucket.connection;
        const query = { Bucket: bucket.name, Prefix: bucket.prefix + prefix };
        let marks = {};
        while (marks !== null) {
            const asked = marks;
            const command = new sdk.ListObjectsV2Command({ ...query, ...asked });
            const taken = takeObjects(command);
            const page = await bucket.translated('list', '', () => client.send(command, { abortSignal: signal }));
            yield taken() ?? (page.Contents ?? []).map(asPageObject);
            const next = { ContinuationToken: page.NextContinuationToken };
            marks = (0,next_marks/* nextMarks */.k)(page.IsTruncated, next, { ...asked }, bucket.label);
        }
    }
    async folders(prefix, { signal }) {
        const bucket = this.#bucket;
        const { sdk, client } = bucket.connection;
        const Prefix = bucket.prefix + prefix;
        const command = new sdk.ListObjectsV2Command({ Bucket: bucket.name, Prefix, Delimiter: '/' });
        const page = await bucket.translated('list', '', () => client.send(command, { abortSignal: signal }));
        return (page.CommonPrefixes ?? []).map((found) => (found.Prefix ?? '').slice(Prefix.length, -1));
    }
    remove(keys, { signal }) {
        return (0,s3_remove/* removeKeys */.$)(this.#bucket, keys, signal);
    }
    hasTrace(key, { signal }) {
        return (0,s3_remove/* hasTrace */.q)(this.#bucket, key, signal);
    }
    unfinished(prefix, { signal }) {
        return unfinishedUploads(this.#bucket, prefix, signal);
    }
    abandon(uploads, { signal }) {
        return abandonUploads(this.#bucket, uploads, signal);
    }
}
function asPageObject({ Key: key = '', Size: bytes = 0, LastModified: modifiedAt }) {
    return { key, bytes, ...(modifiedAt && { modifiedAt }) };
}

// EXTERNAL MODULE: ./build/app/user-cache.js
var user_cache = __webpack_require__(6466);
;// CONCATENATED MODULE: ./build/app/client-folder.js




/**
 * Where PostgreSQL clients that were fetched are kept. They are started from there, so nobody else may put any into it: in a
 * workflow it is the job's own folder, elsewhere one in the user's cache.
 * @throws HoldfastError `postgres.install` when others may have their hands in that
 */
async function openClientFolder(env) {
    const { RUNNER_TEMP: temp } = env;
    if (temp)
        return (0,external_node_path_.join)(temp, 'holdfast-clients');
    const folder = (0,user_cache/* userCache */.g)(env);
    if (folder === null) {
        throw new errors/* HoldfastError */.Et("The PostgreSQL client can't be kept: this user has no home folder.", {
            code: 'postgres.install',
            input: 'install-client',
            hint: 'Set HOME, or XDG_CACHE_HOME to a folder of your own.',
        });
    }
    const why = await doubtAbout(folder);
    if (why === null)
        return folder;
    throw new errors/* HoldfastError */.Et(`The PostgreSQL client can't be kept in ${folder}: ${why}.`, {
        code: 'postgres.install',
        input: 'install-client',
        hint: 'Remove it after a look at whose it is, or set XDG_CACHE_HOME to a folder of your own.',
    });
}
/** Makes the private folder; why it is none, or `null`. */
async function doubtAbout(folder) {
    try {
        await (0,promises_.mkdir)(folder, { recursive: true, mode: 0o700 });
        const found = await (0,promises_.lstat)(folder);
        if (found.isSymbolicLink())
            return 'it is a link';
        if (process.getuid !== undefined && found.uid !== process.getuid())
            return 'it belongs to somebody else';
        return (found.mode & 0o022) === 0 ? null : 'others may write to it';
    }
    catch (error) {
        return `it can't be made (${error.code ?? 'unknown reason'})`;
    }
}

;// CONCATENATED MODULE: ./build/app/open.js













/** What is put into it is locked where that is asked for. */
async function openLockingStore(config, lock, surroundings) {
    if (config.kind === 'folder' || lock === null)
        return openStore(config, surroundings);
    return openS3Store({ ...s3SettingsOf(config, surroundings), lock }, surroundings.signal);
}
async function openStore(config, surroundings) {
    if (config.kind === 'folder')
        return openFolderStore(config.path);
    return openS3Store(s3SettingsOf(config, surroundings));
}
function s3SettingsOf({ bucket, prefix, endpoint, region, key }, { stallMs, journal }) {
    return {
        ...{ bucket, prefix, endpoint, region, accessKeyId: key?.id, secretAccessKey: key?.secret, stallMs },
        onUpload: (upload) => journal.upload(upload),
    };
}
async function openConfiguredHost({ ssh, container, sudo, gated }, { env, reporter, signal, stallMs }) {
    if (ssh === null)
        return (0,open_host/* openHost */.Z)({ ssh, container, sudo, env, signal, stallMs });
    return reporter.step(`Connect to ${ssh.user}@${ssh.host}`, () => (0,open_host/* openHost */.Z)({ ssh, container, sudo, gated, env, signal, stallMs }));
}
function openEngines({ sources, host: { gated } }, host, runner, surroundings) {
    const { sqlite, exclude, postgres, globals, installClient } = sources;
    const { reporter } = surroundings;
    const engines = [];
    if (gated)
        return [new GatedSqliteEngine({ host, paths: sqlite, exclude })];
    if (sqlite.length > 0)
        engines.push(new SqliteEngine({ host, paths: sqlite, exclude }));
    if (postgres.length > 0) {
        const install = openInstaller(installClient, surroundings);
        engines.push(new PostgresEngine({ host, runner, urls: postgres, globals, install, reporter }));
    }
    return engines;
}
function openInstaller(wanted, { env, reporter }) {
    return wanted ? clientInstaller({ folder: () => openClientFolder(env), reporter }) : null;
}
/** An engine that loads backups into scratch databases of this machine; `null` for an id that is not known. */
function openScratchEngine(id, { scratchUrl, installClient }, runner, surroundings) {
    if (id === 'sqlite')
        return new SqliteEngine({ host: runner, paths: [], exclude: [] });
    if (id !== 'postgres')
        return null;
    const { reporter } = surroundings;
    const install = openInstaller(installClient, surroundings);
    const scratch = scratchUrl === null ? {} : { scratchUrl };
    return new PostgresEngine({
        host: runner,
        runner,
        urls: [],
        globals: false,
        install,
        reporter,
        ...scratch,
    });
}
function openTarget(database, host, runner, surroundings) {
    if (database.engine === 'sqlite')
        return new SqliteTarget({ host, path: database.path });
    const { url, jobs, installClient } = database;
    const { reporter } = surroundings;
    const install = openInstaller(installClient, surroundings);
    return new PostgresTarget({ url, jobs, host, runner, install, reporter });
}
/** This machine itself. */
function openRunner({ env, signal, stallMs }) {
    return (0,open_host/* openHost */.Z)({ ssh: null, container: null, sudo: false, env, signal, stallMs });
}
/** Compression first, encryption after it. */
async function openCodecs(compression, encryption, surroundings) {
    const compressing = compression.codec === 'none' ? [] : [(0,registry/* codecById */.R)(compression.codec, compression.level)];
    return [...compressing, ...(await openEncryption(encryption, surroundings))];
}
async function openEncryption(encryption, { env }) {
    if (encryption === null || encryption.kind === 'none')
        return [];
    if (encryption.kind === 'age') {
        await (0,age/* assertAgeRecipients */.K9)(encryption.recipients);
        return [(0,age/* ageCodec */.Cn)({ recipients: encryption.recipients, identities: [] })];
    }
    const { publicKeys, passphrase } = encryption;
    return [gpgCodec({ publicKeys, passphrase, privateKeys: [], searchPath: env['PATH'] ?? '' })];
}
/** The codecs of stored objects, with the keys that open them. */
function codecOpener({ identities, privateKeys, passphrase }, { env }) {
    const searchPath = env['PATH'] ?? '';
    return (id) => {
        if (id === 'age')
            return (0,age/* ageCodec */.Cn)({ recipients: [], identities });
        if (id === 'gpg')
            return gpgCodec({ publicKeys: [], passphrase, privateKeys, searchPath });
        return (0,registry/* codecById */.R)(id);
    };
}


/***/ }),

/***/ 1747:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   e: () => (/* binding */ printableJson),
/* harmony export */   g: () => (/* binding */ printable)
/* harmony export */ });
/* harmony import */ var node_util__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7975);

/**
 * A text of anybody's without what a terminal or a log would obey or hide: escape sequences, control characters but
 * tab and line feed, and characters that have no width or turn the direction of writing.
 */
function printable(text) {
    return (0,node_util__WEBPACK_IMPORTED_MODULE_0__.stripVTControlCharacters)(text).replace(/(?![\n\t])[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '');
}
/** The same for JSON, which loses nothing: such characters in its texts are written as escapes. */
function printableJson(value) {
    return JSON.stringify(value).replace(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, (char) => [...Array(char.length).keys()]
        .map((at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, '0')}`)
        .join(''));
}


/***/ }),

/***/ 6174:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  KW: () => (/* binding */ age),
  tL: () => (/* binding */ describeLeftover),
  vr: () => (/* binding */ renderError),
  p5: () => (/* binding */ renderLifecycle),
  C8: () => (/* binding */ renderResult)
});

// EXTERNAL MODULE: ./node_modules/pretty-bytes/index.js
var pretty_bytes = __webpack_require__(5901);
// EXTERNAL MODULE: ./node_modules/pretty-ms/index.js + 1 modules
var pretty_ms = __webpack_require__(9311);
// EXTERNAL MODULE: ./build/core/errors.js
var errors = __webpack_require__(2807);
// EXTERNAL MODULE: ./build/core/other-names.js
var other_names = __webpack_require__(2053);
;// CONCATENATED MODULE: ./build/app/plain-table.js
/**
 * Rows in columns as wide as their longest text, a line each, without lines around them: for a terminal, and for `grep` after it.
 * Its time grows with the rows, not with their square: there may be ten thousand.
 */
async function plainTable(head, rows) {
    const texts = [head, ...rows].map((cells) => cells.map((text) => text.replace(/\s*\n\s*/g, ' ')));
    const widthOf = await measureFor(texts);
    const lines = texts.map((cells) => cells.map((line) => ({ line, width: widthOf(line) })));
    const widths = head.map((_, column) => lines.reduce((widest, cells) => Math.max(widest, cells[column]?.width ?? 0), 0));
    return lines
        .map((cells) => cells
        .map(({ line, width }, column) => line + ' '.repeat((widths[column] ?? width) - width))
        .join('  ')
        .trimEnd())
        .join('\n');
}
/** How wide texts are in a terminal. What knows it of all characters takes 20 ms to load. */
async function measureFor(texts) {
    const plain = texts.every((cells) => cells.every((text) => /^[ -~]*$/.test(text)));
    return plain ? (text) => text.length : (await __webpack_require__.e(/* import() */ 668).then(__webpack_require__.bind(__webpack_require__, 4668))).default;
}

// EXTERNAL MODULE: ./build/app/result.js
var result = __webpack_require__(1391);
;// CONCATENATED MODULE: ./build/app/render.js






/** What a command has to tell people, from its result document alone. */
async function renderResult(document) {
    const [backup, list, prune] = [
        (0,result/* documentOf */.l)(document, 'backup'),
        (0,result/* documentOf */.l)(document, 'list'),
        (0,result/* documentOf */.l)(document, 'prune'),
    ];
    const [verify, restore, check] = [
        (0,result/* documentOf */.l)(document, 'verify'),
        (0,result/* documentOf */.l)(document, 'restore'),
        (0,result/* documentOf */.l)(document, 'check'),
    ];
    const lifecycle = (0,result/* documentOf */.l)(document, 'lifecycle');
    if (lifecycle !== null)
        return renderLifecycle(lifecycle);
    const doctor = (0,result/* documentOf */.l)(document, 'doctor');
    if (doctor !== null)
        return renderDoctor(doctor);
    if (backup !== null)
        return renderBackup(backup);
    if (list !== null)
        return renderList(list);
    if (prune !== null)
        return renderPrune(prune);
    if (verify !== null)
        return renderVerdict(verify.backup, verify);
    if (restore !== null)
        return renderRestore(restore);
    if (check !== null)
        return renderCheck(check);
    const keygen = (0,result/* documentOf */.l)(document, 'keygen');
    return keygen === null ? '' : renderKeygen(keygen);
}
/** One line, and one with the remedy; for wrong settings a pair for each. */
function renderError(error) {
    const problems = error instanceof errors/* ConfigError */.xL ? error.problems : [error];
    return problems
        .flatMap(({ message, hint }) => [`Error: ${message}`, ...(hint === undefined ? [] : [`  → ${hint}`])])
        .join('\n');
}
async function renderList({ backups, leftovers, otherNames, name, store }) {
    const shown = leftovers.filter(({ uploads }) => uploads !== undefined);
    const rows = [...backups.map(rowOfBackup), ...shown.map(rowOfLeftover)];
    const hidden = leftovers.length - shown.length;
    return [
        ...(backups.length === 0 ? whenNone({ otherNames, name, store }) : []),
        ...(rows.length === 0 ? [] : [await plainTable(['ID', 'AGE', 'DATABASES', 'SIZE', 'VERIFIED'], rows)]),
        ...(hidden === 0 ? [] : [`Leftovers of ${hidden} runs that failed: \`list --all\` shows them.`]),
        ...(shown.length === 0 ? [] : ['A prune removes what is incomplete once it is older than a day.']),
    ].join('\n');
}
function whenNone({ name, store, otherNames, }) {
    const none = `No backups of ${name} in ${store}.`;
    return otherNames.length === 0 ? [none] : [none, (0,other_names/* describeOthers */.H)(otherNames)];
}
function rowOfBackup(backup) {
    const { id, ageSeconds, databases, storedBytes, verified, safety, missing } = backup;
    return [
        id,
        age(ageSeconds),
        missing
            ? 'its objects are MISSING'
            : databases.map((database) => `${database.name} ${(0,pretty_bytes/* default */.A)(database.storedBytes)}`).join(', '),
        (0,pretty_bytes/* default */.A)(storedBytes),
        `${verified === null ? 'no' : `${verified.level} ${verified.at.slice(0, 10)}`}${safety ? ', made by a restore' : ''}`,
    ];
}
function rowOfLeftover(leftover) {
    const { id, ageSeconds, storedBytes } = leftover;
    return [id, age(ageSeconds), describeLeftover(leftover), (0,pretty_bytes/* default */.A)(storedBytes), 'incomplete'];
}
/** `leftover: 2 objects, 1 unfinished upload`. */
function describeLeftover({ keys, uploads = [], }) {
    const count = (number, what) => number === 0 ? [] : [`${number} ${what}${number === 1 ? '' : 's'}`];
    return `leftover: ${[...count(keys.length, 'object'), ...count(uploads.length, 'unfinished upload')].join(', ')}`;
}
async function renderBackup(document) {
    const { backup, store, durationMs, dryRun } = document;
    const decisions = await renderDecisions(document);
    if (backup === null)
        return ['Dry run: nothing was stored.', ...decisions].join('\n');
    const rows = backup.databases.map(({ name, plainBytes, storedBytes, snapshot, key }) => [
        name,
        (0,pretty_bytes/* default */.A)(plainBytes),
        (0,pretty_bytes/* default */.A)(storedBytes),
        (0,pretty_ms/* default */.A)(snapshot.durationMs),
        key,
    ]);
    return [
        `${dryRun ? 'Would back up' : 'Backed up'} to ${store} in ${(0,pretty_ms/* default */.A)(durationMs)}: ${backup.id}`,
        await plainTable(['DATABASE', 'PLAIN', 'STORED', 'SNAPSHOT', 'OBJECT'], rows),
        ...(document.verified === null ? [] : [await renderVerdict(backup.id, document.verified)]),
        ...decisions,
        'To get it back without Holdfast:',
        ...backup.databases.flatMap(({ recovery }) => recovery.map((command) => `  ${command}`)),
    ].join('\n');
}
const verdictWords = {
    ok: 'is good',
    damaged: 'is DAMAGED',
    unknown: 'could not be verified, which says nothing about it',
};
async function renderVerdict(id, document) {
    const { level, verdict, databases } = document;
    const rows = databases.map(({ name, verdict: its, detail, intact }) => [
        name,
        intact ? 'not as asserted' : its,
        detail,
    ]);
    const words = (0,result/* isIntact */.k)(document) ? 'does not hold what `assert` demands' : verdictWords[verdict];
    const table = await plainTable(['DATABASE', 'VERDICT', 'DETAIL'], rows);
    return [`Backup ${id} ${words} (level ${level}).`, table].join('\n');
}
function renderRestore({ dryRun, backup, target, databases, safetyBackup, previous, goBack, files, }) {
    if (dryRun)
        return 'Dry run: nothing was changed.';
    if (files.length > 0)
        return [`Fetched from ${backup}:`, ...files.map((file) => `  ${file}`)].join('\n');
    return [
        `${target} is now ${databases.join(', ')} of ${backup}.`,
        ...(safetyBackup === null ? [] : [`Safety backup of what was there: ${safetyBackup}`]),
        ...(previous === null ? [] : [`What was there is kept as ${previous}; to put it back:`]),
        ...goBack.map((command) => `  ${command}`),
    ].join('\n');
}
function renderCheck({ newest, newestVerified, stale }) {
    if (newest === null)
        return 'There is no backup.';
    const verified = newestVerified === null
        ? 'none is verified'
        : `newest verified ${newestVerified.id}, ${age(newestVerified.ageSeconds)} old`;
    return `${stale ? 'Stale' : 'Fresh'}: newest ${newest.id}, ${age(newest.ageSeconds)} old; ${verified}.`;
}
function renderKeygen({ age: { identity, recipient }, signing: { signKey, verifyKey }, }) {
    return [
        'Shown once, kept nowhere: store the secret ones in a password manager now.',
        '',
        'encrypt-to (public: into the workflow)',
        `  ${recipient}`,
        'identity (SECRET: where you restore, never into the workflow that makes backups)',
        `  ${identity}`,
        '',
        'sign-key (SECRET: a secret of the workflow that makes backups)',
        `  ${signKey}`,
        'verify-key (public: into workflows that verify, restore or prune)',
        `  ${verifyKey}`,
    ].join('\n');
}
/** For `aws s3api put-bucket-lifecycle-configuration --lifecycle-configuration`. */
function renderLifecycle({ rules }) {
    return JSON.stringify({ Rules: rules }, null, 2);
}
const levelWords = { ok: 'ok', warn: 'WARNING', fail: 'FAILED', skip: 'skipped' };
async function renderDoctor({ checks, ok }) {
    const rows = checks.map(({ id, level, detail, hint }) => [
        id,
        levelWords[level],
        hint === null ? detail : `${detail} → ${hint}`,
    ]);
    return [
        await plainTable(['CHECK', 'RESULT', 'DETAIL'], rows),
        ok ? 'A backup can be made.' : 'A backup would fail.',
    ].join('\n');
}
async function renderPrune(document) {
    return ((await renderDecisions(document)).join('\n') || `No backups of ${document.name} in ${document.store}.`);
}
async function renderDecisions({ kept, pruned, dryRun, }) {
    if (kept.length === 0 && pruned.length === 0)
        return [];
    const rows = [
        ...kept.map(({ id, reasons }) => [id, 'keep', reasons.join(', ')]),
        ...pruned.map(({ id, storedBytes }) => [id, dryRun ? 'would remove' : 'removed', `no rule keeps it (${(0,pretty_bytes/* default */.A)(storedBytes)})`]),
    ];
    // Ids sort by time.
    rows.sort(([a], [b]) => (a < b ? 1 : -1));
    return [await plainTable(['BACKUP', 'DECISION', 'WHY'], rows)];
}
/** `3h`, `2d 4h`: the two largest units. */
function age(seconds) {
    if (seconds < 0)
        return 'in the future';
    return seconds === 0 ? 'now' : (0,pretty_ms/* default */.A)(seconds * 1000, { unitCount: 2 });
}


/***/ }),

/***/ 1391:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   k: () => (/* binding */ isIntact),
/* harmony export */   l: () => (/* binding */ documentOf)
/* harmony export */ });
/** Nothing is damaged: only assertions do not hold. */
function isIntact({ databases }) {
    const bad = databases.filter(({ verdict }) => verdict === 'damaged');
    return bad.length > 0 && bad.every(({ intact }) => intact);
}
/** The document of a command that got so far as to have one; `null` for another command, or when it failed before. */
function documentOf(document, command) {
    const own = {
        backup: 'kept',
        list: 'backups',
        verify: 'verdict',
        restore: 'target',
        prune: 'kept',
        check: 'stale',
        keygen: 'signing',
        lifecycle: 'rules',
        doctor: 'checks',
    };
    return document.command === command && own[command] in document ? document : null;
}


/***/ }),

/***/ 8955:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  Cn: () => (/* binding */ ageCodec),
  bB: () => (/* binding */ ageRecipientsOf),
  K9: () => (/* binding */ assertAgeRecipients),
  AR: () => (/* binding */ newAgeKeys)
});

// EXTERNAL MODULE: ./build/core/errors.js
var errors = __webpack_require__(2807);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
;// CONCATENATED MODULE: ./build/codecs/age-payload.js

/**
 * The payload of an age file: a nonce, then ChaCha20-Poly1305 in chunks of 64 KiB, the last one marked
 * (https://c2sp.org/age, "Payload"). By OpenSSL, which is about five times as fast as JavaScript.
 */
const chunkBytes = 64 * 1024;
const tagBytes = 16;
const nonceBytes = 16;
/** @param fileKey 16 bytes, used for this file alone */
async function* encryptPayload(plain, fileKey) {
    const nonce = (0,external_node_crypto_.randomBytes)(nonceBytes);
    const key = payloadKey(fileKey, nonce);
    yield nonce;
    let count = 0;
    for await (const { bytes, last } of chunks(plain, chunkBytes)) {
        const cipher = (0,external_node_crypto_.createCipheriv)('chacha20-poly1305', key, chunkNonce(count, last), {
            authTagLength: tagBytes,
        });
        const sealed = cipher.update(bytes);
        cipher.final();
        yield sealed;
        yield cipher.getAuthTag();
        count += 1;
    }
}
/** @throws SyntaxError when anything was changed, cut off or added */
async function* decryptPayload(encrypted, fileKey) {
    let count = 0;
    const source = withHead(encrypted, nonceBytes);
    const head = (await source.next()).value;
    if (head.byteLength < nonceBytes)
        throw new SyntaxError('it ends early');
    const key = payloadKey(fileKey, head);
    for await (const { bytes, last } of chunks(source, chunkBytes + tagBytes)) {
        const plain = age_payload_open(key, chunkNonce(count, last), bytes);
        if (plain === null) {
            const misplaced = openMisplaced(key, count, last, bytes);
            if (misplaced !== null)
                yield misplaced;
            throw new SyntaxError(whyNot(misplaced, last));
        }
        if (last && plain.byteLength === 0 && count > 0)
            throw new SyntaxError('its last chunk is empty');
        count += 1;
        yield plain;
    }
}
/** A good chunk in the wrong place tells what happened; one that is not whole can only be the last. */
function openMisplaced(key, count, last, sealed) {
    const isWhole = sealed.byteLength === chunkBytes + tagBytes;
    return isWhole ? age_payload_open(key, chunkNonce(count, !last), sealed) : null;
}
function whyNot(misplaced, last) {
    if (misplaced === null)
        return 'it was changed';
    return last ? 'its end is missing' : 'something follows its end';
}
/** `null` when the bytes are not what was sealed with this nonce. */
function age_payload_open(key, nonce, sealed) {
    if (sealed.byteLength < tagBytes)
        return null;
    const decipher = (0,external_node_crypto_.createDecipheriv)('chacha20-poly1305', key, nonce, { authTagLength: tagBytes });
    decipher.setAuthTag(sealed.subarray(-tagBytes));
    const plain = decipher.update(sealed.subarray(0, -tagBytes));
    try {
        decipher.final();
        return plain;
    }
    catch {
        return null;
    }
}
function payloadKey(fileKey, nonce) {
    return Buffer.from((0,external_node_crypto_.hkdfSync)('sha256', fileKey, nonce, 'payload', 32));
}
/** 11 bytes that count, big-endian, and one that marks the last chunk. */
function chunkNonce(count, last) {
    const nonce = Buffer.alloc(12);
    nonce.writeUIntBE(count, 5, 6);
    nonce[11] = last ? 1 : 0;
    return nonce;
}
/** Pieces of equal size; only the last may be smaller, and empty only when it is alone. */
async function* chunks(source, size) {
    let held = Buffer.alloc(0);
    for await (const chunk of source) {
        let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
        if (held.byteLength > 0) {
            const missing = rest.subarray(0, size - held.byteLength);
            held = Buffer.concat([held, missing]);
            rest = rest.subarray(missing.byteLength);
            if (rest.byteLength === 0)
                continue;
            yield { bytes: held, last: false };
        }
        // One whole piece may be the last: it waits for what follows.
        while (rest.byteLength > size) {
            yield { bytes: rest.subarray(0, size), last: false };
            rest = rest.subarray(size);
        }
        held = Buffer.from(rest);
    }
    yield { bytes: held, last: true };
}
/** First that many bytes, or all when there are fewer; then the rest as it comes. */
async function* withHead(source, size) {
    let head = Buffer.alloc(0);
    let given = false;
    for await (const chunk of source) {
        if (given) {
            yield chunk;
            continue;
        }
        head = Buffer.concat([head, chunk]);
        if (head.byteLength < size)
            continue;
        given = true;
        yield head.subarray(0, size);
        if (head.byteLength > size)
            yield head.subarray(size);
    }
    if (!given)
        yield head;
}

// EXTERNAL MODULE: ./build/codecs/damage.js
var damage = __webpack_require__(825);
;// CONCATENATED MODULE: ./build/codecs/age.js



/**
 * age (https://age-encryption.org/v1): the header, with the wrapped file key, is made and read by the library `age-encryption`;
 * the payload is ChaCha20-Poly1305 by OpenSSL.
 */
function ageCodec({ recipients, identities }) {
    return {
        id: 'age',
        extension: 'age',
        decodeCommand: 'age -d -i key.txt',
        locked: identities.length === 0,
        encode: (plain) => encode(plain, recipients),
        decode: (encoded, options) => (0,damage/* guardDecoded */.m)('age', decode(encoded, identities), options),
    };
}
/**
 * Before anything is done: a mistyped recipient looks right until its checksum is computed.
 * @throws HoldfastError `age.recipient`
 */
async function assertAgeRecipients(recipients) {
    const { Encrypter } = await __webpack_require__.e(/* import() */ 539).then(__webpack_require__.bind(__webpack_require__, 1539));
    for (const recipient of recipients) {
        try {
            new Encrypter().addRecipient(recipient);
        }
        catch (cause) {
            throw new errors/* HoldfastError */.Et(`\`encrypt-to\` has ${recipient.slice(0, 24)}…, which is no age recipient.`, {
                code: 'age.recipient',
                input: 'encrypt-to',
                hint: 'Copy the whole line that begins with `age1`: a letter of it is wrong or missing.',
                cause,
            });
        }
    }
}
/** A new pair of keys (X25519). */
async function newAgeKeys() {
    const { generateX25519Identity, identityToRecipient } = await __webpack_require__.e(/* import() */ 539).then(__webpack_require__.bind(__webpack_require__, 1539));
    const identity = await generateX25519Identity();
    return { identity, recipient: await identityToRecipient(identity) };
}
/** The public halves of secret keys. */
async function ageRecipientsOf(identities) {
    const { identityToRecipient } = await __webpack_require__.e(/* import() */ 539).then(__webpack_require__.bind(__webpack_require__, 1539));
    return Promise.all(identities.map((identity) => identityToRecipient(identity.reveal())));
}
async function* encode(plain, recipients) {
    const { header, fileKey } = await newHeader(recipients);
    yield header;
    yield* encryptPayload(plain, fileKey);
}
/** What follows the header of an empty file: a nonce and the tag of one chunk. */
const emptyPayloadBytes = 32;
async function newHeader(recipients) {
    const { Encrypter } = await __webpack_require__.e(/* import() */ 539).then(__webpack_require__.bind(__webpack_require__, 1539));
    const encrypter = new Encrypter();
    for (const recipient of recipients)
        encrypter.addRecipient(recipient);
    let fileKey = null;
    encrypter.addRecipient({
        // A recipient that is told the file key and adds nothing to the header.
        wrapFileKey(key) {
            fileKey = Uint8Array.from(key);
            return [];
        },
    });
    const whole = await encrypter.encrypt(new Uint8Array(0));
    if (recipients.length === 0 || fileKey === null)
        throw new TypeError('age needs a recipient');
    return { header: whole.subarray(0, -emptyPayloadBytes), fileKey };
}
async function* decode(encoded, identities) {
    if (identities.length === 0)
        throw noIdentity();
    const { header, rest } = await splitHeader(encoded);
    const { Decrypter } = await __webpack_require__.e(/* import() */ 539).then(__webpack_require__.bind(__webpack_require__, 1539));
    const decrypter = new Decrypter();
    for (const identity of identities)
        decrypter.addIdentity(identity.reveal());
    yield* decryptPayload(rest, await openHeader(decrypter, header));
}
async function openHeader(decrypter, header) {
    try {
        return await decrypter.decryptHeader(header);
    }
    catch (cause) {
        const message = cause instanceof Error ? cause.message : String(cause);
        if (/no identity matched/i.test(message))
            throw wrongIdentity(cause);
        throw new SyntaxError(`its header is damaged (${message})`, { cause });
    }
}
/** A header has one stanza for each recipient; this is room for hundreds. */
const longestHeader = 1024 * 1024;
/** The textual header ends with the line that begins with `---`. */
async function splitHeader(encoded) {
    const source = encoded[Symbol.asyncIterator]();
    let held = Buffer.alloc(0);
    for (;;) {
        const mark = held.indexOf('\n---');
        const end = mark < 0 ? -1 : held.indexOf('\n', mark + 1);
        if (end >= 0) {
            const payload = held.subarray(end + 1);
            return { header: held.subarray(0, end + 1), rest: after(payload, source) };
        }
        const { done, value } = await source.next();
        if (done || held.byteLength > longestHeader)
            throw new SyntaxError('it has no age header');
        held = Buffer.concat([held, value]);
    }
}
async function* after(first, source) {
    try {
        if (first.byteLength > 0)
            yield first;
        for (let next = await source.next(); !next.done; next = await source.next())
            yield next.value;
    }
    finally {
        await source.return?.();
    }
}
function noIdentity() {
    return new errors/* HoldfastError */.Et('The backup is encrypted with age, and there is no identity to open it.', {
        code: 'age.no-identity',
        input: 'identity',
        hint: 'Give the secret key (`AGE-SECRET-KEY-…`) of one of its recipients as `identity`.',
    });
}
function wrongIdentity(cause) {
    return new errors/* HoldfastError */.Et('The backup is encrypted with age, and no identity matched.', {
        code: 'age.wrong-identity',
        input: 'identity',
        hint: 'Give the secret key of a recipient that the backup was encrypted to; an older backup may have had another.',
        cause,
    });
}


/***/ }),

/***/ 825:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   m: () => (/* binding */ guardDecoded)
/* harmony export */ });
/* harmony import */ var _core_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2807);

/** Turns whatever a decoder says about bad bytes into one error, and stops output beyond a limit. */
async function* guardDecoded(id, decoded, { limitBytes = Number.POSITIVE_INFINITY } = {}) {
    let total = 0;
    try {
        for await (const chunk of decoded) {
            total += chunk.byteLength;
            if (total > limitBytes) {
                throw new _core_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .IntegrityError */ .cs(`The ${id} data holds more than the ${limitBytes} bytes that it should.`, {
                    code: 'codec.too-large',
                });
            }
            yield chunk;
        }
    }
    catch (cause) {
        throw isDecoderError(cause) ? damaged(id, cause) : cause;
    }
}
function isDecoderError(cause) {
    if (cause instanceof _core_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .HoldfastError */ .Et || !(cause instanceof Error))
        return false;
    const { code = '' } = cause;
    return cause instanceof SyntaxError || /^(Z_|ZSTD_)/.test(code);
}
function damaged(id, cause) {
    return new _core_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .IntegrityError */ .cs(`The ${id} data is damaged: ${cause.message}.`, { code: 'codec.damaged', cause });
}


/***/ }),

/***/ 5025:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  R: () => (/* binding */ codecById)
});

// EXTERNAL MODULE: ./build/core/errors.js
var errors = __webpack_require__(2807);
// EXTERNAL MODULE: external "node:zlib"
var external_node_zlib_ = __webpack_require__(8522);
// EXTERNAL MODULE: ./build/codecs/damage.js
var damage = __webpack_require__(825);
// EXTERNAL MODULE: external "node:stream/promises"
var promises_ = __webpack_require__(4085);
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
        decodeProgram: ['gzip', '-d', '-c'],
        command: ['gzip', `-${level}`, '-c'],
        encode: (plain) => throughStream(plain, (0,external_node_zlib_.createGzip)({ level })),
        decode: (encoded, options) => (0,damage/* guardDecoded */.m)('gzip', decode(encoded), options),
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

// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(7975);
// EXTERNAL MODULE: ./build/core/bytes.js
var bytes = __webpack_require__(7993);
// EXTERNAL MODULE: ./build/core/cutter.js
var core_cutter = __webpack_require__(5179);
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

;// CONCATENATED MODULE: ./build/codecs/zstd-pack.js
/**
 * A program of this machine that packs stdin into zstd frames and tells what it read, as `PackedReader` understands it. What uses it
 * never has the plain bytes in its own memory.
 */
function packProgram(settings) {
    const failed = "({ message }) => { process.stderr.write(message + '\\n'); process.exit(1); }";
    const text = `(${pack})(${JSON.stringify(settings)}).catch(${failed})`;
    // Its heap is small, so that collecting it costs next to nothing.
    return [process.execPath, '--expose-gc', '--single-threaded-gc', '-e', text];
}
/** Runs elsewhere, from its text alone: it can use nothing of this file. */
async function pack({ level, frameBytes, framesInFlight }) {
    const { readSync, writeSync } = process.getBuiltinModule('node:fs');
    const { createHash } = process.getBuiltinModule('node:crypto');
    const { promisify } = process.getBuiltinModule('node:util');
    const { constants, zstdCompress } = process.getBuiltinModule('node:zlib');
    const compress = promisify(zstdCompress);
    const params = { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 };
    const framesBetweenCollections = 16;
    // A frame takes several steps, which begin only between reads.
    const turnBytes = 512 * 1024;
    const turn = promisify(setImmediate);
    const hash = createHash('sha256');
    const free = [];
    const inFlight = [];
    let frames = 0;
    /** As much of stdin as fits. */
    const fill = async (frame) => {
        let filled = 0;
        let since = 0;
        while (filled < frame.byteLength) {
            const read = readSync(0, frame, filled, frame.byteLength - filled, null);
            if (read === 0)
                break;
            hash.update(frame.subarray(filled, filled + read));
            filled += read;
            since += read;
            if (since < turnBytes)
                continue;
            since = 0;
            await turn();
        }
        return filled;
    };
    const write = (bytes) => {
        for (let at = 0; at < bytes.byteLength;)
            at += writeSync(1, bytes, at);
    };
    const writeHead = (plainBytes, packedBytes) => {
        const head = Buffer.alloc(8);
        head.writeUInt32BE(plainBytes, 0);
        head.writeUInt32BE(packedBytes, 4);
        write(head);
    };
    const writeOldest = async () => {
        const oldest = inFlight.shift();
        if (oldest === undefined)
            return;
        const packed = await oldest.packed;
        writeHead(oldest.plainBytes, packed.byteLength);
        write(packed);
        free.push(oldest.frame);
        frames += 1;
        if (frames % framesBetweenCollections === 0)
            globalThis.gc?.();
    };
    for (let plainBytes = frameBytes; plainBytes === frameBytes;) {
        const frame = free.pop() ?? Buffer.allocUnsafe(frameBytes);
        plainBytes = await fill(frame);
        // Nothing at all is one empty frame.
        if (plainBytes === 0 && frames + inFlight.length > 0)
            break;
        const packed = compress(frame.subarray(0, plainBytes), { params, chunkSize: 1024 * 1024 });
        // Awaited in its turn; when an earlier one fails, this one's failure is nobody's.
        packed.catch(() => { });
        inFlight.push({ frame, plainBytes, packed });
        if (inFlight.length >= framesInFlight)
            await writeOldest();
    }
    while (inFlight.length > 0)
        await writeOldest();
    writeHead(0, 0);
    write(hash.digest());
}

;// CONCATENATED MODULE: ./build/codecs/zstd.js









/** Plain bytes of one frame, about. Larger ones gain next to nothing in size; memory grows with each frame in flight. */
const frameBytes = 4 * 1024 * 1024;
/** Room for the compressed bytes of one step; more are taken where a frame needs them. */
const outputBytes = 1024 * 1024;
const framesInFlight = Math.min(3, (0,external_node_os_.availableParallelism)());
/** One more than two processors compress: while they do, the next frame is read. */
const framesOfProgram = 3;
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
        decodeProgram: ['zstd', '-q', '-d', '-c'],
        command: ['zstd', '-q', `-${level}`, '--check', '-c'],
        encodeProgram: packProgram({ level, frameBytes, framesInFlight: framesOfProgram }),
        encode: (plain) => encode(plain, level),
        decode: (encoded, options) => (0,damage/* guardDecoded */.m)('zstd', zstd_decode(encoded, options?.passing), options),
    };
}
async function* encode(plain, level) {
    const params = { [external_node_zlib_.constants.ZSTD_c_compressionLevel]: level, [external_node_zlib_.constants.ZSTD_c_checksumFlag]: 1 };
    const cutter = new core_cutter/* Cutter */.U(frameBytes);
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
/** A frame of up to so many bytes is decoded as one, beside others; a larger one as a stream. */
const wholeFrameBytes = 8 * 1024 * 1024;
/** What such a frame may grow to before it is decoded as a stream after all. */
const wholePlainBytes = 32 * 1024 * 1024;
const plainStepBytes = frameBytes + 64 * 1024;
/** A small frame does not take the memory of a large one. */
const [leastStepBytes, usualRatio] = [256 * 1024, 4];
const decompress = (0,external_node_util_.promisify)(external_node_zlib_.zstdDecompress);
async function* zstd_decode(encoded, passing = false) {
    const parts = partsOf(encoded, new FrameScanner());
    const inFlight = [];
    for (;;) {
        const frame = await beginFrame(parts);
        if (frame === null)
            break;
        const decoded = frame.whole
            ? decodeWhole(frame.bytes, passing)
            : Promise.resolve(decodeStream(restOfFrame(frame.bytes, parts)));
        // Awaited in its turn; when an earlier one fails, this one's failure is nobody's.
        decoded.catch(() => { });
        inFlight.push(decoded);
        // A stream reads on from the parts, so it must be read to its end before the next frame begins.
        while (inFlight.length >= (frame.whole ? framesInFlight : 1))
            yield* (await inFlight.shift());
    }
    for (const decoded of inFlight)
        yield* await decoded;
}
async function decodeWhole(frame, passing) {
    try {
        const chunkSize = Math.min(plainStepBytes, Math.max(leastStepBytes, frame.byteLength * usualRatio));
        const plain = await decompress(frame, { chunkSize, maxOutputLength: wholePlainBytes });
        (0,bytes/* release */._r)(frame);
        return passing ? onceOf(plain) : (0,bytes/* bytesOf */.$$)(plain);
    }
    catch (error) {
        if (error.code !== 'ERR_BUFFER_TOO_LARGE')
            throw error;
        return decodeStream((0,bytes/* bytesOf */.$$)(frame));
    }
}
async function* onceOf(plain) {
    yield plain;
    (0,bytes/* release */._r)(plain);
}
function decodeStream(frame) {
    return throughStream(frame, (0,external_node_zlib_.createZstdDecompress)({ chunkSize: outputBytes }));
}
async function* partsOf(encoded, scanner) {
    for await (const chunk of encoded)
        yield* scanner.split(chunk);
    scanner.finish();
}
/** The next frame, or so much of it as fits; `null` after the last. */
async function beginFrame(parts) {
    const pieces = [];
    let size = 0;
    let whole = false;
    while (!whole && size <= wholeFrameBytes) {
        const { done, value } = await parts.next();
        if (done)
            break;
        pieces.push(value.bytes);
        size += value.bytes.byteLength;
        whole = value.ends;
    }
    return pieces.length === 0 ? null : { bytes: Buffer.concat(pieces, size), whole };
}
async function* restOfFrame(first, parts) {
    yield first;
    for (;;) {
        const { done, value } = await parts.next();
        if (done)
            return;
        yield value.bytes;
        if (value.ends)
            return;
    }
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


/***/ }),

/***/ 9114:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Pi: () => (/* binding */ commands),
/* harmony export */   WY: () => (/* binding */ storeCommands),
/* harmony export */   bD: () => (/* binding */ commandHelp),
/* harmony export */   m0: () => (/* binding */ isKey),
/* harmony export */   su: () => (/* binding */ isRepeatable)
/* harmony export */ });
/** The commands that work on a store. */
const storeCommands = [
    'backup',
    'list',
    'verify',
    'restore',
    'prune',
    'check',
    'doctor',
    'lifecycle',
];
/** Every command, in the order of help. */
const commands = [...storeCommands, 'keygen'];
const commandHelp = {
    backup: 'Back up the databases, then prune when a keep rule is set.',
    list: 'List the backups of one name.',
    verify: 'Prove that a backup restores, by restoring it into a scratch database.',
    restore: 'Put a backup in the place of a database, keeping what was there; or fetch its files.',
    prune: 'Remove the backups that the retention policy no longer wants.',
    check: 'Fail when the newest backup is too old.',
    keygen: 'Make keys for encrypting and signing backups, and say where each goes (only in a terminal).',
    lifecycle: 'Print bucket rules that do the pruning, for a storage key that may not delete.',
    doctor: 'Check everything that a backup needs, and say what to change; for before the first night.',
};
/** Of this kind a file may be given in the place of the text. */
function isKey(kind) {
    return kind === 'secret' || kind.endsWith('keys');
}
/** Of this kind one more flag adds to the others. */
function isRepeatable(kind) {
    return kind.endsWith('lines') || kind.endsWith('keys');
}


/***/ }),

/***/ 9242:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  f: () => (/* binding */ options),
  Q: () => (/* binding */ variableOf)
});

// EXTERNAL MODULE: ./build/config/option.js
var config_option = __webpack_require__(9114);
;// CONCATENATED MODULE: ./build/config/options-backup.js
const backup = ['backup', 'doctor'];
const hosts = ['backup', 'restore', 'doctor'];
/** What is backed up, where it is, and how its bytes are made. */
const backupOptions = [
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
        commands: ['backup', 'verify', 'restore', 'doctor'],
        kind: 'boolean',
        default: 'true in the Action, false in the CLI',
        help: "Fetch the distribution's PostgreSQL client when none of the server's version is there.",
    },
    {
        name: 'ssh',
        commands: hosts,
        kind: 'text',
        default: 'this machine',
        help: 'The server with the database: `user@host[:port]`.',
    },
    {
        name: 'ssh-key',
        commands: hosts,
        kind: 'secret',
        default: 'none',
        help: 'Private key for `ssh`.',
    },
    {
        name: 'ssh-key-passphrase',
        commands: hosts,
        kind: 'secret',
        default: 'none',
        help: 'Passphrase of `ssh-key`.',
    },
    {
        name: 'ssh-known-hosts',
        commands: hosts,
        kind: 'public-keys',
        default: 'none',
        help: 'known_hosts lines of the server, as `ssh-keyscan` prints them. Required with `ssh`.',
    },
    {
        name: 'ssh-gate',
        commands: backup,
        kind: 'boolean',
        default: 'false',
        help: 'The key may do nothing but this backup: its line in authorized_keys is what `doctor --print-authorized-key` prints.',
    },
    {
        name: 'container',
        commands: hosts,
        kind: 'text',
        default: 'none',
        help: "Run the database's tools inside this container of the host.",
    },
    {
        name: 'sudo',
        commands: hosts,
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
    {
        name: 'fail-on-shrink',
        commands: backup,
        kind: 'boolean',
        default: 'false: a warning, and nothing is pruned',
        help: 'Fail when a database of the backup before is gone, or takes less than half of what it took there; objects under 64 KiB are not compared.',
    },
    {
        name: 'lock-days',
        commands: backup,
        kind: 'count',
        default: 'off',
        help: 'Lock each stored object for so many days (S3 Object Lock): nobody can delete or replace it earlier.',
    },
    {
        name: 'lock-mode',
        commands: backup,
        kind: 'choice',
        values: ['governance', 'compliance'],
        default: 'governance',
        help: 'Who may unlock: whoever has a right of its own (`governance`), or nobody (`compliance`).',
    },
];

;// CONCATENATED MODULE: ./build/config/options-keys.js
/** Who can read the backups, and who made them. */
const keyOptions = [
    {
        name: 'encrypt-to',
        commands: ['backup', 'restore', 'doctor'],
        kind: 'public-keys',
        default: 'none; in a restore, those of `identity`',
        help: 'Who can read the backup: age recipients (`age1…`), one per line, or armored OpenPGP public keys. `none` where earlier backups were encrypted and this is not to be.',
    },
    {
        name: 'passphrase',
        commands: ['backup', 'verify', 'restore', 'doctor'],
        kind: 'secret',
        default: 'none',
        help: 'OpenPGP encryption by passphrase (AES-256), readable by `gpg`; better: `encrypt-to`.',
    },
    {
        name: 'identity',
        commands: ['backup', 'verify', 'restore', 'doctor'],
        kind: 'secret-keys',
        default: 'none',
        help: 'Secret keys that open encrypted backups: `AGE-SECRET-KEY-…`, or armored OpenPGP private keys. Not for making them.',
    },
    {
        name: 'sign-key',
        commands: ['backup', 'restore', 'doctor'],
        kind: 'secret',
        default: 'none: manifests are not signed',
        help: 'Ed25519 key that signs manifests, as `holdfast keygen` makes it.',
    },
    {
        name: 'verify-key',
        commands: ['backup', 'verify', 'restore', 'prune', 'doctor'],
        kind: 'public-keys',
        default: 'none: signatures are not asked for',
        help: 'Public half of `sign-key`, or several: manifests that none of them signed are refused.',
    },
];

;// CONCATENATED MODULE: ./build/config/options-restore.js
const both = ['verify', 'restore'];
const restore = ['restore'];
/** How backups are proven, restored and watched. */
const restoreOptions = [
    {
        name: 'verify',
        commands: ['backup', 'doctor'],
        kind: 'choice',
        values: ['stat', 'hash', 'restore', 'true', 'false'],
        default: 'false',
        help: 'Prove the new backup in the same run, before pruning: a level of `verify`; `true` is `restore`.',
    },
    {
        name: 'level',
        commands: ['verify'],
        kind: 'choice',
        values: ['stat', 'hash', 'restore'],
        default: 'restore',
        help: 'How much: `stat` sizes, `hash` all bytes, `restore` the content of a scratch database.',
    },
    {
        name: 'assert',
        commands: ['backup', 'verify', 'doctor'],
        kind: 'lines',
        default: 'none',
        help: 'Queries that must be true in the restored database, one per line: `app.sqlite3: SELECT count(*) > 0 FROM users`.',
    },
    {
        name: 'scratch-url',
        commands: ['backup', 'verify', 'doctor'],
        kind: 'secret-lines',
        default: 'a cluster of its own, made from the server programs of this machine',
        help: 'PostgreSQL server to verify in, such as a service container: a new database is made and dropped.',
    },
    {
        name: 'backup',
        commands: both,
        kind: 'text',
        default: 'latest',
        help: 'Which backup: an id, `latest`, or `before:2026-11-21T03:00:00Z`.',
    },
    {
        name: 'to',
        commands: restore,
        kind: 'secret-lines',
        default: 'none; required',
        help: 'What to restore to: `sqlite:/path/app.sqlite3`, `postgres://user:password@host/database`, or `file:folder` for the files alone.',
    },
    {
        name: 'confirm',
        commands: restore,
        kind: 'text',
        default: 'none',
        help: 'The name of the database that is replaced, typed: `app.sqlite3`, `app_production`.',
    },
    {
        name: 'only',
        commands: restore,
        kind: 'lines',
        default: 'the one that fits; all for a folder',
        help: 'Which database of a backup of several; for a folder one or more, one per line.',
    },
    {
        name: 'stop',
        commands: restore,
        kind: 'text',
        default: 'none',
        help: 'Command that stops the app, run on the machine of the database right before that is replaced.',
    },
    {
        name: 'start',
        commands: restore,
        kind: 'text',
        default: 'none',
        help: 'Command that starts the app again, run after the swap, also when that failed.',
    },
    {
        name: 'force',
        commands: restore,
        kind: 'boolean',
        default: 'false',
        help: 'Go on although the database is in use (PostgreSQL: end its sessions) or can not be backed up first, or the schema alone of the backup differs from its manifest.',
    },
    {
        name: 'jobs',
        commands: restore,
        kind: 'count',
        default: '1, in a single transaction',
        help: 'How many connections `pg_restore` uses at the same time.',
    },
    {
        name: 'all',
        commands: ['list'],
        kind: 'boolean',
        default: 'false',
        help: 'Also show what failed runs have left, and uploads that are not finished.',
    },
    {
        name: 'max-age',
        commands: ['check'],
        kind: 'text',
        default: '26h',
        help: 'The newest backup must be younger: `26h`, `7d`.',
    },
    {
        name: 'max-verified-age',
        commands: ['check'],
        kind: 'text',
        default: 'off',
        help: 'The newest backup verified by `restore` or `hash` must be younger: `8d`.',
    },
];

;// CONCATENATED MODULE: ./build/config/options-retention.js
const retention = ['backup', 'prune', 'doctor', 'lifecycle'];
/** Which backups are kept. */
const retentionOptions = [
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
];

;// CONCATENATED MODULE: ./build/config/options.js





/**
 * The one table of options. Action inputs, flags, variables, `--help`, action.yml and the README's table come from it.
 */
const options = [
    {
        name: 'name',
        commands: config_option/* storeCommands */.WY,
        kind: 'text',
        default: "the repository's name; else the current folder's",
        help: 'What is backed up; a folder in the store.',
    },
    {
        name: 'store',
        commands: config_option/* storeCommands */.WY,
        kind: 'text',
        default: '`file:backups` in the CLI; required in the Action',
        help: 'Where backups go: `s3://bucket[/prefix]` or `file:path`.',
    },
    {
        name: 's3-endpoint',
        commands: config_option/* storeCommands */.WY,
        kind: 'text',
        default: 'AWS',
        help: 'URL of the S3 service of B2, R2, Spaces, MinIO, ….',
    },
    {
        name: 's3-region',
        commands: config_option/* storeCommands */.WY,
        kind: 'text',
        default: 'told by the endpoint, or by the environment',
        help: "The bucket's region.",
    },
    {
        name: 's3-access-key-id',
        commands: config_option/* storeCommands */.WY,
        kind: 'text',
        default: "the AWS SDK's own chain (OIDC role, environment)",
        help: 'Id of the storage key.',
    },
    {
        name: 's3-secret-access-key',
        commands: config_option/* storeCommands */.WY,
        kind: 'secret',
        default: "the AWS SDK's own chain",
        help: 'The storage key itself.',
    },
    ...backupOptions,
    ...keyOptions,
    ...restoreOptions,
    ...retentionOptions,
    {
        name: 'stall-timeout',
        commands: config_option/* storeCommands */.WY,
        kind: 'text',
        default: '60s',
        help: 'How long the store, the server or a transfer may be silent before it is given up: `30s`, `5min`. What is slow is waited for.',
    },
    {
        name: 'dry-run',
        commands: ['backup', 'restore', 'prune'],
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

/***/ 6667:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  o: () => (/* binding */ parseConfig)
});

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./build/core/errors.js
var errors = __webpack_require__(2807);
// EXTERNAL MODULE: ./build/core/keys.js
var keys = __webpack_require__(7464);
// EXTERNAL MODULE: ./build/core/secret.js
var secret = __webpack_require__(5616);
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
        return text === undefined ? undefined : new secret/* Secret */.z(text.trim());
    }
    /** Lines that are neither blank nor a `#` comment. */
    lines(name) {
        return this.numberedLines(name).map(({ line }) => line);
    }
    /** The same, each with its number in the text as it was given. */
    numberedLines(name) {
        const lines = (this.#raw[name] ?? '').split(/\r\n|\r|\n/);
        const numbered = lines.map((line, index) => ({ line: line.trim(), number: index + 1 }));
        return numbered.filter(({ line }) => line !== '' && !line.startsWith('#'));
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

// EXTERNAL MODULE: ./build/core/signature.js
var signature = __webpack_require__(2020);
;// CONCATENATED MODULE: ./build/config/parse-keys.js



const secretKey = /AGE-SECRET-KEY-|-----BEGIN [A-Z ]*PRIVATE KEY/;
const armored = /-----BEGIN PGP PUBLIC KEY BLOCK-----[\s\S]*?-----END PGP PUBLIC KEY BLOCK-----/g;
const privateBlock = /-----BEGIN PGP PRIVATE KEY BLOCK-----[\s\S]*?-----END PGP PRIVATE KEY BLOCK-----/g;
const publicPem = /-----BEGIN PUBLIC KEY-----[\s\S]*?-----END PUBLIC KEY-----/g;
/** How backups are encrypted; `null`: not at all. Asked for and wrong is a problem, never nothing. */
function parseEncryption(fields) {
    const text = fields.text('encrypt-to');
    const passphrase = parsePassphrase(fields);
    if (text === undefined) {
        return passphrase === null ? null : { kind: 'gpg', publicKeys: [], passphrase };
    }
    if (text === 'none') {
        assertNoPassphrase(fields, '`encrypt-to: none`');
        return { kind: 'none' };
    }
    if (secretKey.test(text)) {
        fields.problem('encrypt-to', '`encrypt-to` holds a secret key: it would be known to everybody who may read the workflow.', 'Make a new key, never use this one again, and set `encrypt-to` to the public half (`age1…`).');
        return null;
    }
    const publicKeys = text.match(armored) ?? [];
    const lines = text
        .replace(armored, '')
        .split(/\r\n|\r|\n/)
        .map((line) => line.trim());
    const recipients = lines.filter((line) => line !== '' && !line.startsWith('#'));
    if (publicKeys.length === 0)
        return parseRecipients(fields, recipients);
    const [wrong] = recipients;
    if (wrong !== undefined) {
        const hint = 'Use age recipients or OpenPGP keys, not both.';
        fields.problem('encrypt-to', `\`encrypt-to\` has ${show(wrong)} beside OpenPGP keys.`, hint);
    }
    return { kind: 'gpg', publicKeys, passphrase: null };
}
/** gpg would take the first line for all of it. */
function parsePassphrase(fields) {
    const passphrase = fields.secret('passphrase') ?? null;
    if (passphrase !== null && /[\r\n\0]/.test(passphrase.reveal())) {
        fields.problem('passphrase', '`passphrase` has more than one line.', 'Write it on one line, and nothing else.');
    }
    return passphrase;
}
/** X25519 and post-quantum recipients of age (https://c2sp.org/age). */
const recipientForms = [/^age1[02-9ac-hj-np-z]{58}$/, /^age1pq1[02-9ac-hj-np-z]{1000,3000}$/];
function parseRecipients(fields, recipients) {
    for (const recipient of recipients.filter((line) => !recipientForms.some((form) => form.test(line)))) {
        const hint = recipient.startsWith('ssh-')
            ? 'SSH keys are not supported; make an age key with `holdfast keygen` or `age-keygen`.'
            : 'Take the line that begins with `age1`, as `holdfast keygen` or `age-keygen` prints it.';
        fields.problem('encrypt-to', `\`encrypt-to\` has ${show(recipient)}, which is no age recipient.`, hint);
    }
    if (recipients.length === 0) {
        const hint = 'Write an age recipient (`age1…`), or leave the option out.';
        fields.problem('encrypt-to', '`encrypt-to` names nobody.', hint);
    }
    const quantum = recipients.filter((line) => line.startsWith('age1pq1'));
    if (quantum.length > 0 && quantum.length < recipients.length) {
        fields.problem('encrypt-to', '`encrypt-to` mixes post-quantum and classic recipients, which is as weak as the classic ones.', 'Use one kind for all.');
    }
    assertNoPassphrase(fields, 'age recipients in `encrypt-to`');
    return { kind: 'age', recipients };
}
function assertNoPassphrase(fields, beside) {
    if (!fields.has('passphrase'))
        return;
    fields.problem('passphrase', `\`passphrase\` is set beside ${beside}.`, 'Leave one of them out.');
}
/** What opens encrypted backups. */
function parseKeys(fields) {
    const text = fields.secret('identity')?.reveal() ?? '';
    const privateKeys = (text.match(privateBlock) ?? []).map((block) => new secret/* Secret */.z(block));
    const lines = text
        .replace(privateBlock, '')
        .split(/\r\n|\r|\n/)
        .map((line) => line.trim());
    const identities = lines.filter((line) => line !== '' && !line.startsWith('#'));
    const wrong = identities.filter((line) => !/^AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]+$/.test(line));
    if (wrong.length > 0 || (text !== '' && identities.length + privateKeys.length === 0)) {
        const hint = 'Give `AGE-SECRET-KEY-…` lines, a file of `age-keygen`, or an armored OpenPGP private key.';
        fields.problem('identity', '`identity` holds something that is no secret key of age or OpenPGP.', hint);
    }
    return {
        identities: identities.map((line) => new secret/* Secret */.z(line)),
        privateKeys,
        passphrase: parsePassphrase(fields),
    };
}
function parseSigner(fields) {
    const key = fields.secret('sign-key');
    return key === undefined ? null : readKey(fields, 'sign-key', () => (0,signature/* signerOf */.Kv)(key));
}
function parseVerifier(fields) {
    const key = fields.text('verify-key');
    if (key === undefined)
        return null;
    const pems = key.match(publicPem) ?? [];
    const lines = key.replace(publicPem, '').split(/\s+/).filter(Boolean);
    return readKey(fields, 'verify-key', () => (0,signature/* anyOf */.EB)([...pems, ...lines].map(signature/* verifierOf */.Sb)));
}
function readKey(fields, name, read) {
    try {
        return read();
    }
    catch {
        fields.problem(name, `\`${name}\` is no Ed25519 key.`, `Take the ${name} that \`holdfast keygen\` prints.`);
        return null;
    }
}

// EXTERNAL MODULE: ./build/core/duration.js
var core_duration = __webpack_require__(1420);
// EXTERNAL MODULE: ./build/core/retention.js
var retention = __webpack_require__(8224);
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
    if (!broken && (0,retention/* isEmptyPolicy */.k)(policy)) {
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
    const duration = (0,core_duration/* parseDuration */.E)(text);
    if (duration === null) {
        fields.problem('keep-within', `\`keep-within\` is ${show(text)}, which is no length of time.`, 'Write `48h`, `7d`, `4w`, `6m` (months) or `1y`.');
    }
    return duration;
}
function parseTimeZone(fields) {
    const name = fields.text('time-zone') ?? 'UTC';
    // What knows all of them takes 4 ms to load.
    if (name === 'UTC')
        return name;
    try {
        return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone;
    }
    catch {
        fields.problem('time-zone', `\`time-zone\` is ${show(name)}, which is no IANA time zone.`, 'Write `Europe/Berlin` or `UTC`.');
        return 'UTC';
    }
}

// EXTERNAL MODULE: ./build/core/backup-id.js
var backup_id = __webpack_require__(8850);
;// CONCATENATED MODULE: ./build/config/parse-proof.js




const levels = ['stat', 'hash', 'restore'];
function parseLevel(fields) {
    return fields.choice('level', levels, 'restore');
}
/** How the new backup is verified in the same run; `null`: not at all. */
function parseVerifyAfter(fields, context) {
    const wanted = fields.choice('verify', [...levels, 'true', 'false'], 'false');
    if (wanted !== 'false')
        return parseVerify(fields, wanted === 'true' ? 'restore' : wanted, context);
    for (const name of ['assert', 'scratch-url']) {
        if (!fields.has(name))
            continue;
        const hint = 'Set `verify: restore`, or leave it out.';
        fields.problem(name, `\`${name}\` is set, but \`verify\` is not.`, hint);
    }
    return null;
}
/** A backup that can't be opened in its own run can't be restored there: that would end in a failure each time. */
function requireOpenable(fields, { verify, encryption, keys }) {
    if (verify?.level !== 'restore' || encryption === null || opens(keys, encryption))
        return;
    const message = '`verify` is to restore each new backup, which is encrypted, but the `identity` that opens it is missing.';
    const hint = 'Set `verify: hash` here, and restore by the command `verify` elsewhere, with the identity: a drill of its own.';
    fields.problem('verify', message, hint);
}
function opens({ identities, privateKeys }, encryption) {
    if (encryption.kind === 'none')
        return true;
    if (encryption.kind === 'age')
        return identities.length > 0;
    return encryption.passphrase !== null || privateKeys.length > 0;
}
function parseVerify(fields, level, { face }) {
    const assertions = fields.lines('assert').flatMap((line) => parseAssertion(fields, line) ?? []);
    if (assertions.length > 0 && level !== 'restore') {
        const message = `\`assert\` needs a restored database, which the level ${level} does not make.`;
        fields.problem('assert', message, 'Verify at the level `restore`, or leave `assert` out.');
    }
    return {
        level,
        assertions,
        scratchUrl: parseScratchUrl(fields),
        installClient: fields.boolean('install-client', face === 'action'),
    };
}
/** `app.sqlite3: SELECT …`. */
function parseAssertion(fields, line) {
    const [, database, sql] = /^([^:\s]+)\s*:\s*(\S.*)$/.exec(line) ?? [];
    if (database !== undefined && sql !== undefined)
        return { database, sql };
    const hint = 'Write the database, a colon and a query: `app.sqlite3: SELECT count(*) > 0 FROM users`.';
    fields.problem('assert', `\`assert\` has the line ${show(line)}.`, hint);
    return null;
}
function parseScratchUrl(fields) {
    const url = fields.text('scratch-url');
    if (url === undefined)
        return null;
    if (!/^postgres(?:ql)?:\/\/\S+$/.test(url)) {
        const hint = 'Write `postgres://user:password@localhost:5432/postgres`.';
        fields.problem('scratch-url', '`scratch-url` is no URL of a PostgreSQL server.', hint);
    }
    return new secret/* Secret */.z(url);
}
function parseSelector(fields) {
    const text = fields.text('backup') ?? 'latest';
    if (text === 'latest')
        return { kind: 'latest' };
    if ((0,backup_id/* timeOfBackupId */.s2)(text) !== null)
        return { kind: 'id', id: text };
    const [, time] = /^before:(.+)$/.exec(text) ?? [];
    const before = time === undefined ? null : parseTime(time);
    if (before !== null)
        return { kind: 'before', time: before };
    const hint = 'Write `latest`, an id as `list` shows it, or `before:2026-11-21T03:00:00Z`.';
    fields.problem('backup', `\`backup\` is ${show(text)}, which names no backup.`, hint);
    return { kind: 'latest' };
}
/** ISO 8601 with its offset; a date alone is its beginning in UTC. Without an offset nobody knows which time is meant. */
function parseTime(text) {
    const form = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d))?$/;
    const time = new Date(text);
    const day = new Date(`${text.slice(0, 10)}T00:00:00Z`);
    // 31 February would become 3 March.
    const real = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text.slice(0, 10));
    return form.test(text) && real && !Number.isNaN(time.getTime()) ? time : null;
}
function parseAges(fields) {
    return {
        maxAge: parseAge(fields, 'max-age') ?? (0,core_duration/* parseDuration */.E)('26h'),
        maxVerifiedAge: parseAge(fields, 'max-verified-age'),
    };
}
function parseAge(fields, name) {
    const text = fields.text(name);
    if (text === undefined)
        return null;
    const duration = (0,core_duration/* parseDuration */.E)(text);
    if (duration === null) {
        const hint = 'Write `26h`, `7d` or `90min`.';
        fields.problem(name, `\`${name}\` is ${show(text)}, which is no length of time.`, hint);
    }
    return duration;
}

;// CONCATENATED MODULE: ./build/config/unread-url.js
/** What may be named of a line. Anything else before a colon may be a user, and what follows it a password. */
const schemes = [
    ...['sqlite', 'sqlite3', 'postgres', 'postgresql', 'jdbc', 'file', 's3', 'http', 'https'],
    ...[
        'mysql',
        'mysql2',
        'mariadb',
        'mongodb',
        'mongodb+srv',
        'redis',
        'rediss',
        'sqlserver',
        'mssql',
        'oracle',
    ],
];
/**
 * What a message may say of a text that should have been the URL of a database: never the text itself, as a password may be
 * anywhere in it.
 * @param where the option, or the line of it: `Line 2 of \`database\``
 */
function unreadUrl(where, text) {
    const scheme = /^[a-z0-9+]+(?=:)/i.exec(text)?.[0].toLowerCase() ?? '';
    const named = schemes.includes(scheme) ? ` (\`${scheme}:\`)` : '';
    return `${where}${named} is neither a \`sqlite:\` nor a \`postgres://\` URL.`;
}

;// CONCATENATED MODULE: ./build/config/parse-source.js




function parseHost(fields) {
    return {
        ssh: parseSsh(fields),
        container: parseContainer(fields),
        sudo: fields.boolean('sudo'),
        gated: parseGate(fields),
    };
}
function parseGate(fields) {
    const gated = fields.boolean('ssh-gate');
    if (!gated)
        return false;
    if (!fields.has('ssh')) {
        fields.problem('ssh-gate', '`ssh-gate` is set, but `ssh` is not.', 'Set `ssh: user@host`, or leave it out.');
    }
    for (const name of ['container', 'sudo']) {
        if (!fields.has(name) || fields.text(name) === 'false')
            continue;
        const hint = 'Let the key belong to the user who owns the files, or leave `ssh-gate` out.';
        fields.problem(name, `\`${name}\` is set, but a key with \`ssh-gate\` runs no other program.`, hint);
    }
    return true;
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
    const form = /^(?<user>[^@:\s-][^@:\s]*)@(?:\[(?<v6>[0-9a-fA-F:.]+)\]|(?<name>[^@:\s[\]-][^@:\s[\]]*))(?::(?<port>\d{1,5}))?$/;
    const { user, v6, name, port = '22' } = form.exec(target)?.groups ?? {};
    const host = v6 ?? name;
    if (user !== undefined && host !== undefined && Number(port) >= 1 && Number(port) <= 65_535) {
        return { user, host, port: Number(port) };
    }
    const hint = 'Write `user@host` or `user@host:port`; IPv6 as `user@[::1]:22`.';
    // It may be a password that stands there.
    const what = /:.*@/.test(target) ? 'has a colon before the @' : `is ${show(target)}`;
    fields.problem('ssh', `\`ssh\` ${what}.`, hint);
    return { user: '', host: 'HOST', port: 22 };
}
function required(fields, name, hint) {
    const message = `\`${name}\` is empty, but \`ssh\` needs it`;
    fields.problem(name, `${message} (in a pull request from a fork every secret is empty).`, hint);
    return new secret/* Secret */.z('');
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
    const lines = databaseLines(fields, context);
    const local = host.ssh === null && host.container === null;
    for (const { line, where } of lines) {
        if (/^postgres(?:ql)?:\/\//.test(line))
            postgres.push(new secret/* Secret */.z(line));
        else if (/^sqlite3?:./.test(line))
            sqlite.push(sqlitePath(line, local, context));
        else
            fields.problem('database', unreadUrl(where, line), databaseHint(line));
    }
    if (lines.length === 0) {
        fields.problem('database', '`database` is not set.', databaseForms);
    }
    if (host.gated && postgres.length > 0) {
        fields.problem('database', '`database` has a PostgreSQL URL, but a key with `ssh-gate` takes SQLite files only.', 'Back it up in a run of its own without `ssh-gate`: straight from the server, or with another key.');
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
function databaseLines(fields, { env }) {
    const fallback = env['DATABASE_URL']?.trim();
    if (!fields.has('database') && fallback)
        return [{ line: fallback, where: '`DATABASE_URL`' }];
    return fields
        .numberedLines('database')
        .map(({ line, number }) => ({ line, where: `Line ${number} of \`database\`` }));
}
/** `sqlite:relative`, `sqlite:/absolute`, and Rails' `sqlite3:///absolute`. */
function sqlitePath(line, local, { cwd }) {
    const path = line.slice(line.indexOf(':') + 1).replace(/^\/\/(?=\/)/, '');
    return local && !path.startsWith('~/') ? (0,external_node_path_.resolve)(cwd, path) : path;
}
const databaseForms = 'Write `sqlite:/path/to/file.sqlite3` or `postgres://user:password@host/database`.';
function databaseHint(line) {
    const isPath = /^(?:~|\.{0,2})\//.test(line) || /\.(?:db|sqlite3?)$/.test(line);
    return isPath ? 'Write `sqlite:` before the path of a SQLite file.' : databaseForms;
}

;// CONCATENATED MODULE: ./build/config/parse-stall.js


const absentMs = 60_000;
/** Shorter pauses are normal, and longer ones nobody waits for. */
const [leastMs, mostMs] = [1000, 86_400_000];
/** How long a peer may be silent, in milliseconds. */
function parseStall(fields) {
    const text = fields.text('stall-timeout');
    if (text === undefined)
        return absentMs;
    const ms = millisecondsOf(text);
    if (ms >= leastMs && ms <= mostMs)
        return ms;
    const message = `\`stall-timeout\` is ${show(text)}, which is no length of time from 1 second to 1 day.`;
    fields.problem('stall-timeout', message, 'Write `30s` or `5min` (`5m` would be months).');
    return absentMs;
}
function millisecondsOf(text) {
    const { years, months, weeks, days, hours, minutes, seconds } = (0,core_duration/* parseDuration */.E)(text) ?? nothing;
    if (years + months + weeks > 0)
        return Number.NaN;
    return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
}
const nothing = { years: 0, months: 0, weeks: 0, days: 0, hours: 0, minutes: 0, seconds: 0 };

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
    if (text.includes('@')) {
        // What comes before it may be a key.
        const hint = `${parse_store_forms} A key goes into \`s3-access-key-id\` and \`s3-secret-access-key\`.`;
        fields.problem('store', '`store` has an `@`, which no bucket has.', hint);
        return nowhere;
    }
    if (text.startsWith('s3://'))
        return parseBucket(fields, text, env);
    fields.problem('store', `\`store\` is ${show(text)}, which names no store.`, parse_store_forms);
    return nowhere;
}
/** For commands about a bucket itself. */
function requireBucket(store, fields) {
    if (store.kind === 's3')
        return store;
    // A store that could not be read has its problem already.
    if (store.path !== '') {
        fields.problem('store', 'Only buckets have lifecycle rules, and `store` is a folder.', 'Write `s3://bucket/prefix`.');
    }
    return { kind: 's3', bucket: '', prefix: '', endpoint: undefined, region: undefined, key: undefined };
}
/** `null`: what is stored is not locked. */
function parseLock(store, fields) {
    const days = fields.count('lock-days', 0, 0, 36_500);
    const mode = fields.choice('lock-mode', ['governance', 'compliance'], 'governance');
    if (days === 0) {
        if (fields.has('lock-mode') && !fields.has('lock-days')) {
            fields.problem('lock-mode', '`lock-mode` is set, but `lock-days` is not.', 'Set `lock-days: 30`, or leave both out.');
        }
        return null;
    }
    if (store.kind === 'folder') {
        const hint = 'Leave `lock-days` out, or store in a bucket with Object Lock.';
        fields.problem('lock-days', '`lock-days` is set, but `store` is a folder, which has no locks.', hint);
    }
    return { days, mode };
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
        key: parseKey(fields),
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
    if (url === null || !/^https?:$/.test(url.protocol)) {
        fields.problem('s3-endpoint', '`s3-endpoint` is no URL of a service.', hint);
        return undefined;
    }
    // The rest of it is not shown: keys have been found there.
    const shown = `${url.protocol}//${url.hostname}`;
    const { pathname, search, hash, username, password } = url;
    if (!['', '/'].includes(pathname) || search + hash + username + password !== '') {
        const message = `\`s3-endpoint\` has more than the address of a service, ${shown}.`;
        fields.problem('s3-endpoint', message, hint);
        return undefined;
    }
    const loopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
    if (url.protocol === 'http:' && !loopback) {
        fields.problem('s3-endpoint', `\`s3-endpoint\` ${shown} would send backups in the clear.`, 'Write https://.');
    }
    return url.origin;
}
function parseKey(fields) {
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

;// CONCATENATED MODULE: ./build/config/parse-target.js




const parse_target_forms = 'Write `sqlite:/path/to/app.sqlite3`, `postgres://user:password@host/database`, or `file:folder` for the files alone.';
/** Where a restore goes: a database, by the same words as in `database`, or a folder of this machine. */
function parse_target_parseTarget(fields, context) {
    const text = fields.text('to') ?? '';
    const folder = folderOf(text);
    if (folder !== null)
        return parseFolder(fields, (0,external_node_path_.resolve)(context.cwd, folder));
    return {
        kind: 'database',
        host: parseHost(fields),
        database: parseDatabase(fields, text, context),
        only: parseOnly(fields),
        confirm: fields.text('confirm') ?? null,
        stop: fields.text('stop') ?? null,
        start: fields.text('start') ?? null,
        force: fields.boolean('force'),
    };
}
/** `file:folder`, or what can only be a path. */
function folderOf(text) {
    if (text.startsWith('file:'))
        return text.slice('file:'.length).replace(/^\/\/(?=\/)/, '') || null;
    // `//user:password@host` is a URL that lost its scheme.
    if (/^\/\/.*@/.test(text))
        return null;
    return /^(?:\.{0,2}\/|\.{1,2}$)/.test(text) ? text : null;
}
/** Of no use where no database is replaced. */
const ofDatabases = [
    ...['ssh', 'ssh-key', 'ssh-key-passphrase', 'ssh-known-hosts', 'container', 'sudo'],
    ...['confirm', 'stop', 'start', 'force', 'jobs'],
];
function parseFolder(fields, path) {
    for (const name of ofDatabases.filter((candidate) => fields.has(candidate))) {
        const message = `\`${name}\` is set, but \`to\` is a folder of this machine.`;
        fields.problem(name, message, 'Leave it out, or name a database in `to`.');
    }
    return { kind: 'folder', path, only: fields.lines('only') };
}
function parseDatabase(fields, text, context) {
    const installClient = fields.boolean('install-client', context.face === 'action');
    const jobs = fields.count('jobs', 1, 1, 64);
    const local = !fields.has('ssh') && !fields.has('container');
    if (/^postgres(?:ql)?:\/\/\S+$/.test(text)) {
        return { engine: 'postgres', url: new secret/* Secret */.z(text), jobs, installClient };
    }
    if (fields.has('jobs')) {
        fields.problem('jobs', '`jobs` is set, but `to` is no PostgreSQL database.', 'Leave it out.');
    }
    const oneLine = !/[\r\n]/.test(text);
    if (/^sqlite3?:./.test(text) && oneLine)
        return { engine: 'sqlite', path: sqlitePath(text, local, context) };
    fields.problem('to', text === '' ? '`to` is not set.' : unreadUrl('`to`', text), parse_target_forms);
    return { engine: 'sqlite', path: '' };
}
function parseOnly(fields) {
    const [only = null, ...more] = fields.lines('only');
    if (more.length > 0) {
        fields.problem('only', '`only` names several databases, but `to` is one.', 'Name one of them.');
    }
    return only;
}

;// CONCATENATED MODULE: ./build/config/parse.js











/**
 * Makes settings of texts.
 * @param earlier what was wrong before: unknown names, files that can't be read
 * @throws ConfigError with every problem at once; for `doctor` they are in its settings
 */
function parseConfig(command, raw, context, earlier = []) {
    const fields = new Fields(raw);
    const config = parseFields(command, fields, context);
    const unread = new Set(earlier.map(({ input }) => input));
    // What could not be read has its problem already.
    const problems = [...earlier, ...fields.problems.filter(({ input }) => !unread.has(input))];
    if (config.command === 'doctor')
        return { ...config, problems };
    const [first, ...rest] = problems;
    if (first !== undefined)
        throw new errors/* ConfigError */.xL([first, ...rest]);
    return config;
}
function parseFields(command, fields, context) {
    if (command === 'keygen')
        return { command };
    const common = {
        name: parseName(fields, context),
        store: parseStore(fields, context),
        stallMs: parseStall(fields),
    };
    const dryRun = fields.boolean('dry-run');
    switch (command) {
        case 'list':
            return { ...common, command, all: fields.boolean('all') };
        case 'prune':
            return { ...common, command, policy: requirePolicy(fields), verifier: parseVerifier(fields), dryRun };
        case 'lifecycle':
            return { ...common, command, store: requireBucket(common.store, fields), policy: parsePolicy(fields) };
        case 'check':
            return { ...common, command, ...parseAges(fields) };
        case 'verify':
            return {
                ...common,
                command,
                selector: parseSelector(fields),
                keys: parseKeys(fields),
                verifier: parseVerifier(fields),
                verify: parseVerify(fields, parseLevel(fields), context),
            };
        case 'restore':
            return {
                ...common,
                command,
                selector: parseSelector(fields),
                keys: parseKeys(fields),
                verifier: parseVerifier(fields),
                encryption: parseEncryption(fields),
                signer: parseSigner(fields),
                target: parse_target_parseTarget(fields, context),
                dryRun,
            };
        case 'doctor':
            return { ...common, command, ...parseBackup(fields, common.store, context), problems: [] };
        case 'backup': {
            const backup = parseBackup(fields, common.store, context);
            requireOpenable(fields, backup);
            return { ...common, command, ...backup, dryRun };
        }
    }
}
function parseBackup(fields, store, context) {
    const host = parseHost(fields);
    return {
        host,
        sources: parseSources(fields, host, context),
        compression: parseCompression(fields),
        encryption: parseEncryption(fields),
        keys: parseKeys(fields),
        signer: parseSigner(fields),
        verifier: parseVerifier(fields),
        verify: parseVerifyAfter(fields, context),
        policy: parsePolicy(fields),
        failOnShrink: fields.boolean('fail-on-shrink'),
        lock: parseLock(store, fields),
    };
}
/** The name of the catalog, also when the rest of the settings is not read: one safe path segment. */
function parseName(fields, { env, cwd }) {
    const name = fields.text('name');
    if (name === undefined)
        return (0,keys/* safeName */.jC)((0,external_node_path_.basename)(env['GITHUB_REPOSITORY'] ?? cwd));
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


/***/ }),

/***/ 3536:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ko: () => (/* binding */ readInputs),
/* harmony export */   L5: () => (/* binding */ unknown),
/* harmony export */   V$: () => (/* binding */ foreign),
/* harmony export */   uW: () => (/* binding */ readFlags)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3024);
/* harmony import */ var leven__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(7785);
/* harmony import */ var _option_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(9114);
/* harmony import */ var _options_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9242);




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
            problems.push(unknown('input', name, [commandInput, ..._options_js__WEBPACK_IMPORTED_MODULE_2__/* .options */ .f.map((option) => option.name)]));
    }
    if (command === null)
        return { command: 'backup', raw, problems, isUnknown: true };
    return { command, raw: withoutForeign(command, raw, problems), problems };
}
/** Variables of the command line that are no options. */
const otherVariables = ['HOLDFAST_DEBUG'];
/** `HOLDFAST_*` variables below the flags, and files read for options that hold a key. */
function readFlags(command, flags, env, earlier = []) {
    const problems = [...earlier, ...unknownVariables(env)];
    const raw = {};
    for (const option of _options_js__WEBPACK_IMPORTED_MODULE_2__/* .options */ .f.filter(({ commands }) => commands.includes(command))) {
        const given = [flags[option.name] ?? env[(0,_options_js__WEBPACK_IMPORTED_MODULE_2__/* .variableOf */ .Q)(option.name)] ?? []].flat();
        const from = flags[option.name] === undefined ? (0,_options_js__WEBPACK_IMPORTED_MODULE_2__/* .variableOf */ .Q)(option.name) : `--${option.name}`;
        if (given.length > 1 && !(0,_option_js__WEBPACK_IMPORTED_MODULE_1__/* .isRepeatable */ .su)(option.kind))
            problems.push(repeated(option.name, given.length));
        const contents = given.flatMap((text) => contentOf(option, { text, from }, env, problems) ?? []);
        if (contents.length > 0)
            raw[option.name] = contents.join('\n');
    }
    return { command, raw, problems };
}
/** One that is misspelt would be no setting at all: a backup could go elsewhere, or prune nothing. */
function unknownVariables(env) {
    const known = [..._options_js__WEBPACK_IMPORTED_MODULE_2__/* .options */ .f.map(({ name }) => (0,_options_js__WEBPACK_IMPORTED_MODULE_2__/* .variableOf */ .Q)(name)), ...otherVariables];
    return Object.keys(env)
        .filter((variable) => variable.startsWith('HOLDFAST_') && !known.includes(variable))
        .map((variable) => unknown('variable', variable, known));
}
function readCommand(text, problems) {
    if (text === 'keygen') {
        problems.push({
            input: 'command',
            message: '`keygen` prints secret keys, which the log of a workflow is no place for.',
            hint: 'Run `holdfast keygen` on your own machine.',
        });
        return null;
    }
    const known = _option_js__WEBPACK_IMPORTED_MODULE_1__/* .commands */ .Pi.find((command) => command === text);
    if (known === undefined)
        problems.push(unknown('command', text, _option_js__WEBPACK_IMPORTED_MODULE_1__/* .commands */ .Pi));
    return known ?? null;
}
/** `there is no X; did you mean Y?` */
function unknown(what, name, known) {
    const [nearest = ''] = [...known].sort((a, b) => (0,leven__WEBPACK_IMPORTED_MODULE_3__/* ["default"] */ .A)(a, name) - (0,leven__WEBPACK_IMPORTED_MODULE_3__/* ["default"] */ .A)(b, name));
    return {
        input: name,
        message: `There is no ${what} \`${name}\`.`,
        hint: `Did you mean \`${nearest}\`?`,
    };
}
function isOption(name) {
    return _options_js__WEBPACK_IMPORTED_MODULE_2__/* .options */ .f.some((option) => option.name === name);
}
function present(name, text) {
    return text.trim() === '' ? {} : { [name]: text };
}
/** An input that the command has no use for is told: it may be meant for another command. */
function withoutForeign(command, raw, problems) {
    const mine = {};
    for (const option of _options_js__WEBPACK_IMPORTED_MODULE_2__/* .options */ .f) {
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
/**
 * In the CLI a key or a list of hosts may be given as a file's path.
 * @returns `null` when there is a problem with it. Given and empty is one: a script whose variable is not set must not turn off
 * what was asked for.
 */
function contentOf(option, { text, from }, env, problems) {
    const content = textOrFile(option, text, env, problems);
    if (content === null || content.trim() !== '')
        return content;
    problems.push(empty(option.name, text.trim() === '' ? from : `the file ${text.trim()}`));
    return null;
}
function textOrFile(option, text, env, problems) {
    const path = text.trim().replace(/^~(?=\/)/, env['HOME'] ?? '~');
    if (!(0,_option_js__WEBPACK_IMPORTED_MODULE_1__/* .isKey */ .m0)(option.kind) || /[\r\n]/.test(path))
        return text;
    try {
        if ((0,node_fs__WEBPACK_IMPORTED_MODULE_0__.statSync)(path, { throwIfNoEntry: false })?.isFile())
            return (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.readFileSync)(path, 'utf8');
    }
    catch (error) {
        problems.push(unreadable(option.name, isFreeText(option.name) ? null : path, error.code ?? 'unknown reason'));
        return null;
    }
    if (!isMissingFile(option.name, path))
        return text;
    // What was taken for a path may be the secret.
    problems.push(unreadable(option.name, isFreeText(option.name) ? null : path, 'there is none'));
    return null;
}
/** Secrets that any text can be. */
const isFreeText = (name) => /passphrase$/.test(name);
/** A name that was meant as a file's must not become the passphrase itself. Keys never begin like a path, but a storage key may, and a passphrase. */
function isMissingFile(name, path) {
    if (name === 's3-secret-access-key')
        return false;
    if (!isFreeText(name))
        return /^(?:~|\.{0,2}\/)/.test(path);
    const [, top = ''] = /^(\/[^/]+)\//.exec(path) ?? [];
    return (/^(?:~|\.{1,2})\//.test(path) ||
        /^[\w./~-]+\.(?:txt|key|pass|passphrase|secret|pem|asc|gpg|age|env)$/i.test(path) ||
        (top !== '' && (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.statSync)(top, { throwIfNoEntry: false }) !== undefined));
}
function repeated(name, times) {
    return {
        input: name,
        message: `\`--${name}\` is given ${times} times, but has one value.`,
        hint: 'Leave all but one of them out.',
    };
}
function empty(name, where) {
    return {
        input: name,
        message: `\`${name}\` is given but empty (${where}).`,
        hint: 'Give it a value, or leave it out; in a script, look whether the variable that it comes from is set.',
    };
}
/** @param path `null`: not to be shown */
function unreadable(name, path, why) {
    return {
        input: name,
        message: `The file ${path === null ? '' : `${path} `}of \`${name}\` can't be read (${why}).`,
        hint: 'Correct the path, or give the text itself.',
    };
}


/***/ }),

/***/ 8850:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   _H: () => (/* binding */ newBackupId),
/* harmony export */   a8: () => (/* binding */ parseCompactTime),
/* harmony export */   dh: () => (/* binding */ compactTime),
/* harmony export */   s2: () => (/* binding */ timeOfBackupId)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);

/** Crockford's base 32 in lower case: no letter that reads like a digit (https://www.crockford.com/base32.html). */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const pattern = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z-[0-9a-hjkmnp-tv-z]{4}$/;
/** An id such as `20261121T031702Z-k3tq`: the time in UTC and four random characters. Ids sort by time. */
function newBackupId(now, random = node_crypto__WEBPACK_IMPORTED_MODULE_0__.randomBytes) {
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
    const time = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
    // 30 February would become 2 March, and 24:00 the next day.
    return time.getUTCDate() === Number(day) ? time : null;
}
/** The time of a {@link compactTime} text, or `null`. */
function parseCompactTime(text) {
    return timeOfBackupId(`${text}-0000`);
}


/***/ }),

/***/ 7993:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $$: () => (/* binding */ bytesOf),
/* harmony export */   Fo: () => (/* binding */ collect),
/* harmony export */   Uc: () => (/* binding */ ahead),
/* harmony export */   Ze: () => (/* binding */ drain),
/* harmony export */   _r: () => (/* binding */ release),
/* harmony export */   bx: () => (/* binding */ alongside),
/* harmony export */   md: () => (/* binding */ unlessSilent),
/* harmony export */   ox: () => (/* binding */ Watch)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);
/* harmony import */ var node_events__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8474);
/* harmony import */ var node_stream__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(7075);
/* harmony import */ var node_worker_threads__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(5919);




/** Takes note of the bytes that pass: {@link Watch.digest} tells what has passed so far. */
class Watch {
    #hash = (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)('sha256');
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
    /** How many have passed. */
    get bytes() {
        return this.#bytes;
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
    const copy = new node_stream__WEBPACK_IMPORTED_MODULE_2__.PassThrough({ highWaterMark: 1024 * 1024 });
    const read = reader(copy);
    // Awaited below; a failure before that must not count as unhandled.
    read.catch(() => { });
    try {
        for await (const chunk of source) {
            if (!copy.write(chunk))
                await Promise.race([(0,node_events__WEBPACK_IMPORTED_MODULE_1__.once)(copy, 'drain'), read]);
            yield chunk;
        }
        copy.end();
        await read;
    }
    finally {
        copy.destroy();
    }
}
/** The same, the next already on its way while the last is being used. */
async function* ahead(source) {
    const chunks = source[Symbol.asyncIterator]();
    try {
        for (let next = chunks.next();;) {
            const { done, value } = await next;
            if (done)
                return;
            next = chunks.next();
            // Awaited in its turn, unless the reader leaves before.
            next.catch(() => { });
            yield value;
        }
    }
    finally {
        await chunks.return?.();
    }
}
/** The same bytes. When the next of them take longer than `ms`, `giveUp` is called, which must make the source fail. */
async function* unlessSilent(source, ms, giveUp) {
    const chunks = source[Symbol.asyncIterator]();
    try {
        for (;;) {
            // Only the wait is timed, not what the reader does with the bytes.
            const timer = setTimeout(giveUp, ms);
            const { done, value } = await chunks.next().finally(() => clearTimeout(timer));
            if (done)
                return;
            yield value;
        }
    }
    finally {
        await chunks.return?.();
    }
}
/**
 * Gives memory back now that would else wait for a collection, which counts that of buffers at next to nothing. Only for bytes whose memory
 * nobody else has a view of and no call under way uses: it is gone for all of them. What Node shares out (its pool for small buffers) stays.
 */
function release({ buffer }) {
    if (!(0,node_worker_threads__WEBPACK_IMPORTED_MODULE_3__.isMarkedAsUntransferable)(buffer))
        buffer.transfer(0);
}
/** Reads to the end and lets the bytes go. */
async function drain(source) {
    for await (const _ of source)
        ;
}


/***/ }),

/***/ 6778:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   V: () => (/* binding */ Calendar)
/* harmony export */ });
/* harmony import */ var temporal_polyfill__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1617);

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
        const zoned = temporal_polyfill__WEBPACK_IMPORTED_MODULE_0__/* .Temporal */ .fE.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(this.#timeZone);
        return new Date(zoned.subtract(duration).epochMilliseconds);
    }
    #offsetAt(timeMs) {
        if (timeMs < this.#stretch.fromMs || timeMs >= this.#stretch.untilMs)
            this.#stretch = this.#stretchAt(timeMs);
        return this.#stretch.offsetMs;
    }
    /** The time around `timeMs` in which the zone's offset from UTC does not change. */
    #stretchAt(timeMs) {
        const zoned = temporal_polyfill__WEBPACK_IMPORTED_MODULE_0__/* .Temporal */ .fE.Instant.fromEpochMilliseconds(timeMs).toZonedDateTimeISO(this.#timeZone);
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


/***/ }),

/***/ 5281:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $b: () => (/* binding */ ourKeys),
/* harmony export */   ML: () => (/* binding */ readUnfinished),
/* harmony export */   Xe: () => (/* binding */ provesContent),
/* harmony export */   ll: () => (/* binding */ newestFirst),
/* harmony export */   qi: () => (/* binding */ isMark),
/* harmony export */   uM: () => (/* binding */ readCatalog)
/* harmony export */ });
/* harmony import */ var _backup_id_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8850);
/* harmony import */ var _keys_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7464);


/**
 * Reads the catalog by one pass over the keys; throws when the listing is not complete. Foreign keys are ignored.
 * @param options `id`: of that backup alone
 */
async function readCatalog(store, name, { signal, id: only }) {
    const folders = new Map();
    const prefix = only === undefined ? (0,_keys_js__WEBPACK_IMPORTED_MODULE_1__/* .backupsFolder */ .a)(name) : (0,_keys_js__WEBPACK_IMPORTED_MODULE_1__/* .backupFolder */ .j0)(name, only);
    for await (const stored of store.list(prefix, { signal })) {
        const parsed = (0,_keys_js__WEBPACK_IMPORTED_MODULE_1__/* .parseKey */ .Do)(name, stored.key);
        if (parsed === null)
            continue;
        const objects = folders.get(parsed.id) ?? [];
        objects.push({ ...stored, file: parsed.file });
        folders.set(parsed.id, objects);
    }
    const backups = [];
    const leftovers = [];
    for (const [id, objects] of folders) {
        const createdAt = (0,_backup_id_js__WEBPACK_IMPORTED_MODULE_0__/* .timeOfBackupId */ .s2)(id);
        const storedBytes = objects.reduce((sum, { bytes }) => sum + bytes, 0);
        if (objects.some(({ file }) => file === _keys_js__WEBPACK_IMPORTED_MODULE_1__/* .manifestFile */ .YE)) {
            backups.push({
                ...describe(objects),
                id,
                createdAt,
                storedBytes,
                manifestKey: (0,_keys_js__WEBPACK_IMPORTED_MODULE_1__/* .manifestKey */ .Rn)(name, id),
                objects,
            });
        }
        else {
            const keys = ourKeys(objects);
            const writtenAt = newestWrite(objects, createdAt);
            if (keys.length > 0)
                leftovers.push({ id, createdAt, storedBytes, keys, writtenAt });
        }
    }
    return { backups: backups.sort(newestFirst), leftovers: leftovers.sort(newestFirst) };
}
function newestWrite(objects, begun) {
    const times = objects.filter(({ file }) => isOurs(file)).flatMap(({ modifiedAt }) => modifiedAt ?? []);
    return times.reduce((newest, time) => (time > newest ? time : newest), begun);
}
/** Of all backups of that name, also those that are complete without it. What is not named as ours is left out. */
async function readUnfinished(store, name, { signal }) {
    const found = [];
    for await (const put of store.unfinished((0,_keys_js__WEBPACK_IMPORTED_MODULE_1__/* .backupsFolder */ .a)(name), { signal })) {
        const parsed = (0,_keys_js__WEBPACK_IMPORTED_MODULE_1__/* .parseKey */ .Do)(name, put.key);
        if (parsed === null || !(isOurs(parsed.file) || (0,_keys_js__WEBPACK_IMPORTED_MODULE_1__/* .isPartFile */ .I2)(parsed.file)))
            continue;
        found.push({ ...put, backup: parsed.id });
    }
    return found;
}
/** Newest first; equal times by id, so that two runs agree. */
function newestFirst(a, b) {
    return b.createdAt.getTime() - a.createdAt.getTime() || (a.id < b.id ? 1 : -1);
}
/** Whether its best proof is one of content: a proof of sizes alone (`stat`) is none. */
function provesContent({ verified }) {
    return verified !== null && verified.level !== 'stat';
}
/** The keys that are named as ours are: databases, proofs and the manifest. Anything else in the folder is somebody else's. */
function ourKeys(objects) {
    return objects.filter(({ file }) => isOurs(file)).map(({ key }) => key);
}
function isOurs(file) {
    return isMark(file) || (0,_keys_js__WEBPACK_IMPORTED_MODULE_1__/* .databaseOfFile */ .Hc)(file) !== null;
}
/** Whether it is what we put beside the databases' objects: the manifest, a proof, the mark of a restore. */
function isMark(file) {
    return file === _keys_js__WEBPACK_IMPORTED_MODULE_1__/* .manifestFile */ .YE || file === _keys_js__WEBPACK_IMPORTED_MODULE_1__/* .safetyFile */ .Pd || (0,_keys_js__WEBPACK_IMPORTED_MODULE_1__/* .parseProofFile */ .wf)(file) !== null;
}
const levels = ['stat', 'hash', 'restore'];
function describe(objects) {
    const databases = objects.flatMap(({ file, bytes }) => {
        const name = (0,_keys_js__WEBPACK_IMPORTED_MODULE_1__/* .databaseOfFile */ .Hc)(file);
        return name === null ? [] : [{ name, storedBytes: bytes }];
    });
    const proofs = objects.flatMap(({ file }) => (0,_keys_js__WEBPACK_IMPORTED_MODULE_1__/* .parseProofFile */ .wf)(file) ?? []);
    const best = proofs.sort((a, b) => levels.indexOf(b.level) - levels.indexOf(a.level) || b.at.getTime() - a.at.getTime())[0];
    return {
        databases,
        verified: best ?? null,
        pinned: objects.some(({ file }) => _keys_js__WEBPACK_IMPORTED_MODULE_1__/* .pinFiles */ .z4.includes(file)),
        safety: objects.some(({ file }) => file === _keys_js__WEBPACK_IMPORTED_MODULE_1__/* .safetyFile */ .Pd),
        missing: databases.length === 0,
    };
}


/***/ }),

/***/ 4300:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   GJ: () => (/* binding */ isFuture),
/* harmony export */   Mi: () => (/* binding */ judgeClock),
/* harmony export */   R7: () => (/* binding */ assertClock),
/* harmony export */   o0: () => (/* binding */ warnOfClock)
/* harmony export */ });
/* harmony import */ var _doctor_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1359);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2807);


const minuteMs = 60_000;
/** S3 refuses requests that are 15 minutes off, some stores later. */
const toleranceMs = 5 * minuteMs;
/** From here on nobody knows which backups are young. */
const hopelessMs = 60 * minuteMs;
/** Dated later than a clock may be ahead: by a wrong clock, or worse. */
function isFuture({ createdAt }, now) {
    return createdAt.getTime() > now.getTime() + toleranceMs;
}
/** @param aheadMs how much the store's clock is ahead of ours */
function judgeClock(aheadMs) {
    const off = Math.abs(aheadMs);
    if (off <= toleranceMs)
        return (0,_doctor_js__WEBPACK_IMPORTED_MODULE_0__/* .good */ .uw)('The clocks here and there agree.');
    const detail = `The clock of this machine is ${Math.round(off / minuteMs)} minutes ${aheadMs > 0 ? 'behind' : 'ahead of'} the store's.`;
    const hint = 'Set the clock (NTP): ids, retention and signatures of requests go by it.';
    return { level: off > hopelessMs ? 'fail' : 'warn', detail, hint };
}
/** Warns when the clocks differ, as far as the store has told the time. */
function warnOfClock({ clockAheadMs }, reporter) {
    if (clockAheadMs === null)
        return;
    const { level, detail, hint } = judgeClock(clockAheadMs);
    if (level !== 'ok')
        reporter.warn(`${detail} ${hint}`);
}
/** @throws HoldfastError `prune.clock` when by this machine's clock nothing may be called old */
function assertClock({ clockAheadMs }) {
    if (clockAheadMs === null)
        return;
    const { level, detail, hint } = judgeClock(clockAheadMs);
    if (level !== 'fail')
        return;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .HoldfastError */ .Et(`Nothing is pruned by a wrong clock: ${detail}`, { code: 'prune.clock', hint });
}


/***/ }),

/***/ 2187:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Z: () => (/* binding */ compareVersions)
/* harmony export */ });
/** Negative when `a` is the older one: `15.2` and `15.10`. A comparison by locale, which knows numbers too, takes 6 ms to load. */
function compareVersions(a, b) {
    const [left = [], right = []] = [a, b].map((version) => version.split('.'));
    const numberOf = (part = '0') => Number.parseInt(part, 10);
    for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
        const difference = numberOf(left[index]) - numberOf(right[index]);
        if (difference !== 0)
            return difference;
    }
    return 0;
}


/***/ }),

/***/ 5179:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Q: () => (/* binding */ SpareParts),
/* harmony export */   U: () => (/* binding */ Cutter)
/* harmony export */ });
/** What the first part begins with, and how many times as much it gets when that is full. */
const [firstBytes, growth] = [256 * 1024, 4];
/** How many parts that did not get full are kept for others, and of how many bytes each at most. */
const [mostSpare, spareBytes] = [4, firstBytes * growth];
/** The memory of parts that did not get full, for the first ones of other streams: of hundreds it would add up. */
class SpareParts {
    #parts = [];
    /** Of so many bytes at most. */
    take(bytes) {
        const spare = this.#parts.pop() ?? Buffer.allocUnsafeSlow(Math.min(bytes, firstBytes));
        return spare.subarray(0, bytes);
    }
    /** The beginning of what {@link take} gave, or of what it grew to. */
    giveBack({ buffer }) {
        if (buffer.byteLength <= spareBytes && this.#parts.length < mostSpare)
            this.#parts.push(Buffer.from(buffer));
    }
}
/**
 * Cuts a stream into buffers of equal size, and uses a buffer again once it is given back: memory that the garbage
 * collector frees only some time later would add up to hundreds of megabytes.
 */
class Cutter {
    #partBytes;
    #spare;
    #free = [];
    constructor(partBytes, spare = new SpareParts()) {
        this.#partBytes = partBytes;
        this.#spare = spare;
    }
    /** Only the last part may be smaller, and it may be the only one and empty. */
    async *cut(source) {
        // Grows to its size, so that a few bytes take little memory; later parts have it from the start.
        let part = this.#spare.take(this.#partBytes);
        let filled = 0;
        for await (const chunk of source) {
            for (let at = 0; at < chunk.byteLength;) {
                if (filled === part.byteLength && filled < this.#partBytes) {
                    const larger = Buffer.allocUnsafeSlow(Math.min(this.#partBytes, filled * growth));
                    larger.set(part);
                    part = larger;
                }
                else if (filled === part.byteLength) {
                    yield part;
                    part = this.#free.pop() ?? Buffer.allocUnsafeSlow(this.#partBytes);
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
        else
            this.#spare.giveBack(part);
    }
}


/***/ }),

/***/ 6539:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   T: () => (/* binding */ digestFile),
/* harmony export */   r: () => (/* binding */ readDigest)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2807);
/* harmony import */ var _give_way_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(1155);
/* harmony import */ var _program_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6278);



/** Size and SHA-256, whichever tool the host has for it; openssl is about three times as fast as sha256sum. */
const script = `
wc -c <"$1" || exit 1
if command -v openssl >/dev/null 2>&1; then exec openssl dgst -sha256 -r "$1"; fi
if command -v sha256sum >/dev/null 2>&1; then exec sha256sum "$1"; fi
exec shasum -a 256 "$1"
`;
/** Size and SHA-256 of a file, by a program of its host. @param what for messages: `the copy of …` */
async function digestFile(host, file, { what, signal }) {
    const run = await (0,_program_js__WEBPACK_IMPORTED_MODULE_2__/* .runProgram */ .mB)(host, ['sh', '-c', script, 'sh', file], { signal, niceness: _give_way_js__WEBPACK_IMPORTED_MODULE_1__/* .niceness */ .zA.bulk });
    if (run.code !== 0)
        throw (0,_program_js__WEBPACK_IMPORTED_MODULE_2__/* .programFailed */ .U_)(`Hashing ${what}`, host, run);
    return readDigest(run.stdout, what, host);
}
/** Reads what the script prints: the size, and a line that begins with the SHA-256. */
function readDigest(text, what, host) {
    const [bytes = '', hashed = ''] = text.trim().split('\n');
    const sha256 = /^\\?([0-9a-f]{64})\b/.exec(hashed)?.[1];
    if (sha256 === undefined) {
        throw new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .CommandError */ .Qd(`${host.label} gave no SHA-256 for ${what}.`, {
            code: 'host.digest',
            hint: 'Install `openssl` or coreutils (`sha256sum`) there.',
        });
    }
    return { bytes: Number(bytes), sha256 };
}


/***/ }),

/***/ 1359:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Ac: () => (/* binding */ doctor),
/* harmony export */   IM: () => (/* binding */ untried),
/* harmony export */   MB: () => (/* binding */ bad),
/* harmony export */   Yb: () => (/* binding */ doubtful),
/* harmony export */   uw: () => (/* binding */ good)
/* harmony export */ });
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2807);

const good = (detail) => ({ level: 'ok', detail });
const doubtful = (detail, hint) => ({ level: 'warn', detail, hint });
const bad = (detail, hint, input) => ({
    level: 'fail',
    detail,
    hint,
    input,
});
const untried = (why) => ({ level: 'skip', detail: `not tried: ${why}` });
const signs = {
    warn: 'WARNING',
    fail: 'FAILED',
    skip: 'skipped',
};
/** Runs every check that can be run, in order; none stops another but one that needs it. */
async function doctor({ checks, reporter, signal }) {
    const found = [];
    const queue = [...checks];
    for (let check = queue.shift(); check !== undefined; check = queue.shift()) {
        const obstacle = obstacleOf(check, found);
        const finding = obstacle === null ? await findingOf(check, signal) : untried(`${obstacle} is not good.`);
        found.push({ ...finding, id: check.id });
        const { level, detail } = finding;
        reporter.info(`${check.id}: ${level === 'ok' ? 'ok' : `${signs[level]}, ${detail}`}`);
        queue.unshift(...(finding.more ?? []));
    }
    const results = found.map(({ id, level, detail, hint = null }) => ({
        ...{ id, ok: level !== 'fail', level, detail, hint },
    }));
    return { checks: results, failure: failureOf(found) };
}
function obstacleOf({ needs = [] }, found) {
    const without = found.find(({ id, level }) => needs.includes(id) && (level === 'fail' || level === 'skip'));
    return without?.id ?? null;
}
async function findingOf(check, signal) {
    (0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .throwIfCancelled */ .dZ)(signal);
    try {
        return await check.run();
    }
    catch (error) {
        (0,_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .throwIfCancelled */ .dZ)(signal);
        if (error instanceof _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .HoldfastError */ .Et) {
            return { level: 'fail', detail: error.message, hint: error.hint, input: error.input };
        }
        const said = error instanceof Error ? error.message : String(error);
        return bad(`Something failed that should not: ${said}.`, 'Please report this.');
    }
}
function failureOf(found) {
    const failed = found.filter(({ level }) => level === 'fail');
    const [first] = failed;
    if (first === undefined)
        return null;
    const message = failed.length === 1
        ? `A backup would fail at ${first.id}: ${first.detail}`
        : `A backup would fail at ${failed.length} of ${found.length} checks: ${failed.map(({ id }) => id).join(', ')}.`;
    return new _errors_js__WEBPACK_IMPORTED_MODULE_0__/* .HoldfastError */ .Et(message, { code: 'doctor.failed', hint: first.hint, input: first.input });
}


/***/ }),

/***/ 1420:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   E: () => (/* binding */ parseDuration),
/* harmony export */   a: () => (/* binding */ formatDuration)
/* harmony export */ });
const units = {
    y: 'years',
    m: 'months',
    w: 'weeks',
    d: 'days',
    h: 'hours',
    min: 'minutes',
    s: 'seconds',
};
const form = /^(?:(\d{1,5})y)?(?:(\d{1,5})m(?!in))?(?:(\d{1,5})w)?(?:(\d{1,5})d)?(?:(\d{1,6})h)?(?:(\d{1,7})min)?(?:(\d{1,8})s)?$/;
/** Reads `26h`, `7d`, `4w`, `6m` (months), `1y`, `90min`, `30s`, or several from the largest to the smallest: `1y6m`. `null`: not a duration. */
function parseDuration(text) {
    const match = form.exec(text);
    if (match === null || text === '')
        return null;
    const [years, months, weeks, days, hours, minutes, seconds] = match
        .slice(1)
        .map((digits) => Number(digits ?? 0));
    const duration = { years, months, weeks, days, hours, minutes, seconds };
    return Object.values(duration).some((count) => count > 0) ? duration : null;
}
/** The text that {@link parseDuration} reads. */
function formatDuration(duration) {
    return Object.entries(units)
        .filter(([, unit]) => duration[unit] > 0)
        .map(([letter, unit]) => `${duration[unit]}${letter}`)
        .join('');
}


/***/ }),

/***/ 2807:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   AD: () => (/* binding */ StoreError),
/* harmony export */   Et: () => (/* binding */ HoldfastError),
/* harmony export */   Qd: () => (/* binding */ CommandError),
/* harmony export */   We: () => (/* binding */ StaleError),
/* harmony export */   Xd: () => (/* binding */ retold),
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
    constructor(problems, cause) {
        const [first] = problems;
        const message = problems.map((problem) => problem.message).join('\n');
        super(message, { code: 'config', hint: first.hint, input: first.input, cause });
        this.problems = problems;
    }
}
/** A program on a host ended badly. */
class CommandError extends HoldfastError {
}
/** The store refused, failed or could not be reached. */
class StoreError extends HoldfastError {
}
/** The newest backup is older than it may be. */
class StaleError extends HoldfastError {
    exitCode = exitCodes.stale;
}
/** Bytes or rows are not what they must be: the source, a copy or a backup is damaged. */
class IntegrityError extends HoldfastError {
    exitCode = exitCodes.integrity;
}
/** The user, or the platform, asked us to stop. */
class CancelledError extends HoldfastError {
    exitCode = exitCodes.cancelled;
    constructor(message = 'Cancelled before it was complete.') {
        super(message, { code: 'cancelled' });
    }
}
/** Throws {@link CancelledError} once the signal is aborted. */
function throwIfCancelled(signal) {
    if (!signal.aborted)
        return;
    throw signal.reason instanceof HoldfastError ? signal.reason : new CancelledError();
}
/** The same failure in other words: class, code, remedy and exit code stay. */
function retold(error, message) {
    if (error instanceof CancelledError)
        return new CancelledError(message);
    if (error instanceof ConfigError) {
        const [first, ...more] = error.problems;
        return new ConfigError([{ ...first, message }, ...more], error);
    }
    const classes = [IntegrityError, StaleError, StoreError, CommandError];
    const Same = classes.find((its) => error instanceof its) ?? HoldfastError;
    return new Same(message, { code: error.code, hint: error.hint, input: error.input, cause: error });
}


/***/ }),

/***/ 1155:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Jr: () => (/* binding */ findNice),
/* harmony export */   md: () => (/* binding */ giveWayBySession),
/* harmony export */   nE: () => (/* binding */ giveWay),
/* harmony export */   zA: () => (/* binding */ niceness)
/* harmony export */ });
/**
 * How much a program gives way to the host's other work, as nice(1) counts it. What packs and sends takes most of the processor and can wait;
 * the check of a large database is one thread that everything else waits for in the end.
 */
const niceness = { check: 5, bulk: 10 };
/** For a POSIX shell: sets `nice` to the words that make a program give way; to nothing where it has no `nice`. No single quotes. */
const findNice = (level) => `nice=; if command -v nice >/dev/null 2>&1; then nice="nice -n ${level}"; fi`;
/**
 * The same for the session that the shell leads: where Linux shares out the processor by session, `nice` counts only among the programs of
 * one (sched(7), "The autogroup feature"). Where that can't be set, it stays as it is: whoever is not root can every 100 ms.
 */
const giveWayBySession = (level) => `{ read -r pid name state parent group session rest </proc/$$/stat && [ "$session" = $$ ] && echo ${level} >/proc/$$/autogroup; } 2>/dev/null`;
/** Both. */
const giveWay = (level) => `${findNice(level)}
${giveWayBySession(level)}`;


/***/ }),

/***/ 5622:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   C: () => (/* binding */ inFlight),
/* harmony export */   v: () => (/* binding */ bothOf)
/* harmony export */ });
/**
 * Does the work for each item, several at a time, and gives the results in the items' order. The first failure aborts the
 * others; it is thrown when all have ended, so that nothing goes on behind the caller's back.
 */
async function inFlight(items, limit, signal, work) {
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    const results = [];
    const failures = [];
    let next = 0;
    const worker = async () => {
        for (let index = next++; index < items.length && failures.length === 0; index = next++) {
            try {
                results[index] = await work(items[index], either);
            }
            catch (error) {
                failures.push(error);
                stop.abort(error);
            }
        }
    };
    await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
    if (failures.length > 0)
        throw failures[0];
    return results;
}
/** Two things at the same time; the first failure aborts the other one, which nobody waits for any more. */
async function bothOf(signal, one, two) {
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    try {
        return await Promise.all([one(either), two(either)]);
    }
    catch (error) {
        stop.abort(error);
        throw error;
    }
}


/***/ }),

/***/ 4701:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   v: () => (/* binding */ noJournal)
/* harmony export */ });
/** Where nobody cleans up afterwards. */
const noJournal = { backup() { }, upload() { } };


/***/ }),

/***/ 7464:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   CU: () => (/* binding */ proofKey),
/* harmony export */   Do: () => (/* binding */ parseKey),
/* harmony export */   Hc: () => (/* binding */ databaseOfFile),
/* harmony export */   I2: () => (/* binding */ isPartFile),
/* harmony export */   Pd: () => (/* binding */ safetyFile),
/* harmony export */   Rn: () => (/* binding */ manifestKey),
/* harmony export */   Sn: () => (/* binding */ newPartFile),
/* harmony export */   YE: () => (/* binding */ manifestFile),
/* harmony export */   a: () => (/* binding */ backupsFolder),
/* harmony export */   br: () => (/* binding */ isEncryptedFile),
/* harmony export */   j0: () => (/* binding */ backupFolder),
/* harmony export */   jC: () => (/* binding */ safeName),
/* harmony export */   uG: () => (/* binding */ plainFileOf),
/* harmony export */   uZ: () => (/* binding */ uniqueNames),
/* harmony export */   wf: () => (/* binding */ parseProofFile),
/* harmony export */   z4: () => (/* binding */ pinFiles)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);
/* harmony import */ var _backup_id_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8850);


/** Where all backups of one name lie: `app/`. */
function backupsFolder(name) {
    return `${name}/`;
}
/** Where everything of one backup lies: `app/20261121T031702Z-k3tq/`. */
function backupFolder(name, id) {
    return `${backupsFolder(name)}${id}/`;
}
function manifestKey(name, id) {
    return `${backupFolder(name, id)}${manifestFile}`;
}
const manifestFile = 'manifest.json';
/** An object of that name in a backup's folder keeps the backup for ever. */
const pinFiles = ['pinned', 'pinned.json'];
/** An object of that name marks a backup that a restore made of what it replaced. It is not one of the regular ones. */
const safetyFile = 'safety.json';
/** Reads a proof object's name: `verified-restore-20261121T040000Z.json`. */
function parseProofFile(file) {
    const [, level, time] = /^verified-(stat|hash|restore)-(\d{8}T\d{6}Z)\.json$/.exec(file) ?? [];
    const at = time === undefined ? null : (0,_backup_id_js__WEBPACK_IMPORTED_MODULE_1__/* .parseCompactTime */ .a8)(time);
    return at === null ? null : { level: level, at };
}
/** The name of a proof object, as {@link parseProofFile} reads it. */
function proofKey(name, id, level, at) {
    return `${backupFolder(name, id)}verified-${level}-${(0,_backup_id_js__WEBPACK_IMPORTED_MODULE_1__/* .compactTime */ .dh)(at)}.json`;
}
/** Splits a key below a backup's folder of that name; `null` for every foreign key. */
function parseKey(name, key) {
    if (!key.startsWith(`${name}/`))
        return null;
    const [id = '', file = '', ...deeper] = key.slice(name.length + 1).split('/');
    return file === '' || deeper.length > 0 || (0,_backup_id_js__WEBPACK_IMPORTED_MODULE_1__/* .timeOfBackupId */ .s2)(id) === null ? null : { id, file };
}
const nativeExtensions = 'sqlite3|dump|sql';
const codecExtensions = /(?:\.(?:zst|gz))?(?:\.(?:age|gpg))?$/;
const objectFile = new RegExp(`^(.+)\\.(?:${nativeExtensions})(?:\\.(?:zst|gz))?(?:\\.(?:age|gpg))?$`);
/** The database that an object of a backup holds, by the object's file name; `null` when it is not named like one. */
function databaseOfFile(file) {
    return objectFile.exec(file)?.[1] ?? null;
}
/** Whether the object of a database is encrypted, by its file name. */
function isEncryptedFile(file) {
    return databaseOfFile(file) !== null && /\.(?:age|gpg)$/.test(file);
}
/** The native file name and extension of an object, without what the codecs have added: `app.sqlite3`, `sqlite3`. */
function plainFileOf(key) {
    const file = key.slice(key.lastIndexOf('/') + 1).replace(codecExtensions, '');
    return { file, extension: file.slice(file.lastIndexOf('.') + 1) };
}
/** A new name for the file that an object in a folder is, until it is whole. */
function newPartFile() {
    return `.holdfast-${(0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.randomUUID)()}.part`;
}
function isPartFile(file) {
    return /^\.holdfast-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.part$/.test(file);
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


/***/ }),

/***/ 9831:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   f: () => (/* binding */ makeFolder)
/* harmony export */ });
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6760);


/** A folder above may go at the same moment, when somebody else removes the last object in it. */
const attempts = 3;
/**
 * Makes a folder, and those above it that are missing, for this user alone. One by one: Node's recursive `mkdir` never
 * settles in a folder that is there and takes none, as `/proc`.
 * @returns the topmost that was missing; `null` when the folder was there
 */
async function makeFolder(folder) {
    for (let attempt = 1;; attempt += 1) {
        try {
            return await makeMissing(folder);
        }
        catch (error) {
            if (!hasCode(error, 'ENOENT') || attempt === attempts)
                throw error;
        }
    }
}
async function makeMissing(folder) {
    const missing = [];
    for (let at = folder; !(await isThere(at)); at = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.dirname)(at))
        missing.unshift(at);
    for (const path of missing) {
        try {
            await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.mkdir)(path, { mode: 0o700 });
        }
        catch (error) {
            // Somebody else has made it meanwhile.
            if (!hasCode(error, 'EEXIST'))
                throw error;
        }
    }
    return missing[0] ?? null;
}
async function isThere(path) {
    try {
        // A file is refused by that: it has no such entry.
        await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_0__.stat)(`${path}/.`);
        return true;
    }
    catch (error) {
        if (hasCode(error, 'ENOENT'))
            return false;
        throw error;
    }
}
function hasCode(error, code) {
    return error.code === code;
}


/***/ }),

/***/ 2053:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   H: () => (/* binding */ describeOthers),
/* harmony export */   J: () => (/* binding */ otherNames)
/* harmony export */ });
/* harmony import */ var _backup_id_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8850);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2807);
/* harmony import */ var _keys_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(7464);



/** So many folders of the store are looked into. */
const most = 20;
const patienceMs = 10_000;
/**
 * Under which other names a store has backups, for whoever asked for a name that has none. A few small listings; what can't
 * be told is left out.
 */
async function otherNames(store, name, { signal }) {
    const asking = { signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]) };
    const hasBackups = async (other) => {
        const ids = await store.folders((0,_keys_js__WEBPACK_IMPORTED_MODULE_2__/* .backupsFolder */ .a)(other), asking);
        return ids.some((id) => (0,_backup_id_js__WEBPACK_IMPORTED_MODULE_0__/* .timeOfBackupId */ .s2)(id) !== null);
    };
    try {
        const others = (await store.folders('', asking)).filter((other) => other !== name).slice(0, most);
        const found = await Promise.all(others.map((other) => hasBackups(other).catch(() => false)));
        (0,_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .throwIfCancelled */ .dZ)(signal);
        return others.filter((_, index) => found[index]);
    }
    catch {
        (0,_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .throwIfCancelled */ .dZ)(signal);
        return [];
    }
}
/** For at least one. */
function describeOthers(names) {
    return `There are backups of: ${names.join(', ')}. Set \`name\` to the one that is meant.`;
}


/***/ }),

/***/ 6278:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Dt: () => (/* binding */ hasProgram),
/* harmony export */   KE: () => (/* binding */ describeExit),
/* harmony export */   QF: () => (/* binding */ steadily),
/* harmony export */   U_: () => (/* binding */ programFailed),
/* harmony export */   fM: () => (/* binding */ lastLine),
/* harmony export */   mB: () => (/* binding */ runProgram)
/* harmony export */ });
/* harmony import */ var _bytes_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7993);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2807);


/** Runs a program to its end and gives what it wrote; the caller judges the exit. For short outputs (16 MiB). */
async function runProgram(host, argv, options) {
    const running = host.spawn(argv, options);
    const [stdout, exit] = await Promise.all([(0,_bytes_js__WEBPACK_IMPORTED_MODULE_0__/* .collect */ .Fo)(running.stdout, 16 * 1024 * 1024), running.exit]);
    return { ...exit, stdout: stdout.toString('utf8') };
}
/**
 * What a program sends that does nothing else, as bytes that end only when it succeeded: when it is silent for longer than the host may
 * be, it is ended. A reader that takes its time is no silence.
 * @param stop ends the program
 * @param fail makes the error of a bad exit
 */
async function* steadily(host, { bytes, exit }, stop, fail) {
    yield* (0,_bytes_js__WEBPACK_IMPORTED_MODULE_0__/* .unlessSilent */ .md)(bytes, host.stallMs, () => stop.abort(stalled(host)));
    const ended = await exit;
    if (ended.code !== 0)
        throw fail(ended);
}
/** The error of a transfer that stands still. */
function stalled({ label, stallMs }) {
    return new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .CommandError */ .Qd(`Nothing came from ${label} for ${stallMs / 1000} s in the middle of a transfer.`, {
        code: 'host.stalled',
        input: 'stall-timeout',
        hint: 'Run it again; if it repeats, look at the load of that machine, or set a longer `stall-timeout`.',
    });
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
/** The last line a program said on stderr, as much of it as a message can hold; empty when it said nothing. */
function lastLine(stderr) {
    const said = stderr.trim();
    return said
        .slice(said.lastIndexOf('\n') + 1)
        .trim()
        .slice(0, 500);
}
/** The error of a program that ended badly where nothing better is known about why. */
function programFailed(what, host, exit, hint) {
    const said = lastLine(exit.stderr);
    const why = said === '' ? describeExit(exit) : `${describeExit(exit)}: ${said}`;
    return new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .CommandError */ .Qd(`${what} failed on ${host.label} (${why}).`, { code: 'command.failed', hint });
}
/** What each host was asked for, by name. */
const known = new WeakMap();
/** Whether the host finds a program of that name; asked once for each. */
function hasProgram(host, name, signal) {
    const answers = known.get(host) ?? new Map();
    known.set(host, answers);
    const answer = answers.get(name) ?? lookFor(host, name, signal);
    answers.set(name, answer);
    // Without an answer the next one asks again.
    answer.catch(() => answers.delete(name));
    return answer;
}
async function lookFor(host, name, signal) {
    if (host.has !== undefined)
        return host.has(name, signal);
    const found = await runProgram(host, ['sh', '-c', 'command -v "$1"', 'sh', name], { signal });
    return found.code === 0;
}


/***/ }),

/***/ 5054:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   h: () => (/* binding */ quote)
/* harmony export */ });
/**
 * One argument as a POSIX shell reads it back unchanged. Plain words stay as they are.
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html#tag_19_02_02
 */
function quote(argument) {
    if (/^[\w@%+:,./-]+$/.test(argument))
        return argument;
    return `'${argument.replaceAll("'", "'\\''")}'`;
}


/***/ }),

/***/ 8224:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   e: () => (/* binding */ plan),
/* harmony export */   k: () => (/* binding */ isEmptyPolicy)
/* harmony export */ });
/* harmony import */ var _calendar_js__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(6778);
/* harmony import */ var _catalog_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5281);
/* harmony import */ var _clock_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4300);
/* harmony import */ var _duration_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1420);




const dayMs = 86_400_000;
/** So long it can be told whether a restore was right. */
const safetyMs = 30 * dayMs;
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
 * the floor wants it. Pure: the same backups in any order give the same plan. Backups dated in the future are kept, those
 * that a restore made are kept for a month, and neither takes a regular one's place; nor does one whose objects are gone.
 */
function plan(backups, policy, now) {
    const sorted = [...backups].sort(_catalog_js__WEBPACK_IMPORTED_MODULE_0__/* .newestFirst */ .ll);
    const past = sorted.filter((backup) => !(0,_clock_js__WEBPACK_IMPORTED_MODULE_1__/* .isFuture */ .GJ)(backup, now) && !backup.safety && !backup.missing);
    const reasons = new Map(sorted.map((backup) => [backup, []]));
    const counted = new Set();
    const keep = (backup, reason) => {
        reasons.get(backup)?.push(reason);
    };
    const count = (backup, reason) => {
        counted.add(backup);
        keep(backup, reason);
    };
    applyRules(past, policy, now, { keep, count });
    applyFloor(past, policy, count);
    applyAges(sorted, now, keep);
    return sorted.map((backup) => {
        const found = reasons.get(backup);
        return {
            id: backup.id,
            keep: found.length > 0,
            counted: counted.has(backup),
            reasons: found.length > 0 ? found : ['no rule keeps it'],
        };
    });
}
function applyRules(past, policy, now, { keep, count }) {
    const calendar = new _calendar_js__WEBPACK_IMPORTED_MODULE_3__/* .Calendar */ .V(policy.timeZone);
    for (const backup of past.slice(0, policy.last))
        count(backup, `newest ${policy.last} (keep-last)`);
    if (policy.within !== null) {
        const since = calendar.before(now, policy.within).getTime();
        const reason = `within ${(0,_duration_js__WEBPACK_IMPORTED_MODULE_2__/* .formatDuration */ .a)(policy.within)}`;
        for (const backup of past)
            if (backup.createdAt.getTime() >= since)
                keep(backup, reason);
    }
    const periods = past.map(({ createdAt }) => calendar.periodsOf(createdAt));
    for (const rule of periodRules)
        applyPeriods(past, periods, rule, policy[rule], count);
}
/** Keeps the newest of each of the first `most` periods; the backups come newest first. */
function applyPeriods(past, periods, rule, most, count) {
    const taken = new Set();
    for (const [index, backup] of past.entries()) {
        if (taken.size >= most)
            return;
        const period = periods[index]?.[rule];
        if (!taken.has(period))
            count(backup, `${rule} ${period}`);
        taken.add(period);
    }
}
function applyFloor(past, policy, count) {
    for (const backup of past.slice(0, policy.min))
        count(backup, `newest ${policy.min} (keep-min)`);
    keepProven(past, count);
}
/** What is kept for its age or its mark, also when nothing counts it. */
function applyAges(sorted, now, keep) {
    for (const backup of sorted) {
        const ageMs = now.getTime() - backup.createdAt.getTime();
        const future = (0,_clock_js__WEBPACK_IMPORTED_MODULE_1__/* .isFuture */ .GJ)(backup, now);
        if (!future && !backup.safety && ageMs < dayMs)
            keep(backup, 'younger than a day');
        if (backup.pinned)
            keep(backup, 'pinned');
        if (future)
            keep(backup, 'dated in the future');
        else if (backup.safety && ageMs < safetyMs)
            keep(backup, 'made by a restore, younger than 30 days');
    }
}
/** A weaker proof never takes the place of a stronger one: right bytes need not restore, and sizes prove no content. */
function keepProven(past, count) {
    const restored = past.find(({ verified }) => verified?.level === 'restore');
    if (restored !== undefined)
        count(restored, 'newest verified');
    const proven = past.find(_catalog_js__WEBPACK_IMPORTED_MODULE_0__/* .provesContent */ .Xe);
    if (proven !== undefined && proven !== restored)
        count(proven, 'newest verified by hash');
}


/***/ }),

/***/ 5616:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   z: () => (/* binding */ Secret)
/* harmony export */ });
/* harmony import */ var node_util__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7975);

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
    [node_util__WEBPACK_IMPORTED_MODULE_0__.inspect.custom]() {
        return '[secret]';
    }
}


/***/ }),

/***/ 2020:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   EB: () => (/* binding */ anyOf),
/* harmony export */   Kv: () => (/* binding */ signerOf),
/* harmony export */   QF: () => (/* binding */ newSigningKeys),
/* harmony export */   Sb: () => (/* binding */ verifierOf)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2807);


/** What is signed: nothing else that such a key may sign can be taken for it. */
const message = (checksum) => Buffer.from(`holdfast manifest 1 ${checksum}`);
/** A new pair, each as the base64 of its DER encoding. */
function newSigningKeys() {
    const { privateKey, publicKey } = (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.generateKeyPairSync)('ed25519');
    return {
        signKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
        verifyKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    };
}
/** @param key PKCS #8, as PEM or its base64 on one line */
function signerOf(key) {
    const secret = readKey('sign-key', () => (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createPrivateKey)({ key: derOf(key.reveal()), format: 'der', type: 'pkcs8' }));
    const keyId = idOf((0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createPublicKey)(secret));
    return { keyId, sign: (checksum) => (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.sign)(null, message(checksum), secret).toString('base64') };
}
/** @param key SubjectPublicKeyInfo, as PEM or its base64 on one line */
function verifierOf(key) {
    const known = readKey('verify-key', () => (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createPublicKey)({ key: derOf(key), format: 'der', type: 'spki' }));
    return {
        keyId: idOf(known),
        verify: (checksum, signature) => (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.verify)(null, message(checksum), known, Buffer.from(signature, 'base64')),
    };
}
/** Accepts what one of them does, as while a key is replaced by another. */
function anyOf(verifiers) {
    return {
        keyId: verifiers.map(({ keyId }) => keyId).join(' or '),
        verify: (checksum, signature) => verifiers.some((verifier) => verifier.verify(checksum, signature)),
    };
}
function derOf(text) {
    return Buffer.from(text.replace(/-----[A-Z ]+-----/g, '').replace(/\s/g, ''), 'base64');
}
function readKey(input, read) {
    try {
        const key = read();
        if (key.asymmetricKeyType === 'ed25519')
            return key;
    }
    catch {
        // Told below, without a word of the key.
    }
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .HoldfastError */ .Et(`\`${input}\` is no Ed25519 key.`, {
        code: 'signature.key',
        input,
        hint: `Take the ${input} that \`holdfast keygen\` prints.`,
    });
}
function idOf(key) {
    return (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)('sha256')
        .update(key.export({ format: 'der', type: 'spki' }))
        .digest('hex')
        .slice(0, 16);
}


/***/ }),

/***/ 1446:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   m: () => (/* binding */ sweepFolders)
/* harmony export */ });
/**
 * Defines `sweep` for a POSIX shell: it removes the scratch folders of dead holders in $1, named as ours, ours, untouched for a day, and the current folder of no process
 * that can be seen.
 */
const sweepFolders = `
sweep() {
  for old in "$1"/holdfast.????????; do
    if [ ! -d "$old" ] || [ -L "$old" ] || [ ! -O "$old" ]; then continue; fi
    case \${old##*/holdfast.} in *[!A-Za-z0-9]*) continue ;; esac
    if [ -z "$(find "$old" -prune -mmin +1440 2>/dev/null)" ]; then continue; fi
    for cwd in /proc/[0-9]*/cwd; do
      if [ "$cwd" -ef "$old" ]; then continue 2; fi
    done
    rm -rf -- "$old" 2>/dev/null
  done
}
`;


/***/ }),

/***/ 3608:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   y: () => (/* binding */ writePlain)
/* harmony export */ });
/* harmony import */ var _digest_file_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6539);
/* harmony import */ var _errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2807);
/* harmony import */ var _program_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(6278);



/**
 * Writes a backup's plain bytes to a private file of a host, which nobody may open before this resolved. Where the host has
 * the program, it decodes them there: fewer bytes travel, and it is quicker.
 * @param noSpace the code of a full disk
 * @throws the source's own error when that failed; IntegrityError when the bytes are not what they must be
 */
async function writePlain(host, file, request, noSpace) {
    const { packed, signal } = request;
    if (packed !== undefined && (await (0,_program_js__WEBPACK_IMPORTED_MODULE_2__/* .hasProgram */ .Dt)(host, packed.program[0], signal))) {
        if (await writePacked(host, file, { ...request, packed }, noSpace))
            return;
    }
    const { source, run } = await feed(host, ['sh', '-c', plainScript, 'sh', file], request.plain, request);
    if (run.code !== 0)
        throw writeFailed(host, run, request, noSpace);
    const written = Number(run.stdout);
    if (source.ended && written === source.count)
        return;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .CommandError */ .Qd(`The backup could not be written on ${host.label}: ${written} of ${request.plainBytes} bytes arrived.`, { code: 'load.incomplete', hint: 'Try again; if it repeats, look at the disk there.' });
}
const plainScript = 'umask 077; cat > "$1" && wc -c < "$1"';
/** More than the file should have is not written; a block is 512 bytes, or 1024 where sh is bash. */
const packedScript = `
umask 077
file=$1
ulimit -f "$2" 2>/dev/null
shift 2
exec "$@" >"$file"
`;
/** False where the host could not do it, for whatever reason: the plain way, which knows more, then tells or does it. */
async function writePacked(host, file, { packed, plainBytes, signal }, noSpace) {
    const blocks = `${Math.ceil(plainBytes / 512) + 1}`;
    const argv = ['sh', '-c', packedScript, 'sh', file, blocks, ...packed.program];
    const { run } = await feed(host, [...argv], packed.read(), { signal });
    if (isFull(run))
        throw writeFailed(host, run, { plainBytes }, noSpace);
    if (run.code !== 0)
        return false;
    const found = await (0,_digest_file_js__WEBPACK_IMPORTED_MODULE_0__/* .digestFile */ .T)(host, file, { what: 'the file of the backup', signal });
    if (found.bytes === plainBytes && found.sha256 === packed.plainSha256)
        return true;
    throw new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .IntegrityError */ .cs(`The backup is damaged: on ${host.label} it decodes to ${found.bytes} bytes with SHA-256 ${found.sha256} ` +
        `instead of ${plainBytes} with ${packed.plainSha256}.`, { code: 'object.damaged', hint: 'Take an earlier backup; `list` shows them.' });
}
/** Runs a program on bytes; when these fail, that is the failure. */
async function feed(host, argv, bytes, { signal }) {
    const source = new Remembered(bytes);
    try {
        const run = await (0,_program_js__WEBPACK_IMPORTED_MODULE_2__/* .runProgram */ .mB)(host, argv, { signal, stdin: source.bytes() });
        if (source.failed)
            throw source.failure;
        return { source, run };
    }
    catch (error) {
        throw source.failed ? source.failure : error;
    }
}
function isFull({ code, stderr }) {
    return code !== 0 && /no space|disk quota/i.test(stderr);
}
function writeFailed(host, run, { plainBytes }, noSpace) {
    if (!isFull(run))
        return (0,_program_js__WEBPACK_IMPORTED_MODULE_2__/* .programFailed */ .U_)('Writing the bytes of the backup', host, run);
    return new _errors_js__WEBPACK_IMPORTED_MODULE_1__/* .HoldfastError */ .Et(`The backup could not be written on ${host.label}: the disk was full before all of its ${plainBytes} bytes were there (${(0,_program_js__WEBPACK_IMPORTED_MODULE_2__/* .lastLine */ .fM)(run.stderr)}).`, { code: noSpace, hint: 'Free some space there.' });
}
/** The same bytes; how they ended is known afterwards. */
class Remembered {
    ended = false;
    failed = false;
    failure;
    count = 0;
    #source;
    constructor(source) {
        this.#source = source;
    }
    async *bytes() {
        try {
            for await (const chunk of this.#source) {
                this.count += chunk.byteLength;
                yield chunk;
            }
            this.ended = true;
        }
        catch (error) {
            this.failed = true;
            this.failure = error;
            throw error;
        }
    }
}


/***/ }),

/***/ 3841:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   k: () => (/* binding */ firstFields)
/* harmony export */ });
/** One record: a first field, quoted or plain, then the others, then the end of its line. */
const record = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(?:,(?:"(?:[^"]|"")*"|[^",\r\n]*))*\r?\n/y;
/** The first field of each record of CSV text (RFC 4180, also with bare line feeds). */
function firstFields(text) {
    const fields = [];
    for (let at = 0; at < text.length; at = record.lastIndex) {
        record.lastIndex = at;
        const found = record.exec(text);
        if (found === null)
            throw new SyntaxError(`no CSV: ${text.slice(at, at + 100)}`);
        fields.push(found[1]?.replaceAll('""', '"') ?? found[2] ?? '');
    }
    return fields;
}


/***/ }),

/***/ 8604:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   L: () => (/* binding */ gatePatterns)
/* harmony export */ });
/* harmony import */ var _core_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2807);

/** What makes a glob that a POSIX shell and this tool do not read alike. */
const foreign = /\*\*|[{}\\()\r\n]|\[\^|\[!?\]|\[[^\]]*$|^!/;
/**
 * What a gate is given: the files as absolute paths or below `~/`, then `not:` globs of names to leave out.
 * @throws HoldfastError `ssh.gate-pattern` for what the gate's shell would not read as this tool does
 */
function gatePatterns({ paths, exclude, }) {
    for (const path of paths) {
        if (foreign.test(path))
            throw noPattern('database', path, 'name the files, or use `*`, `?` and `[abc]`');
    }
    for (const glob of exclude) {
        if (glob.includes('/') || foreign.test(glob)) {
            throw noPattern('exclude', glob, 'hold a name without folders against `*`, `?` and `[abc]`');
        }
    }
    return [...paths.map(absolute), ...exclude.map((glob) => `not:${glob}`)];
}
/** A relative path is one below the user's home folder. */
function absolute(path) {
    return /^(?:\/|~\/)/.test(path) ? path : `~/${path}`;
}
function noPattern(input, pattern, remedy) {
    return new _core_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .HoldfastError */ .Et(`\`${input}\` has ${JSON.stringify(pattern)}, which \`ssh-gate\` can't hold a key to.`, {
        code: 'ssh.gate-pattern',
        input,
        hint: `Without \`**\`, braces and backslashes: ${remedy}.`,
    });
}


/***/ }),

/***/ 3124:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   BT: () => (/* binding */ gateCommand),
/* harmony export */   es: () => (/* binding */ closedMark),
/* harmony export */   or: () => (/* binding */ proofMark)
/* harmony export */ });
/* harmony import */ var _core_give_way_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1155);
/* harmony import */ var _script_parts_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4981);
/* harmony import */ var _sqlite_tool_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3272);



/** The line that a gate says before it answers. */
const gateGreeting = 'holdfast-gate 1';
/** The line on stderr before the proof of a snapshot. */
const proofMark = 'holdfast-proof';
/** What a line on stderr with a folder that could not be looked into begins with. */
const closedMark = 'closed: ';
/**
 * The forced command of a key that may take a backup and nothing else: one POSIX sh program that lies in the key's line
 * of ~/.ssh/authorized_keys. Its arguments are the files, as paths or globs, and `not:` globs of names to leave out.
 *
 * What comes from the client is compared with fixed words; it is never run, expanded or used as a path:
 * - the request, in SSH_ORIGINAL_COMMAND: `holdfast 1` and `list`, `has zstd`, `has gzip`, `facts N` or `snapshot N`;
 * - after a copy was made, one line on stdin: `send plain`, `send gzip LEVEL` or `send zstd LEVEL`;
 * - the end of stdin, which ends everything.
 *
 * It becomes one line in single quotes that every login shell reads alike, so it has no single quote, no double backslash
 * and no `!` before a word, and a line ends where a `;` can stand or after a word of {@link oneLine}.
 */
const program = `
umask 077
export LC_ALL=C
say() { printf "%s\\n" "$1"; }
refuse() {
  say "this key only takes the backup that its line in authorized_keys names; set ssh-gate: true" >&2
  exit 64
}

# The request: one of these words, and a number of at most four digits.
number=none
case \${SSH_ORIGINAL_COMMAND-} in
  "holdfast 1 list") verb=list ;;
  "holdfast 1 has zstd") verb=zstd ;;
  "holdfast 1 has gzip") verb=gzip ;;
  "holdfast 1 facts "[0-9]*) verb=facts number=\${SSH_ORIGINAL_COMMAND#"holdfast 1 facts "} ;;
  "holdfast 1 snapshot "[0-9]*) verb=snapshot number=\${SSH_ORIGINAL_COMMAND#"holdfast 1 snapshot "} ;;
  *) refuse ;;
esac
case $number in none | [0-9] | [0-9][0-9] | [0-9][0-9][0-9] | [0-9][0-9][0-9][0-9]) ;; *) refuse ;; esac

# The files of this key. IFS is empty: a pattern is expanded, but never split.
left_out() {
  name=\${1##*/}; shift
  for not do
    case $not in "not:"*) case $name in \${not#not:}) return 0 ;; esac ;; esac
  done
  return 1
}
# The folders of a glob that this user may not look into: what lies there is not found, and nobody would miss it.
look_into() {
  case \${1%/*} in *[*?[]*) look_into "\${1%/*}" ;; esac
  case \${1##*/} in *[*?[]*) lists=yes ;; *) lists= ;; esac
  above=\${1%/*}
  for folder in \${above:-/}; do
    if [ -d "$folder" ] && { [ ! -x "$folder" ] || { [ -n "$lists" ] && [ ! -r "$folder" ]; }; }; then
      closed=yes
      if [ "$verb" = list ]; then say "${closedMark}$folder" >&2; fi
    fi
  done
}
find_files() {
  IFS= count=0 file= closed=
  for pattern do
    case $pattern in "not:"*) continue ;; "~/"*) pattern=$HOME/\${pattern#"~/"} ;; esac
    case $pattern in *[*?[]*) glob=yes; look_into "$pattern" ;; *) glob= ;; esac
    for each in $pattern; do
      if left_out "$each" "$@"; then continue; fi
      if [ -n "$glob" ]; then
        case $each in *-wal | *-shm | *-journal) continue ;; esac
        # A glob that matches nothing stays as it is: a file that is missing.
        if [ ! -f "$each" ] && [ "$each" != "$pattern" ]; then continue; fi
      fi
      if [ "$verb" = list ]; then printf "%s\\0" "$each"; fi
      if [ "$count" = "$number" ]; then file=$each; fi
      count=$((count + 1))
    done
  done
  IFS=" "
}

${_script_parts_js__WEBPACK_IMPORTED_MODULE_1__/* .isHot */ .U1}
# A look at the file before SQLite opens it; what is found are lines for people and for the client.
look() {
  if [ ! -e "$file" ]; then state=missing
  elif [ -d "$file" ]; then state=directory
  elif [ ! -f "$file" ]; then state=special
  elif [ ! -r "$file" ]; then state="unreadable $(id -un)"
  elif [ ! -s "$file" ]; then state=empty
  elif [ "$(head -c 15 <"$file" | tr -d "\\000")" != "SQLite format 3" ]; then state=foreign
  else state=ok
  fi
  say "$state"
  if [ "$state" != ok ]; then exit 1; fi
  real=$(readlink -f "$file" 2>/dev/null; echo x); real=\${real%?x}
  case $real in /*) ;; *) real=$file ;; esac
  bytes=$(($(wc -c <"$real"))); say "bytes $bytes"
  header=$(($(dd if="$real" bs=1 skip=18 count=1 2>/dev/null | od -An -tu1))); say "header $header"
  wal=
  if [ -e "$real-wal" ]; then wal=$(($(wc -c <"$real-wal"))); say "wal $wal"; fi
  hot=
  if is_hot "$real-journal"; then hot=yes; say "${_script_parts_js__WEBPACK_IMPORTED_MODULE_1__/* .hotMark */ .xi}"; fi
  if command -v sqlite3 >/dev/null 2>&1; then say "sqlite3 $(sqlite3 -init /dev/null --version)"; fi
}
# The first folder with twice the room of the file and its WAL.
find_room() {
  under=
  for folder in "\${TMPDIR:-/var/tmp}" /var/tmp /tmp; do
    if [ ! -w "$folder" ]; then continue; fi
    free=$(df -Pk "$folder" | awk "END { for (i = NF; i > 3; i--) if (\\$i ~ /^([0-9]+%|-)\\$/) { print \\$(i-1); exit } }")
    say "free $free $folder"
    if [ -z "$under" ] && [ "\${free:-0}" -ge $((2 * (bytes + \${wal:-0}) / 1024)) ]; then under=$folder; fi
  done
}

# When stdin ends, so does this program, with its folder and its jobs.
jobs= dir=
clean() {
  trap "" HUP INT TERM PIPE
  if [ -n "$jobs" ]; then kill -KILL $jobs; wait $jobs; fi 2>/dev/null
  if [ -n "$dir" ]; then cd / && rm -rf "$dir"; fi
}
watch() {
  ( while read -r line <&3; do :; done; kill -TERM $$ ) >/dev/null 2>&1 &
  watcher=$! jobs=$!
}
unwatch() {
  kill -KILL "$watcher"; wait "$watcher" 2>/dev/null; jobs=
}

# The copy of one moment, in a private folder.
copy() {
  trap clean EXIT
  trap "exit 1" HUP INT TERM PIPE
  dir=$(mktemp -d "$under/holdfast.XXXXXXXX") && cd "$dir" || exit 1
  watch
  # Where nobody has a WAL database open, only a writing connection removes its side files when it closes; and takes a write back.
  only=-readonly
  if [ -n "$hot" ] || { [ "$header" = 2 ] && [ -z "$wal" ]; }; then only=; fi
  ${(0,_script_parts_js__WEBPACK_IMPORTED_MODULE_1__/* .printed */ .zd)((0,_script_parts_js__WEBPACK_IMPORTED_MODULE_1__/* .copyLines */ .FT)())} | sqlite3 $quiet $only "$real" >said &
  job=$! jobs="$jobs $!"; wait "$job" || exit 1
  if [ "$(tail -n 1 said)" != ${_sqlite_tool_js__WEBPACK_IMPORTED_MODULE_2__/* .doneMark */ .i_} ]; then exit 1; fi
  unwatch
}
q=$(printf "\\047")${_script_parts_js__WEBPACK_IMPORTED_MODULE_1__/* .tablesQuery */ .Sw}# Its bytes, as the given program makes them; at the same time it is hashed and checked.
send() {
  watch
  ${(0,_core_give_way_js__WEBPACK_IMPORTED_MODULE_0__/* .giveWay */ .nE)(_core_give_way_js__WEBPACK_IMPORTED_MODULE_0__/* .niceness */ .zA.bulk)}
  if command -v openssl >/dev/null 2>&1; then hash="openssl dgst -sha256 -r"
  elif command -v sha256sum >/dev/null 2>&1; then hash=sha256sum
  else hash="shasum -a 256"
  fi
  $nice "$@" <copy.sqlite3 &
  sending=$!
  $nice $hash <copy.sqlite3 >digest &
  hashing=$!
  { ${(0,_script_parts_js__WEBPACK_IMPORTED_MODULE_1__/* .printed */ .zd)(_script_parts_js__WEBPACK_IMPORTED_MODULE_1__/* .checkLines */ .Wb)}; sqlite3 $quiet "$immutable" "$tables"; } | \${nice:+nice -n ${_core_give_way_js__WEBPACK_IMPORTED_MODULE_0__/* .niceness */ .zA.check}} sqlite3 $quiet "$immutable" >check &
  checking=$!
  jobs="$jobs $sending $hashing $checking"
  for job in $checking $hashing $sending; do wait "$job" || exit 1; done
  { say ${proofMark}; wc -c <copy.sqlite3; cat digest check; } >&2
}

${_script_parts_js__WEBPACK_IMPORTED_MODULE_1__/* .settings */ .W0}exec 3<&0 </dev/null
case $verb in
  zstd | gzip) say "${gateGreeting}"; command -v "$verb" >/dev/null 2>&1; exit ;;
  list) say "${gateGreeting}"; printf "%s\\0" "$@" ""; find_files "$@"; [ -z "$closed" ]; exit ;;
esac
find_files "$@"
if [ -z "$file" ]; then refuse; fi
say "${gateGreeting}"
if [ "$verb" = facts ]; then look; find_room; say "path $real"; exit; fi
look >&2
find_room >/dev/null
if [ -z "$under" ]; then say "no space left for the copy" >&2; exit 1; fi
copy
printf "%s\\0" "$file"
read -r how <&3 || exit 1
case $how in
  "send plain") set -- cat ;;
  "send gzip "[1-9]) set -- gzip "-\${how##* }" -c ;;
  "send zstd "[1-9] | "send zstd 1"[0-9]) set -- zstd -q "-\${how##* }" --check -c ;;
  *) refuse ;;
esac
send "$@"
exit 0
`;
/** The script as one line: no comments, `;` between the commands where one can stand. */
function oneLine(script) {
    const lines = script.split('\n').map((line) => line.trim());
    return lines
        .filter((line) => line !== '' && !line.startsWith('#'))
        .reduce((text, line) => `${text}${/(?:^| )(?:then|do|else|in|\{|;;|&)$/.test(text) ? ' ' : '; '}${line}`);
}
/**
 * The command of a gate that copies only what the patterns of {@link gatePatterns} match.
 * @returns one line, for any login shell
 */
function gateCommand(patterns) {
    return `exec sh -c '${oneLine(program)}' holdfast ${patterns.map((pattern) => `'${pattern.replaceAll("'", "'\\''")}'`).join(' ')}`;
}


/***/ }),

/***/ 8410:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  At: () => (/* binding */ Facts),
  q1: () => (/* binding */ chooseTool),
  gJ: () => (/* binding */ factScript),
  jh: () => (/* binding */ mebibytes),
  N_: () => (/* binding */ roomFor)
});

// EXTERNAL MODULE: ./build/core/errors.js
var errors = __webpack_require__(2807);
// EXTERNAL MODULE: ./build/core/program.js
var program = __webpack_require__(6278);
// EXTERNAL MODULE: ./build/engines/sqlite/csv.js
var csv = __webpack_require__(3841);
// EXTERNAL MODULE: ./build/engines/sqlite/script-parts.js
var script_parts = __webpack_require__(4981);
// EXTERNAL MODULE: ./build/engines/sqlite/sqlite-tool.js
var sqlite_tool = __webpack_require__(3272);
;// CONCATENATED MODULE: ./build/engines/sqlite/sqlite-python.js




const copyProgram = `
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
print('${sqlite_tool/* doneMark */.i_}')
`;
const queryProgram = `
import json, os, sqlite3, sys
from urllib.parse import quote
source = sqlite3.connect('file:' + quote(os.fsencode(sys.argv[1])) + '?mode=ro&immutable=1', uri=True)
source.execute('PRAGMA mmap_size=${script_parts/* mapBytes */.Yb.here}').fetchall()
for statement in json.load(sys.stdin):
    for row in source.execute(statement):
        print(row[0])
`;
const columnProgram = `
import csv, os, sqlite3, sys
from urllib.parse import quote
source = sqlite3.connect('file:' + quote(os.fsencode(sys.argv[1])) + '?mode=ro&immutable=1', uri=True)
source.text_factory = lambda content: content.decode('utf-8', 'replace')
sys.stdout.reconfigure(encoding='utf-8', newline='')
out = csv.writer(sys.stdout)
for row in source.execute(sys.stdin.buffer.read().decode('utf-8')):
    value = row[0]
    out.writerow([value.decode('utf-8', 'replace') if isinstance(value, bytes) else value])
`;
const settleProgram = `
import os, sqlite3, sys
from urllib.parse import quote
live, seconds = sys.argv[1:3]
source = sqlite3.connect('file:' + quote(os.fsencode(live)) + '?mode=rw', uri=True, timeout=float(seconds), isolation_level=None)
for statement in ${JSON.stringify(sqlite_tool/* settleStatements */._k)}:
    print(source.execute(statement).fetchall()[0][0])
source.close()
`;
/** python3 with the SQLite that it brings. */
function pythonSqlite(version) {
    // -I: neither PYTHON* variables nor a module in the current folder can change what runs.
    const python = ['python3', '-I', '-c'];
    return {
        sqliteVersion: version,
        label: `python3 with SQLite ${version}`,
        method: "python3's sqlite3 backup inside a read transaction",
        copyProgram({ live, copy }) {
            const opened = (mode) => [...python, copyProgram, live, copy, mode, `${sqlite_tool/* busyTimeoutMs */.P0 / 1000}`];
            return { reading: opened('ro'), writing: opened('rw') };
        },
        query: (host, file, statements, options) => (0,sqlite_tool/* linesOf */.Dx)(host, [...python, queryProgram, file], JSON.stringify(statements), options),
        async firstColumn(host, file, sql, options) {
            return (0,csv/* firstFields */.k)(await (0,sqlite_tool/* outputText */.jO)(host, [...python, columnProgram, file], sql, options));
        },
        async settle(host, live, signal) {
            const argv = [...python, settleProgram, live, `${sqlite_tool/* settleTimeoutMs */.bx / 1000}`];
            return (0,sqlite_tool/* readSettlement */.A_)(await (0,program/* runProgram */.mB)(host, [...argv], { signal }));
        },
    };
}

// EXTERNAL MODULE: ./build/engines/sqlite/sqlite-shell.js + 1 modules
var sqlite_shell = __webpack_require__(7742);
;// CONCATENATED MODULE: ./build/engines/sqlite/host-facts.js



/**
 * Shell functions that say facts, one a line: `say`, `say_tools` (with `all` also Python where the shell of SQLite is there),
 * `say_free FOLDER`, `say_temporary_folders`; and
 * `real_path FILE`, which sets `real` to the path without links, empty where a folder is missing or `readlink -f` is.
 */
const factScript = `
say() { printf '%s\\n' "$1"; }
say_tools() {
  shell=
  if command -v sqlite3 >/dev/null 2>&1; then shell=$(sqlite3 -init /dev/null --version </dev/null 2>/dev/null); fi
  if [ -n "$shell" ]; then
    say "sqlite3 $shell"
    [ "\${1:-}" = all ] || return 0
  fi
  if command -v python3 >/dev/null 2>&1; then
    say "python3 $(python3 -I -c 'import sqlite3; print(sqlite3.sqlite_version)' 2>/dev/null)"
  fi
}
say_free() {
  say "free $(df -Pk "$1" | awk 'END { for (i = NF; i > 3; i--) if ($i ~ /^([0-9]+%|-)$/) { print $(i-1); exit } }') $1"
}
real_path() {
  real=$(readlink -f "$1" 2>/dev/null; printf x)
  real=\${real%x}
  real=\${real%"$end_of_line"}
}
end_of_line='
'
say_temporary_folders() {
  for d in "\${TMPDIR:-}" /var/tmp /tmp; do
    if [ -n "$d" ] && [ -d "$d" ] && [ -w "$d" ]; then say_free "$d"; fi
  done
}
`;
/** What a script said with {@link factScript}; a path is its last fact, because it may hold newlines. */
class Facts {
    #facts;
    /** The value of the last fact, `path`. */
    path;
    constructor(stdout) {
        const at = stdout.indexOf('\npath ');
        const facts = at < 0 ? stdout : stdout.slice(0, at);
        this.#facts = facts.split('\n').map(splitFirst);
        this.path = at < 0 ? '' : stdout.slice(at + '\npath '.length, -1);
    }
    all(name) {
        return this.#facts.filter(([key]) => key === name).map(([, value]) => value.trim());
    }
    get(name) {
        return this.all(name)[0];
    }
    get tools() {
        return {
            shellVersion: this.get('sqlite3')?.split(' ')[0] || null,
            pythonVersion: this.get('python3') || null,
        };
    }
    get freeFolders() {
        return this.all('free')
            .map(splitFirst)
            .map(([kibibytes, path]) => ({ path, freeBytes: Number(kibibytes) * 1024 }));
    }
}
function splitFirst(line) {
    const at = line.indexOf(' ');
    return at < 0 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
}
/**
 * @param what can't be done without: `sqlite:/srv/app.sqlite3 can't be snapshotted`
 * @throws HoldfastError `sqlite.no-tool`
 */
function chooseTool({ shellVersion, pythonVersion }, what) {
    if (shellVersion !== null)
        return (0,sqlite_shell/* sqliteShell */.X)(shellVersion);
    if (pythonVersion !== null)
        return pythonSqlite(pythonVersion);
    throw new errors/* HoldfastError */.Et(`${what}: the host has no sqlite3 program.`, {
        code: 'sqlite.no-tool',
        hint: 'Install the package `sqlite3` there (apt-get install sqlite3), or `python3`, which can do the same, ' +
            'or name with `container` a container that has one of them and sees the file.',
    });
}
function mebibytes(bytes) {
    return `${Math.ceil(bytes / 1024 / 1024)} MiB`;
}
/** What a file of so many plain bytes takes on the disk, with some room. */
function roomFor(plainBytes) {
    return Math.ceil(plainBytes * 1.1);
}


/***/ }),

/***/ 4981:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   FT: () => (/* binding */ copyLines),
/* harmony export */   Sw: () => (/* binding */ tablesQuery),
/* harmony export */   U1: () => (/* binding */ isHot),
/* harmony export */   W0: () => (/* binding */ settings),
/* harmony export */   Wb: () => (/* binding */ checkLines),
/* harmony export */   Yb: () => (/* binding */ mapBytes),
/* harmony export */   a$: () => (/* binding */ judgeLive),
/* harmony export */   kQ: () => (/* binding */ checkMark),
/* harmony export */   wM: () => (/* binding */ changedMark),
/* harmony export */   xi: () => (/* binding */ hotMark),
/* harmony export */   zd: () => (/* binding */ printed)
/* harmony export */ });
/* harmony import */ var _sqlite_tool_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3272);

/**
 * Parts of the POSIX sh programs that do all of a snapshot on the host. They expect `quiet` and `immutable` as
 * {@link settings} sets them, and the copy as `copy.sqlite3` in the current folder.
 *
 * A gate has them in one line of single quotes: no single quote, no double backslash, no `!` before a word, and a line ends
 * where a `;` can stand.
 */
/** The line between the schema and what the check says. */
const checkMark = 'holdfast-check';
/**
 * How much of a copy SQLite may map instead of reading page after page, in bytes; more than that on a server it never does
 * (https://www.sqlite.org/mmap.html). The copy was written a moment ago, so that its pages are in memory anyway; here, where people
 * look at the memory of a run, what is mapped would look like ours.
 */
const mapBytes = { remote: 0x7fff0000, here: 134_217_728 };
const settings = `
quiet="-batch -bail -noheader -list -init /dev/null"
immutable="file:copy.sqlite3?immutable=1"
`;
/**
 * `is_hot JOURNAL`: it is of a write that was cut short, or goes on just now. SQLite takes such a write back before it reads, for
 * which it must be able to write. One that can't be read may be such a one.
 */
const isHot = `
is_hot() { [ -s "$1" ] && { [ ! -r "$1" ] || [ "$(head -c 4 "$1" | od -An -tx1 | tr -d " \\n")" = d9d505f9 ]; }; }
`;
/** The line that tells of a hot journal. */
const hotMark = 'hot yes';
/**
 * Of `live`, whose header says WAL where `wal` is true: `is_there`, a file with something in it; `must_write`, whether it must be opened
 * for writing. Where nobody has a WAL database open, only a writing connection removes its side files when it closes; and only one takes
 * back what an app that was killed has written in part, as that app would at its next start.
 */
const judgeLive = `${isHot}
is_there() { [ -f "$live" ] && [ -s "$live" ]; }
must_write() {
  if is_hot "$live-journal"; then echo "${hotMark}" >&2; return 0; fi
  [ "$wal" = true ] && [ ! -e "$live-wal" ]
}
`;
/** What a script says of a file that is none any more. */
const changedMark = 'changed';
/**
 * What sqlite3 is told, so that the copy is of one moment; the last line that it prints is the mark.
 * @param first the statement that begins the read transaction
 */
const copyLines = (options = '', first = 'SELECT count(*) FROM sqlite_master;') => [
    `.timeout ${_sqlite_tool_js__WEBPACK_IMPORTED_MODULE_0__/* .busyTimeoutMs */ .P0}`,
    'BEGIN;',
    first,
    `.backup ${options}main copy.sqlite3`,
    'COMMIT;',
    `.print ${_sqlite_tool_js__WEBPACK_IMPORTED_MODULE_0__/* .doneMark */ .i_}`,
];
/** Sets `tables` to the statement that prints those that count the rows of each table that is not virtual. `q` is a single quote. */
const tablesQuery = `
tables="SELECT printf(\${q}SELECT %Q||hex(%Q)||char(32)||count(*) FROM \\"%w\\";\${q},\${q}rows \${q},name,name) FROM sqlite_master WHERE type=\${q}table\${q} AND sql NOT LIKE \${q}create virtual%\${q} AND instr(name,char(0))=0;"
`;
/** What asks for the schema and the check; what counts comes after it. */
const checkLines = [
    '.once /dev/null',
    `PRAGMA mmap_size=${mapBytes.remote};`,
    'PRAGMA encoding;',
    'SELECT hex(type)||char(32)||hex(name)||char(32)||hex(tbl_name)||char(32)||hex(sql) FROM sqlite_master;',
    `.print ${checkMark}`,
    'PRAGMA integrity_check(20);',
];
/** A command that prints lines which have no double quotes in them. */
const printed = (lines) => `printf "%s\\n" ${lines.map((line) => `"${line}"`).join(' ')}`;


/***/ }),

/***/ 7742:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  X: () => (/* binding */ sqliteShell),
  c: () => (/* binding */ unsynced)
});

// EXTERNAL MODULE: ./build/core/compare-versions.js
var compare_versions = __webpack_require__(2187);
// EXTERNAL MODULE: ./build/core/program.js
var program = __webpack_require__(6278);
// EXTERNAL MODULE: ./build/engines/sqlite/csv.js
var csv = __webpack_require__(3841);
// EXTERNAL MODULE: ./build/engines/sqlite/script-parts.js
var script_parts = __webpack_require__(4981);
;// CONCATENATED MODULE: ./build/engines/sqlite/sqlite-quote.js
/** An argument of a dot-command of the sqlite3 shell: in double quotes it understands C escapes. */
function dotArgument(text) {
    return `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}"`;
}
/**
 * `immutable=1` takes no lock and makes no side file; `mode=rw` makes no file (https://www.sqlite.org/uri.html). Behind two slashes a URI
 * has the name of a machine.
 */
function fileUri(file, parameter) {
    return `file:${file.replace(/^\/+/, '/').split('/').map(encodeURIComponent).join('/')}?${parameter}`;
}

// EXTERNAL MODULE: ./build/engines/sqlite/sqlite-tool.js
var sqlite_tool = __webpack_require__(3272);
;// CONCATENATED MODULE: ./build/engines/sqlite/sqlite-shell.js






/** The program `sqlite3`. */
function sqliteShell(version) {
    // No ~/.sqliterc (it may print, or run commands), no prompt, stop at the first error.
    const quiet = ['sqlite3', '-batch', '-bail', '-noheader', '-init', '/dev/null'];
    const shell = [...quiet, '-list'];
    // Without the functions and commands that reach other files.
    const safe = (0,compare_versions/* compareVersions */.Z)(version, '3.37') >= 0 ? ['-safe'] : [];
    return {
        sqliteVersion: version,
        label: `sqlite3 ${version}`,
        method: 'sqlite3 .backup inside a read transaction',
        copyProgram({ live, copy }) {
            const stdin = [
                `.timeout ${sqlite_tool/* busyTimeoutMs */.P0}`,
                'BEGIN;',
                // BEGIN alone takes no lock; the first read does, and holds the state of this moment.
                'SELECT count(*) FROM sqlite_master;',
                `.backup ${unsynced(version)}main ${dotArgument(copy)}`,
                'COMMIT;',
                `.print ${sqlite_tool/* doneMark */.i_}`,
                '',
            ].join('\n');
            return { reading: [...shell, '-readonly', live], writing: [...shell, fileUri(live, 'mode=rw')], stdin };
        },
        query: (host, file, statements, options) => (0,sqlite_tool/* linesOf */.Dx)(host, [...shell, fileUri(file, 'immutable=1')], `${mapped(host)}${ended(statements)}`, options),
        async firstColumn(host, file, sql, options) {
            const argv = [...quiet, '-csv', ...safe, fileUri(file, 'immutable=1')];
            return (0,csv/* firstFields */.k)(await (0,sqlite_tool/* outputText */.jO)(host, [argv[0], ...argv.slice(1)], ended([sql]), options));
        },
        async settle(host, live, signal) {
            const stdin = `.timeout ${sqlite_tool/* settleTimeoutMs */.bx}\n${ended(sqlite_tool/* settleStatements */._k)}`;
            return (0,sqlite_tool/* readSettlement */.A_)(await (0,program/* runProgram */.mB)(host, [...shell, fileUri(live, 'mode=rw')], { stdin, signal }));
        },
    };
}
/** Nobody needs a copy that a crash of the machine cut short. 3.34 of 2020 is known to have the option. */
function unsynced(version) {
    return (0,compare_versions/* compareVersions */.Z)(version, '3.34') >= 0 ? '--async ' : '';
}
/** Reads the file through the page cache, without a copy of each page; what the pragma says is not asked for. */
const mapped = ({ remote }) => `.once /dev/null\nPRAGMA mmap_size=${remote ? script_parts/* mapBytes */.Yb.remote : script_parts/* mapBytes */.Yb.here};\n`;
function ended(statements) {
    return statements.map((statement) => `${statement}\n;\n`).join('');
}


/***/ }),

/***/ 3272:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   A_: () => (/* binding */ readSettlement),
/* harmony export */   Dx: () => (/* binding */ linesOf),
/* harmony export */   P0: () => (/* binding */ busyTimeoutMs),
/* harmony export */   _k: () => (/* binding */ settleStatements),
/* harmony export */   bx: () => (/* binding */ settleTimeoutMs),
/* harmony export */   i_: () => (/* binding */ doneMark),
/* harmony export */   jO: () => (/* binding */ outputText)
/* harmony export */ });
/* harmony import */ var _core_give_way_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1155);
/* harmony import */ var _core_program_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6278);


/** How long a snapshot waits for a lock that another connection holds. */
const busyTimeoutMs = 30_000;
/** How long a restore waits to settle the database that it replaces. */
const settleTimeoutMs = 3000;
/** Said by the tool after the last step of a copy. */
const doneMark = 'holdfast-copied';
/** What settles a database: the first read plays a hot journal back, the checkpoint empties the WAL. */
const settleStatements = ['SELECT count(*) FROM sqlite_master', 'PRAGMA wal_checkpoint(TRUNCATE)'];
/** Lines of a tool's output, without the end of the last one. */
async function linesOf(host, argv, stdin, options) {
    return (await outputText(host, argv, stdin, options)).split('\n').slice(0, -1);
}
/** @throws whatever `fail` makes of a bad exit. */
async function outputText(host, argv, stdin, { signal, fail }) {
    const done = await (0,_core_program_js__WEBPACK_IMPORTED_MODULE_1__/* .runProgram */ .mB)(host, argv, { stdin, signal, niceness: _core_give_way_js__WEBPACK_IMPORTED_MODULE_0__/* .niceness */ .zA.check });
    if (done.code !== 0)
        throw fail(done);
    return done.stdout;
}
/** What became of {@link settleStatements}: the checkpoint's first column is 0 when nobody was in its way. */
function readSettlement(run) {
    const [, checkpoint = ''] = run.stdout.trim().split('\n');
    if (/locked|busy/i.test(run.stderr) || checkpoint.startsWith('1'))
        return 'busy';
    return run.code === 0 && checkpoint.startsWith('0') ? 'settled' : 'failed';
}


/***/ }),

/***/ 2578:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   W: () => (/* binding */ afterMark)
/* harmony export */ });
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


/***/ }),

/***/ 8189:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  Z: () => (/* binding */ openHost)
});

// EXTERNAL MODULE: ./build/core/errors.js
var errors = __webpack_require__(2807);
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

// EXTERNAL MODULE: ./build/core/program.js
var core_program = __webpack_require__(6278);
// EXTERNAL MODULE: external "node:stream"
var external_node_stream_ = __webpack_require__(7075);
// EXTERNAL MODULE: external "node:stream/promises"
var promises_ = __webpack_require__(4085);
// EXTERNAL MODULE: ./build/hosts/after-mark.js
var after_mark = __webpack_require__(2578);
;// CONCATENATED MODULE: ./build/hosts/running.js




/** How long a program may take to end after we asked it to, before our side is cut. */
const graceMs = 4000;
/** How long the end of what was cut may take to be heard. */
const cutMs = 500;
/** A started program with its end, however that comes. */
function watchOver(raw, { mark, signal, stderrBytes, unmarked }) {
    const output = new external_node_stream_.PassThrough({ highWaterMark: 1024 * 1024 });
    raw.stdout.on('error', (error) => output.destroy(error));
    raw.stdout.pipe(output);
    const stderr = tailOf(raw.stderr, stderrBytes);
    let cut;
    const unheard = Promise.withResolvers();
    const end = () => {
        raw.stdin.end();
        cut ??= setTimeout(() => {
            raw.destroy();
            // Of a machine that no longer answers the end is never heard.
            cut = setTimeout(() => unheard.resolve({ code: null }), cutMs);
        }, graceMs);
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
    const marked = (0,after_mark/* afterMark */.W)(output, mark);
    const exit = (async () => {
        try {
            const ended = await Promise.race([raw.ended, unheard.promise]).finally(() => (0,errors/* throwIfCancelled */.dZ)(signal));
            const found = { ...ended, stderr: stderr() };
            if (!(await marked.seen))
                throw unmarked(marked.before(), found);
            return found;
        }
        finally {
            clearTimeout(cut);
            signal.removeEventListener('abort', onAbort);
        }
    })();
    exit.catch((error) => output.destroy(error));
    const beat = (word = '') => {
        if (raw.stdin.writable)
            raw.stdin.write(`${word}\n`);
    };
    return { stdout: stopEarly(marked, exit, end, raw), begun: marked.seen, exit, beat, end };
}
/** The output; a reader that leaves before its end ends the program, and a missing begin is told by `exit`. */
async function* stopEarly({ bytes, seen }, exit, end, raw) {
    let whole = false;
    try {
        yield* bytes;
        // Without its begin there may be more of it, that nobody reads.
        whole = await seen;
    }
    finally {
        if (!whole) {
            end();
            // Without the pipe to whoever has left: that would stop it again.
            raw.stdout.unpipe();
            raw.stdout.resume();
        }
    }
    // Rejects when the program never began: then the empty output must not look like success.
    await exit;
}
function tailOf(stream, limitBytes) {
    let tail = Buffer.alloc(0);
    stream.on('data', (chunk) => {
        tail = Buffer.concat([tail, chunk]).subarray(-limitBytes);
    });
    stream.on('error', () => { });
    return () => tail.toString('utf8');
}
/** Gives a program what it reads. */
function feed(source, stdin, onFailure) {
    (0,promises_.pipeline)(source, stdin).catch(() => {
        // The source failed or the program closed its stdin; only the first must stop the program.
        if (!stdin.closed)
            onFailure();
    });
}
/** Bytes that are there later. */
async function* lazily(open) {
    yield* await open();
}
/** A machine that no longer answers must not keep a cancelled run waiting; a program that starts after all is ended. */
async function startUntil(signal, starting) {
    const aborted = Promise.withResolvers();
    const onAbort = () => {
        aborted.reject(reasonOf(signal));
        starting.then((late) => late.destroy(), () => { });
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
        return await Promise.race([starting, aborted.promise]);
    }
    finally {
        signal.removeEventListener('abort', onAbort);
    }
}
function reasonOf(signal) {
    return signal.reason instanceof errors/* HoldfastError */.Et ? signal.reason : new errors/* CancelledError */.cc();
}

;// CONCATENATED MODULE: ./build/hosts/gated-host.js



/** What a gate says before it answers. */
const greeting = 'holdfast-gate 1';
/** A gate says its whole proof there: a name and a number for each table. */
const stderrBytes = 16 * 1024 * 1024;
/**
 * A machine behind a key whose line in authorized_keys has a gate for its command. `spawn` starts no program: its words are
 * a request that the gate knows, or refuses.
 */
class GatedHost {
    label;
    remote;
    stallMs;
    #transport;
    constructor(transport, stallMs) {
        this.stallMs = stallMs;
        this.#transport = transport;
        this.label = transport.label;
        this.remote = transport.remote;
    }
    spawn(words, { signal, stdin }) {
        const running = this.#run(words, signal, typeof stdin === 'string' ? undefined : stdin);
        running.catch(() => { });
        return {
            stdout: lazily(async () => (await running).stdout),
            exit: running.then(({ exit }) => exit),
        };
    }
    async has(program, signal) {
        return (await (0,core_program/* runProgram */.mB)(this, ['holdfast', '1', 'has', program], { signal })).code === 0;
    }
    claim() {
        return this.scratch();
    }
    async scratch() {
        throw new errors/* HoldfastError */.Et(`A key with \`ssh-gate\` makes no folder on ${this.label}.`, {
            code: 'ssh.gate',
            input: 'ssh-gate',
            hint: 'Use a key without a gate for this.',
        });
    }
    async [Symbol.asyncDispose]() {
        await this.#transport.close();
    }
    async #run(words, signal, stdin) {
        (0,errors/* throwIfCancelled */.dZ)(signal);
        const raw = await startUntil(signal, this.#transport.start(words));
        raw.stdin.on('error', () => { });
        if (stdin !== undefined)
            feed(stdin, raw.stdin, () => raw.destroy());
        const unmarked = (before, exit) => noGate(this.label, before, exit);
        return watchOver(raw, { mark: greeting, signal, stderrBytes, unmarked });
    }
}
function noGate(label, before, exit) {
    const said = (0,core_program/* lastLine */.fM)(exit.stderr) || (0,core_program/* lastLine */.fM)(before) || (0,core_program/* describeExit */.KE)(exit);
    return new errors/* CommandError */.Qd(`${label} does not answer as \`ssh-gate\` wants it: it says "${said}".`, {
        code: 'ssh.gate',
        input: 'ssh-gate',
        hint: 'Put the line that `holdfast doctor --print-authorized-key` prints in the place of the key in ~/.ssh/authorized_keys there.',
    });
}

// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __webpack_require__(1421);
// EXTERNAL MODULE: external "node:events"
var external_node_events_ = __webpack_require__(8474);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
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

// EXTERNAL MODULE: ./build/hosts/open-ssh.js + 6 modules
var open_ssh = __webpack_require__(676);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ./build/core/quote.js
var quote = __webpack_require__(5054);
// EXTERNAL MODULE: ./build/core/sweep-folders.js
var sweep_folders = __webpack_require__(1446);
// EXTERNAL MODULE: ./build/hosts/tether.js
var tether = __webpack_require__(8158);
;// CONCATENATED MODULE: ./build/hosts/hold.js



// As those of `tether.ts`, these texts are POSIX sh and reach the host over stdin.
/** A sign of life that says that the files need no names any more; a letter, as each byte may be read by a program of its own. */
const unnameWord = 'u';
/** Says the path, and removes it when that is over, unless it has become another one's. @param before what else may fail */
const stay = (before = '') => `
# A second signal, which may go to all processes of a session, must stop neither this nor rm.
deaf() { trap '' HUP INT TERM PIPE; }
clean() {
  deaf
  is_ours || return
  for try in 1 2 3 4 5 6 7 8; do
    rm -rf -- "$dir" 2>/dev/null
    [ -e "$dir" ] || return
    sleep 1
  done
}
trap clean EXIT
trap 'deaf; exit 1' HUP INT TERM PIPE
${before}
printf '%s\\n' "$dir"
while heard; do
  case $word in
    ${unnameWord}*) rm -f -- "$dir"/* ;;
    *) touch "$dir" ;;
  esac
done
deaf
exit 0
`;
/**
 * Makes a private folder, says its path, and removes it when stdin ends, a signal comes, or the signs of life stay away. By
 * these a later run knows that the folder is in use, too. What a first file holds is seen by the shell alone: in
 * dash, bash and busybox printf is built in.
 */
function holdScratch({ mark, under, file, leaseSeconds = 0 }) {
    const write = file && `printf %s ${(0,quote/* quote */.h)(file.text)} >"$dir"/${(0,quote/* quote */.h)(file.name)} || exit 1`;
    return `
exec 3<&0
${(0,tether/* listen */.KT)(leaseSeconds)}
umask 077
printf '%s\\n' ${(0,quote/* quote */.h)(mark)}
: "\${TMPDIR:=/tmp}"
under=${under === undefined ? '"$TMPDIR"' : (0,quote/* quote */.h)(under)}
${sweep_folders/* sweepFolders */.m}
sweep "$under"
dir=$(mktemp -d "$under/holdfast.XXXXXXXX") || exit 1
is_ours() { :; }
${stay(write)}`;
}
/** What a script says of a folder that somebody else has. */
const taken = 'taken';
/**
 * Makes a folder at that very path, which is said, or says `taken`. One that was left without a sign of life for five minutes is
 * nobody's; a second folder beside it sees to it that only one takes it away.
 */
function holdClaim(mark, path, leaseSeconds = 0) {
    return `
exec 3<&0
${(0,tether/* listen */.KT)(leaseSeconds)}
umask 077
printf '%s\\n' ${(0,quote/* quote */.h)(mark)}
dir=${(0,quote/* quote */.h)(path)}
taken() { printf '${taken}\\n'; exit 0; }
is_dead() { [ -n "$(find "$1" -prune -mmin +5 2>/dev/null)" ]; }
is_ours() { [ "$(cat "$dir/holder" 2>/dev/null)" = ${(0,quote/* quote */.h)(mark)} ]; }
if ! mkdir -- "$dir" 2>/dev/null; then
  if is_dead "$dir"; then
    if ! mkdir -- "$dir.old" 2>/dev/null; then
      if is_dead "$dir.old"; then rmdir -- "$dir.old"; fi
      taken
    fi
    if is_dead "$dir"; then rm -rf -- "$dir"; fi
    rmdir -- "$dir.old"
  fi
  if [ -d "$dir" ]; then taken; fi
  if ! why=$(mkdir -- "$dir" 2>&1); then
    if [ -d "$dir" ]; then taken; fi
    printf '%s\\n' "$why" >&2
    exit 1
  fi
fi
printf '%s\\n' ${(0,quote/* quote */.h)(mark)} >"$dir/holder" || exit 1
${stay()}`;
}

;// CONCATENATED MODULE: ./build/hosts/no-shell.js


/** The first that fits: sudo may say that there is no docker. */
const remedies = [
    {
        when: /docker: (?:command )?not found|docker: No such file|Unknown command:? .?docker/i,
        hint: 'There is no `docker` on the PATH of this user on that machine: install it there, or leave `container` out.',
    },
    {
        when: /sudo: (?:command )?not found/i,
        hint: 'There is no `sudo` on that machine: leave `sudo` out, and connect as a user who may read the database.',
    },
    {
        when: /^sudo: |not in the sudoers|may not run sudo|^Sorry, user /i,
        hint: 'Give this user a line with NOPASSWD in sudoers (`visudo`: `deploy ALL=(root) NOPASSWD: ALL`), or leave `sudo` out.',
    },
    {
        when: /permission denied.*docker|Docker daemon socket/i,
        hint: 'Add the user to the group `docker` on that machine (`sudo usermod -aG docker deploy`), or set `sudo: true`.',
    },
    {
        when: /No such container|is not running/i,
        hint: 'Take the name from the last column of `docker ps`. With Kamal the names of app containers change at each deploy.',
    },
];
const usual = 'The account needs a login shell and `sh`; a container must be running and contain `sh`.';
/** @param before what came on stdout in place of our first line */
function noShell(label, before, exit) {
    const said = (0,core_program/* lastLine */.fM)(before) || (0,core_program/* lastLine */.fM)(exit.stderr);
    return new errors/* CommandError */.Qd(`No program can be started on ${label}: ${said === '' ? (0,core_program/* describeExit */.KE)(exit) : `it says "${said}"`}.`, { code: 'host.no-shell', hint: remedies.find(({ when }) => when.test(said))?.hint ?? usual });
}

;// CONCATENATED MODULE: ./build/hosts/tethered-host.js







const tethered_host_stderrBytes = 16 * 1024;
/** How many signs of life may get lost before a remote machine takes us for dead, and how many there are while a peer may be silent. */
const [beatsOfLease, beatsOfStall] = [6, 2];
/** A claim without a sign of life counts for five minutes. */
const slowestBeatMs = 60_000;
/** Programs and folders on a machine that end and vanish with us, over any transport. */
class TetheredHost {
    label;
    remote;
    stallMs;
    forward;
    #transport;
    constructor(transport, stallMs) {
        this.stallMs = stallMs;
        this.#transport = transport;
        this.label = transport.label;
        this.remote = transport.remote;
        const { forward } = transport;
        if (forward !== undefined)
            this.forward = (address) => forward.call(transport, address);
    }
    spawn(argv, options) {
        const { stdin, through, env, niceness, lingering } = options;
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
            lingering,
            niceness,
            env,
            mark,
            leaseSeconds: this.#leaseSeconds(),
            stdin: stdin === undefined ? 'watch' : typeof stdin === 'string' ? Buffer.byteLength(stdin) : 'stream',
        };
        const running = this.#run((0,tether/* tether */.RW)(job), mark, options.signal, stdin);
        running.catch(() => { });
        return {
            stdout: lazily(async () => (await running).stdout),
            exit: running.then(({ exit }) => exit),
        };
    }
    async scratch({ signal, under, file }) {
        assertPlain([under ?? '', file?.name ?? '']);
        if (file?.text.includes('\0'))
            throw nulIn('The text of a file');
        const mark = newMark();
        const script = holdScratch({ mark, under, file, leaseSeconds: this.#leaseSeconds() });
        const { said, held } = await this.#hold(script, mark, signal);
        if (held === null) {
            throw new errors/* CommandError */.Qd(`No temporary folder could be made on ${this.label} (${said}).`, {
                code: 'host.scratch',
                hint: 'Free some space there, or set TMPDIR to a folder that this user may write to.',
            });
        }
        return held;
    }
    async claim(path, { signal }) {
        assertPlain([path]);
        const mark = newMark();
        const { said, held } = await this.#hold(holdClaim(mark, path, this.#leaseSeconds()), mark, signal);
        if (held !== null || said === taken)
            return held;
        throw new errors/* CommandError */.Qd(`${path} could not be made on ${this.label} (${said}).`, { code: 'host.claim' });
    }
    async [Symbol.asyncDispose]() {
        await this.#transport.close();
    }
    /** Starts a script that says the path of a folder and removes it in the end; or else why there is none. */
    async #hold(script, mark, signal) {
        const holder = await this.#run(script, mark, signal);
        const lines = holder.stdout[Symbol.asyncIterator]();
        const { value } = await lines.next();
        const path = value === undefined ? '' : Buffer.from(value).toString('utf8').trimEnd();
        // The rest of its output is nothing, but must be read for its end to be seen.
        const rest = lines.next();
        rest.catch(() => { });
        if (!path.startsWith('/')) {
            holder.end();
            await rest.catch(() => { });
            const exit = await holder.exit;
            return { said: path || (0,core_program/* lastLine */.fM)(exit.stderr) || (0,core_program/* describeExit */.KE)(exit), held: null };
        }
        const held = {
            path,
            unname: () => holder.beat(unnameWord),
            async [Symbol.asyncDispose]() {
                holder.end();
                await holder.exit.catch(() => { });
            },
        };
        return { said: '', held };
    }
    async #run(script, mark, signal, stdin) {
        (0,errors/* throwIfCancelled */.dZ)(signal);
        const raw = await startUntil(signal, this.#transport.start(tether/* bootstrap */.Nw));
        // A program that ends early no longer reads: not our failure, its exit code tells.
        raw.stdin.on('error', () => { });
        raw.stdin.write((0,tether/* scripted */.LI)(script));
        if (typeof stdin === 'string')
            raw.stdin.write(stdin);
        else if (stdin !== undefined)
            feed(stdin, raw.stdin, () => raw.destroy());
        const running = watchOver(raw, {
            mark,
            signal,
            stderrBytes: tethered_host_stderrBytes,
            unmarked: (before, exit) => noShell(this.label, before, exit),
        });
        running.begun.then((begun) => {
            if (begun)
                this.#transport.startAhead?.(tether/* bootstrap */.Nw);
        }, () => { });
        if (stdin === undefined || typeof stdin === 'string') {
            beatWhile(running, Math.min(this.stallMs / beatsOfStall, slowestBeatMs));
        }
        return running;
    }
    /** A program of this machine ends with us in any case. */
    #leaseSeconds() {
        return this.remote ? Math.ceil(((this.stallMs / beatsOfStall) * beatsOfLease) / 1000) : 0;
    }
}
function beatWhile({ beat, exit }, everyMs) {
    const beating = setInterval(beat, everyMs);
    beating.unref();
    const stop = () => clearInterval(beating);
    exit.then(stop, stop);
}
function newMark() {
    return `holdfast-${(0,external_node_crypto_.randomBytes)(12).toString('hex')}`;
}
function assertPlain(texts) {
    const bad = texts.find((text) => text.includes('\0'));
    if (bad !== undefined)
        throw nulIn(JSON.stringify(bad));
}
function nulIn(what) {
    return new errors/* HoldfastError */.Et(`${what} holds a NUL character, which no program can take.`, {
        code: 'host.argument',
    });
}

;// CONCATENATED MODULE: ./build/hosts/open-host.js





/** The machine where the database's tools run. Disposing closes the connection. */
async function openHost({ ssh, sudo, gated = false, container, env, signal, stallMs = 60_000, }) {
    const machine = ssh === null ? new LocalTransport(env) : await (0,open_ssh/* openSsh */.z)({ ...ssh, stallMs }, signal);
    if (gated)
        return new GatedHost(machine, stallMs);
    const asUser = sudo ? new SudoTransport(machine) : machine;
    return new TetheredHost(container === null ? asUser : new ContainerTransport(asUser, container), stallMs);
}


/***/ }),

/***/ 676:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  z: () => (/* binding */ openSsh),
  k: () => (/* binding */ publicKeyOf)
});

// EXTERNAL MODULE: external "node:events"
var external_node_events_ = __webpack_require__(8474);
// EXTERNAL MODULE: ./node_modules/p-retry/index.js + 1 modules
var p_retry = __webpack_require__(4995);
// EXTERNAL MODULE: ./build/core/errors.js
var errors = __webpack_require__(2807);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
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
function fingerprintOf(blob) {
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

// EXTERNAL MODULE: ./build/hosts/ssh-errors.js
var ssh_errors = __webpack_require__(5892);
;// CONCATENATED MODULE: ./build/hosts/ssh-sign.js
/** What ssh2 signs with by an RSA key (https://www.rfc-editor.org/rfc/rfc8332#section-3); the other types have one hash each. */
const hashes = { 'rsa-sha2-256': 'sha256', 'rsa-sha2-512': 'sha512' };
/**
 * Lets a client sign at once, where ssh2 first asks whether the server would take the key: that is a round trip, and worth it only
 * where there are several keys (https://www.rfc-editor.org/rfc/rfc4252#section-7). To be called before it is asked who it is.
 */
function signAtOnce(client) {
    const { _protocol: protocol } = client;
    const authenticate = protocol.authPK.bind(protocol);
    protocol.authPK = (user, key, algorithm, sign) => {
        const signNow = (data, done) => {
            const signature = key.sign(data, hashes[algorithm ?? '']);
            // When asked in its own way, ssh2 says what is wrong with the key.
            if (Buffer.isBuffer(signature))
                done(signature);
            else
                authenticate(user, key, algorithm);
        };
        authenticate(user, key, algorithm, sign ?? signNow);
    };
}

// EXTERNAL MODULE: external "node:net"
var external_node_net_ = __webpack_require__(7030);
;// CONCATENATED MODULE: ./build/hosts/ssh-socket.js


/** Read at a time at most: eight of the packets that carry data. */
const readBytes = 256 * 1024;
/**
 * Connects within that many milliseconds. Each read is a buffer of its own at first, as ssh2 keeps parts of what it exchanges before there are
 * keys; later that would be as much memory to collect as the database is large.
 */
async function openSocket({ host, port }, withinMs, signal) {
    const buffer = Buffer.allocUnsafe(readBytes);
    let reused = false;
    const socket = (0,external_node_net_.createConnection)({
        host,
        port,
        onread: {
            buffer,
            callback(count) {
                const data = buffer.subarray(0, count);
                socket.emit('data', reused ? data : Buffer.from(data));
                // Also when nobody listens any more: only who reads on sees the end.
                return true;
            },
        },
    });
    // Until ssh2 listens.
    socket.pause();
    try {
        await (0,external_node_events_.once)(socket, 'connect', { signal: AbortSignal.any([signal, AbortSignal.timeout(withinMs)]) });
    }
    catch (error) {
        socket.destroy();
        if (signal.aborted || error.name !== 'AbortError')
            throw error;
        throw Object.assign(new Error('connect timed out', { cause: error }), { code: 'ETIMEDOUT' });
    }
    socket.setNoDelay(true);
    return {
        socket,
        reuseFor(client) {
            reused = copies(client);
        },
    };
}
/** ssh2 decrypts into buffers of its own, unless the native module was built that it may have: that does it in place. */
function copies(client) {
    const { _protocol: protocol } = client;
    return /DecipherNative$/.test(protocol?._decipher?.constructor.name ?? '');
}
/**
 * A server from which nothing comes for so long is gone, though no FIN or RST says so. Every byte is a sign of life: ssh2's
 * own count would give up a slow one, whose answer waits behind the data.
 */
function endSilence(socket, stallMs) {
    const [everyMs, looks] = [stallMs / 10, 9];
    let [seen, quiet] = [socket.bytesRead, 0];
    // Looks are counted, not time: this machine may have been asleep.
    const timer = setInterval(() => {
        quiet = socket.bytesRead === seen ? quiet + 1 : 0;
        seen = socket.bytesRead;
        if (quiet === looks)
            socket.destroy(new Error(`nothing came for ${stallMs / 1000} s`));
    }, everyMs);
    socket.once('close', () => clearInterval(timer));
}

// EXTERNAL MODULE: ./build/core/quote.js
var quote = __webpack_require__(5054);
;// CONCATENATED MODULE: ./build/hosts/ssh-window.js
/**
 * How much a channel may send before it must hear from us, in bytes (https://www.rfc-editor.org/rfc/rfc4254#section-5.2). ssh2 asks
 * for 2 MiB and again once half of it came, which at a round trip of 50 ms is 24 MB a second at most.
 */
const windowBytes = 4 * 1024 * 1024;
/** Asked for again in such steps. */
const stepBytes = 256 * 1024;
/** What sends less has no use for it. */
const shortBytes = 1024 * 1024;
/** Keeps a long stream from a far machine going, at the pace of whoever reads it. */
function widen(client, channel) {
    const { incoming, outgoing } = channel;
    const { _protocol: protocol } = client;
    let passed = 0;
    const onData = (chunk) => {
        passed += chunk.byteLength;
        const missing = windowBytes - incoming.window;
        if (passed < shortBytes || missing < stepBytes || outgoing.state !== 'open')
            return;
        incoming.window += missing;
        protocol.channelWindowAdjust(outgoing.id, missing);
    };
    // A listener of its own would make the channel flow before anybody reads it.
    channel.once('resume', () => channel.on('data', onData));
}

;// CONCATENATED MODULE: ./build/hosts/ssh-transport.js






/** With a longer round trip a server is far away: then the window is what limits a stream, and each start is waited for. */
const farMs = 12;
/** How many programs are started ahead there, as many as a large stream has before it, and how long they wait. */
const [aheadCount, aheadMs] = [3, 5000];
/** Programs on a machine over one SSH connection, a channel each. */
class SshTransport {
    label;
    remote = true;
    #client;
    /** Rejects when the connection is lost. */
    #lost;
    #closing = false;
    #isFar;
    /** `null`: not yet. */
    #ahead = null;
    /** @param roundTripMs of a question and its answer */
    constructor(client, label, roundTripMs) {
        this.label = label;
        this.#isFar = roundTripMs > farMs;
        this.#client = client;
        this.#lost = new Promise((_, reject) => {
            let cause;
            client.on('error', (error) => {
                cause ??= error;
            });
            client.once('close', () => {
                if (!this.#closing)
                    reject(lostConnection(label, cause));
            });
        });
        this.#lost.catch(() => { });
    }
    async start(argv) {
        const command = argv.map(quote/* quote */.h).join(' ');
        for (;;) {
            const opening = this.#ahead?.command === command ? this.#ahead.openings.shift() : undefined;
            if (opening === undefined)
                return this.#open(command);
            const opened = await opening;
            if (opened !== null && !opened.hasEnded())
                return opened;
        }
    }
    startAhead(argv) {
        if (this.#ahead !== null || !this.#isFar)
            return;
        const command = argv.map(quote/* quote */.h).join(' ');
        const open = () => this.#open(command).catch(() => null);
        const ahead = { command, openings: Array.from({ length: aheadCount }, open) };
        this.#ahead = ahead;
        const dismiss = async () => {
            for (const opening of ahead.openings.splice(0))
                (await opening)?.destroy();
        };
        setTimeout(dismiss, aheadMs).unref();
    }
    async #open(command) {
        const opened = new Promise((resolve, reject) => {
            // The exit status may come in the same packet, before anybody who awaits the channel has it.
            this.#client.exec(command, (error, channel) => error ? reject((0,ssh_errors/* sshError */.$$)(this.label, error)) : resolve([channel, this.#endOf(channel)]));
        });
        // What is lost says so, where ssh2 says only that there is no connection.
        const [channel, end] = await Promise.race([this.#lost, opened]);
        if (this.#isFar)
            widen(this.#client, channel);
        return {
            stdin: channel.stdin,
            stdout: channel.stdout,
            stderr: channel.stderr,
            ...end,
            destroy: () => channel.close(),
        };
    }
    #endOf(channel) {
        let exit = null;
        channel.on('exit', (code, signal) => {
            exit = { code, ...(signal ? { signal } : {}) };
        });
        const closed = (0,external_node_events_.once)(channel, 'close').then(() => exit ?? { code: null });
        // After a loss ssh2 closes some of its channels and forgets others: which of the two comes first must not matter.
        const judged = closed.then((found) => (this.#isConnected() ? found : orAfter(1000, this.#lost, found)));
        const ended = Promise.race([judged, this.#lost]);
        ended.catch(() => { });
        return { ended, hasEnded: () => exit !== null || !channel.writable };
    }
    #isConnected() {
        return this.#closing || this.#isOpen();
    }
    #isOpen() {
        const socket = this.#socket;
        return socket?.writable === true && !socket.destroyed;
    }
    get #socket() {
        return this.#client._sock;
    }
    async forward(address) {
        const sockets = new Set();
        let refusal = null;
        const end = () => {
            server.close();
            for (const socket of sockets)
                socket.destroy();
        };
        // ssh2 forgets some channels of a lost connection: whoever waits for an answer through one must hear of it.
        this.#lost.catch(end);
        const server = (0,external_node_net_.createServer)((socket) => {
            sockets.add(socket);
            socket.once('close', () => sockets.delete(socket));
            this.#client.forwardOut('127.0.0.1', 0, address.host, address.port, (error, channel) => {
                if (error) {
                    refusal = error;
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
            refusal: () => refusal,
            async [Symbol.asyncDispose]() {
                end();
            },
        };
    }
    async close() {
        this.#closing = true;
        const socket = this.#socket;
        if (socket === undefined)
            return;
        const connected = this.#isOpen();
        // A link that breaks now has nothing more to break. What the server answers to our goodbye is for nobody.
        const sent = (0,external_node_events_.once)(socket, 'finish').catch(() => { });
        this.#client.end();
        // A dead link may take nothing more.
        if (connected)
            await orAfter(1000, sent, undefined);
        // ssh2 destroys no socket that it has ended.
        socket.destroy();
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









/** Connecting, with what is tried again of it, is given up after that long. */
const connectTimeoutMs = 15_000;
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
    const label = labelOf(target);
    const { stallMs = 60_000 } = target;
    const pinned = pinnedKeys(target, label);
    const { Client, utils } = (await __webpack_require__.e(/* import() */ 472).then(__webpack_require__.t.bind(__webpack_require__, 5472, 19))).default;
    const privateKey = readKey(target, utils);
    const giveUpAtMs = performance.now() + connectTimeoutMs;
    let roundTripMs = 0;
    const connectOnce = async () => {
        (0,errors/* throwIfCancelled */.dZ)(signal);
        const client = new Client();
        const refusal = { error: undefined };
        let offered = '';
        let askedMs = 0;
        const config = {
            username: target.user,
            authHandler: [{ type: 'publickey', username: target.user, key: privateKey }],
            tryKeyboard: false,
            agentForward: false,
            readyTimeout: Math.max(1000, Math.floor(giveUpAtMs - performance.now())),
            // Asked now and then, a living server answers; how long it may take is for the watch on the socket.
            keepaliveInterval: Math.min(10_000, stallMs / 4),
            keepaliveCountMax: Number.POSITIVE_INFINITY,
            algorithms: { ...algorithms, serverHostKey: serverHostKeys(pinned) },
            hostVerifier: (key) => {
                refusal.error = judgeHostKey(pinned, key, target, label);
                return refusal.error === undefined;
            },
            // What does not match is known from here alone: the last list before the end.
            debug: (line) => {
                offered = /^Handshake: \(remote\) [^:]*: *(.*)$/.exec(line)?.[1] ?? offered;
                // The one question that takes a server no time.
                if (line.startsWith('Outbound: Sending SERVICE_REQUEST'))
                    askedMs = performance.now();
                if (line.startsWith('Inbound: Received SERVICE_ACCEPT'))
                    roundTripMs = performance.now() - askedMs;
            },
        };
        try {
            // ssh2 takes a parsed key and any list of algorithm names; its types are narrower.
            return await connect(client, config, { ...target, stallMs }, signal);
        }
        catch (error) {
            client.on('error', () => { });
            client.destroy();
            throw refusal.error ?? withOffer(error, offered);
        }
    };
    try {
        const client = await (0,p_retry/* default */.Ay)(connectOnce, {
            retries: 2,
            minTimeout: 500,
            shouldRetry: ({ error }) => (0,ssh_errors/* isTransient */.dg)(error) && performance.now() < giveUpAtMs,
            signal,
        });
        return new SshTransport(client, label, roundTripMs);
    }
    catch (error) {
        (0,errors/* throwIfCancelled */.dZ)(signal);
        throw (0,ssh_errors/* sshError */.$$)(label, error);
    }
}
/** The public half of the key, as a line of authorized_keys ends: `ssh-ed25519 AAAA…`. */
async function publicKeyOf(target) {
    const key = readKey(target, (await __webpack_require__.e(/* import() */ 472).then(__webpack_require__.t.bind(__webpack_require__, 5472, 19))).default.utils);
    return `${key.type} ${key.getPublicSSH().toString('base64')}`;
}
/** ssh2 says that nothing matches, but not what the server has. */
function withOffer(error, offered) {
    if (!(error instanceof Error) || !(0,ssh_errors/* isUnmatched */.gK)(error))
        return error;
    return new Error(`${error.message}: ${offered.replaceAll(',', ', ')}`, { cause: error });
}
function labelOf({ user, host, port }) {
    return port === 22 ? `${user}@${host}` : `${user}@${host}:${port}`;
}
async function connect(client, config, { host, port, stallMs }, signal) {
    const { readyTimeout = 0 } = config;
    const { socket, reuseFor } = await openSocket({ host, port }, readyTimeout, signal);
    const ready = (0,external_node_events_.once)(client, 'ready', { signal });
    const closed = (0,external_node_events_.once)(client, 'close').then(() => {
        throw new Error('the connection closed before it was ready');
    });
    closed.catch(() => { });
    client.connect({ ...config, sock: socket });
    signAtOnce(client);
    try {
        await Promise.race([ready, closed]);
    }
    catch (error) {
        const named = nameSilence(error, socket);
        // ssh2 destroys no socket that it has ended.
        socket.destroy();
        throw named;
    }
    reuseFor(client);
    endSilence(socket, stallMs);
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
    const shown = fingerprintOf(key);
    if (revoked.some(({ blob }) => blob.equals(key))) {
        return new errors/* HoldfastError */.Et(`${label} shows the key ${shown}, which is marked @revoked.`, {
            code: 'ssh.host-revoked',
            input,
            hint: 'Do not connect to it before you know why the key was revoked.',
        });
    }
    if (trusted.some(({ blob }) => blob.equals(key)))
        return undefined;
    const expected = trusted.map(({ blob }) => fingerprintOf(blob)).join(' or ');
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


/***/ }),

/***/ 5892:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $$: () => (/* binding */ sshError),
/* harmony export */   dg: () => (/* binding */ isTransient),
/* harmony export */   gK: () => (/* binding */ isUnmatched)
/* harmony export */ });
/* harmony import */ var _core_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2807);

const hasCode = (...codes) => ({ code }) => codes.includes(code ?? '');
const says = (pattern) => ({ message }) => pattern.test(message);
const translations = [
    {
        when: hasCode('ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL'),
        code: 'ssh.dns',
        why: () => 'its name has no address',
        input: 'ssh',
        hint: 'Correct the host in `ssh`, or the DNS.',
    },
    {
        when: hasCode('ECONNREFUSED'),
        code: 'ssh.refused',
        why: () => 'the connection was refused',
        input: 'ssh',
        hint: 'Is sshd running, and is this its port? Write another port as `user@host:port`.',
    },
    {
        when: hasCode('ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'),
        code: 'ssh.unreachable',
        why: () => 'it does not answer',
        input: 'ssh',
        hint: 'Is the port open in the firewall for this machine? GitHub runners have changing addresses.',
    },
    {
        when: says(/no SSH banner/),
        code: 'ssh.no-banner',
        why: () => 'the port is open but sent no SSH banner within 15 s',
        input: 'ssh',
        hint: 'Is this really the port of sshd?',
    },
    {
        when: says(/timed out while waiting for handshake/i),
        code: 'ssh.timeout',
        why: () => 'the SSH handshake was not done within 15 s',
        input: 'ssh',
        hint: 'Try again; if it repeats, look at the log of sshd.',
    },
    {
        when: says(/no matching host key format/i),
        code: 'ssh.host-key-type',
        why: ({ message }) => `it shows no host key of a type that \`ssh-known-hosts\` has for it, or only with SHA-1 (it has ${offerOf(message)})`,
        input: 'ssh-known-hosts',
        hint: 'Add its line of one of those types, after comparing the fingerprint on the server; where it has only ssh-rsa or ' +
            'ssh-dss, make a key there with `ssh-keygen -A`.',
    },
    {
        when: isUnmatched,
        code: 'ssh.algorithms',
        why: ({ message }) => `it offers only algorithms that are not safe today (${offerOf(message)})`,
        hint: 'Update sshd on the server; SHA-1, CBC, ChaCha20 and small Diffie-Hellman groups are not accepted.',
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
        hint: 'Raise MaxSessions in sshd_config (10, the default of sshd, are enough), or allow sessions for this key.',
    },
    {
        when: isBroken,
        code: 'ssh.closed',
        why: ({ message }) => `it ended the connection before the login was done (${message})`,
        input: 'ssh',
        hint: 'Does it block this machine (fail2ban), or have too many logins at once (MaxStartups)? Look at the log of sshd.',
    },
];
/** The one place where what ssh2 and the socket say becomes a sentence. */
function sshError(label, cause) {
    if (cause instanceof _core_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .HoldfastError */ .Et)
        return cause;
    const error = (cause instanceof Error ? cause : new Error(String(cause)));
    const known = translations.find(({ when }) => when(error));
    if (known === undefined) {
        return new _core_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .CommandError */ .Qd(`The connection to ${label} failed: ${error.message}.`, {
            code: 'ssh.failed',
            cause,
        });
    }
    return new _core_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .CommandError */ .Qd(`Can't work on ${label} over SSH: ${known.why(error)}.`, {
        code: known.code,
        input: known.input,
        hint: known.hint,
        cause,
    });
}
/** What may go away by trying again: the network, never a key. */
function isTransient(cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    return hasCode('ETIMEDOUT', 'EAI_AGAIN')(error) || isBroken(error);
}
/** The connection ended while it was made. */
function isBroken(error) {
    return (hasCode('ECONNRESET', 'EPIPE')(error) || /closed before|connection lost|ended before/i.test(error.message));
}
/** The two sides have no algorithm of some kind in common. */
function isUnmatched({ message }) {
    return /no matching|no common/i.test(message);
}
/** What came after ssh2's own words. */
function offerOf(message) {
    return /: ([^:]+)$/.exec(message)?.[1] ?? message;
}


/***/ }),

/***/ 8158:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   KT: () => (/* binding */ listen),
/* harmony export */   LI: () => (/* binding */ scripted),
/* harmony export */   Nw: () => (/* binding */ bootstrap),
/* harmony export */   RW: () => (/* binding */ tether)
/* harmony export */ });
/* harmony import */ var _core_give_way_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(1155);
/* harmony import */ var _core_quote_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(5054);


/**
 * The shell texts around every program. They are constant but for quoted values, and reach the host over stdin, so
 * that no login shell and no list of processes sees a value.
 *
 * POSIX sh only: dash, bash, busybox.
 */
/** Starts `sh` on the script that comes with stdin, as {@link scripted} gives it; what follows is the script's stdin. */
const bootstrap = [
    'sh',
    '-c',
    // None of what follows is taken. An old dd refuses to wait for all of it before it has read anything, and then reads byte by byte.
    'read -r bytes && eval "$(dd iflag=fullblock bs="$bytes" count=1 2>/dev/null || dd ibs=1 obs=8192 count="$bytes" 2>/dev/null)"',
];
/** A script with the line that says how long it is. */
function scripted(script) {
    return `${Buffer.byteLength(script)}\n${script}`;
}
/**
 * Defines `heard`: waits for a sign of life, a line on descriptor 3, and fails at its end; `word` is what that begins with. With `leaseSeconds`
 * it also fails when none came for so long: a client that vanished without a word would else be waited for until TCP gives up, for hours.
 * dash can't read with a limit of time, so that dd reads, byte by byte, where the host has a `timeout` of the usual form; `word` then ends in
 * how that ended.
 */
function listen(leaseSeconds) {
    if (leaseSeconds === 0)
        return 'heard() { read -r word <&3; }';
    return `
limited=yes
heard() {
  if [ "$limited" ]; then
    word=$(timeout ${leaseSeconds} dd bs=1 count=1 <&3 2>/dev/null; echo " $?")
    # A byte, whatever the clock says; no such timeout; the end, too long a silence, or a signal.
    case $word in
      ?*" "*) return 0 ;;
      " 1" | " 12"[567]) limited= ;;
      *) return 1 ;;
    esac
  fi
  read -r word <&3
}`;
}
/**
 * Runs the program in a process group of its own, which `job` leads: by `setsid`, or where that is missing (macOS) by the job control of
 * the shell. A shell that has none without a terminal (dash) makes no group; then `job` is the program itself. In `watch`, when stdin
 * ends (we died, or the link broke), it gets TERM, and KILL two seconds later. `read` is a builtin: nothing of ours is left when
 * the shell is killed.
 */
function tether(job) {
    const input = typeof job.stdin === 'number' ? `text=$(head -c ${job.stdin} <&3; printf x)` : ':';
    const feed = typeof job.stdin === 'number' ? `printf %s "\${text%x}" |` : '';
    const from = job.stdin === 'stream' ? '<&3' : job.stdin === 'watch' ? '</dev/null' : '';
    const watch = job.stdin === 'stream'
        ? 'watch='
        : `( while heard; do :; done; end_job TERM; sleep 2; end_job KILL ) >/dev/null 2>&1 &
watch=$!`;
    const { program, work } = programOf(job);
    return `
LC_ALL=C; export LC_ALL
${exportLines(job.env)}
printf '%s\\n' ${(0,_core_quote_js__WEBPACK_IMPORTED_MODULE_1__/* .quote */ .h)(job.mark)}
exec 3<&0 </dev/null
${listen(job.leaseSeconds)}
${input}
${work}
if command -v setsid >/dev/null 2>&1; then
  ${feed} setsid ${program} ${from} 3<&- &
else
  set -m 2>/dev/null
  case $- in
    *m*) ( ${feed} ${program} ${from} 3<&- ) & ;;
    *) ${feed} ${program} ${from} 3<&- & ;;
  esac
  set +m
fi
job=$!
end_job() { kill "-$1" "-$job" || kill "-$1" "$job"; } 2>/dev/null
trap 'end_job KILL; exit 143' HUP INT TERM
${watch}
wait "$job"
status=$?
{ ${job.lingering ? ':' : 'kill -KILL "-$job"'}; [ -z "$watch" ] || kill -KILL "$watch"; } >/dev/null 2>&1
exit "$status"
`;
}
/** What is started, and the line before it. A script of its own needs no shell around it. */
function programOf(job) {
    const { argv, through, niceness, lingering, mark } = job;
    if (argv[0] === 'sh' && through === undefined && niceness === undefined && !lingering) {
        return { program: '"$@"', work: `set -- ${words(argv)}` };
    }
    const script = workScript(job);
    return { program: 'sh -c "$work"', work: `work=${(0,_core_quote_js__WEBPACK_IMPORTED_MODULE_1__/* .quote */ .h)(lingering ? relayed(script, mark) : script)}` };
}
/** The program, or the two of a pipe with the exit status of both: a failure of either is one of the whole. */
function workScript({ argv, through, niceness }) {
    const first = `exec ${niceness === undefined ? '' : '$nice '}${words(argv)}`;
    if (through === undefined)
        return niceness === undefined ? first : `${(0,_core_give_way_js__WEBPACK_IMPORTED_MODULE_0__/* .giveWay */ .nE)(niceness)}\n${first}`;
    return `${(0,_core_give_way_js__WEBPACK_IMPORTED_MODULE_0__/* .findNice */ .Jr)(niceness ?? _core_give_way_js__WEBPACK_IMPORTED_MODULE_0__/* .niceness */ .zA.bulk)}\nexec 4>&1
one=$( { { ( ${first} ) 3>&- 4>&-; echo "$?" >&3; } | ( exec $nice ${words(through)} ) >&4 3>&- 4>&-; } 3>&1 )
two=$?
[ "$two" -eq 0 ] || exit "$two"
exit "\${one:-255}"`;
}
/**
 * Passes on what the script writes until it ends, by its exit status behind a mark. What it has left running holds on to pipes that
 * end in a `cat` instead of in our link: so nobody waits for it, and it neither breaks nor fills a disk when it writes on.
 */
function relayed(script, mark) {
    return `mark=${(0,_core_quote_js__WEBPACK_IMPORTED_MODULE_1__/* .quote */ .h)(mark)}
relay() {
  code=255
  before=
  while IFS= read -r line; do
    case $line in "$mark "*) code=\${line##* }; break ;; esac
    printf %s "$before$line"
    before='
'
  done
  exec 6<&0
  cat <&6 >/dev/null 2>&1 6<&- &
  return "$code"
}
{
  {
    ( ${script} )
    code=$?
    printf '\\n%s %s\\n' "$mark" "$code" >&2
    printf '\\n%s %s\\n' "$mark" "$code"
  } 2>&1 >&5 5>&- | relay >&2 5>&-
} 5>&1 | relay`;
}
function words(argv) {
    return argv.map(_core_quote_js__WEBPACK_IMPORTED_MODULE_1__/* .quote */ .h).join(' ');
}
function exportLines(env = {}) {
    return Object.entries(env)
        .map(([name, value]) => `${name}=${(0,_core_quote_js__WEBPACK_IMPORTED_MODULE_1__/* .quote */ .h)(value)}; export ${name}`)
        .join('\n');
}


/***/ }),

/***/ 2965:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   k: () => (/* binding */ nextMarks)
/* harmony export */ });
/* harmony import */ var _core_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2807);

/**
 * Where the next page of a listing begins; `null` at its end.
 * @param what of the message: `The listing of … ended early.`
 * @throws StoreError `store.listing` when there is more but nobody says where, or where the last page began
 */
function nextMarks(isTruncated, next, asked, what) {
    if (!isTruncated)
        return null;
    const names = Object.keys(next);
    if (next[names[0] ?? ''] && names.some((name) => next[name] !== asked[name]))
        return next;
    throw new _core_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .StoreError */ .AD(`The listing of ${what} ended early.`, { code: 'store.listing' });
}


/***/ }),

/***/ 2480:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   r: () => (/* binding */ S3Bucket)
/* harmony export */ });
/* harmony import */ var _core_cutter_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5179);
/* harmony import */ var _core_errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(2807);
/* harmony import */ var _s3_errors_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(7661);



/** What every operation on one bucket, under one prefix, needs. */
class S3Bucket {
    connection;
    name;
    /** Empty, or with a slash at its end. */
    prefix;
    label;
    /** `null`: objects are not locked. */
    lock;
    onUpload;
    /** For all that is put into it. */
    spareParts = new _core_cutter_js__WEBPACK_IMPORTED_MODULE_0__/* .SpareParts */ .Q();
    constructor({ bucket, prefix, lock, onUpload }, connection) {
        this.onUpload = onUpload ?? (() => { });
        this.connection = connection;
        this.name = bucket;
        this.lock = lock ?? null;
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
        return (0,_s3_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .s3Error */ .lH)(this.label, operation, key, error);
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
                if ((0,_s3_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .codesOf */ .MZ)(error).includes('404'))
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
            // That there is no such key is no reason for another refusal.
            return (0,_s3_errors_js__WEBPACK_IMPORTED_MODULE_2__/* .codesOf */ .MZ)(error).includes('NoSuchKey') ? refusal : error;
        }
    }
    /** As {@link head}, or by listing the key where it may not be read; `denied` where neither is allowed. */
    async headIfAllowed(key, signal) {
        return unlessDenied(() => this.head(key, signal), () => unlessDenied(() => this.#listed(key, signal), async () => 'denied'));
    }
    /** What a listing tells of the key; `null` for a missing one. */
    async #listed(key, abortSignal) {
        const { Bucket, Key } = this.target(key);
        return this.translated('list', key, async () => {
            const { sdk, client } = this.connection;
            // The key itself comes first of all that begin with it.
            const command = new sdk.ListObjectsV2Command({ Bucket, Prefix: Key, MaxKeys: 1 });
            const { Contents: [found] = [] } = await client.send(command, { abortSignal });
            if (found?.Key !== Key)
                return null;
            return { bytes: found.Size ?? 0, etag: (found.ETag ?? '').replaceAll('"', ''), keyService: true };
        });
    }
}
async function unlessDenied(work, otherwise) {
    try {
        return await work();
    }
    catch (error) {
        if (error instanceof _core_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .StoreError */ .AD && error.code === 'store.denied')
            return otherwise();
        throw error;
    }
}


/***/ }),

/***/ 4906:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  f: () => (/* binding */ connectS3)
});

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: ./build/core/errors.js
var errors = __webpack_require__(2807);
// EXTERNAL MODULE: external "node:stream"
var external_node_stream_ = __webpack_require__(7075);
;// CONCATENATED MODULE: ./build/stores/bounded-answers.js


/** A page of 1,000 keys takes 2 MiB at the most. */
const longestAnswerBytes = 16 * 1024 ** 2;
/** The SDK reads an answer whole before it looks at it: one without an end would fill the memory. Not so an object's content. */
const boundedAnswers = (next, context) => async (args) => {
    const answer = await next(args);
    const { response } = answer;
    const isContent = context.commandName === 'GetObjectCommand' && (response?.statusCode ?? 0) < 300;
    if (!isContent && isStream(response?.body))
        response.body = bounded(response.body);
    return answer;
};
function isStream(body) {
    return typeof body?.pipe === 'function';
}
function bounded(body) {
    let bytes = 0;
    const limited = new external_node_stream_.Transform({
        transform(chunk, _, done) {
            bytes += chunk.byteLength;
            done(bytes > longestAnswerBytes ? tooLong() : null, chunk);
        },
    });
    return (0,external_node_stream_.pipeline)(body, limited, () => { });
}
function tooLong() {
    return new errors/* StoreError */.AD('What answers at `s3-endpoint` sends more than any answer of a store has.', {
        code: 'store.not-s3',
        input: 's3-endpoint',
        hint: "Set `s3-endpoint` to the provider's address for S3, without bucket or path.",
    });
}

;// CONCATENATED MODULE: ./build/stores/presets.js
const mebibyte = 1024 * 1024;
const usual = {
    region: 'us-east-1',
    pathStyle: true,
    conditionalPut: false,
    conditionalComplete: false,
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
    conditionalComplete: true,
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

// EXTERNAL MODULE: ./build/core/bytes.js
var bytes = __webpack_require__(7993);
;// CONCATENATED MODULE: ./build/stores/whole-listings.js

/**
 * Whatever answers a question for a list with success and something else, such as a proxy's page or nothing at all, would be read
 * by the SDK as the end of the list. To be tried again: it may pass. The answer's body is bytes from here on.
 */
const wholeListings = (next, { commandName = '' }) => async (args) => {
    const answer = await next(args);
    const { response } = answer;
    if (response?.statusCode !== 200 || !/^List\w+Command$/.test(commandName))
        return answer;
    const body = await (0,bytes/* collect */.Fo)(response.body);
    const root = rootOf(body);
    if (!/^(?:List\w+Result|Error)$/.test(root))
        throw noListing();
    // The SDK knows an error that says success by its very end.
    response.body = root === 'Error' ? Buffer.from(body.toString().trimEnd()) : body;
    return answer;
};
/** The name of the root element. What is cut off after it is no XML: that the SDK sees by itself. */
function rootOf(body) {
    const begin = body.toString('utf8', 0, 1000).replace(/^\uFEFF?(?:\s|<[?!][^<>]*>)*/, '');
    return /^<([^\s/>]+)/.exec(begin)?.[1] ?? '';
}
function noListing() {
    const error = new Error('the answer is no listing');
    return Object.assign(error, { name: 'NoListing', $retryable: {} });
}

;// CONCATENATED MODULE: ./build/stores/s3-client.js





/** Backblaze says that 500 and 503 are part of its design, and others throttle: eight tries, up to 30 s apart, jittered. */
const attempts = 8;
const longestPauseMs = 30_000;
/** As long as nothing ever answered, the endpoint is more likely wrong than in trouble. */
const firstContactAttempts = 4;
/** A request that nobody answers takes the whole stall timeout each time. */
const silentAttempts = 3;
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
        // Those of the environment have been read and checked as an option; one of ~/.aws/config would be neither.
        ignoreConfiguredEndpointUrls: true,
        ...(region === undefined ? {} : { region }),
        ...(accessKeyId === undefined || secretAccessKey === undefined
            ? {}
            : { credentials: { accessKeyId, secretAccessKey: secretAccessKey.reveal() } }),
        forcePathStyle: preset.pathStyle,
        // The default checksums of newer SDKs break B2, R2 and older Ceph.
        requestChecksumCalculation: 'WHEN_REQUIRED',
        responseChecksumValidation: 'WHEN_REQUIRED',
        retryStrategy: new ConfiguredRetryStrategy(async () => (contact.made ? attempts : firstContactAttempts), (attempt) => (0.5 + Math.random() / 2) * Math.min(longestPauseMs, retryBaseMs * 2 ** attempt)),
        requestHandler: {
            connectionTimeout: 10_000,
            socketTimeout: stallMs,
            throwOnRequestTimeout: true,
            // Said, so that NODE_TLS_REJECT_UNAUTHORIZED=0 does not decide who may read a backup.
            httpsAgent: { rejectUnauthorized: true },
        },
        logger: { trace() { }, debug() { }, info() { }, warn() { }, error() { } },
    };
    const client = new sdk.S3Client(config);
    client.middlewareStack.add(contentMd5(settings.bucket), {
        step: 'build',
        priority: 'low',
        name: 'contentMd5',
    });
    client.middlewareStack.add(judge(contact), { step: 'deserialize', priority: 'high', name: 'judge' });
    client.middlewareStack.add(endSilence, { step: 'deserialize', priority: 'high', name: 'endSilence' });
    const clock = { aheadMs: null };
    client.middlewareStack.add(wholeListings, { step: 'deserialize', priority: 'low', name: 'wholeListings' });
    client.middlewareStack.add(boundedAnswers, {
        step: 'deserialize',
        priority: 'low',
        name: 'boundedAnswers',
    });
    client.middlewareStack.add(watchTime(clock), { step: 'deserialize', priority: 'low', name: 'watchTime' });
    client.middlewareStack.addRelativeTo(correctOnce, {
        ...{ relation: 'before', toMiddleware: 'httpSigningMiddleware', name: 'correctOnce' },
    });
    freeWhoWaits(client);
    return { sdk, client, preset, region, stallMs, clock };
}
/**
 * Content-MD5 instead of newer checksums: every store knows it, and Object Lock buckets demand it. An object's bytes are told from others by
 * that, which is signed, and come over TLS: their SHA-256, which both sides would compute, is then not signed too, as with other clients. But
 * the directory buckets of AWS know no MD5.
 */
const contentMd5 = (bucket) => {
    const knowsMd5 = !bucket.endsWith('--x-s3');
    return (next) => (args) => {
        const { body, headers } = args.request;
        dropChecksums(headers);
        if (hasMd5(headers)) {
            if (knowsMd5)
                headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
        }
        else if (typeof body === 'string' || body instanceof Uint8Array) {
            headers['content-md5'] = (0,external_node_crypto_.createHash)('md5').update(body).digest('base64');
        }
        return next(args);
    };
};
function dropChecksums(headers) {
    for (const name of Object.keys(headers)) {
        if (/^x-amz-(?:sdk-)?checksum-/i.test(name))
            delete headers[name];
    }
}
function hasMd5(headers) {
    return Object.keys(headers).some((name) => name.toLowerCase() === 'content-md5');
}
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
/** Gives a request up that was met with silence again and again, by a name that the SDK does not take for worth another try. */
const endSilence = (next) => {
    // Of one request, with all its attempts.
    let silent = 0;
    return async (args) => {
        try {
            return await next(args);
        }
        catch (error) {
            silent += error.name === 'TimeoutError' ? 1 : 0;
            if (silent === silentAttempts)
                error.name = 'NoAnswer';
            throw error;
        }
    };
};
/**
 * By a clock that is far off, the SDK corrects the time of its requests with each answer, and takes every failure for worth
 * another try, a missing key too: one is enough.
 */
const correctOnce = (next) => {
    let corrected = false;
    return async (args) => {
        try {
            return await next(args);
        }
        catch (error) {
            const { $metadata } = error;
            if (corrected && $metadata !== undefined)
                $metadata.clockSkewCorrected = false;
            corrected = true;
            throw error;
        }
    };
};
/** Notes what each answer says of the time. */
const watchTime = (clock) => (next) => async (args) => {
    const answer = await next(args);
    const date = Date.parse(answer.response?.headers?.['date'] ?? '');
    if (!Number.isNaN(date))
        clock.aheadMs = date - Date.now();
    return answer;
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


/***/ }),

/***/ 7661:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   GZ: () => (/* binding */ isDenied),
/* harmony export */   MZ: () => (/* binding */ codesOf),
/* harmony export */   Or: () => (/* binding */ attemptsOf),
/* harmony export */   bh: () => (/* binding */ notKnown),
/* harmony export */   lH: () => (/* binding */ s3Error),
/* harmony export */   oi: () => (/* binding */ SourceFailure)
/* harmony export */ });
/* harmony import */ var _core_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2807);

/** What each operation needs: on AWS, and as a capability of a Backblaze B2 key. */
const permissions = {
    put: ['writing', 's3:PutObject', 'writeFiles'],
    get: ['reading', 's3:GetObject', 'readFiles'],
    stat: ['looking up', 's3:GetObject', 'readFiles'],
    list: ['listing', 's3:ListBucket', 'listFiles'],
    uploads: ['listing the unfinished uploads of', 's3:ListBucketMultipartUploads', 'listFiles'],
    abandon: ['aborting the upload of', 's3:AbortMultipartUpload', 'writeFiles'],
    remove: ['deleting', 's3:DeleteObject', 'deleteFiles'],
    lock: [
        'locking',
        's3:PutObjectRetention, s3:GetObjectRetention and s3:GetBucketObjectLockConfiguration',
        'writeFileRetentions, readFileRetentions and readBucketRetentions',
    ],
    examine: ['examining', 's3:GetBucketVersioning', 'readBuckets'],
};
/** The store does not have the operation. */
const notKnown = ['NotImplemented', '501', 'MethodNotAllowed', '405'];
const translations = [
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
        codes: ['NoListing'],
        code: 'store.not-s3',
        why: 'what answers there gives something else than a listing',
        input: 's3-endpoint',
        hint: "Set `s3-endpoint` to the provider's address for S3, without bucket or path; where it is right, run it again later.",
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
        codes: ['TimeoutError', 'NoAnswer', 'ETIMEDOUT'],
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
    if (cause instanceof _core_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .HoldfastError */ .Et)
        return cause;
    const error = (cause ?? {});
    if (error.name === 'AbortError')
        return new _core_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .CancelledError */ .cc();
    const [doing, aws, b2] = permissions[operation];
    const what = `${doing[0]?.toUpperCase()}${doing.slice(1)} ${key === '' ? label : `${key} in ${label}`} failed`;
    const known = translationOf(error);
    if (known !== undefined) {
        const { code, why, input, hint, quiet = false } = known;
        return new _core_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .StoreError */ .AD(`${what}: ${why} (${describe(error, quiet)}).`, { code, input, hint, cause });
    }
    if (isDenied(error)) {
        return new _core_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .StoreError */ .AD(`${what}: the key may not do that (${describe(error)}).`, {
            code: 'store.denied',
            input: 's3-access-key-id',
            hint: `Allow the key ${aws} on the bucket (on Backblaze B2 the capability ${b2}).`,
            cause,
        });
    }
    return new _core_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .StoreError */ .AD(`${what}: ${describe(error)}.`, {
        code: 'store.failed',
        hint: 'Try again later; if it repeats, look at the status page of the storage provider.',
        cause,
    });
}
function translationOf(error) {
    const codes = codesOf(error);
    return translations.find(({ codes: its, says }) => its.some((code) => codes.includes(code)) || says?.test(error.message));
}
/** The key lacks the right. Other failures have the status 403 too: a wrong secret, a wrong clock. */
function isDenied(cause) {
    const error = (cause ?? {});
    const codes = codesOf(error);
    return (codes.includes('AccessDenied') || codes.includes('403')) && translationOf(error) === undefined;
}
/** Every name that one error has: S3's code, Node's, the HTTP status. */
function codesOf(cause) {
    const error = (cause ?? {});
    const own = [error.Code, error.code, error.name, error.$metadata?.httpStatusCode?.toString()];
    const inner = [...(error.errors ?? []), ...(error.cause instanceof Error ? [error.cause] : [])];
    return [...own.filter((code) => code !== undefined), ...inner.flatMap(codesOf)];
}
/** How often the request was sent that ended so. */
function attemptsOf(cause) {
    return (cause ?? {}).$metadata?.attempts ?? 1;
}
/** `SlowDown, HTTP 503, after 8 attempts, request tx00…`: some stores send no message at all. */
function describe(error, quiet = false) {
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


/***/ }),

/***/ 8529:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Vq: () => (/* binding */ assertLocked),
/* harmony export */   a0: () => (/* binding */ lockHeaders),
/* harmony export */   e8: () => (/* binding */ retentionOf),
/* harmony export */   lw: () => (/* binding */ assertLocks),
/* harmony export */   y$: () => (/* binding */ lockFromNow)
/* harmony export */ });
/* harmony import */ var _core_errors_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2807);
/* harmony import */ var _s3_errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7661);


const dayMs = 86_400_000;
/** Stores keep whole seconds. */
const toleranceMs = 1000;
/** The lock of an object that is put now; `null`: none is wanted. */
function lockFromNow({ lock }) {
    if (lock === null)
        return null;
    const Mode = lock.mode === 'compliance' ? 'COMPLIANCE' : 'GOVERNANCE';
    return { Mode, RetainUntilDate: new Date(Date.now() + lock.days * dayMs) };
}
/** The headers of a put, or of the start of a multipart upload. */
function lockHeaders(lock) {
    if (lock === null)
        return {};
    return { ObjectLockMode: lock.Mode, ObjectLockRetainUntilDate: lock.RetainUntilDate };
}
/** Before anything is uploaded: a bucket that can't lock would store the backup unprotected. */
async function assertLocks(bucket, abortSignal) {
    const { sdk, client } = bucket.connection;
    try {
        const command = new sdk.GetObjectLockConfigurationCommand({ Bucket: bucket.name });
        const { ObjectLockConfiguration } = await client.send(command, abortSignal === undefined ? {} : { abortSignal });
        if (ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled')
            return;
    }
    catch (error) {
        // Whoever may not ask finds out with the first object, whose lock is asked back.
        if ((0,_s3_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .isDenied */ .GZ)(error))
            return;
        if (!unlockable.some((code) => (0,_s3_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .codesOf */ .MZ)(error).includes(code)))
            throw bucket.translate('lock', '', error);
    }
    throw new _core_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .StoreError */ .AD(`\`lock-days\` is set, but ${bucket.label} is a bucket without Object Lock; nothing was uploaded.`, {
        code: 'store.no-lock',
        input: 'lock-days',
        hint: 'Enable Object Lock on the bucket (with most providers only when it is made), or leave `lock-days` out.',
    });
}
/**
 * Makes sure that the object is locked, by asking the store: some take the headers and ignore them. The lock is set by
 * itself then.
 */
async function assertLocked(bucket, key, lock, signal) {
    if (lock === null)
        return;
    const target = bucket.target(key);
    const isLocked = async () => isEnough(await bucket.translated('lock', key, () => retentionOf(bucket, target, signal)), lock);
    if (await isLocked())
        return;
    const { sdk, client } = bucket.connection;
    await bucket.translated('lock', key, () => {
        const command = new sdk.PutObjectRetentionCommand({ ...target, Retention: lock });
        return client.send(command, { abortSignal: signal });
    });
    if (await isLocked())
        return;
    throw new _core_errors_js__WEBPACK_IMPORTED_MODULE_0__/* .StoreError */ .AD(`${key} in ${bucket.label} is not locked, although the store said so.`, {
        code: 'store.no-lock',
        input: 'lock-days',
        hint: 'Leave `lock-days` out with this store, and see whether it has locks of its own.',
    });
}
/** As the store tells it: by HEAD, or, for a key that may not read the object, by the question for the lock alone. */
async function retentionOf({ connection: { sdk, client } }, target, abortSignal) {
    try {
        const head = await client.send(new sdk.HeadObjectCommand(target), { abortSignal });
        const { ObjectLockMode: Mode, ObjectLockRetainUntilDate: RetainUntilDate } = head;
        // A key that may read the object, but not its lock, is shown none.
        if (Mode !== undefined && RetainUntilDate !== undefined)
            return { Mode: Mode, RetainUntilDate };
    }
    catch (error) {
        if (!(0,_s3_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .isDenied */ .GZ)(error))
            throw error;
    }
    try {
        const { Retention } = await client.send(new sdk.GetObjectRetentionCommand(target), { abortSignal });
        return Retention ?? null;
    }
    catch (error) {
        const codes = (0,_s3_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .codesOf */ .MZ)(error);
        if (unlocked.some((code) => codes.includes(code)))
            return null;
        throw error;
    }
}
/** The bucket has no Object Lock, or the store does not know it. */
const unlockable = ['ObjectLockConfigurationNotFoundError', 'InvalidRequest', ..._s3_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .notKnown */ .bh];
const unlocked = ['NoSuchObjectLockConfiguration', ...unlockable];
function isEnough(found, { Mode, RetainUntilDate }) {
    const until = found?.RetainUntilDate?.getTime() ?? 0;
    const strong = found?.Mode === Mode || found?.Mode === 'COMPLIANCE';
    return strong && until >= RetainUntilDate.getTime() - toleranceMs;
}


/***/ }),

/***/ 3562:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   $: () => (/* binding */ removeKeys),
/* harmony export */   q: () => (/* binding */ hasTrace)
/* harmony export */ });
/* harmony import */ var _next_marks_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2965);
/* harmony import */ var _s3_errors_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(7661);
/* harmony import */ var _s3_lock_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(8529);



const batchSize = 1000;
/** How long the store may take to say whether it has a key of which it gives no versions, in milliseconds. */
const lookMs = 1000;
const denied = 'AccessDenied';
const alreadyGone = ['NoSuchKey', 'NoSuchVersion', '404'];
const hiddenWarning = 'Old versions of what was removed may remain in the bucket, because the key may not list or delete versions: ' +
    'only a lifecycle rule of the bucket frees their space then; `holdfast lifecycle` prints one.';
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
            kept: [...kept].map(([key, why]) => ({ key: key.slice(bucket.prefix.length), ...why })),
            ...(hidden || versions === 'denied' ? { warning: hiddenWarning } : {}),
        };
    });
}
/** Whether any version of the key is left, hidden or not; where that can't be told, whether the key is there. */
function hasTrace(bucket, key, signal) {
    return bucket.translated('stat', key, async () => {
        const whole = bucket.prefix + key;
        const found = await unlessUntold(async () => {
            for await (const { Key, isMarker } of allVersions(bucket, whole, signal)) {
                if (Key === whole && !isMarker)
                    return true;
            }
            return false;
        });
        if (found === true)
            return true;
        const head = await bucket.headIfAllowed(key, signal);
        return head !== null && head !== 'denied';
    });
}
/** Tells what is locked; and a key that may not delete versions may still hide the newest one. */
async function settle(bucket, refused, signal) {
    const kept = new Map();
    const hide = new Set();
    for (const refusal of refused) {
        const Key = refusal.target.Key;
        // Locks are on versions; a key without one is refused for want of the right.
        const ofVersion = refusal.code === denied && refusal.target.VersionId !== undefined;
        const lockedUntil = ofVersion ? await lockOf(bucket, refusal.target, signal) : null;
        if (lockedUntil !== null)
            kept.set(Key, lockedReason(lockedUntil));
        else if (ofVersion)
            hide.add(Key);
        else
            kept.set(Key, reasonOf(refusal));
    }
    const targets = [...hide].filter((key) => !kept.has(key)).map((Key) => ({ Key }));
    for (const refusal of await deleteAll(bucket, targets, signal)) {
        kept.set(refusal.target.Key, reasonOf(refusal));
    }
    return { kept, hidden: targets.some(({ Key }) => !kept.has(Key)) };
}
function lockedReason(until) {
    return { reason: `locked until ${until.toISOString()}`, locked: true };
}
function reasonOf({ code, message }) {
    if (code === denied)
        return { reason: 'this storage key may not delete', denied: true };
    return { reason: message === '' || message === code ? code : `${code}: ${message}` };
}
/**
 * What must be deleted for the keys to be gone. A key without versions is gone, unless the store gives versions of
 * none though it has the key: then it is deleted by its name. A store that keeps versions must not be asked that
 * without need, for it would note the deletion of nothing.
 */
async function targetsOf(bucket, keys, versions, signal) {
    if (typeof versions === 'string')
        return keys.map((Key) => ({ Key }));
    const targets = keys.flatMap((Key) => (versions.get(Key) ?? []).map((VersionId) => ({ Key, VersionId })));
    if (targets.length > 0)
        return targets;
    for (const Key of keys) {
        if (await mayBeThere(bucket, Key.slice(bucket.prefix.length), signal))
            targets.push({ Key, VersionId: undefined });
    }
    return targets;
}
/** What the store does not say soon is better deleted in vain than left: whoever takes back has seconds. */
async function mayBeThere(bucket, key, signal) {
    const soon = AbortSignal.any([signal, AbortSignal.timeout(lookMs)]);
    try {
        return (await bucket.headIfAllowed(key, soon)) !== null;
    }
    catch {
        signal.throwIfAborted();
        return true;
    }
}
function versionsOf(bucket, keys, signal) {
    return unlessUntold(async () => {
        const found = new Map(keys.map((key) => [key, []]));
        for await (const { Key, VersionId } of allVersions(bucket, commonFolder(keys), signal)) {
            found.get(Key)?.push(VersionId);
        }
        return found;
    });
}
async function unlessUntold(ask) {
    try {
        return await ask();
    }
    catch (error) {
        const codes = (0,_s3_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .codesOf */ .MZ)(error);
        if (_s3_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .notKnown */ .bh.some((code) => codes.includes(code)))
            return 'unknown';
        if ((0,_s3_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .isDenied */ .GZ)(error))
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
        for (const { Key = '', VersionId } of page.Versions ?? [])
            yield { Key, VersionId, isMarker: false };
        for (const { Key = '', VersionId } of page.DeleteMarkers ?? [])
            yield { Key, VersionId, isMarker: true };
        const next = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
        marks = (0,_next_marks_js__WEBPACK_IMPORTED_MODULE_0__/* .nextMarks */ .k)(page.IsTruncated, next, marks, `the versions in ${label}`);
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
        // Older Ceph refuses a batch to whoever may not delete in the whole bucket.
        if (!(0,_s3_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .isDenied */ .GZ)(error) && !(0,_s3_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .codesOf */ .MZ)(error).some((code) => _s3_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .notKnown */ .bh.includes(code)))
            throw error;
        return deleteSingly(bucket, batch, abortSignal);
    }
}
/** Where the store has no DeleteObjects, or not for this key. */
async function deleteSingly({ name, connection: { sdk, client } }, targets, abortSignal) {
    const refused = [];
    for (const target of targets) {
        try {
            await client.send(new sdk.DeleteObjectCommand({ Bucket: name, ...target }), { abortSignal });
        }
        catch (error) {
            const code = (0,_s3_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .isDenied */ .GZ)(error) ? denied : (0,_s3_errors_js__WEBPACK_IMPORTED_MODULE_1__/* .codesOf */ .MZ)(error).find((one) => alreadyGone.includes(one));
            if (code === undefined)
                throw error;
            refused.push({ target, code, message: '' });
        }
    }
    return refused;
}
/** Until when that version is locked; `null`: it is not, or that can't be told. */
async function lockOf(bucket, { Key, VersionId }, signal) {
    try {
        const found = await (0,_s3_lock_js__WEBPACK_IMPORTED_MODULE_2__/* .retentionOf */ .e8)(bucket, { Bucket: bucket.name, Key, VersionId }, signal);
        const until = found?.RetainUntilDate ?? null;
        return until !== null && until.getTime() > Date.now() ? until : null;
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


/***/ })

};
