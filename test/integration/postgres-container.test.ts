import { execFileSync } from 'node:child_process';
import { expect, test, vi } from 'vitest';
import { openHost } from '../../src/hosts/open-host.ts';
import { startContainer } from '../kit/container.ts';
import { newestServer } from '../kit/postgres.ts';
import { dump } from '../kit/postgres-dump.ts';
import { signal } from '../kit/signal.ts';

test('a database in a container is dumped by the tools in it', async () => {
  const { bin, major } = newestServer();
  // The programs themselves, before the wrappers of the same names.
  vi.stubEnv('PATH', `${bin}:${process.env['PATH']}`);
  const container = startContainer({ programs: ['initdb', 'pg_ctl', 'postgres', 'psql', 'pg_dump'] });
  try {
    container.exec('mkdir', '-p', '/lib', `/usr/share/postgresql/${major}`);
    // Where a server whose programs are in /bin looks for them.
    container.copyIn(`/usr/lib/postgresql/${major}/lib/.`, '/lib');
    container.copyIn(`/usr/share/postgresql/${major}`, '/usr/share/postgresql');
    container.exec(
      'sh',
      '-ec',
      `echo 'postgres:x:70:70::/data:/bin/sh' > /etc/passwd; chown 70:70 /data
       su postgres -c 'initdb -D /data/pg -A trust --no-sync --no-locale' >&2
       su postgres -c 'pg_ctl -D /data/pg -w -l /data/log -o "-k /data -c listen_addresses= -c ssl=off" start' >&2 || { cat /data/log >&2; exit 1; }
       psql -h /data -U postgres -c 'CREATE TABLE t AS SELECT generate_series(1, 100)'`,
    );
    const env = { ...process.env, PATH: container.path };
    await using on = await openHost({ ssh: null, container: container.name, sudo: false, env, signal });
    const { file, proof, snapshot } = await dump('postgres://postgres@/postgres?host=/data', { on });
    expect(snapshot.host.label).toContain(container.name);
    expect(proof.fingerprint.tables).toEqual({ 'public.t': 100 });
    expect(execFileSync(`${bin}/pg_restore`, ['--list', file], { encoding: 'utf8' })).toContain('TABLE DATA');
    expect(container.exec('sh', '-c', 'ls /tmp')).not.toContain('holdfast');
  } finally {
    vi.unstubAllEnvs();
    container.stop();
  }
});
