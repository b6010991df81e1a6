import type { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { type Bytes, collect } from '../core/bytes.ts';

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

interface Answered {
  readonly response: { readonly statusCode: number; body?: unknown };
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
      if (response.statusCode !== 200) return answer;
      const text = (await collect(response.body as Bytes)).toString();
      const page = readPage(text);
      taken = page?.objects ?? null;
      response.body = Buffer.from(page?.rest ?? text);
      return answer;
    };
  command.middlewareStack.addRelativeTo(take, {
    ...{ relation: 'before', toMiddleware: 'boundedAnswers', name: 'takeObjects' },
  });
  return () => taken;
}

const entry = /<Contents>(.*?)<\/Contents>/gs;
const keyOf = /<Key>([^<&]+)<\/Key>/;
const sizeOf = /<Size>(\d+)<\/Size>/;
const timeOf = /<LastModified>([^<&]+)<\/LastModified>/;

/**
 * Reads a page as stores write it (https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html); `null` where anything
 * in it asks for a whole parser: a character that is written as another, an attribute, a comment, an element that is missing.
 */
export function readPage(text: string): Page | null {
  if (!/^(?:<\?xml[^<>]*>\s*)?<ListBucketResult[^<>]*>/.test(text) || text.includes('<!')) return null;
  const objects: PageObject[] = [];
  let isPlain = true;
  const rest = text.replace(entry, (_, inner: string) => {
    const object = readObject(inner);
    if (object === null) isPlain = false;
    else objects.push(object);
    return '';
  });
  return isPlain && !rest.includes('<Contents') ? { objects, rest } : null;
}

function readObject(inner: string): PageObject | null {
  const key = keyOf.exec(inner)?.[1];
  const bytes = sizeOf.exec(inner)?.[1];
  const modifiedAt = new Date(timeOf.exec(inner)?.[1] ?? '');
  if (key === undefined || bytes === undefined || Number.isNaN(modifiedAt.getTime())) return null;
  if (inner.includes('<Contents')) return null;
  // A copy: a part of the page's text would keep all of it in memory.
  return { key: Buffer.from(key).toString(), bytes: Number(bytes), modifiedAt };
}
