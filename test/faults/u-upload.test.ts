import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { FaultBench } from '../kit/fault-bench.ts';
import { faults } from '../kit/fault-table.ts';
import { errorInside200, type Fault } from '../kit/http-proxy.ts';
import { putObject, readObject, removeObject } from '../kit/seed-backup.ts';

/** An upload of three parts. */
const bench = new FaultBench({ megabytes: 18 });
beforeAll(() => bench.open());
afterAll(() => bench.close());
afterEach(() => bench.reset());

const internal = { answer: 500, code: 'InternalError' } as const;
const denied = { answer: 403, code: 'AccessDenied' } as const;
const passing: readonly Fault[] = [
  internal,
  { answer: 502 },
  { answer: 503, code: 'SlowDown' },
  { answer: 504 },
  { answer: 429 },
  'reset',
];
const count = (operation: string): number =>
  bench.storeProxy.operations().filter((one) => one === operation).length;

faults([
  {
    id: 'U1',
    fault: 'Each request fails once',
    outcome: 'It is tried again, and the backup succeeds.',
    how: 'Six backups of three parts. In each of them every request fails the first time; with 500, 502, 503, 504, 429 and a reset in turn, so that each meets all six.',
    async run() {
      for (const offset of passing.keys()) {
        const seen = new Set<string>();
        for (const [kind, fault] of passing.entries()) {
          bench.storeProxy.inject(fault, ({ method, url, operation }) => {
            const [request] = [`${method} ${operation === 'ListObjectsV2' ? operation : url}`];
            if (seen.has(request) || (seen.size + offset) % passing.length !== kind) return false;
            seen.add(request);
            return true;
          });
        }
        const run = await bench.backup();
        expect(seen.size).toBeGreaterThanOrEqual(9);
        await bench.judge(run, { outcome: 'stored' });
      }
    },
  },
  {
    id: 'U2',
    fault: 'A request fails for ever',
    outcome:
      'After eight tries, about 40 s, the run fails and says what the store said; the upload is aborted. What is not worth another try fails at once. The sweep does both at every request.',
    how: 'The store answers UploadPart with 500 for ever; then each other operation of the upload with 400.',
    async run() {
      bench.storeProxy.inject(internal, 'UploadPart');
      const run = await bench.backup();
      expect(count('AbortMultipartUpload')).toBe(1);
      await bench.judge(run, { outcome: 'failed', says: /HTTP 500, after 8 attempts/, withinMs: 75_000 });
      for (const operation of [
        'HeadObject',
        'CreateMultipartUpload',
        'UploadPart',
        'CompleteMultipartUpload',
        'PutObject',
      ]) {
        bench.storeProxy.inject({ answer: 400, code: 'InvalidArgument' }, operation);
        const refused = await bench.backup();
        if (/Part|Complete/.test(operation)) expect(count('AbortMultipartUpload')).toBeGreaterThan(0);
        await bench.judge(refused, { outcome: 'failed', says: /400/, withinMs: 15_000 });
      }
    },
  },
  {
    id: 'U3',
    fault: 'The end of the upload is answered with 200 and an error inside',
    outcome: 'It is tried again; when it does not get better, the run fails. It never counts as a success.',
    how: 'CompleteMultipartUpload is answered with 200 and `<Error>`: once, and for ever.',
    async run() {
      bench.storeProxy.inject(errorInside200, 'CompleteMultipartUpload', 1);
      await bench.judge(await bench.backup(), { outcome: 'stored' });
      bench.storeProxy.inject(errorInside200, 'CompleteMultipartUpload');
      const run = await bench.backup();
      expect(count('AbortMultipartUpload')).toBe(1);
      await bench.judge(run, { outcome: 'failed', says: /InternalError/ });
    },
  },
  {
    id: 'U4',
    fault: 'The upload was ended, but the answer that says so is lost',
    outcome: 'A look at the object decides: the backup succeeds, with one object.',
    how: 'The store does CompleteMultipartUpload; the connection breaks before its answer.',
    async run() {
      bench.storeProxy.inject('drop-reply', 'CompleteMultipartUpload', 1);
      const run = await bench.backup();
      expect(count('CompleteMultipartUpload')).toBe(2);
      await bench.judge(run, { outcome: 'stored' });
    },
  },
  {
    id: 'U5',
    fault: 'A part is damaged on its way',
    outcome: 'The store refuses it by its MD5, and it is sent again.',
    how: 'One byte of a part, and of the manifest, arrives changed; later of the same part twice.',
    async run() {
      bench.storeProxy.inject('flip-byte', 'UploadPart', 1);
      bench.storeProxy.inject('flip-byte', 'PutObject', 1);
      const run = await bench.backup();
      expect([count('UploadPart'), count('PutObject')]).toEqual([4, 2]);
      await bench.judge(run, { outcome: 'stored' });
      bench.storeProxy.inject('flip-byte', ({ url }) => url.includes('partNumber=2'), 2);
      await bench.judge(await bench.backup(), { outcome: 'stored' });
    },
  },
  {
    id: 'U6',
    fault: 'The connection breaks in the middle of a part',
    outcome: 'The part is held in memory and sent again from its first byte.',
    how: 'The connection is reset after half of the second part, and after half of the last one.',
    async run() {
      const half = { cutRequestAfter: 4 * 1024 ** 2 } as const;
      const sizes = () =>
        bench.storeProxy.requests
          .filter(({ url }) => url.includes('partNumber=2'))
          .map(({ body }) => body.byteLength);
      bench.storeProxy.inject(half, ({ url }) => url.includes('partNumber=2'), 1);
      bench.storeProxy.inject({ cutRequestAfter: 1000 }, ({ url }) => url.includes('partNumber=3'), 1);
      const run = await bench.backup();
      expect(sizes()).toEqual([0, 8 * 1024 ** 2]);
      expect(count('UploadPart')).toBe(5);
      await bench.judge(run, { outcome: 'stored' });
    },
  },
  {
    id: 'U7',
    fault: 'The source ends early while parts are on their way',
    outcome: 'The upload is aborted; there is no object.',
    how: 'The SSH connection is reset once the first part is being uploaded.',
    async run() {
      bench.storeProxy.inject({ before: () => bench.sshProxy.cutAfter(0) }, 'UploadPart', 1);
      const run = await bench.backup();
      expect(count('AbortMultipartUpload')).toBe(1);
      await bench.judge(run, { outcome: 'failed', error: { code: 'ssh.lost' } });
    },
  },
  {
    id: 'U8',
    fault: 'A request arrives after its repetition',
    outcome: 'The object is right: a repetition has the same bytes.',
    how: 'The first CreateMultipartUpload, UploadPart and PutObject each reach the store 500 ms late, after they were given up.',
    async run() {
      for (const operation of ['CreateMultipartUpload', 'UploadPart', 'PutObject'])
        bench.storeProxy.inject({ lateMs: 500 }, operation, 1);
      const run = await bench.backup();
      expect([count('UploadPart'), count('PutObject')]).toEqual([4, 2]);
      await new Promise((resolve) => setTimeout(resolve, 700));
      await bench.judge(run, { outcome: 'stored' });
    },
  },
  {
    id: 'U9',
    fault: 'The storage key lacks a right',
    outcome:
      'The error names the right. Without that to abort, the unfinished upload stays, and the error says so.',
    how: 'A real key with a bucket policy that denies s3:PutObject, then s3:AbortMultipartUpload (with an upload that fails); and 403 by the proxy at each operation alone.',
    async run() {
      const key = await bench.s3.createUser('narrow');
      const Principal = { AWS: ['arn:aws:iam:::user/narrow'] };
      const Resource = [`arn:aws:s3:::${bench.bucket}`, `arn:aws:s3:::${bench.bucket}/*`];
      const policy = (denies: string) => [
        { Sid: 'All', Effect: 'Allow', Principal, Action: ['s3:*'], Resource },
        { Sid: 'But', Effect: 'Deny', Principal, Action: [denies], Resource },
      ];
      const narrow = {
        's3-access-key-id': key.accessKeyId,
        's3-secret-access-key': key.secretAccessKey,
      };
      await bench.s3.setPolicy(bench.bucket, policy('s3:PutObject'));
      const run = await bench.backup(narrow);
      await bench.judge(run, { outcome: 'failed', says: /s3:PutObject/, error: { code: 'store.denied' } });
      await bench.s3.setPolicy(bench.bucket, policy('s3:AbortMultipartUpload'));
      bench.storeProxy.inject({ answer: 400, code: 'InvalidArgument' }, 'CompleteMultipartUpload');
      const unfinished = await bench.backup(narrow);
      const says = /could not be aborted \(that takes s3:AbortMultipartUpload\)/;
      await bench.judge(unfinished, { outcome: 'failed', says, unfinishedUploads: 1 });
      for (const operation of ['CreateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload']) {
        bench.storeProxy.inject(denied, operation);
        const error = { code: 'store.denied', input: 's3-access-key-id' };
        await bench.judge(await bench.backup(), { outcome: 'failed', says: /s3:PutObject/, error });
      }
    },
  },
  {
    id: 'U16',
    fault: 'The key is in the store already',
    outcome:
      'It is not overwritten, and not removed with what the failed run takes back. Keys are unique, so this takes a clash of random ids, or malice.',
    how: "Somebody's object appears under the key of the database, then under that of the manifest, right before it is looked up.",
    async run() {
      for (const file of ['app.sqlite3', 'manifest.json']) {
        let key = '';
        const before = async (): Promise<void> => {
          const found = bench.storeProxy.requests.find(
            ({ url, method }) => method === 'HEAD' && url.includes(file),
          );
          key = decodeURIComponent((found?.url ?? '').split('?')[0]?.replace(`/${bench.bucket}/`, '') ?? '');
          await putObject(bench, key, "somebody else's");
        };
        bench.storeProxy.inject({ before }, ({ method, url }) => method === 'HEAD' && url.includes(file), 1);
        const run = await bench.backup();
        expect((await readObject(bench, key)).toString()).toBe("somebody else's");
        await removeObject(bench, key);
        await bench.judge(run, { outcome: 'failed', error: { code: 'store.exists' } });
      }
    },
  },
  {
    id: 'U21',
    fault: 'What the store has is not what was sent',
    outcome: 'The run fails, the object is deleted, and nothing is committed.',
    how: 'The HEAD after the upload, and after the put of the manifest, tells another size, then another ETag.',
    async run() {
      const wrong = [{ 'content-length': '7' }, { etag: `"${createHash('md5').update('x').digest('hex')}"` }];
      for (const file of ['app.sqlite3', 'manifest.json']) {
        for (const replyHeaders of wrong) {
          let looks = 0;
          bench.storeProxy.inject({ replyHeaders }, ({ method, url }) => {
            if (method === 'HEAD' && url.includes(file)) looks += 1;
            return method === 'HEAD' && url.includes(file) && looks === 2;
          });
          const run = await bench.backup();
          expect(looks).toBeGreaterThan(1);
          await bench.judge(run, { outcome: 'failed', error: { code: 'store.mismatch' } });
        }
      }
    },
  },
]);
