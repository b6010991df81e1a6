import { describe, expect, test } from 'vitest';
import { Secret } from '../../src/core/secret.ts';
import { labelOf, parseConnection } from '../../src/engines/postgres/connection.ts';

const parse = (url: string) => parseConnection(new Secret(url));
const refusal = (url: string): { message: string; hint: string } => {
  try {
    parse(url);
  } catch (error) {
    return error as { message: string; hint: string };
  }
  throw new Error(`${url} was taken`);
};

describe('a PostgreSQL URL', () => {
  test('is taken apart, and what it leaves out is for libpq to choose', () => {
    const whole = parse('postgresql://app:s3cret@db.example.com:6543/production?sslmode=require');
    expect(whole).toMatchObject({
      host: 'db.example.com',
      port: 6543,
      user: 'app',
      database: 'production',
      sslmode: 'require',
    });
    expect(whole.password.reveal()).toBe('s3cret');
    expect(parse('postgres:///app')).toMatchObject({ host: undefined, port: undefined, user: undefined });
    expect(parse('postgres://app@localhost')).toMatchObject({ database: 'app', sslmode: undefined });
  });

  test.each([
    ['postgres://u@[2001:db8::1]:5433/app', { host: '2001:db8::1', port: 5433 }],
    ['postgres:///app?host=/var/run/postgresql&port=5433', { host: '/var/run/postgresql', port: 5433 }],
    ['postgres://%2Fvar%2Frun%2Fpostgresql/app', { host: '/var/run/postgresql' }],
    ['postgres://one/first?host=two&dbname=second&user=u', { host: 'two', database: 'second', user: 'u' }],
    ['postgres://u%3Aser@h/d%2Fb', { user: 'u:ser', database: 'd/b' }],
  ])('may be written in every form of libpq: %s', (url, expected) => {
    expect(parse(url)).toMatchObject(expected);
  });

  test('may hold any password, percent-encoded', () => {
    const password = `p:a\\s's"w o&r/d%?#@$(x)é`;
    expect(parse(`postgres://u:${encodeURIComponent(password)}@h/d`).password.reveal()).toBe(password);
    expect(parse(`postgres://u@h/d?password=${encodeURIComponent(password)}`).password.reveal()).toBe(
      password,
    );
  });

  test('passes on the parameters that say how to connect', () => {
    expect(parse('postgres://h/d?sslrootcert=/etc/ca.pem&connect_timeout=5').settings).toEqual({
      PGSSLROOTCERT: '/etc/ca.pem',
      PGCONNECT_TIMEOUT: '5',
    });
  });

  test.each([
    'options=-csearch_path%3Devil',
    'service=other',
    'passfile=/root/.pgpass',
    'hostaddr=192.0.2.1',
    'schema=public',
    'constructor=x',
    'sslmode=no-verify',
    'port=many',
    'host=one,two',
  ])('is refused with %s', (query) => {
    expect(refusal(`postgres://u:p@h/d?${query}`)).toMatchObject({
      code: 'postgres.url',
      input: 'database',
      hint: expect.stringMatching(/./),
    });
  });

  const neon = 'ep-cool-x-pooler.eu-central-1.aws.neon.tech';
  const supabase = 'aws-0-eu-central-1.pooler.supabase.com';
  test.each([
    [`${neon}/app`, /the host ep-cool-x\.eu-central-1\.aws\.neon\.tech\.$/],
    [`${neon}/app?pgbouncer=true`, /the host ep-cool-x\.eu-.*, without `pgbouncer` in it/],
    [`h/app?host=${neon}`, /the host ep-cool-x\.eu-/],
    [`${supabase}:6543/postgres`, /session pooler.* port 5432\.$/],
    [`${supabase}:6543/postgres?pgbouncer=true`, /session pooler.* port 5432, without/],
    [`${supabase}/postgres?port=6543`, /session pooler/],
    ['db.abcdef.supabase.co:6543/postgres', /session pooler/],
    ['db.example.com/app?pgbouncer=true', /direct URL.*without `pgbouncer`.*directUrl/],
  ])('of a pooler in transaction mode is refused with the direct one: %s', (rest, hint) => {
    expect(refusal(`postgres://u:canary@${rest}`)).toMatchObject({
      code: 'postgres.pooler',
      input: 'database',
      message: expect.stringContaining('transaction mode'),
      hint: expect.stringMatching(hint),
    });
  });

  test.each([
    'ep-cool-x.eu-central-1.aws.neon.tech/app',
    `${supabase}:5432/postgres`,
    `${supabase}/postgres`,
    'db.abcdef.supabase.co:5432/postgres',
    'db.example.com:6543/app',
  ])('of no such pooler is taken: %s', (rest) => {
    expect(parse(`postgres://u:p@${rest}`).database).toMatch(/./);
  });

  test.each([
    'postgres://',
    'postgres://h',
    'postgres://u:p@one,two/d',
    'postgres://u:%zz@h/d',
    'postgres://u:%00@h/d',
    'postgres://u:a%0Ab@h/d',
  ])('is refused when it can not be what was meant: %s', (url) => {
    expect(refusal(url)).toMatchObject({ code: 'postgres.url', input: 'database' });
  });

  test.each([
    'can/ary',
    'can?ary',
    'can#ary',
    'can@ary',
    '12/canary',
    '12?canary',
    '12?canary=x',
    '12#canary',
  ])('never shows a password that was not encoded: %s', (password) => {
    const url = `postgres://user:${password}@host/db`;
    const error = refusal(url);
    expect(`${error.message} ${error.hint}`).not.toMatch(/xyz|zyx/);
  });

  test('has a label without secrets', () => {
    const label = (url: string) => labelOf(parse(url), 'deploy@example.com');
    expect(label('postgres://u:p@db.example.com/app')).toBe('postgres:app on db.example.com');
    expect(label('postgres://u:p@localhost/app')).toBe('postgres:app on deploy@example.com');
    expect(label('postgres:///app?host=/run')).toBe('postgres:app on deploy@example.com');
  });
});
