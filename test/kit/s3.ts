import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  CreateBucketCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { Secret } from '../../src/core/secret.ts';
import type { S3Settings } from '../../src/stores/s3-client.ts';

const run = promisify(execFile);
const script = fileURLToPath(new URL('./s3-server.sh', import.meta.url));

/** `forky`: like today's AWS; `bookworm`: like an older compatible store. */
export type S3Suite = 'forky' | 'bookworm';

export interface Key {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface S3Server {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly pids: readonly number[];
  /** Answers questions about the server itself. */
  readonly adminSocket: string;
  /** A client with all rights, to look behind the program's back. */
  readonly admin: S3Client;
  createBucket(options?: { readonly versioned?: boolean; readonly locking?: boolean }): Promise<string>;
  /** Somebody with no rights but what bucket policies grant to `arn:aws:iam:::user/<name>`. */
  createUser(name: string): Promise<Key>;
  /** The bucket takes no more than that. */
  setQuota(bucket: string, bytes: number): Promise<void>;
  setPolicy(bucket: string, statements: readonly object[]): Promise<void>;
  /** A client with the rights of that key. */
  clientOf(key: Key): S3Client;
  /** What the store under test is opened with; retries are quick. */
  settings(bucket: string, prefix?: string): S3Settings;
  pendingUploads(bucket: string): Promise<number>;
  /** Versions and delete markers of all keys. */
  versions(bucket: string): Promise<number>;
  stop(): Promise<void>;
}

/** A real S3 server on loopback, that ends with this process at the latest. */
export async function startS3(suite: S3Suite = 'forky'): Promise<S3Server> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-s3-'));
  const env = {
    ...process.env,
    S3_SUITES: suite,
    S3_SERVER_DIR: join(folder, 'server'),
    S3_WATCH_PID: `${process.pid}`,
  };
  const { stdout } = await run('bash', [script, 'start'], { env });
  const facts = Object.fromEntries(stdout.split('\n').map((line) => line.split(/=(.*)/s).slice(0, 2)));
  const [endpoint, accessKeyId, secretAccessKey] = [
    'S3_ENDPOINT',
    'S3_ACCESS_KEY_ID',
    'S3_SECRET_ACCESS_KEY',
  ].map((name) => facts[name] as string) as [string, string, string];
  const clientOf = (credentials: Key): S3Client =>
    new S3Client({
      endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    });
  const admin = clientOf({ accessKeyId, secretAccessKey });
  let buckets = 0;
  return {
    endpoint,
    accessKeyId,
    secretAccessKey,
    pids: (facts['S3_SERVER_PIDS'] ?? '').split(',').map(Number),
    adminSocket: join(folder, 'server/run/client.rgw.asok'),
    admin,
    clientOf,
    async createUser(name) {
      await run('bash', [script, 'user', name], { env });
      return { accessKeyId: `${name}-key`, secretAccessKey: `${name}-secret` };
    },
    async setQuota(bucket, bytes) {
      await run('bash', [script, 'quota', bucket, `${bytes}`], { env });
    },
    async setPolicy(Bucket, Statement) {
      const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
      await admin.send(new PutBucketPolicyCommand({ Bucket, Policy }));
    },
    async createBucket({ versioned = false, locking = false } = {}) {
      buckets += 1;
      const Bucket = `bucket-${buckets}`;
      await admin.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: locking }));
      const VersioningConfiguration = { Status: 'Enabled' } as const;
      if (versioned) await admin.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
      return Bucket;
    },
    settings: (bucket, prefix = '') => ({
      bucket,
      prefix,
      endpoint,
      accessKeyId,
      secretAccessKey: new Secret(secretAccessKey),
      retryBaseMs: 1,
    }),
    async pendingUploads(Bucket) {
      const { Uploads = [] } = await admin.send(new ListMultipartUploadsCommand({ Bucket }));
      return Uploads.length;
    },
    async versions(Bucket) {
      const { Versions = [], DeleteMarkers = [] } = await admin.send(
        new ListObjectVersionsCommand({ Bucket }),
      );
      return Versions.length + DeleteMarkers.length;
    },
    async stop() {
      admin.destroy();
      await run('bash', [script, 'stop'], { env });
      rmSync(folder, { recursive: true });
    },
  };
}
