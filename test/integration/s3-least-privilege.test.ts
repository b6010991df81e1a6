import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetObjectRetentionCommand, PutObjectRetentionCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { RawOptions } from '../../src/config/options.ts';
import { bytesOf } from '../../src/core/bytes.ts';
import { Secret } from '../../src/core/secret.ts';
import { openS3Store } from '../../src/stores/s3-store.ts';
import { startHttpProxy } from '../kit/http-proxy.ts';
import { memoryStore } from '../kit/memory-store.ts';
import { createRoles, type Role, setUpAsDocumented } from '../kit/policies.ts';
import { runCommandHere } from '../kit/run-command.ts';
import { type Key, type S3Server, type S3Suite, startS3 } from '../kit/s3.ts';
import { signal } from '../kit/signal.ts';
import { makeAppDatabase } from '../kit/sqlite.ts';
import { storeBackup } from '../kit/stored-backup.ts';

const mebibyte = 1024 ** 2;
/** Long ago, so that no rule keeps them. */
const old = ['20250101T030000Z-0000', '20250102T030000Z-0000'] as const;

describe.each<S3Suite>(['forky', 'bookworm'])('with the documented rights on Ceph of %s', (suite) => {
  let s3: S3Server;
  let keys: Readonly<Record<Role, Key>>;
  let dir: string;
  let bucket: string;

  beforeAll(async () => {
    s3 = await startS3(suite);
    keys = await createRoles(s3);
    dir = mkdtempSync(join(tmpdir(), 'holdfast-rights-'));
    makeAppDatabase(join(dir, 'app.sqlite3'));
  });
  afterAll(async () => {
    await s3.stop();
    rmSync(dir, { recursive: true });
  });
  beforeEach(async () => {
    bucket = await s3.createBucket({ versioned: true });
    await setUpAsDocumented(s3, bucket, 'apps');
  });

  const optionsOf = (key: Key): RawOptions => ({
    name: 'app',
    store: `s3://${bucket}/apps`,
    's3-endpoint': s3.endpoint,
    's3-access-key-id': key.accessKeyId,
    's3-secret-access-key': key.secretAccessKey,
  });
  const backUp = (more: RawOptions = {}) =>
    runCommandHere('backup', { ...optionsOf(keys.writer), database: `sqlite:${dir}/app.sqlite3`, ...more });
  const storeOf = (key: Key) =>
    openS3Store({
      ...s3.settings(bucket, 'apps'),
      accessKeyId: key.accessKeyId,
      secretAccessKey: new Secret(key.secretAccessKey),
    });
  const keysThere = async (): Promise<string[]> =>
    (await Array.fromAsync((await storeOf(s3)).list('', { signal }))).map(({ key }) => key);
  /** Backups that the rule `keep-last: 1` would have removed. */
  const fillWithOld = async (): Promise<void> => {
    const memory = memoryStore();
    for (const id of old) await storeBackup(memory, id, { app: { users: 1 } });
    const store = await storeOf(s3);
    for (const [key, content] of memory.objects) await store.put(key, bytesOf(content), { signal });
  };
  const rules = { 'keep-last': '1', 'keep-min': '1' };

  test("a backup needs no more than the writer's", async () => {
    const { document, exitCode } = await backUp();
    expect(document).toMatchObject({ ok: true, warnings: [] });
    expect(exitCode).toBe(0);
    expect(await keysThere()).toHaveLength(2);
  });

  test.each([1, 40 * mebibyte])(
    'the writer stores %i bytes, and learns that all of them are there',
    async (size) => {
      const store = await storeOf(keys.writer);
      await expect(store.put('app/x', bytesOf(Buffer.alloc(size)), { signal })).resolves.toMatchObject({
        bytes: size,
      });
      await expect(store.put('app/x', bytesOf(Buffer.alloc(size)), { signal })).rejects.toMatchObject({
        code: 'store.exists',
      });
      await expect(store.get('app/x', { signal })[Symbol.asyncIterator]().next()).rejects.toMatchObject({
        code: 'store.denied',
      });
      expect(await s3.pendingUploads(bucket)).toBe(0);
    },
  );

  test('keep rules with the key of a writer remove nothing, say so once, and do not fail the backup', async () => {
    await fillWithOld();
    const { document, exitCode } = await backUp(rules);
    expect(exitCode).toBe(0);
    expect(document.warnings).toEqual([
      expect.stringMatching(
        /^What no rule keeps stays in s3:.* may not delete.*`holdfast lifecycle` prints them/,
      ),
    ]);
    expect(document).toMatchObject({ ok: true, pruned: [] });
    expect(await keysThere()).toHaveLength(6);
  });

  test('what a failed backup leaves behind is told once, with who removes it', async () => {
    const proxy = await startHttpProxy(s3.endpoint);
    proxy.inject(
      { answer: 400, code: 'InvalidArgument' },
      ({ method, url }) => method === 'PUT' && url.includes('manifest'),
    );
    const { document, exitCode } = await backUp({ 's3-endpoint': proxy.endpoint });
    await proxy.stop();
    expect(exitCode).toBe(1);
    expect(document.error).toMatchObject({ message: expect.stringContaining('InvalidArgument') });
    expect(document.warnings).toEqual([
      expect.stringMatching(
        /^Objects of the failed backup stay .* may not delete: lifecycle rules .*`holdfast lifecycle`/,
      ),
    ]);
    expect(await keysThere()).toEqual([expect.stringMatching(/app\.sqlite3\.zst$/)]);
  });

  test("the pruner's prunes, and no more; what it hid can be brought back", async () => {
    await fillWithOld();
    await backUp();
    const { document, exitCode } = await runCommandHere('prune', { ...optionsOf(keys.pruner), ...rules });
    expect(document).toMatchObject({ ok: true, pruned: [{ id: old[1] }, { id: old[0] }] });
    expect(document.warnings).toEqual([expect.stringContaining('`holdfast lifecycle`')]);
    expect(exitCode).toBe(0);
    expect(await keysThere()).toHaveLength(2);
    // Six versions as before, and four markers.
    expect(await s3.versions(bucket)).toBe(10);
    const store = await storeOf(keys.pruner);
    await expect(store.put('app/x', bytesOf('x'), { signal })).rejects.toMatchObject({
      code: 'store.denied',
    });
    const [object] = (await keysThere()).filter((key) => key.endsWith('.zst'));
    await expect(store.stat(object as string, { signal })).rejects.toMatchObject({ code: 'store.denied' });
  });

  test("the command prune fails with the writer's, because it could not do what it is there for", async () => {
    await fillWithOld();
    const { document, exitCode } = await runCommandHere('prune', { ...optionsOf(keys.writer), ...rules });
    expect(exitCode).toBe(1);
    expect(document).toMatchObject({ error: { code: 'store.may-not-prune' }, warnings: [], pruned: [] });
  });

  test('what is locked is kept with the date, and goes when the lock has ended', async () => {
    bucket = await s3.createBucket({ locking: true });
    await setUpAsDocumented(s3, bucket, 'apps');
    await backUp({ 'lock-days': '30' });
    await fillWithOld();
    const lock = { Mode: 'GOVERNANCE', RetainUntilDate: new Date('2099-01-31T00:00:00Z') } as const;
    for (const key of await keysThere()) {
      const target = { Bucket: bucket, Key: `apps/${key}` };
      if (key.includes(old[0]))
        await s3.admin.send(new PutObjectRetentionCommand({ ...target, Retention: lock }));
    }
    const { document } = await runCommandHere('prune', { ...optionsOf(s3), ...rules });
    expect(document).toMatchObject({ ok: true, warnings: [], pruned: [{ id: old[1] }] });
    expect(document).toHaveProperty('kept.1', {
      id: old[0],
      reasons: ['locked until 2099-01-31T00:00:00.000Z'],
    });
  });

  test('lock-days with the key of a writer locks every object; a bucket that can not is told before', async () => {
    const refused = await backUp({ 'lock-days': '30' });
    expect(refused.document).toMatchObject({ error: { code: 'store.no-lock', input: 'lock-days' } });
    expect(await keysThere()).toEqual([]);

    bucket = await s3.createBucket({ locking: true });
    await setUpAsDocumented(s3, bucket, 'apps');
    const { document } = await backUp({ 'lock-days': '30', 'lock-mode': 'compliance' });
    expect(document).toMatchObject({ ok: true, warnings: [] });
    const writer = s3.clientOf(keys.writer);
    for (const key of await keysThere()) {
      const target = { Bucket: bucket, Key: `apps/${key}` };
      const { Retention } = await writer.send(new GetObjectRetentionCommand(target));
      expect(Retention?.Mode).toBe('COMPLIANCE');
      expect(Retention?.RetainUntilDate?.getTime()).toBeGreaterThan(Date.now() + 29.9 * 86_400_000);
    }
    writer.destroy();
  });

  test("list, check, verify and restore need no more than the reader's", async () => {
    const made = await backUp();
    const reader = optionsOf(keys.reader);
    const listed = await runCommandHere('list', reader);
    expect(listed.document).toMatchObject({ ok: true, backups: [expect.anything()] });
    expect((await runCommandHere('check', reader)).document).toMatchObject({ ok: true, stale: false });
    const verified = await runCommandHere('verify', reader);
    expect(verified.document).toMatchObject({ ok: true, verdict: 'ok' });
    expect(verified.document.warnings).toEqual([expect.stringContaining('proof could not be stored')]);
    const restored = await runCommandHere('restore', { ...reader, to: `file:${dir}/restored-${suite}` });
    expect(restored.document).toMatchObject({ ok: true, files: [expect.stringContaining('app.sqlite3')] });
    expect(made.document.ok).toBe(true);
    const anew = await runCommandHere('restore', { ...reader, to: `sqlite:${dir}/new-${suite}.sqlite3` });
    expect(anew.document).toMatchObject({ ok: true, safetyBackup: null });
  });

  test("a restore over what is there needs the restorer's: it backs that up first, and can neither delete nor overwrite", async () => {
    await backUp();
    const path = join(dir, `over-${suite}.sqlite3`);
    makeAppDatabase(path);
    const over = { to: `sqlite:${path}`, confirm: `over-${suite}.sqlite3` };
    const refused = await runCommandHere('restore', { ...optionsOf(keys.reader), ...over });
    expect(refused.document).toMatchObject({ error: { code: 'restore.safety' } });

    const { document } = await runCommandHere('restore', { ...optionsOf(keys.restorer), ...over });
    expect(document).toMatchObject({ ok: true, safetyBackup: expect.any(String), warnings: [] });
    const there = await keysThere();
    // Three of the safety backup, two of the other.
    expect(there).toHaveLength(5);
    const store = await storeOf(keys.restorer);
    expect(await store.remove(there, { signal })).toMatchObject({ removed: [] });
    expect(await keysThere()).toEqual(there);
    const [object = ''] = there;
    await expect(store.put(object, bytesOf('x'), { signal })).rejects.toMatchObject({ code: 'store.exists' });
  });
});
