import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteObjectsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { type S3Server, startS3 } from '../../test/kit/s3.ts';
import { type Sshd, startSshd } from '../../test/kit/sshd.ts';
import { startCounters } from './counters.ts';
import type { Servers } from './measure.ts';

/** Real servers on this machine, and what the contenders need to reach them. */
export interface World extends AsyncDisposable {
  readonly dir: string;
  readonly s3: S3Server;
  readonly sshd: Sshd;
  readonly bucket: string;
  readonly servers: Servers;
  /** The program, to be followed by a command. */
  readonly holdfast: string;
  /** Its store and name, and how it reaches the server. */
  readonly storeFlags: string;
  readonly sshFlags: string;
  /** Its keys. */
  readonly env: Readonly<Record<string, string>>;
  /** The plain client on the server, to be followed by a command. */
  readonly ssh: string;
  /** rclone, to be followed by a subcommand; the bucket is `s3:<bucket>`. */
  readonly rclone: string;
  /** The same for the AWS CLI. */
  readonly aws: string;
  /** How much lies below a prefix of the bucket, in MB. */
  storedMegabytes(prefix: string): Promise<number>;
  /** Removes all below a prefix: a full store is a slower one. */
  empty(prefix: string): Promise<void>;
}

const cli = join(import.meta.dirname, '../../dist/cli.js');

export async function startWorld(): Promise<World> {
  const dir = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  const scratch = join(dir, 'tmp');
  mkdirSync(scratch);
  // With a SHLVL bash takes itself for no login of SSH: startup files of this account have no say.
  const config = [`SetEnv TMPDIR=${scratch} SHLVL=1`, 'MaxStartups 100', 'MaxSessions 100'];
  const [s3, sshd] = await Promise.all([startS3(), startSshd({ config })]);
  const bucket = await s3.createBucket();
  const counters = startCounters(sshd.port, s3.adminSocket);
  const knownHosts = join(dir, 'known_hosts');
  writeFileSync(knownHosts, `${sshd.knownHosts}\n`);
  const rcloneConfig = join(dir, 'rclone.conf');
  const remote = ['[s3]', 'type = s3', 'provider = Other', `endpoint = ${s3.endpoint}`];
  const keys = [`access_key_id = ${s3.accessKeyId}`, `secret_access_key = ${s3.secretAccessKey}`];
  writeFileSync(rcloneConfig, [...remote, ...keys, ''].join('\n'));
  return {
    dir,
    s3,
    sshd,
    bucket,
    servers: { pids: [sshd.pid, ...s3.pids], counts: () => counters.read() },
    holdfast: `${process.execPath} ${cli}`,
    storeFlags: `--store s3://${bucket} --name app --json`,
    sshFlags: `--ssh ${sshd.target} --ssh-key ${sshd.privateKeyFile} --ssh-known-hosts ${knownHosts}`,
    env: {
      HOLDFAST_S3_ENDPOINT: s3.endpoint,
      HOLDFAST_S3_ACCESS_KEY_ID: s3.accessKeyId,
      HOLDFAST_S3_SECRET_ACCESS_KEY: s3.secretAccessKey,
      AWS_ACCESS_KEY_ID: s3.accessKeyId,
      AWS_SECRET_ACCESS_KEY: s3.secretAccessKey,
    },
    ssh: `ssh -i ${sshd.privateKeyFile} -o UserKnownHostsFile=${knownHosts} -p ${sshd.port} ${sshd.user}@127.0.0.1`,
    rclone: `rclone --config ${rcloneConfig}`,
    aws: `aws --endpoint-url ${s3.endpoint} --region us-east-1`,
    async storedMegabytes(prefix) {
      const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix });
      const { Contents = [] } = await s3.admin.send(command);
      return Contents.reduce((sum, { Size = 0 }) => sum + Size, 0) / 1e6;
    },
    async empty(prefix) {
      for (;;) {
        const list = new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix });
        const { Contents = [] } = await s3.admin.send(list);
        if (Contents.length === 0) return;
        const Objects = Contents.map(({ Key }) => ({ Key }));
        await s3.admin.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects } }));
      }
    },
    async [Symbol.asyncDispose]() {
      counters[Symbol.dispose]();
      await Promise.all([s3.stop(), sshd.stop()]);
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
