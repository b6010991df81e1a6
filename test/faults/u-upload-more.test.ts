import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { fakeTime } from '../kit/fake-time.ts';
import { FaultBench } from '../kit/fault-bench.ts';
import { faults } from '../kit/fault-table.ts';
import { freePort } from '../kit/free-port.ts';
import { startTlsServer } from '../kit/tls-server.ts';

/** An upload of three parts. */
const bench = new FaultBench({ megabytes: 18 });
beforeAll(() => bench.open());
afterAll(() => bench.close());
afterEach(() => bench.reset());

const count = (operation: string): number =>
  bench.storeProxy.operations().filter((one) => one === operation).length;
const mebibyte = 1024 ** 2;

/** While the server says that the database has so many bytes, and room for them: parts are larger then. */
function saidToHave<T>(bytes: number, work: () => Promise<T>): Promise<T> {
  const lie = `if [ "$*" = '-L -c %s -- ${bench.path}' ]; then echo ${bytes}; else exec /usr/bin/stat "$@"; fi`;
  const room = 'echo "Filesystem 1024-blocks Used Available Capacity Mounted"; echo "x 9 1 9000000000 1% /"';
  return bench.withShim('df', room, () => bench.withShim('stat', lie, work));
}

faults([
  {
    id: 'U10',
    fault: 'There is no such bucket, it is in another region, or the endpoint is wrong',
    outcome: 'The run fails within 10 s and names the input.',
    how: 'A bucket that was never made; 301 from the store; a port where nobody listens, a web site, a name without an address.',
    async run() {
      const wrong = async (changed: Record<string, string>, code: string, input: string): Promise<void> => {
        const run = await bench.backup(changed);
        await bench.judge(run, { outcome: 'failed', error: { code, input }, withinMs: 10_000 });
      };
      await wrong({ store: 's3://never-made' }, 'store.no-bucket', 'store');
      bench.storeProxy.inject({ answer: 301, code: 'PermanentRedirect' }, () => true);
      await wrong({}, 'store.region', 's3-region');
      await wrong(
        { 's3-endpoint': `http://127.0.0.1:${await freePort()}` },
        'store.unreachable',
        's3-endpoint',
      );
      await wrong({ 's3-endpoint': 'https://s3.nowhere.invalid' }, 'store.dns', 's3-endpoint');
      bench.storeProxy.inject({ answer: 200, body: '<html><p>Hello<br></html>' }, () => true);
      await wrong({}, 'store.not-s3', 's3-endpoint');
    },
  },
  {
    id: 'U11',
    fault: 'The store redirects to another host, or from https to http',
    outcome: 'It is refused, and the other host hears nothing.',
    how: '307 to a second server on loopback: from the proxy, and from a HTTPS server whose certificate is trusted for this.',
    async run() {
      const heard: (string | undefined)[] = [];
      const elsewhere = createServer((asked, answer) => {
        heard.push(asked.headers.authorization);
        answer.end();
      }).listen(0, '127.0.0.1');
      await new Promise((resolve) => elsewhere.once('listening', resolve));
      const location = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`;
      const tls = await startTlsServer(bench.dir, (_, answer) => answer.writeHead(307, { location }).end());
      const expected = {
        outcome: 'failed',
        error: { code: 'store.redirect', input: 's3-endpoint' },
      } as const;
      bench.storeProxy.inject({ answer: 307, headers: { location } }, () => true);
      await bench.judge(await bench.backup(), expected);
      const trusted = { env: { NODE_EXTRA_CA_CERTS: tls.certificate } };
      const run = await bench.backup({ 's3-endpoint': tls.endpoint }, trusted);
      expect(tls.requests()).toBeGreaterThan(0);
      await bench.judge(run, expected);
      expect(heard).toEqual([]);
      tls.stop();
      elsewhere.close();
    },
  },
  {
    id: 'U12',
    fault: "The runner's clock is 20 minutes off, so that the store refuses each signature",
    outcome:
      "The first refusal tells the store's time, by which the requests are signed from then on: the backup succeeds. A store that refuses for ever makes the run fail with the clock as the reason.",
    how: '`faketime` around the program, 20 minutes ahead and behind, with a real S3 server; then 403 RequestTimeTooSkewed from the proxy for ever.',
    async run() {
      for (const offset of ['+20m', '-20m']) {
        const run = await bench.backup({}, { env: fakeTime(offset) });
        await bench.judge(run, { outcome: 'stored' });
      }
      bench.storeProxy.inject({ answer: 403, code: 'RequestTimeTooSkewed' }, () => true);
      const run = await bench.backup();
      await bench.judge(run, { outcome: 'failed', error: { code: 'store.clock' }, says: /clock/ });
    },
  },
  {
    id: 'U13',
    fault: 'The storage is slow, then silent',
    outcome:
      'A slow upload is waited for however long it takes; a silent one is tried again, and given up when it stays silent.',
    how: 'With `stall-timeout: 5s` an object of 18 MB is taken at 2.4 MiB/s, which takes 7 s; then the store never answers one part, then no part.',
    async run() {
      const quick = { 'stall-timeout': '5s' };
      bench.storeProxy.inject({ bytesPerSecond: 2.4 * mebibyte }, 'PutObject');
      const slow = await saidToHave(600e9, () => bench.backup(quick));
      expect(slow.tookMs).toBeGreaterThan(7000);
      expect(count('PutObject'), 'the object and the manifest').toBe(2);
      await bench.judge(slow, { outcome: 'stored' });
      bench.storeProxy.inject('hang', 'UploadPart', 1);
      await bench.judge(await bench.backup(quick), { outcome: 'stored' });
      bench.storeProxy.inject('hang', 'UploadPart');
      const run = await bench.backup({ 'stall-timeout': '1s' });
      await bench.judge(run, { outcome: 'failed', error: { code: 'store.silent' }, withinMs: 75_000 });
    },
  },
  {
    id: 'U14',
    fault: 'The data needs more parts than the store takes',
    outcome:
      'The parts are as large as the expected size and a quarter more needs, so that 10,000 are enough. They stay equal, because some stores demand that; data that outgrows even this fails as too large, with the upload aborted.',
    how: 'The server says that the database has 600 GB, so that 18 MB go in one request instead of three parts of 8 MiB; with 80 GB the parts have 10 MiB.',
    nearest:
      'The size is a lie: 80 GB of real data are no test. That the parts run out is tried with a small limit in the integration tests.',
    async run() {
      // On a busy machine a part may be sent a second time.
      const sizes = () => {
        const puts = bench.storeProxy.requests.filter(
          ({ operation, url }) =>
            operation === 'UploadPart' || (operation === 'PutObject' && url.includes('app.sqlite3')),
        );
        const byUrl = new Map(puts.map(({ url, body }) => [url, body.byteLength]));
        return [...byUrl].sort(([a], [b]) => a.localeCompare(b)).map(([, bytes]) => bytes);
      };
      const one = await saidToHave(600e9, () => bench.backup());
      expect(sizes(), one.stdout).toHaveLength(1);
      await bench.judge(one, { outcome: 'stored' });
      const two = await saidToHave(80e9, () => bench.backup());
      expect(sizes(), two.stdout).toEqual([10 * mebibyte, expect.any(Number)]);
      await bench.judge(two, { outcome: 'stored' });
    },
  },
  {
    id: 'U15',
    fault: 'The store refuses the newer checksum headers (Cloudflare R2, Backblaze B2, older Ceph)',
    outcome:
      'None is ever sent, with no setting for it: Content-MD5 on each put and part, which every store knows, and SHA-256 of the whole in the manifest.',
    how: 'The proxy answers 501 to any request with an `x-amz-checksum-…`, `x-amz-sdk-checksum-…` or `x-amz-trailer` header, or with a chunked signature.',
    async run() {
      const isNewer = ({ headers }: { headers: Readonly<Record<string, unknown>> }): boolean =>
        Object.entries(headers).some(
          ([name, value]) =>
            /^x-amz-(?:sdk-)?checksum-|^x-amz-trailer$/.test(name) ||
            /aws-chunked|STREAMING/.test(String(value)),
        );
      bench.storeProxy.inject({ answer: 501, code: 'NotImplemented' }, isNewer);
      const run = await bench.backup();
      const puts = bench.storeProxy.requests.filter(({ method }) => method === 'PUT');
      expect(puts).toHaveLength(4);
      for (const { headers } of puts) expect(headers['content-md5']).toMatch(/^[\w+/]{22}==$/);
      await bench.judge(run, { outcome: 'stored' });
    },
  },
  {
    id: 'U17',
    fault: 'The bucket is full',
    outcome: 'The run fails, names the quota, and leaves nothing.',
    how: "A real bucket with a quota of 10 MiB, which the second part exceeds; then the proxy's 507 at a part and at the manifest.",
    async run() {
      const bucket = await bench.s3.createBucket();
      await bench.s3.setQuota(bucket, 10 * mebibyte);
      const run = await bench.backup({ store: `s3://${bucket}` });
      const error = { code: 'store.full' };
      expect(await bench.s3.pendingUploads(bucket)).toBe(0);
      await bench.judge(run, { outcome: 'failed', error, says: /quota/ });
      for (const operation of ['UploadPart', 'PutObject']) {
        bench.storeProxy.inject({ answer: 507 }, operation);
        await bench.judge(await bench.backup(), { outcome: 'failed', error });
      }
    },
  },
  {
    id: 'U18',
    fault: 'Even the abort fails',
    outcome:
      'It is told beside the first failure, after 4 s at most. A lifecycle rule of the bucket, or a later run, removes the upload.',
    how: 'A part is refused for ever, and each abort answered with 500.',
    async run() {
      bench.storeProxy.inject({ answer: 400, code: 'InvalidArgument' }, 'UploadPart');
      bench.storeProxy.inject({ answer: 500, code: 'InternalError' }, 'AbortMultipartUpload');
      const run = await bench.backup();
      const says = /InvalidArgument[\s\S]*unfinished upload could not be aborted/;
      await bench.judge(run, { outcome: 'failed', says, unfinishedUploads: 1, withinMs: 20_000 });
    },
  },
  {
    id: 'U19',
    fault: 'The credentials expire in the middle of the upload',
    outcome:
      'The run fails and names `role-duration-seconds`. Nothing can be taken back then either: the error says that the upload stays.',
    how: 'From the second part on the store answers every request with ExpiredToken, the abort too; the key and a session token come from the environment.',
    async run() {
      let parts = 0;
      bench.storeProxy.inject({ answer: 400, code: 'ExpiredToken' }, ({ operation }) => {
        if (operation === 'UploadPart') parts += 1;
        return parts > 1;
      });
      const env = {
        AWS_ACCESS_KEY_ID: bench.s3.accessKeyId,
        AWS_SECRET_ACCESS_KEY: bench.s3.secretAccessKey,
      };
      const run = await bench.backup(
        { 's3-access-key-id': undefined, 's3-secret-access-key': undefined },
        { env },
      );
      const error = { code: 'store.expired' };
      await bench.judge(run, {
        ...{ outcome: 'failed', error, says: /role-duration-seconds/, unfinishedUploads: 1 },
        withinMs: 20_000,
      });
      expect(run.result.error.message).toMatch(/could not be aborted/);
    },
  },
  {
    id: 'U20',
    fault: "The endpoint's certificate is not valid",
    outcome: 'It is refused before a request is sent, also with NODE_TLS_REJECT_UNAUTHORIZED=0.',
    how: 'A HTTPS server with a self-signed certificate; and one for another name, though its issuer is trusted.',
    async run() {
      const tls = await startTlsServer(bench.dir, (_, answer) => answer.end());
      const expected = {
        outcome: 'failed',
        error: { code: 'store.certificate', input: 's3-endpoint' },
      } as const;
      for (const [endpoint, env] of [
        [tls.endpoint, {}],
        [tls.endpoint, { NODE_TLS_REJECT_UNAUTHORIZED: '0' }],
        [tls.endpoint.replace('127.0.0.1', 'localhost'), { NODE_EXTRA_CA_CERTS: tls.certificate }],
      ] as const) {
        const run = await bench.backup({ 's3-endpoint': endpoint }, { env });
        await bench.judge(run, expected);
      }
      expect(tls.requests()).toBe(0);
      tls.stop();
    },
  },
]);
