import { pipeline, type Readable, Transform } from 'node:stream';
import { StoreError } from '../core/errors.ts';

/** A page of 1,000 keys takes 2 MiB at the most. */
const longestAnswerBytes = 16 * 1024 ** 2;

/** What a step sees that stands between the wire and the SDK's own reading. */
export interface Answered {
  readonly response?: { statusCode: number; body?: unknown };
}

/** The SDK reads an answer whole before it looks at it: one without an end would fill the memory. Not so an object's content. */
export const boundedAnswers =
  <Input extends object, Output>(
    next: (args: Input) => Promise<Output>,
    context: { readonly commandName?: string },
  ) =>
  async (args: Input): Promise<Output> => {
    const answer = await next(args);
    const { response } = answer as Answered;
    const isContent = context.commandName === 'GetObjectCommand' && (response?.statusCode ?? 0) < 300;
    if (!isContent && isStream(response?.body)) response.body = bounded(response.body);
    return answer;
  };

function isStream(body: unknown): body is Readable {
  return typeof (body as Readable | undefined)?.pipe === 'function';
}

function bounded(body: Readable): Readable {
  let bytes = 0;
  const limited = new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.byteLength;
      done(bytes > longestAnswerBytes ? tooLong() : null, chunk);
    },
  });
  return pipeline(body, limited, () => {});
}

function tooLong(): StoreError {
  return new StoreError('What answers at `s3-endpoint` sends more than any answer of a store has.', {
    code: 'store.not-s3',
    input: 's3-endpoint',
    hint: "Set `s3-endpoint` to the provider's address for S3, without bucket or path.",
  });
}
