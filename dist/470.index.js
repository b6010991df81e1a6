export const id = 470;
export const ids = [470];
export const modules = {

/***/ 9470:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  main: () => (/* binding */ main)
});

// EXTERNAL MODULE: ./build/app/cancellation.js
var cancellation = __webpack_require__(6109);
// EXTERNAL MODULE: ./build/app/printable.js
var printable = __webpack_require__(1747);
// EXTERNAL MODULE: ./build/app/render.js + 1 modules
var render = __webpack_require__(6174);
// EXTERNAL MODULE: ./build/app/run.js + 40 modules
var run = __webpack_require__(4574);
// EXTERNAL MODULE: ./build/app/version.js
var version = __webpack_require__(3912);
// EXTERNAL MODULE: ./build/config/read.js
var read = __webpack_require__(3536);
// EXTERNAL MODULE: ./build/core/errors.js
var errors = __webpack_require__(2807);
// EXTERNAL MODULE: ./build/engines/sqlite/gate-patterns.js
var gate_patterns = __webpack_require__(8604);
// EXTERNAL MODULE: ./build/engines/sqlite/gate-script.js
var gate_script = __webpack_require__(3124);
// EXTERNAL MODULE: ./build/hosts/open-ssh.js + 6 modules
var open_ssh = __webpack_require__(676);
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
    const command = (0,gate_script/* gateCommand */.BT)(patterns).replaceAll('"', '\\"');
    return `restrict,command="${command}" ${await (0,open_ssh/* publicKeyOf */.k)(host.ssh)} holdfast-${name}`;
}

// EXTERNAL MODULE: ./build/config/parse.js + 9 modules
var parse = __webpack_require__(6667);
;// CONCATENATED MODULE: ./build/cli/print-authorized-key.js






