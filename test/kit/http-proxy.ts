import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  request as requestOf,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer, text as textOf } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/** A request as it reached the proxy. */
interface ProxiedRequest {
  /** 1 for the first since the proxy was started or {@link HttpProxy.forget} was called. */
  readonly number: number;
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Which S3 operation it is: `UploadPart`. */
  readonly operation: string;
  /** Empty while it is asked which fault there shall be: that may be a fault of the body itself. */
  readonly body: Buffer;
}

/** What the proxy does instead of passing a request and its answer on. */
export type Fault =
  /** Answers by itself; the server never sees the request. `code` becomes an S3 `<Error>`. */
  | {
      readonly answer: number;
      readonly code?: string;
      readonly body?: string;
      readonly headers?: OutgoingHttpHeaders;
    }
  /** Breaks the connection; the server never sees the request. */
  | 'reset'
  /** Never answers. */
  | 'hang'
  /** The server does it, but its answer is lost. */
  | 'drop-reply'
  /** One byte of the body arrives changed. */
  | 'flip-byte'
  /** One byte of the answer's body arrives changed. */
  | 'flip-reply'
  /** The connection breaks, and the request reaches the server so many milliseconds later. */
  | { readonly lateMs: number }
  /** The connection breaks, or falls silent, after so many bytes of the answer's body. */
  | { readonly cutReplyAfter: number; readonly end: 'reset' | 'hang' }
  /** The server's answer with other headers; `undefined` takes one away. */
  | { readonly replyHeaders: Readonly<Record<string, string | undefined>> }
  /** The server's answer with another body. */
  | { readonly rewrite: (body: string) => string }
  /** The connection breaks after so many bytes of the request's body. */
  | { readonly cutRequestAfter: number }
  /** The request's body is taken no faster than that. */
  | { readonly bytesPerSecond: number }
  /** Done before the request is passed on. */
  | { readonly before: () => unknown };

export interface HttpProxy {
  readonly endpoint: string;
  readonly requests: readonly ProxiedRequest[];
  /** The operations of all requests so far, in order. */
  operations(): string[];
  /** From now on: `when` is a request's number, an operation, or a test of it; `times` bounds how often it happens. */
  inject(fault: Fault, when: number | string | ((request: ProxiedRequest) => boolean), times?: number): void;
  /** Passes everything on again and counts from 1. */
  forget(): void;
  stop(): Promise<void>;
}

/** A 200 that is a failure all the same, as S3 may answer CompleteMultipartUpload. */
export const errorInside200: Fault = { answer: 200, code: 'InternalError' };

interface Rule {
  readonly fault: Fault;
  readonly matches: (request: ProxiedRequest) => boolean;
  left: number;
}

