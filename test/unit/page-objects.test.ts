import { Readable } from 'node:stream';
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PageObject, readPage } from '../../src/stores/page-objects.ts';

const page = (contents: string, more = ''): string =>
  `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>b</Name>${contents}<IsTruncated>false</IsTruncated>${more}</ListBucketResult>`;
const time = '2026-11-25T10:00:00.000Z';
const app = `<Contents><Key>app/1</Key><LastModified>${time}</LastModified><ETag>&quot;0c&quot;</ETag><Size>12</Size></Contents>`;

/** What the SDK reads in such an answer. */
async function bySdk(text: string): Promise<PageObject[]> {
  const client = new S3Client({
    region: 'x',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    requestHandler: {
      handle: async () => ({ response: { statusCode: 200, headers: {}, body: Readable.from([text]) } }),
    },
  });
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: 'b' }));
  return Contents.map(({ Key: key = '', Size: bytes = 0, LastModified: modifiedAt }) => ({
    ...{ key, bytes },
    ...(modifiedAt && { modifiedAt }),
  }));
}

test('a page is read as the SDK reads it, and the rest of it stays', async () => {
  const more = '<NextContinuationToken>&lt;next&gt;</NextContinuationToken>';
  const text = page(`${app}${app.replace('app/1', 'app/ü 2')}`, more);
  const read = readPage(text);
  expect(read?.objects).toEqual(await bySdk(text));
  expect(read?.objects.map(({ key }) => key)).toEqual(['app/1', 'app/ü 2']);
  expect(read?.rest).toBe(page('', more));
});

test('whatever the keys, it is read as the SDK reads it or left to the SDK', async () => {
  const escaped = (text: string): string =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('\r', '&#13;');
  const aKey = fc.string({ minLength: 1, unit: 'grapheme' }).map((key) => `app/${key}/x`);
  const anObject = fc.record({
    key: aKey,
    bytes: fc.nat(),
    modifiedAt: fc.date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true }),
    owner: fc.boolean(),
    order: fc.boolean(),
  });
  let own = 0;
  const asRead = fc.asyncProperty(fc.array(anObject, { minLength: 1, maxLength: 5 }), async (objects) => {
    const contents = objects.map(({ key, bytes, modifiedAt, owner, order }) => {
      const parts = [
        `<Key>${escaped(key)}</Key>`,
        `<LastModified>${modifiedAt.toISOString()}</LastModified>`,
        `<Size>${bytes}</Size>`,
        ...(owner ? ['<Owner><ID>1</ID><DisplayName>Key &amp; Size</DisplayName></Owner>'] : []),
      ];
      return `<Contents>${(order ? parts : parts.reverse()).join('')}</Contents>`;
    });
    const text = page(contents.join(''));
    const read = readPage(text)?.objects ?? null;
    const written = objects.map(({ key, bytes, modifiedAt }) => ({ key, bytes, modifiedAt }));
    own += read === null ? 0 : 1;
    expect(read ?? written).toEqual(written);
    expect(await bySdk(text)).toEqual(written);
  });
  await fc.assert(asRead, { numRuns: 200 });
  expect(own, 'pages that were read without the SDK').toBeGreaterThan(20);
});

test.each([
  ['nothing at all', ''],
  ['an error', '<?xml version="1.0"?><Error><Code>InternalError</Code></Error>'],
  ['a comment that looks like an object', page(`<!-- ${app} -->`)],
  ['text that is not to be read', page(app.replace('app/1', '<![CDATA[app/1]]>'))],
  ['a character that is written as another', page(app.replace('app/1', 'app/&amp;1'))],
  ['an attribute', page(app.replace('<Contents>', '<Contents id="1">'))],
  ['an attribute of the key', page(app.replace('<Key>', '<Key xml:space="preserve">'))],
  ['no size', page(app.replace(/<Size>.*<\/Size>/, ''))],
  ['no time', page(app.replace(/<LastModified>.*<\/LastModified>/, ''))],
  ['a time that is none', page(app.replace(time, 'yesterday'))],
  ['an object without an end', page(app.replace('</Contents>', ''))],
  ['an object in another', page(app.replace('</Contents>', '') + app)],
  ['two keys of one object', page(app.replace('<Size>', '<Owner><Key>app/2</Key></Owner><Size>'))],
  [
    'another key than the object has',
    page(app.replace('app/1', 'a&amp;b').replace('<Size>', '<Key>evil</Key><Size>')),
  ],
  [
    'damage between two objects',
    page(`${app}${app}`.replace('</Contents><Contents>', '</Contentz><Contentz>')),
  ],
  ['a time of no zone', page(app.replace(time, '2026-11-25T10:00:00'))],
  ['a line break in a key', page(app.replace('app/1', 'app/\r\n1'))],
  ['an instruction', page(`<?x ${app} ?>`)],
  ['a prefix of its namespace', page(app).replaceAll('<', '<s3:').replaceAll('<s3:/', '</s3:')],
  ['more after its end', `${page(app)}${app}`],
  ['no end', page(app).slice(0, -20)],
])('a page with %s is left to the SDK', (_, text) => {
  expect(readPage(page(app))?.objects).toHaveLength(1);
  expect(readPage(text)).toBeNull();
});

test('sixteen megabytes made to keep it busy are refused at once', () => {
  for (const part of ['<Contents>', '<Contents><Key>', '<Contents><Key>a</Key><Size>1']) {
    const text = page(part.repeat(16_000_000 / part.length));
    const startMs = performance.now();
    expect(readPage(text)).toBeNull();
    // Hours where each object without an end is looked for from the next one on again.
    expect(performance.now() - startMs).toBeLessThan(5000);
  }
});
