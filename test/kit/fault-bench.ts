import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AbortMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
} from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { type FaultSource, type PostgresSource, postgresSource, sqliteSource } from './fault-source.ts';
import { type HttpProxy, startHttpProxy } from './http-proxy.ts';
import { type Expected, judge } from './oracle.ts';
import type { PostgresOptions } from './postgres.ts';
import { type ActionRun, type Ended, type RunOptions, runAction, runCli } from './run-action.ts';
import { type S3Server, startS3 } from './s3.ts';
import { type Sshd, startSshd } from './sshd.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/** A backup that was there before the fault, and what its database held. */
export interface GoodBackup {
  readonly id: string;
  readonly content: string;
}

export interface BenchOptions {
  /** About how large the app's database is; 40 makes an upload of five parts. */
  readonly megabytes?: number;
  /** More lines of sshd_config. */
  readonly config?: readonly string[];
  /** The app's database is one of a PostgreSQL server of its own. */
  readonly postgres?: PostgresOptions;
  /** Variables of the server's programs. */
  readonly env?: readonly string[];
  /** An S3 server that others use too; without it there is one of its own. */
  readonly s3?: S3Server;
}

/**
 * A server with an app's database behind a proxy that can cut, a store behind a proxy that can fail, and two good backups in
 * it: all that a fault can be made in.
 */
export class FaultBench {
  readonly dir = mkdtempSync(join(tmpdir(), 'holdfast-faults-'));
  /** The app's database, where it is SQLite. */
  readonly path = join(this.dir, 'app.sqlite3');
  source!: FaultSource;
  /** With the option `postgres`. */
  postgres!: PostgresSource;
  /** Beside those of the store and the server. */
  readonly moreSecrets: string[] = [];
  readonly #shims = join(this.dir, 'shims');
  /** The temporary folder of the server. */
  readonly scratch = join(this.dir, 'tmp');
  /** The user's home on the server: the real one's login scripts have no say here. */
  readonly home = join(this.dir, 'home');
  sshd!: Sshd;
  sshProxy!: TcpProxy;
  s3!: S3Server;
  storeProxy!: HttpProxy;
  bucket!: string;
  /** Of a backup that succeeds. */
  inputs!: Record<string, string>;
  /** Every object of the store, with its hash, as it must be after a failure. */
  before!: Map<string, string>;
  /** Oldest first. */
  good: GoodBackup[] = [];
  readonly #options: BenchOptions;

  constructor(options: BenchOptions = {}) {
    this.#options = options;
  }