/** An HTTP proxy on loopback before `target`. The Host header passes unchanged, so that signatures stay valid. */
export async function startHttpProxy(target: string): Promise<HttpProxy> {
  const requests: ProxiedRequest[] = [];
  const rules: Rule[] = [];
  const agent = new Agent({ keepAlive: true });
  const upstream = { target: new URL(target), agent };
  const server = createServer(async (incoming, reply) => {
    // Whoever breaks the connection has a reason that is not ours to judge.
    incoming.on('error', () => {});
    reply.on('error', () => {});
    const asked = recordOf(incoming, requests.length + 1);
    const place = requests.push(asked) - 1;
    const rule = rules.find(({ left, matches }) => left > 0 && matches(asked));
    if (rule !== undefined) rule.left -= 1;
    const body = await bodyOf(incoming, rule?.fault).catch(() => null);
    if (body === null) return;
    const request = { ...asked, body };
    if (requests[place] === asked) requests[place] = request;
    await act(rule?.fault, incoming, request, reply, upstream).catch(() => incoming.socket.resetAndDestroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    operations: () => requests.map(({ operation }) => operation),
    inject: (fault, when, times = Number.POSITIVE_INFINITY) => {
      rules.push({ fault, matches: matcherOf(when), left: times });
    },
    forget() {
      requests.length = 0;
      rules.length = 0;
    },
    async stop() {
      server.close();
      server.closeAllConnections();
      agent.destroy();
      await once(server, 'close');
    },
  };
}

function matcherOf(when: number | string | ((request: ProxiedRequest) => boolean)): Rule['matches'] {
  if (typeof when === 'function') return when;
  return ({ number, operation }) => number === when || operation === when;
}

interface Upstream {
  readonly target: URL;
  readonly agent: Agent;
}

/** Whole, unless it is there that the connection breaks: then `null`. */
async function bodyOf(incoming: IncomingMessage, fault: Fault | undefined): Promise<Buffer | null> {
  if (!has(fault, 'cutRequestAfter') && !has(fault, 'bytesPerSecond')) return buffer(incoming);
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.byteLength;
    if (has(fault, 'bytesPerSecond')) {
      await sleep((chunk.byteLength / fault.bytesPerSecond) * 1000);
    } else if (bytes >= fault.cutRequestAfter) {
      incoming.socket.resetAndDestroy();
      return null;
    }
  }
  return Buffer.concat(chunks);
}

async function act(
  fault: Fault | undefined,
  incoming: IncomingMessage,
  request: ProxiedRequest,
  reply: ServerResponse,
  upstream: Upstream,
): Promise<void> {
  if (fault === 'hang') return;
  if (fault === 'reset') {
    incoming.socket.resetAndDestroy();
  } else if (has(fault, 'answer')) {
    answer(fault, reply);
  } else if (has(fault, 'lateMs')) {
    incoming.socket.resetAndDestroy();
    setTimeout(() => void forward(upstream, incoming, request.body).catch(() => {}), fault.lateMs);
  } else {
    await relay(fault, incoming, request, reply, upstream);
  }
}

async function relay(
  fault: Fault | undefined,
  incoming: IncomingMessage,
  { body }: ProxiedRequest,
  reply: ServerResponse,
  upstream: Upstream,
): Promise<void> {
  if (has(fault, 'before')) await fault.before();
  const answered = await forward(upstream, incoming, fault === 'flip-byte' ? flipped(body) : body);
  if (fault === 'drop-reply') {
    await buffer(answered);
    incoming.socket.resetAndDestroy();
  } else if (fault === 'flip-reply') {
    reply.writeHead(answered.statusCode ?? 502, answered.headers);
    reply.end(flipped(await buffer(answered)));
  } else if (has(fault, 'rewrite')) {
    const { 'content-length': _, connection: __, ...headers } = answered.headers;
    const text = fault.rewrite(await textOf(answered));
    reply.writeHead(answered.statusCode ?? 502, headers);
    reply.end(text);
  } else {
    await passOn(answered, reply, has(fault, 'cutReplyAfter') || has(fault, 'replyHeaders') ? fault : {});
  }
}

function has<Name extends string>(
  fault: Fault | undefined,
  name: Name,
): fault is Extract<Fault, Readonly<Record<Name, unknown>>> {
  return typeof fault === 'object' && name in fault;
}

function answer(fault: Extract<Fault, { answer: number }>, reply: ServerResponse): void {
  const { answer: status, code, body, headers } = fault;
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message></Message></Error>`;
  reply.writeHead(status, { 'x-amz-request-id': 'proxy', ...headers });
  reply.end(body ?? (code === undefined ? '' : xml));
}

async function forward(
  { target, agent }: Upstream,
  incoming: IncomingMessage,
  body: Buffer,
): Promise<IncomingMessage> {
  const { expect: _, connection: __, ...headers } = incoming.headers;
  const outgoing = requestOf({
    agent,
    host: target.hostname,
    port: target.port,
    method: incoming.method,
    path: incoming.url,
    headers,
  });
  outgoing.end(body);
  const [answered] = (await once(outgoing, 'response')) as [IncomingMessage];
  return answered;
}

interface ReplyChange {
  readonly cutReplyAfter?: number;
  readonly end?: 'reset' | 'hang';
  readonly replyHeaders?: Readonly<Record<string, string | undefined>>;
}

async function passOn(answered: IncomingMessage, reply: ServerResponse, change: ReplyChange): Promise<void> {
  const { connection: _, ...headers } = { ...answered.headers, ...change.replyHeaders };
  const given = Object.entries(headers).filter(([, value]) => value !== undefined);
  reply.writeHead(answered.statusCode ?? 502, Object.fromEntries(given) as OutgoingHttpHeaders);
  let left = change.cutReplyAfter ?? Number.POSITIVE_INFINITY;
  for await (const chunk of answered as AsyncIterable<Buffer>) {
    const piece = chunk.subarray(0, left);
    left -= piece.byteLength;
    // Sent before the connection breaks: a reset throws away what still waits.
    await new Promise<void>((sent) => reply.write(piece, () => sent()));
    if (left > 0) continue;
    if (change.end === 'reset') reply.socket?.destroy();
    return;
  }
  reply.end();
}

function flipped(body: Buffer): Buffer {
  const copy = Buffer.from(body);
  const middle = copy.byteLength >> 1;
  copy[middle] = (copy[middle] ?? 0) ^ 1;
  return copy;
}

function recordOf(incoming: IncomingMessage, number: number): ProxiedRequest {
  const { method = '', url = '', headers } = incoming;
  return { number, method, url, headers, body: Buffer.alloc(0), operation: operationOf(method, url) };
}

/** In the order in which they are told apart: method, a parameter of the query, the operation. */
const operations: readonly (readonly [method: string, parameter: string | null, operation: string])[] = [
  ['POST', 'uploads', 'CreateMultipartUpload'],
  ['PUT', 'uploadId', 'UploadPart'],
  ['POST', 'uploadId', 'CompleteMultipartUpload'],
  ['DELETE', 'uploadId', 'AbortMultipartUpload'],
  ['POST', 'delete', 'DeleteObjects'],
  ['GET', 'uploads', 'ListMultipartUploads'],
  ['GET', 'versions', 'ListObjectVersions'],
  ['GET', 'list-type', 'ListObjectsV2'],
  ['PUT', null, 'PutObject'],
  ['GET', null, 'GetObject'],
  ['HEAD', null, 'HeadObject'],
  ['DELETE', null, 'DeleteObject'],
];

function operationOf(method: string, url: string): string {
  const { searchParams } = new URL(url, 'http://proxy');
  const found = operations.find(
    ([itsMethod, parameter]) => itsMethod === method && (parameter === null || searchParams.has(parameter)),
  );
  return found?.[2] ?? 'unknown';
}
