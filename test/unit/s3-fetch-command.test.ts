import { expect, test } from 'vitest';
import { openS3Store } from '../../src/stores/s3-store.ts';

test('the command for another provider names its endpoint and region', async () => {
  const endpoint = 'https://s3.eu-central-003.backblazeb2.com';
  const store = await openS3Store({ bucket: 'backups', prefix: 'web/apps', endpoint });
  expect(store.label).toBe('s3://backups/web/apps');
  expect(store.fetchCommand('app/1/app.sqlite3.zst')).toBe(
    `aws s3 cp --endpoint-url ${endpoint} --region eu-central-003 s3://backups/web/apps/app/1/app.sqlite3.zst -`,
  );
});

test('the command for AWS leaves the rest to its own settings', async () => {
  const store = await openS3Store({ bucket: 'backups', prefix: '' });
  expect(store.label).toBe('s3://backups');
  expect(store.fetchCommand('app/k')).toBe('aws s3 cp s3://backups/app/k -');
});

test('a key can not break out of the command', async () => {
  const store = await openS3Store({ bucket: 'backups', prefix: '', region: 'eu-west-1' });
  expect(store.fetchCommand("a'; rm -rf $HOME; '")).toBe(
    "aws s3 cp --region eu-west-1 's3://backups/a'\\''; rm -rf $HOME; '\\''' -",
  );
});
