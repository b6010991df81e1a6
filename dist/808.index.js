export const id = 808;
export const ids = [808];
export const modules = {

/***/ 1808:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  main: () => (/* binding */ main)
});

// EXTERNAL MODULE: ./build/app/cancellation.js
var cancellation = __webpack_require__(9680);
// EXTERNAL MODULE: ./build/app/printable.js
var printable = __webpack_require__(8112);
// EXTERNAL MODULE: ./build/app/render.js
var render = __webpack_require__(4751);
// EXTERNAL MODULE: ./build/app/run.js + 32 modules
var run = __webpack_require__(6045);
// EXTERNAL MODULE: ./build/app/version.js
var version = __webpack_require__(8299);
// EXTERNAL MODULE: ./build/config/read.js
var read = __webpack_require__(6016);
// EXTERNAL MODULE: ./build/core/errors.js
var errors = __webpack_require__(7960);
// EXTERNAL MODULE: ./build/engines/sqlite/gate-patterns.js
var gate_patterns = __webpack_require__(6781);
// EXTERNAL MODULE: ./build/engines/sqlite/gate-script.js
var gate_script = __webpack_require__(9345);
// EXTERNAL MODULE: ./build/hosts/open-ssh.js + 4 modules
var open_ssh = __webpack_require__(2912);
;// CONCATENATED MODULE: ./build/app/authorized-key.js




/**
 * The line of ~/.ssh/authorized_keys with which the key of `ssh-key` takes this backup and can do nothing else.
 * @see https://man.openbsd.org/sshd.8#AUTHORIZED_KEYS_FILE_FORMAT
 * @throws HoldfastError `ssh.gate-pattern` for files that a key can't be held to, `ssh.gate` without `ssh`
 */
async function authorizedKeyLine({ host, sources, name }) {
    if (host.ssh === null) {
        throw new errors/* HoldfastError */.Et('There is no key to print a line for: `ssh` is not set.', {
            code: 'ssh.gate',
            input: 'ssh',
            hint: 'Set `ssh: user@host` and `ssh-key`.',
        });
    }
    const patterns = (0,gate_patterns/* gatePatterns */.L)({ paths: sources.sqlite, exclude: sources.exclude });
    const command = (0,gate_script/* gateCommand */.B)(patterns).replaceAll('"', '\\"');
    return `restrict,command="${command}" ${await (0,open_ssh/* publicKeyOf */.k)(host.ssh)} holdfast-${name}`;
}

// EXTERNAL MODULE: ./build/config/parse.js + 8 modules
var parse = __webpack_require__(6657);
;// CONCATENATED MODULE: ./build/cli/print-authorized-key.js






/** Takes no connection: the options of a backup are all that is needed. */
const printFlag = '--print-authorized-key';
/** Prints the line of authorized_keys that goes with the options of a backup. */
async function printAuthorizedKey({ flags }, { env, stdout, stderr, cwd }) {
    try {
        const { raw, problems } = (0,read/* readFlags */.u)('backup', flags, env);
        const context = { face: 'cli', env, cwd: cwd() };
        const config = (0,parse/* parseConfig */.o)('backup', { ...raw, 'ssh-gate': 'true' }, context, problems);
        stdout.write(`${await authorizedKeyLine(config)}\n`);
        return errors/* exitCodes */.hS.done;
    }
    catch (error) {
        if (!(error instanceof errors/* HoldfastError */.Et))
            throw error;
        stderr.write(`${(0,printable/* printable */.g)((0,render/* renderError */.vr)(error))}\n`);
        return error.exitCode;
    }
}

// EXTERNAL MODULE: ../../work/main/node_modules/commander/esm.mjs
var esm = __webpack_require__(8667);
// EXTERNAL MODULE: ./build/config/option.js
var config_option = __webpack_require__(7541);
// EXTERNAL MODULE: ./build/config/options.js + 4 modules
var options = __webpack_require__(6420);
;// CONCATENATED MODULE: ./build/cli/program.js