/** Takes no connection: the options of a backup are all that is needed. */
const printFlag = '--print-authorized-key';
/** Prints the line of authorized_keys that goes with the options of a backup. */
async function printAuthorizedKey({ flags, problems: earlier }, { env, stdout, stderr, cwd }) {
    try {
        const { raw, problems } = (0,read/* readFlags */.uW)('backup', flags, env, earlier);
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

// EXTERNAL MODULE: ./node_modules/commander/esm.mjs
var esm = __webpack_require__(8179);
// EXTERNAL MODULE: ./build/config/option.js
var config_option = __webpack_require__(9114);
// EXTERNAL MODULE: ./build/config/options.js + 4 modules
var options = __webpack_require__(9242);
;// CONCATENATED MODULE: ./build/cli/judge-words.js



/** What is wrong with the words of a line that its command knows nothing of. */
function judgeWords(command, words, [first = '']) {
    const { flags, others } = sorted(words);
    // Anything else but a plain word is meant as a value, and may be a secret.
    const isUnknown = first === others[0] && /^[a-z-]+$/i.test(first) && !isCommand(first);
    if (isUnknown) {
        const known = options/* options */.f.map(({ name }) => name);
        const problems = flags.filter((flag) => !known.includes(nameOf(flag))).map((flag) => noFlag(flag, known));
        return { problems: [(0,read/* unknown */.L5)('command', first, [...config_option/* commands */.Pi, '--help']), ...problems], isUnknown };
    }
    const problems = flags.map((flag) => judgeFlag(flag, command));
    return { problems: others.length === 0 ? problems : [...problems, noPlace(others, command)], isUnknown };
}
/** Flags as written, each without its value, and what belongs to none. */
function sorted(words) {
    const [flags, others] = [[], []];
    for (let at = 0; at < words.length; at += 1) {
        const word = words[at];
        if (!isFlag(word)) {
            others.push(word);
            continue;
        }
        const [name = '', value] = word.split('=');
        flags.push(name);
        const next = words[at + 1];
        if (value === undefined && next !== undefined && !isFlag(next))
            at += 1;
    }
    return { flags, others };
}
const isFlag = (word) => /^-[^\d]/.test(word);
const nameOf = (flag) => flag.replace(/^--?/, '');
const isCommand = (word) => config_option/* commands */.Pi.includes(word);
function judgeFlag(flag, command) {
    const option = options/* options */.f.find(({ name }) => name === nameOf(flag));
    if (option !== undefined)
        return (0,read/* foreign */.V$)(option, command);
    const own = options/* options */.f.filter(({ commands: its }) => its.includes(command));
    return noFlag(flag, own.map(({ name }) => name));
}
function noFlag(flag, known) {
    const flags = [...known, 'json', 'help', 'version'].map((name) => `--${name}`);
    return { ...(0,read/* unknown */.L5)('flag', flag, flags), input: nameOf(flag) };
}
/** Is not repeated: it may be a URL with a password. */
function noPlace(others, command) {
    const late = others.find(isCommand);
    if (late !== undefined) {
        const message = `The command \`${late}\` does not come first.`;
        return { input: 'command', message, hint: `Write \`holdfast ${late} …\`, and the flags behind it.` };
    }
    const count = others.length === 1 ? 'a word' : `${others.length} words`;
    return {
        input: 'command',
        message: `\`${command}\` got ${count} that no flag asks for.`,
        hint: `Settings are flags: \`holdfast ${command} --help\` shows them. Quote a value that has spaces.`,
    };
}

;// CONCATENATED MODULE: ./build/cli/with-values.js

/** Where `true` is a value, the flag alone says it. */
function mayBeBare({ kind, values = [] }) {
    return kind === 'boolean' || values.includes('true');
}
/** The line without flags that lack their value: each would take the flag after it for one. */
function withValues(argv) {
    const words = [];
    const problems = [];
    for (let at = 0; at < argv.length; at += 1) {
        const word = argv[at];
        const [option] = optionsOf(word);
        if (option === undefined || mayBeBare(option) || word.includes('=')) {
            words.push(word);
            continue;
        }
        const value = argv[at + 1];
        if (value === undefined || with_values_isFlag(value)) {
            problems.push(bare(option.name));
        }
        else {
            words.push(word, value);
            at += 1;
        }
    }
    return { words, problems };
}
function optionsOf(word) {
    return options/* options */.f.filter(({ name }) => word.split('=')[0] === `--${name}`);
}
function with_values_isFlag(word) {
    return word === '--json' || word === '--help' || optionsOf(word).length > 0;
}
function bare(name) {
    return {
        input: name,
        message: `\`--${name}\` has no value.`,
        hint: `Write it behind the flag: \`--${name} …\`.`,
    };
}

;// CONCATENATED MODULE: ./build/cli/program.js





/** Thrown for `--help` and `--version`: what to print has been printed. */

/**
 * Reads the command line by the table of options. Without a command it is `backup`.
 * @throws CommanderError when help was shown
 */
function readCommandLine(argv, version) {
    let invocation = null;
    const { words, problems } = withValues(argv);
    const program = new esm/* Command */.uB('holdfast')
        .description('Backs up SQLite and PostgreSQL, with nothing installed on the server.')
        .version(version, '-V, --version', 'Print the version.')
        .helpOption('-h, --help', 'Show this help.')
        .helpCommand(false)
        .addHelpText('after', '\nOptions of a command: holdfast <command> --help')
        .exitOverride();
    for (const name of config_option/* commands */.Pi) {
        const command = program.command(name, { isDefault: name === 'backup' }).description(config_option/* commandHelp */.bD[name]);
        command.helpOption('-h, --help', 'Show this help.').exitOverride();
        // What it does not know is judged here, all at once.
        command.allowExcessArguments().allowUnknownOption();
        const flags = {};
        for (const option of options/* options */.f.filter((candidate) => candidate.commands.includes(name))) {
            command.addOption(flagOf(option));
            // Commander itself keeps the last one only. A boolean flag without a value is true.
            command.on(`option:${option.name}`, (text) => {
                flags[option.name] = [...(flags[option.name] ?? []), text ?? 'true'];
            });
        }
        command.option('--json', 'Print the result as one JSON document.');
        command.action(({ json }) => {
            const judged = judgeWords(name, command.args, argv);
            invocation = {
                ...{ command: name, flags, json: json === true, isUnknown: judged.isUnknown },
                problems: [...problems, ...judged.problems],
            };
        });
    }
    program.parse([...words], { from: 'user' });
    if (invocation === null)
        throw new esm/* CommanderError */.b7(2, 'holdfast.none', 'no command');
    return invocation;
}
function flagOf(option) {
    const { name, kind, help, values = kind === 'boolean' ? ['true', 'false'] : null, default: fallback, } = option;
    const value = values?.join('|') ?? placeholderOf(kind);
    const placeholder = mayBeBare(option) ? `[${value}]` : `<${value}>`;
    const text = `${help} Default: ${fallback}. Variable: ${(0,options/* variableOf */.Q)(name)}`.replaceAll('`', '');
    return new esm/* Option */.c$(`--${name} ${placeholder}`, text);
}
function placeholderOf(kind) {
    if (kind === 'count')
        return 'number';
    return (0,config_option/* isKey */.m0)(kind) ? 'file or text' : 'text';
}

// EXTERNAL MODULE: ./node_modules/cli-progress/cli-progress.js
var cli_progress = __webpack_require__(8502);
// EXTERNAL MODULE: ./node_modules/pretty-bytes/index.js
var pretty_bytes = __webpack_require__(5901);
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
    const { command, flags, json, problems, isUnknown } = invocation;
    const { document, error, exitCode } = await (0,run/* run */.e)({
        read: { ...(0,read/* readFlags */.uW)(command, flags, env, problems), isUnknown },
        face: 'cli',
        env,
        cwd: process.cwd(),
        reporter: new TerminalReporter(stderr, { debug: /^(?:1|true)$/.test(env['HOLDFAST_DEBUG'] ?? '') }),
        signal: (0,cancellation/* cancellation */.W)(process),
    });
    if (error !== null)
        stderr.write(`${(0,printable/* printable */.g)((0,render/* renderError */.vr)(error))}\n`);
    const text = json ? (0,printable/* printableJson */.e)(document) : (0,printable/* printable */.g)(await (0,render/* renderResult */.C8)(document));
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
