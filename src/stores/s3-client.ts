import { createHash } from 'node:crypto';
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { StoreError } from '../core/errors.ts';
import type { Secret } from '../core/secret.ts';
import { boundedAnswers } from './bounded-answers.ts';
import { type Preset, presetOf, regionOf } from './presets.ts';
import type { LockSettings } from './s3-lock.ts';
import { wholeListings } from './whole-listings.ts';

export interface S3Settings {
  readonly bucket: string;
  /** Without a slash at either end; empty for the whole bucket. */
  readonly prefix: string;
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  /** Both, or the SDK's own chain: environment, profile, OIDC role. */
  readonly accessKeyId?: string | undefined;
  readonly secretAccessKey?: Secret | undefined;
  /** Every object is put with this lock. */
  readonly lock?: LockSettings | undefined;
  /** Hears of each upload in parts that was begun. */
  readonly onUpload?: ((upload: { readonly key: string; readonly id: string }) => void) | undefined;
  /** For tests: the delay before the first retry, in milliseconds. */
  readonly retryBaseMs?: number;
  /** How long the store may be silent before a request is given up, in milliseconds; default a minute. */
  readonly stallMs?: number;
  /** For tests: what else the endpoint's name tells. */
  readonly quirks?: Partial<Preset>;
}

/** Backblaze says that 500 and 503 are part of its design, and others throttle: eight tries, up to 30 s apart, jittered. */
const attempts = 8;
const longestPauseMs = 30_000;
/** As long as nothing ever answered, the endpoint is more likely wrong than in trouble. */
const firstContactAttempts = 4;
/** A request that nobody answers takes the whole stall timeout each time. */
const silentAttempts = 3;

type Sdk = typeof import('@aws-sdk/client-s3');

export interface S3Connection {
  readonly sdk: Sdk;
  readonly client: S3Client;
  readonly preset: Preset;
  /** What requests are signed for, unless the SDK's own chain knows it. */
  readonly region: string | undefined;
  /** A peer that sends nothing for so long is given up, in milliseconds; a slow one is not. */
  readonly stallMs: number;
  /** How much the store's clock is ahead of this machine's, in milliseconds, by its last answer; `null` until one told it. */
  readonly clock: { aheadMs: number | null };
}

/** A client that every S3-compatible store understands. The SDK is loaded here, because that takes a while. */
export async function connectS3(settings: S3Settings): Promise<S3Connection> {
  const { endpoint, accessKeyId, secretAccessKey, retryBaseMs = 200, stallMs = 60_000 } = settings;
  assertSafe(endpoint);
  const preset = { ...presetOf(endpoint), ...settings.quirks };
  const region = regionOf(preset, endpoint, settings.region);
  const [sdk, { ConfiguredRetryStrategy }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('@smithy/core/retry'),
  ]);
  const contact = { made: false };
  const config: S3ClientConfig = {
    ...(endpoint === undefined ? {} : { endpoint }),
    // Those of the environment have been read and checked as an option; one of ~/.aws/config would be neither.
    ignoreConfiguredEndpointUrls: true,
    ...(region === undefined ? {} : { region }),
    ...(accessKeyId === undefined || secretAccessKey === undefined
      ? {}
      : { credentials: { accessKeyId, secretAccessKey: secretAccessKey.reveal() } }),
    forcePathStyle: preset.pathStyle,
    // The default checksums of newer SDKs break B2, R2 and older Ceph.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    retryStrategy: new ConfiguredRetryStrategy(
      async () => (contact.made ? attempts : firstContactAttempts),
      (attempt) => (0.5 + Math.random() / 2) * Math.min(longestPauseMs, retryBaseMs * 2 ** attempt),
    ),
    requestHandler: {
      connectionTimeout: 10_000,
      socketTimeout: stallMs,
      throwOnRequestTimeout: true,
      // Said, so that NODE_TLS_REJECT_UNAUTHORIZED=0 does not decide who may read a backup.
      httpsAgent: { rejectUnauthorized: true },
    },
    logger: { trace() {}, debug() {}, info() {}, warn() {}, error() {} },
  };
  const client = new sdk.S3Client(config);
  client.middlewareStack.add(contentMd5(settings.bucket), {
    step: 'build',
    priority: 'low',
    name: 'contentMd5',
  });
  client.middlewareStack.add(judge(contact), { step: 'deserialize', priority: 'high', name: 'judge' });
  client.middlewareStack.add(endSilence, { step: 'deserialize', priority: 'high', name: 'endSilence' });
  const clock: S3Connection['clock'] = { aheadMs: null };
  client.middlewareStack.add(wholeListings, { step: 'deserialize', priority: 'low', name: 'wholeListings' });
  client.middlewareStack.add(boundedAnswers, {
    step: 'deserialize',
    priority: 'low',
    name: 'boundedAnswers',
  });
  client.middlewareStack.add(watchTime(clock), { step: 'deserialize', priority: 'low', name: 'watchTime' });
  client.middlewareStack.addRelativeTo(correctOnce, {
    ...{ relation: 'before', toMiddleware: 'httpSigningMiddleware', name: 'correctOnce' },
  });
  freeWhoWaits(client);
  return { sdk, client, preset, region, stallMs, clock };
}

interface HttpLike {
  readonly body?: unknown;
  readonly headers: Record<string, string>;
}

