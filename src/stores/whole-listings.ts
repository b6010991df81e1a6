import { type Bytes, collect } from '../core/bytes.ts';
import type { Answered } from './bounded-answers.ts';

/**
 * Whatever answers a question for a list with success and something else, such as a proxy's page or nothing at all, would be read
 * by the SDK as the end of the list. To be tried again: it may pass. The answer's body is bytes from here on.
 */
export const wholeListings =
  <Input extends object, Output>(
    next: (args: Input) => Promise<Output>,
    { commandName = '' }: { readonly commandName?: string },
  ) =>
  async (args: Input): Promise<Output> => {
    const answer = await next(args);
    const { response } = answer as Answered;
    if (response?.statusCode !== 200 || !/^List\w+Command$/.test(commandName)) return answer;
    const body = await collect(response.body as Bytes);
    const root = rootOf(body);
    if (!/^(?:List\w+Result|Error)$/.test(root)) throw noListing();
    // The SDK knows an error that says success by its very end.
    response.body = root === 'Error' ? Buffer.from(body.toString().trimEnd()) : body;
    return answer;
  };

/** The name of the root element. What is cut off after it is no XML: that the SDK sees by itself. */
function rootOf(body: Buffer): string {
  const begin = body.toString('utf8', 0, 1000).replace(/^\uFEFF?(?:\s|<[?!][^<>]*>)*/, '');
  return /^<([^\s/>]+)/.exec(begin)?.[1] ?? '';
}

function noListing(): Error {
  const error = new Error('the answer is no listing');
  return Object.assign(error, { name: 'NoListing', $retryable: {} });
}
