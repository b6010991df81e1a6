import type { Bytes } from './bytes.ts';

export interface SpawnOptions {
  readonly signal: AbortSignal;
  /** Variables for the program. No secret belongs here: other users of the host may see them. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the program reads. Text is sent whole; a stream may be fed while the output is read. Default: nothing. */
  readonly stdin?: string | Bytes;
  /** How much it gives way to the host's other work, as nice(1) counts it, where the host has that. Default: not at all. */
  readonly niceness?: number;
  /**
   * What the program leaves running when it ends goes on: a started app. It is not waited for, and may write on, unheard.
   * Default: it ends too.
   */
  readonly lingering?: boolean;
  /** A second program that reads the first one's output, on the host, which gives way; both must succeed. */
  readonly through?: readonly string[];
}

/** How a program ended. */
export interface Exit {
  /** `null`: killed, or its end was never reported. Anything but 0 is a failure. */
  readonly code: number | null;
  readonly signal?: string | undefined;
  /** The last 16 KiB or so of what it wrote to stderr. */
  readonly stderr: string;
}

/** A started program. Its `stdout` must be read to the end, or the signal aborted. */
export interface Process {
  /** Throws when the link to the host breaks; a bad exit code is told by `exit` alone. */
  readonly stdout: Bytes;
  /** Resolves when the program has ended and its output was read. It never rejects for a bad exit code, but does when the link breaks. */
  readonly exit: Promise<Exit>;
}

/** A private folder on the host. Disposing removes it, and ends every program that was started in it. */
export interface Folder extends AsyncDisposable {
  /** Absolute path on the host, mode 0700. */
  readonly path: string;
}

/** One for files of ours. */
export interface Scratch extends Folder {
  /** Takes away the names of the files in it: what has one open keeps it, and its room is given back when that ends. Nobody hears of it. */
  unname(): void;
}

export interface ScratchOptions {
  readonly signal: AbortSignal;
  /** The folder to make it in; default the host's temporary folder. */
  readonly under?: string;
  /** A first file in it, mode 0600. Its text may be a secret: it is in no argument list. */
  readonly file?: { readonly name: string; readonly text: string };
}

/** A way to a port as this machine sees it. Disposing closes it. */
export interface Forward extends AsyncDisposable {
  readonly port: number;
  /** Why the host let nobody through, the last time that it did not; `null`: it always did. */
  refusal(): Error | null;
}

/**
 * A machine that can run programs: this one, one reached over SSH, or a container on either.
 *
 * - Programs start from an argument list; no argument is ever read by a shell.
 * - A program that could not be started, an exit code `null`, and a broken link are failures, told as such.
 * - Only the program's own output is in `stdout`: text of login scripts is not.
 * - When the signal is aborted, or this process dies in any way, the programs on the host end within seconds
 *   and scratch folders vanish with all that is in them.
 */
export interface Host extends AsyncDisposable {
  /** For people: `this machine`, `deploy@example.com`, `container app on deploy@example.com`. */
  readonly label: string;
  /** True where bytes must cross a network to get here. */
  readonly remote: boolean;
  /** How long a transfer from it may be silent before it is given up, in milliseconds. */
  readonly stallMs: number;
  spawn(argv: readonly [string, ...string[]], options: SpawnOptions): Process;
  /** A new private folder for files of ours. */
  scratch(options: ScratchOptions): Promise<Scratch>;
  /**
   * A private folder at that very path, for as long as nobody else has it; `null` when somebody has. Disposing removes it, as
   * does the death of this process; what else leaves it there counts for five minutes.
   */
  claim(path: string, options: { readonly signal: AbortSignal }): Promise<Folder | null>;
  /** Whether it has that program; only where it starts no other programs than those that it knows. */
  has?(program: string, signal: AbortSignal): Promise<boolean>;
  /** Lets this machine reach `address` as seen from the host. Absent where there is no such way. */
  forward?(address: { readonly host: string; readonly port: number }): Promise<Forward>;
}
