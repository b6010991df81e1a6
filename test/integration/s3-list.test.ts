import { PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { FaultyS3 } from '../kit/faulty-s3.ts';

const { signal } = new AbortController();
const faulty = new FaultyS3();
const names = Array.from({ length: 1001 }, (_, index) => `app/${String(index).padStart(4, '0')}`);

async function fill(): Promise<void> {
  for (let at = 0; at < names.length; at += 50) {
    const puts = names
      .slice(at, at + 50)
      .map((Key) => new PutObjectCommand({ Bucket: faulty.bucket, Key, Body: Buffer.from('x') }));
    await Promise.all(puts.map((put) => faulty.s3.admin.send(put)));
  }
}

const isSecondPage = ({ url }: { readonly url: string }): boolean => url.includes('continuation-token');

test('a second page that fails once is asked for again', async () => {
  await fill();
  faulty.proxy.inject('reset', isSecondPage, 1);
  const listed = await Array.fromAsync((await faulty.open()).list('app/', { signal }));
  expect(listed.map(({ key }) => key)).toEqual(names);

  faulty.proxy.forget();
  faulty.proxy.inject({ answer: 500, code: 'InternalError' }, isSecondPage);
  const listing = Array.fromAsync((await faulty.open()).list('app/', { signal }));
  await expect(listing, 'a listing without its second page').rejects.toMatchObject({ code: 'store.failed' });
});

test('a page that says there is more, but not where, is no end', async () => {
  const body = '<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>';
  faulty.proxy.inject({ answer: 200, body }, 'ListObjectsV2');
  const listing = Array.fromAsync((await faulty.open()).list('app/', { signal }));
  await expect(listing).rejects.toMatchObject({ code: 'store.listing' });
});

test('a page that gives the same place again is no end either, and not asked for for ever', async () => {
  const body =
    '<ListBucketResult><IsTruncated>true</IsTruncated><NextContinuationToken>again</NextContinuationToken></ListBucketResult>';
  faulty.proxy.inject({ answer: 200, body }, 'ListObjectsV2');
  const listing = Array.fromAsync((await faulty.open()).list('app/', { signal }));
  await expect(listing).rejects.toMatchObject({ code: 'store.listing' });
});

test.each([
  ['nothing at all', ''],
  ["a proxy's page", '<html><body>maintenance</body></html>'],
  ['another answer', '<?xml version="1.0"?><VersioningConfiguration/>'],
  ['an error that says success', '<Error><Code>InternalError</Code></Error>\n'],
])('%s in place of the second page is no end of the listing', async (_, body) => {
  await fill();
  faulty.proxy.inject({ answer: 200, body }, isSecondPage, 1);
  const listed = await Array.fromAsync((await faulty.open()).list('app/', { signal }));
  expect(
    listed.map(({ key }) => key),
    'asked for again',
  ).toEqual(names);

  faulty.proxy.forget();
  faulty.proxy.inject({ answer: 200, body }, isSecondPage);
  const listing = Array.fromAsync((await faulty.open()).list('app/', { signal }));
  await expect(listing).rejects.toMatchObject({ code: expect.stringMatching(/^store\.(?:not-s3|failed)$/) });
});

test('a listing that is cut off in its first element, or of a prefixed namespace, is refused and not empty', async () => {
  await fill();
  for (const body of ['\uFEFF<ListBucketResult><IsTruncated>x', '<s3:ListBucketResult/>']) {
    faulty.proxy.forget();
    faulty.proxy.inject({ answer: 200, body }, 'ListObjectsV2');
    const listing = Array.fromAsync((await faulty.open()).list('app/', { signal }));
    await expect(listing).rejects.toMatchObject({ code: 'store.not-s3' });
  }
});

test('an answer that is cut off is no short listing', async () => {
  await fill();
  faulty.proxy.inject({ cutReplyAfter: 20_000, end: 'reset' }, 'ListObjectsV2');
  const listing = Array.fromAsync((await faulty.open()).list('app/', { signal }));
  await expect(listing).rejects.toMatchObject({ code: expect.stringMatching(/^store\./) });
});

test('an answer that stops half-way is asked for again', async () => {
  await fill();
  faulty.proxy.inject({ cutReplyAfter: 20_000, end: 'hang' }, 'ListObjectsV2', 1);
  const store = await faulty.open({ stallMs: 500 });
  const started = performance.now();
  const listed = await Array.fromAsync(store.list('app/', { signal }));
  expect(listed.map(({ key }) => key)).toEqual(names);
  expect(performance.now() - started).toBeLessThan(5000);
});