/** Thrown for `--help` and `--version` too: what to print has been printed, and this is the exit code. */

/**
 * Reads the command line by the table of options. Without a command it is `backup`.
 * @throws CommanderError when help was shown, or the line has an unknown flag or command
 */
function readCommandLine(argv, version) {
    let invocation = null;
    const program = new esm/* Command */.uB('holdfast')
        .description('Backs up SQLite and PostgreSQL, with nothing installed on the server.')
        .version(version, '-V, --version', 'Print the version.')
        .helpOption('-h, --help', 'Show this help.')
        .helpCommand(false)
        .addHelpText('after', '\nOptions of a command: holdfast <command> --help')
        .showSuggestionAfterError()
        .exitOverride();
    for (const name of config_option/* commands */.Pi) {
        const command = program.command(name, { isDefault: name === 'backup' }).description(config_option/* commandHelp */.bD[name]);
        command.helpOption('-h, --help', 'Show this help.').allowExcessArguments(false).exitOverride();
        for (const option of options/* options */.f.filter((candidate) => candidate.commands.includes(name))) {
            command.addOption(flagOf(option));
        }
        command.option('--json', 'Print the result as one JSON document.');
        command.action((parsed) => {
            const { json, ...rest } = parsed;
            invocation = { command: name, flags: textsOf(rest), json: json === true };
        });
    }
    program.parse([...argv], { from: 'user' });
    if (invocation === null)
        throw new esm/* CommanderError */.b7(2, 'holdfast.none', 'no command');
    return invocation;
}
function flagOf({ name, kind, help, values, default: fallback }) {
    const placeholder = kind === 'boolean' ? '[true|false]' : `<${values?.join('|') ?? placeholderOf(kind)}>`;
    const text = `${help} Default: ${fallback}. Variable: ${(0,options/* variableOf */.Q)(name)}`.replaceAll('`', '');
    return new esm/* Option */.c$(`--${name} ${placeholder}`, text).argParser((value, previous) => 
    // A flag given twice is two lines.
    previous === undefined || !kind.includes('lines') ? value : `${previous}\n${value}`);
}
function placeholderOf(kind) {
    if (kind === 'count')
        return 'number';
    return kind === 'secret' || kind === 'public-keys' ? 'file or text' : 'text';
}
/** Commander's camel case back to the option's one name; a boolean flag without a value is true. */
function textsOf(parsed) {
    const texts = {};
    for (const { name } of options/* options */.f) {
        const value = parsed[name.replace(/-([a-z0-9])/g, (_, letter) => letter.toUpperCase())];
        if (value !== undefined)
            texts[name] = String(value);
    }
    return texts;
}

// EXTERNAL MODULE: ../../work/main/node_modules/cli-progress/cli-progress.js
var cli_progress = __webpack_require__(7302);
// EXTERNAL MODULE: ../../work/main/node_modules/pretty-bytes/index.js
var pretty_bytes = __webpack_require__(9509);
;// CONCATENATED MODULE: ./build/cli/terminal-reporter.js



