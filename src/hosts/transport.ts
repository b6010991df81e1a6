import type { Readable, Writable } from 'node:stream';
import type { Forward } from '../core/host.ts';

/** A started process, as the operating system or ssh2 has it. */
export interface RawProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Resolves once the process has ended and its output was read; rejects when it could not start or the link broke. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal?: string | undefined }>;
  /** Ends our side at once, whatever the process does. */
  destroy(): void;
}

/** Starts processes on one machine. What makes them safe to leave alone is the tether around them. */
export interface Transport {
  readonly label: string;
  readonly remote: boolean;
  /** No element may come from a user unchecked: over SSH a login shell reads the words. */
  start(argv: readonly [string, ...string[]]): Promise<RawProcess>;
  /**
   * Says that a program of these words was what it should be, and more are to come: where a start takes long, some are made ahead for
   * them. Called again, it does nothing. Absent where a start costs more than the time.
   */
  startAhead?(argv: readonly [string, ...string[]]): void;
  close(): Promise<void>;
  forward?(address: { readonly host: string; readonly port: number }): Promise<Forward>;
}
