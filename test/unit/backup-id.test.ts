import fc from 'fast-check';
import { expect, test } from 'vitest';
import { newBackupId, timeOfBackupId } from '../../src/core/backup-id.ts';
import { databaseOfFile, parseKey, safeName, uniqueNames } from '../../src/core/keys.ts';

test('an id says its time, and nothing else is one', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('1970-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }),
      (time) => {
        const id = newBackupId(time);
        expect(id).toMatch(/^\d{8}T\d{6}Z-[0-9a-hjkmnp-tv-z]{4}$/);
        expect(timeOfBackupId(id)?.getTime()).toBe(Math.floor(time.getTime() / 1000) * 1000);
      },
    ),
  );
  const wrong = [
    '',
    '20260230T000000Z-0000',
    '20261121T240000Z-0000',
    '20261121T000060Z-0000',
    '20261121T000000Z',
    '20261121T000000Z-00000',
    '20261121T000000Z-ILOU',
    'x20261121T000000Z-0000',
  ];
  expect(wrong.map(timeOfBackupId)).toEqual(wrong.map(() => null));
});

test('ids sort by time and two of one second differ', () => {
  const at = new Date('2026-11-21T03:17:02.500Z');
  expect(newBackupId(at) < newBackupId(new Date(at.getTime() + 1000))).toBe(true);
  expect(new Set(Array.from({ length: 50 }, () => newBackupId(at))).size).toBeGreaterThan(45);
});

test('only keys of a backup of that name are ours', () => {
  const id = '20261121T031702Z-0000';
  expect(parseKey('app', `app/${id}/app.sqlite3.zst`)).toEqual({ id, file: 'app.sqlite3.zst' });
  for (const key of [
    `app2/${id}/x`,
    `app/${id}/deep/x`,
    `app/${id}/`,
    `app/${id}`,
    'app/x/y',
    `App/${id}/x`,
    `/app/${id}/x`,
  ]) {
    expect(parseKey('app', key), key).toBeNull();
  }
});

test('objects tell their database', () => {
  expect(
    ['app.sqlite3', 'app.sqlite3.zst', 'a.b.dump.gz.age', 'globals.sql.zst.gpg'].map(databaseOfFile),
  ).toEqual(['app', 'app', 'a.b', 'globals']);
  expect(['manifest.json', 'app.txt', '.sqlite3', 'app.sqlite3.zst.part'].map(databaseOfFile)).toEqual([
    null,
    null,
    null,
    null,
  ]);
});

test('any text becomes a safe file name, and names stay unique', () => {
  expect(['my app', '../../etc/passwd', '', '...', 'ünïcode', '-rf', 'a/b\\c:d'].map(safeName)).toEqual([
    'my-app',
    'etc-passwd',
    'database',
    'database',
    'ünïcode',
    'rf',
    'a-b-c-d',
  ]);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(safeName(text)).toMatch(/^[\p{L}\p{N}_][\p{L}\p{N}._-]*$/u);
    }),
  );
  expect(uniqueNames(['app', 'app', 'App', 'b'])).toEqual(['app', 'app-2', 'App-3', 'b']);
});
