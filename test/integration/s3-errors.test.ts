import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { bytesOf, collect } from '../../src/core/bytes.ts';
import { StoreError } from '../../src/core/errors.ts';
import { Secret } from '../../src/core/secret.ts';
import type { Store } from '../../src/core/store.ts';
import type { S3Settings } from '../../src/stores/s3-client.ts';
import { openS3Store } from '../../src/stores/s3-store.ts';
import { FaultyS3 } from '../kit/faulty-s3.ts';
import { freePort } from '../kit/free-port.ts';
import type { Fault } from '../kit/http-proxy.ts';

const { signal } = new AbortController();
const faulty = new FaultyS3();

const operations: readonly (readonly [string, (store: Store) => Promise<unknown>])[] = [
  ['put', (store) => store.put('k', bytesOf('x'), { signal })],
  ['get', (store) => collect(store.get('k', { signal }))],
  ['stat', (store) => store.stat('k', { signal })],
  ['list', (store) => Array.fromAsync(store.list('', { signal }))],
  ['remove', (store) => store.remove(['k'], { signal })],
];

async function failureOf(work: Promise<unknown>): Promise<StoreError> {
  const failure = await work.then(
    () => null,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(StoreError);
  return failure as StoreError;
}

interface Expected {
  readonly code: string;
  readonly input?: string;
  readonly hint: RegExp;
}

function expectTold(failure: StoreError, { code, input, hint }: Expected): void {
  expect(failure).toMatchObject({ code, input, hint: expect.stringMatching(hint) });
  expect(failure.message).toMatch(
    /^(?:Writing|Reading|Looking up|Listing|Deleting) .*s3:\/\/.* failed: .*\.$/,
  );
  const printed = inspect(failure, { depth: 9 }) + JSON.stringify(failure);
  expect(printed).not.toMatch(/s3testsecret|wrong-secret|Signature=/);
}

/** A server of ours that is no S3 server, for as long as the work lasts. */
async function at(
  server: Server,
  protocol: string,
  work: (endpoint: string) => Promise<void>,
): Promise<void> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    await work(`${protocol}://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.close();
  }
}

describe.each(operations)('%s tells what to change', (operation, run) => {
  const wrong: readonly (readonly [string, Partial<S3Settings>, Expected])[] = [
    [
      'an access key that nobody knows',
      { accessKeyId: 'wrong' },
      { code: 'store.key-unknown', input: 's3-access-key-id', hint: /s3-endpoint/ },
    ],
    [
      'a wrong secret',
      { secretAccessKey: new Secret('wrong-secret') },
      { code: 'store.secret-wrong', input: 's3-secret-access-key', hint: /s3-secret-access-key/ },
    ],
    [
      'a key that may do nothing here',
      { accessKeyId: 's3readonly', secretAccessKey: new Secret('s3readonlysecret') },
      { code: 'store.denied', input: 's3-access-key-id', hint: /s3:\w+.*B2.*\w+Files/ },
    ],
    [
      'a host name that does not exist',
      { endpoint: 'https://s3.nowhere.invalid' },
      { code: 'store.dns', input: 's3-endpoint', hint: /s3-endpoint/ },
    ],
    [
      'no region at all',
      { endpoint: undefined },
      { code: 'store.no-region', input: 's3-region', hint: /s3-region.*s3-endpoint/ },
    ],
  ];
  test.each(wrong)('for %s', async (_, settings, expected) => {
    const store = await openS3Store({ ...faulty.s3.settings(faulty.bucket), ...settings });
    if (operation === 'remove' && expected.code === 'store.denied') {
      // No failure: what stays is told, key by key.
      expect(await run(store)).toMatchObject({ removed: [], kept: [{ key: 'k', denied: true }] });
      return;
    }
    expectTold(await failureOf(run(store)), expected);
  });

  test('for an endpoint where nobody listens', async () => {
    const store = await faulty.open({ endpoint: `http://127.0.0.1:${await freePort()}` });
    expectTold(await failureOf(run(store)), {
      code: 'store.unreachable',
      input: 's3-endpoint',
      hint: /s3-endpoint/,
    });
  });

  test('for an endpoint that speaks no HTTPS', async () => {
    const store = await faulty.open({ endpoint: faulty.s3.endpoint.replace('http:', 'https:') });
    expectTold(await failureOf(run(store)), { code: 'store.tls', input: 's3-endpoint', hint: /port/ });
  });

  const answers: readonly (readonly [string, Fault, Expected])[] = [
    [
      'a bucket in another region',
      { answer: 301, code: 'PermanentRedirect' },
      { code: 'store.region', input: 's3-region', hint: /s3-region/ },
    ],
    [
      'a signature for another region',
      { answer: 400, code: 'AuthorizationHeaderMalformed' },
      { code: 'store.region', input: 's3-region', hint: /s3-region/ },
    ],
    [
      'a clock that is wrong',
      { answer: 403, code: 'RequestTimeTooSkewed' },
      { code: 'store.clock', hint: /clock/ },
    ],
    [
      'credentials that expired',
      { answer: 400, code: 'ExpiredToken' },
      { code: 'store.expired', hint: /role/ },
    ],
    ['a full store', { answer: 507 }, { code: 'store.full', hint: /quota/ }],
    ['a store that throttles for ever', { answer: 429 }, { code: 'store.throttled', hint: /later/ }],
    ['connections that always break', 'reset', { code: 'store.connection', hint: /firewall/ }],
    ['an outage', { answer: 500, code: 'InternalError' }, { code: 'store.failed', hint: /status page/ }],
  ];
  test.each(answers)('for %s', async (_, fault, expected) => {
    faulty.proxy.inject(fault, () => true);
    expectTold(await failureOf(run(await faulty.open())), expected);
  });

  test('for a redirect, which is not followed', async () => {
    let visitors = 0;
    const elsewhere = createServer((_, answer) => {
      visitors += 1;
      answer.end();
    });
    await at(elsewhere, 'http', async (location) => {
      faulty.proxy.inject({ answer: 307, headers: { location } }, () => true);
      expectTold(await failureOf(run(await faulty.open())), {
        code: 'store.redirect',
        input: 's3-endpoint',
        hint: /s3-endpoint/,
      });
    });
    expect(visitors).toBe(0);
  });

  test('for silence', async () => {
    faulty.proxy.inject('hang', () => true);
    const store = await faulty.open({ stallMs: 50 });
    expectTold(await failureOf(run(store)), { code: 'store.silent', hint: /s3-endpoint/ });
  });
});

