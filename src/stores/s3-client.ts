import { createHash } from 'node:crypto';
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { HoldfastError } from '../core/errors.ts';
import type { Secret } from '../core/secret.ts';
import { type Preset, presetOf, regionOf } from './presets.ts';

export interface S3Settings {
  readonly bucket: string;
  /** Without a slash at either end; empty for the whole bucket. */
  readonly prefix: string;
  readonly endpoint?: string | undefined;
  readonly region?: string | undefined;
  /** Both, or the SDK's own chain: environment, profile, OIDC role. */
  readonly accessKeyId?: string | undefined;
  readonly secretAccessKey?: Secret | undefined;
  /** For tests: the delay before the first retry, in milliseconds. */
  readonly retryBaseMs?: number;
}

/** Backblaze says that 500 and 503 are part of its design, and others throttle: eight tries, up to 30 s apart, jittered. */
const attempts = 8;
const longestPauseMs = 30_000;

export type Sdk = typeof import('@aws-sdk/client-s3');

export interface S3Connection {
  readonly sdk: Sdk;
  readonly client: S3Client;
  readonly preset: Preset;
}

/** A client that every S3-compatible store understands. The SDK is loaded here, because that takes a while. */
export async function connectS3(settings: S3Settings): Promise<S3Connection> {
  const { endpoint, region, accessKeyId, secretAccessKey, retryBaseMs = 200 } = settings;
  assertSafe(endpoint);
  const preset = presetOf(endpoint);
  const [sdk, { ConfiguredRetryStrategy }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('@smithy/core/retry'),
  ]);
  const pause = (attempt: number): number =>
    (0.5 + Math.random() / 2) * Math.min(longestPauseMs, retryBaseMs * 2 ** attempt);
  const signingRegion = regionOf(preset, endpoint, region);
  const config: S3ClientConfig = {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(signingRegion === undefined ? {} : { region: signingRegion }),
    ...(accessKeyId === undefined || secretAccessKey === undefined
      ? {}
      : { credentials: { accessKeyId, secretAccessKey: secretAccessKey.reveal() } }),
    forcePathStyle: preset.pathStyle,
    // The default checksums of newer SDKs break B2, R2 and older Ceph.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    retryStrategy: new ConfiguredRetryStrategy(attempts, pause),
    // A silent peer is given up after a minute; a slow one is not.
    requestHandler: { connectionTimeout: 10_000, socketTimeout: 60_000 },
    logger: { trace() {}, debug() {}, info() {}, warn() {}, error() {} },
  };
  const client = new sdk.S3Client(config);
  client.middlewareStack.add(contentMd5, { step: 'build', priority: 'low', name: 'contentMd5' });
  return { sdk, client, preset };
}

interface HttpLike {
  readonly body?: unknown;
  readonly headers: Record<string, string>;
}

/** Content-MD5 instead of newer checksums: every store knows it, and Object Lock buckets demand it. */
const contentMd5 =
  <Input extends object, Output>(next: (args: Input) => Promise<Output>) =>
  (args: Input): Promise<Output> => {
    const { body, headers } = (args as { request: HttpLike }).request;
    for (const name of Object.keys(headers)) {
      if (/^x-amz-(?:sdk-)?checksum-/i.test(name)) delete headers[name];
    }
    if (typeof body === 'string' || body instanceof Uint8Array) {
      headers['content-md5'] = createHash('md5').update(body).digest('base64');
    }
    return next(args);
  };

function assertSafe(endpoint: string | undefined): void {
  if (endpoint === undefined) return;
  const { protocol, hostname } = new URL(endpoint);
  const loopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname);
  if (protocol === 'https:' || (protocol === 'http:' && loopback)) return;
  throw new HoldfastError(`\`s3-endpoint\` ${endpoint} would send the backup in the clear.`, {
    code: 'store.endpoint',
    input: 's3-endpoint',
    hint: 'Use https://; http:// is allowed on this machine only.',
  });
}
