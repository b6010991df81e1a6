import { describe, expect, test } from 'vitest';
import type { CatalogBackup } from '../../src/core/catalog.ts';
import type { Manifest } from '../../src/core/manifest.ts';
import { shrunkDatabases } from '../../src/core/shrunk.ts';
import { walResetNote } from '../../src/engines/sqlite/doubts.ts';

const manifest = (file: string, storedBytes: number): Manifest =>
  ({ databases: [{ name: 'app', key: `app/id/${file}`, storedBytes }] }) as unknown as Manifest;
const earlier = (file: string, bytes: number): CatalogBackup =>
  ({ id: 'earlier', objects: [{ key: `app/earlier/${file}`, file, bytes }] }) as unknown as CatalogBackup;

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
