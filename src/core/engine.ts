import type { Bytes, Digest } from './bytes.ts';
import type { Host } from './host.ts';

/** What must be equal after a restore. */
export interface Fingerprint {
  /** SHA-256 of the schema in a canonical text. */
  readonly schemaSha256: string;
  /** Rows of each table, by name (`schema.table` where the engine has schemas). */
  readonly tables: Readonly<Record<string, number>>;
}

/** One database that a backup will hold. */
export interface Database {
  /** The name it would like in the backup, without extension: `app` for `/srv/app.sqlite3`. Made safe and unique later. */
  readonly name: string;
  /** For people and manifests, without secrets: `sqlite:/srv/app.sqlite3 on deploy@example.com`. */
  readonly source: string;
}

/** What is known before a snapshot is taken. */
export interface Probe {
  /** About how many plain bytes the snapshot will have. */
  readonly expectedBytes: number;
  /** What will be used, for people: `PostgreSQL 16.4, by pg_dump 16.4 of this machine`. */
  readonly detail?: string;
  /** How many programs a snapshot of it has on its host at a time; default 4. */
  readonly programs?: number;
  /** Things the user should know though the backup can go on. */
  readonly warnings: readonly string[];
  /** What is worth knowing, but not worth a warning each night: `doctor` warns of it, a backup has it in its log. */
  readonly notes?: readonly { readonly message: string; readonly hint: string }[];
}

export interface ProbeOptions {
  readonly signal: AbortSignal;
  /** Where a snapshot is to follow: what that needs too may be left open in it. */
  readonly held?: AsyncDisposableStack;
}

/** The consistent bytes of one database. Disposing removes every trace of it from the host. */
export interface Snapshot extends AsyncDisposable {
  /** Where it is. */
  readonly host: Host;
  /** Native extension without dot: `sqlite3`, `dump`. */
  readonly extension: string;
  readonly engineVersion: string;
  readonly toolVersion: string;
  /** How it was taken, in one line for people: `sqlite3 .backup inside a read transaction`. */
  readonly method: string;
  /** When the state that the bytes hold was the live one, as far as known. */
  readonly takenAt: Date;
  readonly expectedBytes: number;
  /**
   * The plain bytes; or what the packer makes of them, where there is one. To be called once.
   * Throws, never ends, when a tool fails half-way, also after all bytes.
   */
  read(): Bytes;
  /**
   * Whatever makes the snapshot good: the engine's check of the copy and its fingerprint, and the plain size and
   * SHA-256 as the host says them where it can. May still be going on while the bytes are read; rejects when the
   * snapshot is not good. A backup is committed only after it resolved.
   */
  readonly proof: Promise<SnapshotProof>;
}

export interface SnapshotOptions {
  readonly signal: AbortSignal;
  /** Chooses the program on the snapshot's host that packs its bytes there, from stdin to stdout; `undefined`: they come plain. */
  readonly pack?: (host: Host) => Promise<Packer | undefined>;
}

/** A program that packs bytes, with its arguments. */
export type Packer = readonly [string, ...string[]];

export interface SnapshotProof {
  readonly fingerprint: Fingerprint;
  /** Said by the host; compared with what arrived. */
  readonly digest?: Digest;
}

/** A backup's bytes before the last step of decoding, for a host that can do that step itself: fewer bytes travel. */
export interface PackedBytes {
  /** To be read instead of the plain bytes; they end only when they are as the manifest says. */
  read(): Bytes;
  /** Makes plain bytes of them, from stdin to stdout. */
  readonly program: readonly [string, ...string[]];
  /** Of the plain bytes. */
  readonly plainSha256: string;
}

/** Plain bytes of a backup, and what its manifest says of them. */
export interface LoadRequest {
  /** Ends only when size and SHA-256 were as the manifest says; nothing may be opened or run before it ended. */
  readonly plain: Bytes;
  /** The same in another form, where there is one. */
  readonly packed?: PackedBytes | undefined;
  readonly plainBytes: number;
  /** Native extension without dot: `sqlite3`, `dump`, `sql`. */
  readonly extension: string;
  /** Of the server or library that the snapshot was taken from. */
  readonly engineVersion: string;
  readonly signal: AbortSignal;
}

/** A backup's bytes as a database again, in a private place. Disposing removes every trace of it. */
export interface Loaded extends AsyncDisposable {
  /** For people: `sqlite3 3.45.1 on this machine`, `a scratch cluster of PostgreSQL 16.4`. */
  readonly label: string;
  /**
   * The engine's own check.
   * @returns what is odd but no damage of ours, as it was like that in the source
   * @throws IntegrityError when the data is damaged
   */
  check(): Promise<readonly string[]>;
  fingerprint(): Promise<Fingerprint>;
  /**
   * First column of each row of a user's query, as the engine's own tool prints it; it can change nothing.
   * @throws HoldfastError `<engine>.query` with the engine's reason when the query fails; another code when it could not be asked
   */
  query(sql: string): Promise<readonly string[]>;
}

/**
 * What knows one kind of database on one host.
 *
 * - `discover` finds what the user's URL or glob means; an empty result or a path that is not there is an error.
 * - `probe` refuses whatever cannot be backed up, before any byte is stored.
 * - `snapshot` holds nothing open on the live database once the snapshot is complete and never touches it in writing, but
 *   for what the database does by itself when it is opened after a crash.
 * - `load` makes a scratch database of a backup's plain bytes on the engine's host, and leaves nothing when it throws. An
 *   IntegrityError means that these bytes do not restore; any other error that it could not be tried.
 */
export interface Engine {
  /** As written into manifests: `sqlite`, `postgres`. */
  readonly id: string;
  discover(options: { readonly signal: AbortSignal }): Promise<readonly Database[]>;
  probe(database: Database, options: ProbeOptions): Promise<Probe>;
  snapshot(database: Database, options: SnapshotOptions): Promise<Snapshot>;
  load(request: LoadRequest): Promise<Loaded>;
  /** What a user types to open or load the plain file `file` of a backup (a shell command; `file` is quoted already). */
  recoverCommand(file: string): string;
}
