import { describe, expect, test } from 'vitest';
import type { CatalogBackup } from '../../src/core/catalog.ts';
import type { Manifest } from '../../src/core/manifest.ts';
import { shrunkDatabases } from '../../src/core/shrunk.ts';
import { walResetNote } from '../../src/engines/sqlite/doubts.ts';

const manifest = (file: string, storedBytes: number): Manifest =>
  ({ databases: [{ name: 'app', key: `app/id/${file}`, storedBytes }] }) as unknown as Manifest;
const earlier = (file: string, bytes: number): CatalogBackup =>
  ({
    id: 'earlier',
    objects: [{ key: `app/earlier/${file}`, file, bytes }],
    databases: [{ name: 'app', storedBytes: bytes }],
  }) as unknown as CatalogBackup;

describe('a database is much smaller than before', () => {
  test.each([
    ['at less than half', 'app.dump', 49_999, 100_000, 1],
    ['not at half', 'app.dump', 50_000, 100_000, 0],
    ['not when it grew', 'app.dump', 200_000, 100_000, 0],
    ['not when it was small', 'app.dump', 10, 60_000, 0],
    ['not when it is made by another codec now', 'app.dump.zst', 10, 100_000, 0],
  ])('%s', (_, file, now, then, count) => {
    expect(shrunkDatabases(manifest(file, now), earlier('app.dump', then))).toHaveLength(count);
  });

  test('not in the first backup; and never by 100 %, as something is there', () => {
    expect(shrunkDatabases(manifest('app.dump', 1), null)).toEqual([]);
    expect(shrunkDatabases(manifest('app.dump', 1), earlier('app.dump', 1e6)).join()).toContain(
      '99 % smaller',
    );
  });
});

describe('a database of the backup before is gone', () => {
  const now = (...names: string[]) =>
    ({ databases: names.map((name) => ({ name, key: name })) }) as unknown as Manifest;
  const past = (...names: string[]) =>
    ({ id: 'earlier', objects: [], databases: names.map((name) => ({ name })) }) as unknown as CatalogBackup;

  test('and is named, with the others of its kind', () => {
    expect(shrunkDatabases(now('app'), past('app', 'queue', 'cache'))).toEqual([
      'What the backup earlier before it holds is not all in this one: queue, cache.',
    ]);
  });

  test('not when others have come', () => {
    expect(shrunkDatabases(now('app', 'queue'), past('app'))).toEqual([]);
    expect(shrunkDatabases(now('app'), null)).toEqual([]);
  });

  test('and so is every other: they are two apps under one name', () => {
    expect(shrunkDatabases(now('blog'), past('app', 'queue')).join(' ')).toMatch(
      /not all in this one: app, queue\. They have no database in common: .*`name` of its own/,
    );
  });

  test('of hundreds the first are named', () => {
    const names = Array.from({ length: 300 }, (_, index) => `tenant${index}`);
    const [told] = shrunkDatabases(now('app'), past('app', ...names));
    expect(told).toMatch(/: tenant0, tenant1, tenant2, tenant3, tenant4, and 295 more\.$/);
  });
});

test.each([
  ['3.6.23', 0],
  ['3.7.0', 1],
  ['3.40.1', 1],
  ['3.44.5', 1],
  ['3.44.6', 0],
  ['3.45.0', 1],
  ['3.50.6', 1],
  ['3.50.7', 0],
  ['3.51.2', 1],
  ['3.51.3', 0],
])('the WAL-reset bug of SQLite %s', (version, count) => {
  expect(walResetNote(version, true)).toHaveLength(count);
  expect(walResetNote(version, false)).toEqual([]);
});