/**
 * Content-MD5 instead of newer checksums: every store knows it, and Object Lock buckets demand it. An object's bytes are told from others by
 * that, which is signed, and come over TLS: their SHA-256, which both sides would compute, is then not signed too, as with other clients. But
 * the directory buckets of AWS know no MD5.
 */
const contentMd5 = (bucket: string) => {
  const knowsMd5 = !bucket.endsWith('--x-s3');
  return <Input extends object, Output>(next: (args: Input) => Promise<Output>) =>
    (args: Input): Promise<Output> => {
      const { body, headers } = (args as { request: HttpLike }).request;
      dropChecksums(headers);
      if (hasMd5(headers)) {
        if (knowsMd5) headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
      } else if (typeof body === 'string' || body instanceof Uint8Array) {
        headers['content-md5'] = createHash('md5').update(body).digest('base64');
      }
      return next(args);
    };
};

function dropChecksums(headers: HttpLike['headers']): void {
  for (const name of Object.keys(headers)) {
    if (/^x-amz-(?:sdk-)?checksum-/i.test(name)) delete headers[name];
  }
}

function hasMd5(headers: HttpLike['headers']): boolean {
  return Object.keys(headers).some((name) => name.toLowerCase() === 'content-md5');
}

interface Failure {
  readonly name?: string;
  readonly $metadata?: { readonly httpStatusCode?: number; clockSkewCorrected?: boolean };
  $retryable?: object;
}

/** Bytes that were damaged on their way, and two writers at once: the same request may well succeed. */
const worthAnotherTry = new Set([
  'BadDigest',
  'XAmzContentSHA256Mismatch',
  'IncompleteBody',
  'OperationAborted',
  'ConditionalRequestConflict',
]);

/** Notes that something answered, and says which failures are worth another try beside those that the SDK knows. */
const judge =
  (contact: { made: boolean }) =>
  <Input extends object, Output>(next: (args: Input) => Promise<Output>) =>
  async (args: Input): Promise<Output> => {
    try {
      const answer = await next(args);
      contact.made = true;
      return answer;
    } catch (error) {
      const { name = '', $metadata: { httpStatusCode = 0 } = {} } = error as Failure;
      contact.made ||= httpStatusCode > 0;
      // From 520 on they are Cloudflare's, for an origin in trouble.
      if (worthAnotherTry.has(name) || httpStatusCode >= 520) (error as Failure).$retryable ??= {};
      throw error;
    }
  };

/** Gives a request up that was met with silence again and again, by a name that the SDK does not take for worth another try. */
const endSilence = <Input extends object, Output>(next: (args: Input) => Promise<Output>) => {
  // Of one request, with all its attempts.
  let silent = 0;
  return async (args: Input): Promise<Output> => {
    try {
      return await next(args);
    } catch (error) {
      silent += (error as Failure).name === 'TimeoutError' ? 1 : 0;
      if (silent === silentAttempts) (error as Error).name = 'NoAnswer';
      throw error;
    }
  };
};

/**
 * By a clock that is far off, the SDK corrects the time of its requests with each answer, and takes every failure for worth
 * another try, a missing key too: one is enough.
 */
const correctOnce = <Input extends object, Output>(next: (args: Input) => Promise<Output>) => {
  let corrected = false;
  return async (args: Input): Promise<Output> => {
    try {
      return await next(args);
    } catch (error) {
      const { $metadata } = error as Failure;
      if (corrected && $metadata !== undefined) $metadata.clockSkewCorrected = false;
      corrected = true;
      throw error;
    }
  };
};

interface Answered {
  readonly response?: { readonly headers?: Readonly<Record<string, string>> };
}

/** Notes what each answer says of the time. */
const watchTime =
  (clock: S3Connection['clock']) =>
  <Input extends object, Output>(next: (args: Input) => Promise<Output>) =>
  async (args: Input): Promise<Output> => {
    const answer = await next(args);
    const date = Date.parse((answer as Answered).response?.headers?.['date'] ?? '');
    if (!Number.isNaN(date)) clock.aheadMs = date - Date.now();
    return answer;
  };

interface SendOptions {
  readonly abortSignal?: AbortSignal;
}

/** The SDK's pauses before a retry know no signal. Whoever waits for an answer is set free at once when it is aborted. */
function freeWhoWaits(client: S3Client): void {
  const send = client.send.bind(client) as (command: never, options?: SendOptions) => Promise<unknown>;
  const sendOrStop = async (command: never, options?: SendOptions): Promise<unknown> => {
    const signal = options?.abortSignal;
    if (signal === undefined) return send(command);
    signal.throwIfAborted();
    const aborted = Promise.withResolvers<never>();
    const onAbort = (): void => aborted.reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await Promise.race([send(command, options), aborted.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  };
  client.send = sendOrStop as typeof client.send;
}

function assertSafe(endpoint: string | undefined): void {
  if (endpoint === undefined) return;
  const { protocol, hostname } = new URL(endpoint);
  const loopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
  if (protocol === 'https:' || (protocol === 'http:' && loopback)) return;
  throw new StoreError(`\`s3-endpoint\` ${endpoint} would send the backup in the clear.`, {
    code: 'store.endpoint',
    input: 's3-endpoint',
    hint: 'Use https://; http:// is allowed on this machine only.',
  });
}
