import type { ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { Answered } from './bounded-answers.ts';

/** What a listing tells of one object. */
export interface PageObject {
  /** With the bucket's prefix. */
  readonly key: string;
  readonly bytes: number;
  readonly modifiedAt?: Date;
}

interface Page {
  readonly objects: readonly PageObject[];
  /** The page without them. */
  readonly rest: string;
}

/**
 * Takes the objects out of the answer to a listing before the SDK reads the rest of it: of a page with a thousand objects the SDK
 * makes some twenty thousand of its own, and that is more work than all else that a long listing takes.
 * @returns what the last answer held, once the command was sent; `null`: the page was left to the SDK as it was
 */
export function takeObjects(command: ListObjectsV2Command): () => readonly PageObject[] | null {
  let taken: readonly PageObject[] | null = null;
  const take =
    <Input extends object, Output>(next: (args: Input) => Promise<Output>) =>
    async (args: Input): Promise<Output> => {
      taken = null;
      const answer = await next(args);
      const { response } = answer as Answered;
      if (response?.statusCode !== 200 || !Buffer.isBuffer(response.body)) return answer;
      const page = readPage(response.body.toString());
      if (page === null) return answer;
      taken = page.objects;
      response.body = Buffer.from(page.rest);
      return answer;
    };
  command.middlewareStack.addRelativeTo(take, {
    ...{ relation: 'before', toMiddleware: 'wholeListings', name: 'takeObjects' },
  });
  return () => taken;
}

const [begin, end] = ['<Contents>', '</Contents>'];

/**
 * Reads a page as stores write it (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html); `null` where anything
 * in it asks for a whole parser: a character that is written as another, an attribute, a comment, an element that is missing.
 */
export function readPage(text: string): Page | null {
  if (!/^(?:<\?xml[^<>]*>\s*)?<ListBucketResult[^<>]*>/.test(text) || !/<\/ListBucketResult>\s*$/.test(text))
    return null;
  if (text.includes('<!') || text.includes('<?', 1)) return null;
  const objects: PageObject[] = [];
  let rest = '';
  let at = 0;
  for (let from = text.indexOf(begin); from !== -1; from = text.indexOf(begin, at)) {
    const to = text.indexOf(end, from);
    const object = to === -1 ? null : readObject(text.slice(from + begin.length, to));
    if (object === null) return null;
    objects.push(object);
    rest += text.slice(at, from);
    at = to + end.length;
  }
  rest += text.slice(at);
  return rest.includes('Contents') ? null : { objects, rest };
}

const key = /<Key>([^<&\r\n]+)<\/Key>/;
const size = /<Size>(\d{1,15})<\/Size>/;
const time = /<LastModified>(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z)<\/LastModified>/;

function readObject(inner: string): PageObject | null {
  const [itsKey, bytes, modified] = [only(key, inner), only(size, inner), only(time, inner)];
  if (itsKey === null || bytes === null || modified === null || inner.includes('<Contents')) return null;
  const modifiedAt = new Date(modified);
  if (Number.isNaN(modifiedAt.getTime())) return null;
  // A copy: a part of the page's text would keep all of it in memory.
  return { key: Buffer.from(itsKey).toString(), bytes: Number(bytes), modifiedAt };
}

/** What is in the element; `null` where it is not there as it should be, or another one of that name is too. */
function only(element: RegExp, inner: string): string | null {
  const found = element.exec(inner);
  const name = element.source.slice(0, element.source.indexOf('>'));
  return found === null || inner.indexOf(name) !== inner.lastIndexOf(name) ? null : (found[1] as string);
}
