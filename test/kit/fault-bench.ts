import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { GetObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { expect } from 'vitest';
import { type HttpProxy, startHttpProxy } from './http-proxy.ts';
import { type ActionRun, runAction } from './run-action.ts';
import { type S3Server, startS3 } from './s3.ts';
import { makeAppDatabase } from './sqlite.ts';
import { type Sshd, startSshd } from './sshd.ts';
import { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';

/**
 * A server with a SQLite app behind a proxy that can cut, a store behind a proxy that can fail, and two good backups in
 * it: all that a fault can be made in, and what must be true after it.
 */
export class FaultBench {
  readonly dir = mkdtempSync(join(tmpdir(), 'holdfast-faults-'));
  /** The app's database. */
  readonly path = join(this.dir, 'app.sqlite3');
  readonly #shims = join(this.dir, 'shims');
  readonly #scratch = join(this.dir, 'tmp');
  sshd!: Sshd;
  sshProxy!: TcpProxy;
  s3!: S3Server;
  storeProxy!: HttpProxy;
  bucket!: string;
  inputs!: Record<string, string>;
  /** Every object of two good backups, with its hash. */
  before!: Map<string, string>;

  async open(): Promise<void> {
    mkdirSync(this.#shims);
    mkdirSync(this.#scratch);
    const config = [`SetEnv PATH=${this.#shims}:/usr/bin:/bin TMPDIR=${this.#scratch}`];
    [this.sshd, this.s3] = await Promise.all([startSshd({ config }), startS3()]);
    [this.sshProxy, this.storeProxy] = await Promise.all([
      startTcpProxy(this.sshd.port),
      startHttpProxy(this.s3.endpoint),
    ]);
    this.bucket = await this.s3.createBucket();
    makeAppDatabase(this.path, { megabytes: 40 });
    this.inputs = {
      store: `s3://${this.bucket}`,
      's3-endpoint': this.storeProxy.endpoint,
      's3-access-key-id': this.s3.accessKeyId,
      's3-secret-access-key': this.s3.secretAccessKey,
      ssh: `${this.sshd.user}@127.0.0.1:${this.sshProxy.port}`,
      'ssh-key': this.sshd.privateKey,
      'ssh-known-hosts': this.sshd.knownHosts.replaceAll(`:${this.sshd.port}`, `:${this.sshProxy.port}`),
      database: `sqlite:${this.path}`,
      compression: 'none',
      'keep-last': '1',
    };
    for (const _ of [1, 2]) expect((await runAction(this.inputs)).exitCode).toBe(0);
    this.before = await this.contents();
  }

  async close(): Promise<void> {
    this.sshProxy.stop();
    await this.storeProxy.stop();
    await Promise.all([this.sshd.stop(), this.s3.stop()]);
    rmSync(this.dir, { recursive: true });
  }

  /** Every key in the store, with the SHA-256 of its object. */
  async contents(): Promise<Map<string, string>> {
    const { Contents = [] } = await this.s3.admin.send(new ListObjectsV2Command({ Bucket: this.bucket }));
    const hashes = new Map<string, string>();
    for (const { Key = '' } of Contents) {
      const { Body } = await this.s3.admin.send(new GetObjectCommand({ Bucket: this.bucket, Key }));
      const content = await (Body as { transformToByteArray(): Promise<Uint8Array> }).transformToByteArray();
      hashes.set(Key, createHash('sha256').update(content).digest('hex'));
    }
    return hashes;
  }

  /** Waits until no folder and no program of ours is left on the server; fails after 10 s. */
  async serverIsClean(): Promise<void> {
    for (let tries = 0; this.#left().length > 0; tries += 1) {
      expect(tries, `left behind: ${this.#left()}`).toBeLessThan(100);
      await sleep(100);
    }
  }

  /** What must be true after every failure. */
  async nothingHappened(run: ActionRun, exitCodes: readonly number[] = [1]): Promise<void> {
    expect(exitCodes, run.stdout).toContain(run.exitCode);
    expect(run.errors, 'one annotation').toHaveLength(1);
    expect(run.errors[0]).toMatch(/^::error title=Holdfast/);
    expect(run.stdout + run.stderr, 'no stack trace').not.toMatch(/^\s+at .*\d+:\d+\)?$/m);
    expect(run.summary).toContain('❌');
    expect(run.result).toMatchObject({ ok: false, error: { message: expect.stringMatching(/\S+ \S+/) } });
    expect(await this.contents()).toEqual(this.before);
    expect(await this.s3.pendingUploads(this.bucket)).toBe(0);
    await this.serverIsClean();
    const log = run.stdout.replace(/^::add-mask::.*$/gm, '');
    const shown = [log, run.stderr, run.summary, JSON.stringify(run.outputs)].join('\n');
    for (const secret of [this.s3.secretAccessKey, this.sshd.privateKey.split('\n')[2] as string]) {
      expect(shown).not.toContain(secret);
    }
  }

  /** Puts a program of ours before the server's own while `work` goes on. */
  async withShim(name: string, script: string, work: () => Promise<void>): Promise<void> {
    const file = join(this.#shims, name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    try {
      await work();
    } finally {
      rmSync(file);
    }
  }

  #left(): string[] {
    return [
      ...readdirSync(this.#scratch),
      ...commandLines().filter((line) => line.includes(`${this.#scratch}/`)),
    ];
  }
}

/** Of every process on this machine. */
export function commandLines(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
      } catch {
        return '';
      }
    });
}