// A look at a key can't tell a missing bucket from a missing key.
test.each(operations.filter(([operation]) => operation !== 'stat'))(
  '%s tells that there is no such bucket',
  async (_, run) => {
    const store = await faulty.open({ bucket: 'never-made' });
    expectTold(await failureOf(run(store)), { code: 'store.no-bucket', input: 'store', hint: /`store`/ });
  },
);

test.each(['list', 'remove'])('%s tells that a web site is no store', async (operation) => {
  const run = new Map(operations).get(operation) as (store: Store) => Promise<unknown>;
  const site = createServer((_, answer) => answer.end('<html><p>Hello<br></html>'));
  await at(site, 'http', async (endpoint) => {
    const failure = await failureOf(run(await faulty.open({ endpoint })));
    expectTold(failure, { code: 'store.not-s3', input: 's3-endpoint', hint: /s3-endpoint/ });
  });
});

test('a certificate that nobody vouches for is refused', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-certificate-'));
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
  execFileSync('openssl', [...request, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  let requests = 0;
  const server = createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_, answer) => {
    requests += 1;
    answer.end();
  });
  await at(server, 'https', async (endpoint) => {
    const failure = await failureOf((await faulty.open({ endpoint })).stat('k', { signal }));
    expectTold(failure, { code: 'store.certificate', input: 's3-endpoint', hint: /NODE_EXTRA_CA_CERTS/ });
  });
  expect(requests).toBe(0);
  rmSync(folder, { recursive: true });
});

test.each([
  'http://s3.example.com',
  'http://10.0.0.1:9000',
  'http://127.0.0.1.example.com',
  'ftp://localhost',
])('bytes and keys do not travel to %s in the clear', async (endpoint) => {
  expect(await failureOf(faulty.open({ endpoint }))).toMatchObject({
    code: 'store.endpoint',
    input: 's3-endpoint',
  });
});