/** Without a terminal: a line about a transfer at most this often. */
const progressEveryMs = 10_000;
/** People's text on stderr: plain lines, and on a terminal a bar with rate and time left. */
class TerminalReporter {
    #out;
    #debug;
    #bar = null;
    #barLabel = '';
    #startedMs = 0;
    #saidMs = performance.now();
    constructor(out, { debug }) {
        this.#out = out;
        this.#debug = debug;
    }
    async step(title, work) {
        this.#line(title);
        try {
            return await work();
        }
        finally {
            this.#endBar();
        }
    }
    progress(progress) {
        if (this.#out.isTTY)
            this.#updateBar(progress);
        else
            this.#sometimes(progress);
    }
    info(message) {
        this.#line(`  ${message}`);
    }
    warn(message) {
        this.#line(`Warning: ${message}`);
    }
    debug(message) {
        if (this.#debug)
            this.#line(`  debug: ${message}`);
    }
    #updateBar({ label: given, bytes, totalBytes = 0 }) {
        const label = (0,printable/* printable */.g)(given).replaceAll('\n', ' ');
        if (this.#bar === null || this.#barLabel !== label) {
            this.#endBar();
            this.#barLabel = label;
            this.#startedMs = performance.now();
            this.#bar = new cli_progress.SingleBar({
                stream: this.#out,
                format: '  {label} {bar} {done} {rate}/s ETA {eta_formatted}',
                hideCursor: null,
            }, cli_progress.Presets.shades_classic);
            this.#bar.start(Math.max(totalBytes, bytes), bytes, { label, done: '', rate: '' });
        }
        const seconds = Math.max(0.001, (performance.now() - this.#startedMs) / 1000);
        this.#bar.update(Math.min(bytes, this.#bar.getTotal()), {
            label,
            done: (0,pretty_bytes/* default */.A)(bytes),
            rate: (0,pretty_bytes/* default */.A)(bytes / seconds),
        });
    }
    #sometimes({ label, bytes, totalBytes }) {
        const now = performance.now();
        if (now - this.#saidMs < progressEveryMs)
            return;
        this.#saidMs = now;
        this.info(`${label}: ${(0,pretty_bytes/* default */.A)(bytes)}${totalBytes ? ` of about ${(0,pretty_bytes/* default */.A)(totalBytes)}` : ''}`);
    }
    #endBar() {
        this.#bar?.stop();
        this.#bar = null;
    }
    /** What a remote machine said must not move the cursor or change colours. */
    #line(text) {
        this.#endBar();
        this.#out.write(`${(0,printable/* printable */.g)(text)}\n`);
    }
}

;// CONCATENATED MODULE: ./build/cli/main.js










/** The terminal face: people's text on stderr, the result on stdout, the exit code of the outcome. */
async function main() {
    const { env, stderr, stdout } = process;
    // A reader that closes the pipe early must not stop a commit half-way.
    stdout.on('error', () => { });
    stderr.on('error', () => { });
    const argv = process.argv.slice(2);
    const printsKey = argv.includes(printFlag);
    const invocation = invocationOf(printsKey ? withoutPrint(argv) : argv);
    if (invocation === null)
        return;
    if (printsKey) {
        process.exitCode = await printAuthorizedKey(invocation, process);
        return;
    }
    const { command, flags, json } = invocation;
    const { document, error, exitCode } = await (0,run/* run */.e)({
        read: (0,read/* readFlags */.u)(command, flags, env),
        face: 'cli',
        env,
        cwd: process.cwd(),
        reporter: new TerminalReporter(stderr, { debug: /^(?:1|true)$/.test(env['HOLDFAST_DEBUG'] ?? '') }),
        signal: (0,cancellation/* cancellation */.W)(process),
    });
    if (error !== null)
        stderr.write(`${(0,printable/* printable */.g)((0,render/* renderError */.vr)(error))}\n`);
    const text = json ? (0,printable/* printableJson */.e)(document) : (0,printable/* printable */.g)((0,render/* renderResult */.C8)(document));
    if (text !== '')
        stdout.write(`${text}\n`);
    process.exitCode = exitCode;
}
/** The same options, as those of the backup that the key is for. */
function withoutPrint(argv) {
    return argv.filter((word, index) => word !== printFlag && !(index === 0 && word === 'doctor'));
}
function invocationOf(argv) {
    try {
        return readCommandLine(argv, version/* version */.r);
    }
    catch (error) {
        if (!(error instanceof esm/* CommanderError */.b7))
            throw error;
        process.exitCode = error.exitCode === 0 ? errors/* exitCodes */.hS.done : errors/* exitCodes */.hS.config;
        return null;
    }
}


/***/ })

};