  async open(): Promise<void> {
    const { megabytes = 40, config = [], postgres, s3 } = this.#options;
    mkdirSync(this.#shims);
    mkdirSync(this.scratch);
    mkdirSync(this.home);
    [this.sshd, this.s3] = await Promise.all([
      startSshd({ config: [this.surroundings(), ...config] }),
      s3 ?? startS3(),
    ]);
    [this.sshProxy, this.storeProxy] = await Promise.all([
      startTcpProxy(this.sshd.port),
      startHttpProxy(this.s3.endpoint),
    ]);
    this.bucket = await this.s3.createBucket();
    if (postgres === undefined) this.source = sqliteSource(this.path, megabytes);
    else this.source = this.postgres = await postgresSource(megabytes, postgres);
    this.inputs = {
      ...this.storeInputs(),
      ssh: `${this.sshd.user}@127.0.0.1:${this.sshProxy.port}`,
      'ssh-key': this.sshd.privateKey,
      'ssh-known-hosts': this.sshd.knownHosts.replaceAll(`:${this.sshd.port}`, `:${this.sshProxy.port}`),
      database: this.source.url,
      compression: 'none',
      'keep-last': '1',
    };
    for (const _ of [1, 2]) {
      const run = await runAction(this.inputs);
      expect(run.exitCode, run.stdout).toBe(0);
      this.good.push({ id: run.outputs['backup-id'] as string, content: this.source.content() });
    }
    this.before = await this.contents();
    this.storeProxy.forget();
  }

  /**
   * The line of sshd_config by which another sshd becomes one of this server. With a SHLVL bash takes itself for no login of
   * SSH: the ~/.bashrc of whoever runs the tests has no say.
   */
  surroundings({ withStartupFiles = false } = {}): string {
    const own = withStartupFiles ? [] : ['SHLVL=1', `HOME=${this.home}`];
    const usual = [`PATH=${this.#shims}:/usr/bin:/bin`, `TMPDIR=${this.scratch}`];
    return `SetEnv ${[...own, ...usual, ...(this.#options.env ?? [])].join(' ')}`;
  }

  async close(): Promise<void> {
    this.source.stop();
    this.sshProxy.stop();
    await this.storeProxy.stop();
    await Promise.all([this.sshd.stop(), this.#options.s3 === undefined && this.s3.stop()]);
    rmSync(this.dir, { recursive: true });
  }

  /** The store's inputs alone: through the proxy that can fail, or around it. */
  storeInputs({ direct = false } = {}): Record<string, string> {
    return {
      store: `s3://${this.bucket}`,
      name: 'shop',
      's3-endpoint': direct ? this.s3.endpoint : this.storeProxy.endpoint,
      's3-access-key-id': this.s3.accessKeyId,
      's3-secret-access-key': this.s3.secretAccessKey,
    };
  }

  /** Every secret that the program is given. */
  secrets(): string[] {
    return [this.s3.secretAccessKey, this.sshd.privateKey, ...this.moreSecrets];
  }

  /** Runs the Action with the backup's inputs and the changed ones; `undefined` takes one away. */
  backup(
    changed: Readonly<Record<string, string | undefined>> = {},
    options: RunOptions = {},
  ): Promise<ActionRun> {
    return this.#run({ ...this.inputs, ...changed }, options);
  }

  /** Runs a command that needs the store alone. */
  command(
    command: string,
    more: Readonly<Record<string, string | undefined>> = {},
    options: RunOptions = {},
  ): Promise<ActionRun> {
    return this.#run({ command, ...this.storeInputs(), ...more }, options);
  }

  /** Runs the command line. */
  cli(args: readonly string[]): Promise<Ended> {
    return runCli(args);
  }

  async #run(inputs: Readonly<Record<string, string | undefined>>, options: RunOptions): Promise<ActionRun> {
    const given = Object.entries(inputs).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return await runAction(Object.fromEntries(given), options);
  }

  /** The store says of every object that it was written long ago, as of the objects of an old backup it would. */
  agedObjects(): void {
    const rewrite = (body: string): string =>
      body.replaceAll(/(<LastModified>)[^<]*/g, '$12020-01-01T00:00:00.000Z');
    this.storeProxy.inject({ rewrite }, 'ListObjectsV2');
  }

  /** The oracle, asked after every fault. Forgets what the proxies were told first. */
  async judge(run: ActionRun, expected: Expected): Promise<void> {
    this.storeProxy.forget();
    this.sshProxy.forget();
    try {
      await judge(this, run, expected);
    } catch (error) {
      // One row that fails must not make the next ones fail.
      await this.reset();
      throw error;
    }
  }

  /** Every key in the store, with the SHA-256 of its object. */
  async contents(): Promise<Map<string, string>> {
    const hashes = new Map<string, string>();
    let ContinuationToken: string | undefined;
    do {
      const page = await this.s3.admin.send(
        new ListObjectsV2Command({ Bucket: this.bucket, ...(ContinuationToken && { ContinuationToken }) }),
      );
      for (const { Key = '' } of page.Contents ?? []) {
        const content = await this.#bytesOf(Key);
        if (content !== null) hashes.set(Key, createHash('sha256').update(content).digest('hex'));
      }
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    return hashes;
  }

  /** `null` when it was deleted in the meantime: what a killed program had asked for may come after its death. */
  async #bytesOf(Key: string): Promise<Uint8Array | null> {
    try {
      const { Body } = await this.s3.admin.send(new GetObjectCommand({ Bucket: this.bucket, Key }));
      return await (Body as { transformToByteArray(): Promise<Uint8Array> }).transformToByteArray();
    } catch (error) {
      if ((error as Error).name === 'NoSuchKey') return null;
      throw error;
    }
  }

  /** Makes the store what it was, but for the keys to keep, and forgets all faults: some may leave something, such as a kill. */
  async reset(keep: (key: string) => boolean = () => false): Promise<void> {
    this.storeProxy.forget();
    this.sshProxy.cutAfter(Number.POSITIVE_INFINITY);
    const { Uploads = [] } = await this.s3.admin.send(
      new ListMultipartUploadsCommand({ Bucket: this.bucket }),
    );
    for (const { Key, UploadId } of Uploads) {
      await this.s3.admin.send(new AbortMultipartUploadCommand({ Bucket: this.bucket, Key, UploadId }));
    }
    for (const Key of (await this.contents()).keys()) {
      if (!this.before.has(Key) && !keep(Key))
        await this.s3.admin.send(new DeleteObjectCommand({ Bucket: this.bucket, Key }));
    }
  }

  /** Puts a program of ours before the server's own while `work` goes on. */
  async withShim<T>(name: string, script: string, work: () => Promise<T>): Promise<T> {
    const file = join(this.#shims, name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    try {
      return await work();
    } finally {
      rmSync(file);
    }
  }
}
