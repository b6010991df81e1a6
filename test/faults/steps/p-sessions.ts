import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultBench } from '../../kit/fault-bench.ts';
import { freePort } from '../../kit/free-port.ts';
import type { Postgres } from '../../kit/postgres.ts';
import type { RunOptions } from '../../kit/run-action.ts';
import { said } from '../../kit/said.ts';

/** Another session, in the middle of a transaction that did this. Ends with its disposal, undone. */
export async function transaction(
  server: Postgres,
  url: string,
  statement: string,
): Promise<AsyncDisposable & { commit(): void }> {
  const psql = spawn(join(server.bin, 'psql'), ['-Xq', '-v', 'ON_ERROR_STOP=1', url], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(psql, 'exit');
  psql.stdin.write(`BEGIN; ${statement};\n\\echo done\n`);
  await once(psql.stdout, 'data');
  return {
    commit: () => psql.stdin.write('COMMIT;\n'),
    async [Symbol.asyncDispose]() {
      psql.stdin.end();
      await ended;
    },
  };
}

/** Waits until a question is answered by true, at most 30 s. */
export async function until(server: Postgres, question: string): Promise<void> {
  for (let tries = 0; server.sql('postgres', question).trim() !== 't'; tries += 1) {
    if (tries === 600) throw new Error(`never true: ${question}`);
    await sleep(50);
  }
}

const ours = "FROM pg_stat_activity WHERE application_name IN ('holdfast', 'pg_dump')";

/** Until one of our sessions waits for a lock. */
export const blocked = (server: Postgres): Promise<void> =>
  until(server, `SELECT count(*) > 0 ${ours} AND wait_event_type = 'Lock'`);

/** Ends our sessions, or those of them that do this. */
export const terminate = (server: Postgres, query = '%'): void => {
  server.sql('postgres', `SELECT pg_terminate_backend(pid) ${ours} AND query LIKE '${query}'`);
};

/** Acts while pg_dump is in the middle of its data: the store turns the upload away at first, so that the data waits. */
export function inMidDump(bench: FaultBench, server: Postgres, act: () => void): RunOptions {
  bench.storeProxy.inject({ answer: 503, code: 'SlowDown' }, 'CreateMultipartUpload', 4);
  return {
    async during(child) {
      await said(child, /Snapshot taken/);
      await until(server, `SELECT count(*) > 0 ${ours} AND query LIKE 'COPY%'`);
      act();
    },
  };
}

/** A hot standby of a server; what its primary changes has right of way at once. */
export async function startStandby({ bin, port }: Postgres): Promise<{ port: number; stop(): void }> {
  const dir = mkdtempSync(join(tmpdir(), 'holdfast-standby-'));
  const [uid, gid] = ['-u', '-g'].map((flag) =>
    Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' })),
  ) as [number, number];
  execFileSync('chown', [`${uid}:${gid}`, dir]);
  const run = (program: string, ...args: string[]): void => {
    execFileSync(join(bin, program), args, { uid, gid, cwd: dir, stdio: 'pipe', env: { LC_ALL: 'C' } });
  };
  const data = join(dir, 'data');
  run(
    'pg_basebackup',
    ...['-h', '127.0.0.1', '-p', `${port}`, '-U', 'postgres', '-D', data, '-R', '-c', 'fast'],
  );
  const own = await freePort();
  const lines = [
    `port = ${own}`,
    `unix_socket_directories = '${dir}'`,
    'hot_standby_feedback = off',
    'max_standby_streaming_delay = 0',
  ];
  appendFileSync(join(data, 'postgresql.auto.conf'), `${lines.join('\n')}\n`);
  run('pg_ctl', '-D', data, '-l', join(dir, 'log'), '-w', 'start');
  return {
    port: own,
    stop() {
      run('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop');
      rmSync(dir, { recursive: true });
    },
  };
}
