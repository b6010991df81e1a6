import { Presets, SingleBar } from 'cli-progress';
import prettyBytes from 'pretty-bytes';
import { printable } from '../app/printable.ts';
import type { Progress, Reporter } from '../core/reporter.ts';

/** Without a terminal: a line about a transfer at most this often. */
const progressEveryMs = 10_000;

/** People's text on stderr: plain lines, and on a terminal a bar with rate and time left. */
export class TerminalReporter implements Reporter {
  readonly #out: NodeJS.WriteStream;
  readonly #debug: boolean;
  #bar: SingleBar | null = null;
  #barLabel = '';
  #startedMs = 0;
  #saidMs = performance.now();

  constructor(out: NodeJS.WriteStream, { debug }: { readonly debug: boolean }) {
    this.#out = out;
    this.#debug = debug;
  }

  async step<T>(title: string, work: () => Promise<T>): Promise<T> {
    this.#line(title);
    try {
      return await work();
    } finally {
      this.#endBar();
    }
  }

  progress(progress: Progress): void {
    if (this.#out.isTTY) this.#updateBar(progress);
    else this.#sometimes(progress);
  }

  info(message: string): void {
    this.#line(`  ${message}`);
  }

  warn(message: string): void {
    this.#line(`Warning: ${message}`);
  }

  debug(message: string): void {
    if (this.#debug) this.#line(`  debug: ${message}`);
  }

  #updateBar({ label: given, bytes, totalBytes = 0 }: Progress): void {
    const label = printable(given).replaceAll('\n', ' ');
    if (this.#bar === null || this.#barLabel !== label) {
      this.#endBar();
      this.#barLabel = label;
      this.#startedMs = performance.now();
      this.#bar = new SingleBar(
        {
          stream: this.#out,
          format: '  {label} {bar} {done} {rate}/s ETA {eta_formatted}',
          hideCursor: null,
        },
        Presets.shades_classic,
      );
      this.#bar.start(Math.max(totalBytes, bytes), bytes, { label, done: '', rate: '' });
    }
    const seconds = Math.max(0.001, (performance.now() - this.#startedMs) / 1000);
    this.#bar.update(Math.min(bytes, this.#bar.getTotal()), {
      label,
      done: prettyBytes(bytes),
      rate: prettyBytes(bytes / seconds),
    });
  }

  #sometimes({ label, bytes, totalBytes }: Progress): void {
    const now = performance.now();
    if (now - this.#saidMs < progressEveryMs) return;
    this.#saidMs = now;
    this.info(`${label}: ${prettyBytes(bytes)}${totalBytes ? ` of about ${prettyBytes(totalBytes)}` : ''}`);
  }

  #endBar(): void {
    this.#bar?.stop();
    this.#bar = null;
  }

  /** What a remote machine said must not move the cursor or change colours. */
  #line(text: string): void {
    this.#endBar();
    this.#out.write(`${printable(text)}\n`);
  }
}
