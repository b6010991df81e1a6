import { resolve } from 'node:path';
import type { LockConfig, StoreConfig } from './config.ts';
import { type Fields, show } from './fields.ts';
import type { ParseContext } from './parse.ts';
import type { Environment } from './read.ts';

const forms = 'Write `s3://bucket/prefix` or `file:path`.';

export function parseStore(fields: Fields, { face, cwd, env }: ParseContext): StoreConfig {
  const text = fields.text('store') ?? (face === 'cli' ? 'file:backups' : undefined);
  const nowhere: StoreConfig = { kind: 'folder', path: '' };
  if (text === undefined) {
    fields.problem('store', '`store` is not set.', forms);
    return nowhere;
  }
  if (text.startsWith('file:')) {
    const path = text.slice('file:'.length).replace(/^\/\/(?=\/)/, '');
    if (path !== '') return { kind: 'folder', path: resolve(cwd, path) };
  }
  if (text.includes('@')) {
    // What comes before it may be a key.
    const hint = `${forms} A key goes into \`s3-access-key-id\` and \`s3-secret-access-key\`.`;
    fields.problem('store', '`store` has an `@`, which no bucket has.', hint);
    return nowhere;
  }
  if (text.startsWith('s3://')) return parseBucket(fields, text, env);
  fields.problem('store', `\`store\` is ${show(text)}, which names no store.`, forms);
  return nowhere;
}

/** For commands about a bucket itself. */
export function requireBucket(store: StoreConfig, fields: Fields): Extract<StoreConfig, { kind: 's3' }> {
  if (store.kind === 's3') return store;
  // A store that could not be read has its problem already.
  if (store.path !== '') {
    fields.problem(
      'store',
      'Only buckets have lifecycle rules, and `store` is a folder.',
      'Write `s3://bucket/prefix`.',
    );
  }
  return { kind: 's3', bucket: '', prefix: '', endpoint: undefined, region: undefined, key: undefined };
}

/** `null`: what is stored is not locked. */
export function parseLock(store: StoreConfig, fields: Fields): LockConfig | null {
  const days = fields.count('lock-days', 0, 0, 36_500);
  const mode = fields.choice('lock-mode', ['governance', 'compliance'], 'governance');
  if (days === 0) {
    if (fields.has('lock-mode') && !fields.has('lock-days')) {
      fields.problem(
        'lock-mode',
        '`lock-mode` is set, but `lock-days` is not.',
        'Set `lock-days: 30`, or leave both out.',
      );
    }
    return null;
  }
  if (store.kind === 'folder') {
    const hint = 'Leave `lock-days` out, or store in a bucket with Object Lock.';
    fields.problem('lock-days', '`lock-days` is set, but `store` is a folder, which has no locks.', hint);
  }
  return { days, mode };
}

function parseBucket(fields: Fields, text: string, env: Environment): StoreConfig {
  const [bucket = '', ...folders] = text.slice('s3://'.length).replace(/\/$/, '').split('/');
  if (!/^[a-zA-Z0-9][a-zA-Z0-9._-]{1,254}$/.test(bucket)) {
    fields.problem(
      'store',
      `\`store\` has the bucket ${show(bucket)}, which can't be one.`,
      'Write `s3://bucket/prefix`.',
    );
  }
  const bad = folders.find((folder) => !isPlainSegment(folder));
  if (bad !== undefined) {
    fields.problem(
      'store',
      `\`store\` has the prefix part ${show(bad)}.`,
      'Use letters, digits, `.`, `_` and `-` between single slashes.',
    );
  }
  return {
    kind: 's3',
    bucket,
    prefix: folders.join('/'),
    endpoint: parseEndpoint(fields, env),
    region: fields.text('s3-region'),
    key: parseKey(fields),
  };
}

/** One folder of a key: nothing that a path, a URL or a shell could read otherwise. */
export function isPlainSegment(text: string): boolean {
  return /^[\p{L}\p{N}._-]+$/u.test(text) && !/^\.+$/.test(text);
}

/** The AWS tools' own variables count too, so that they pass the same checks as an option. */
function parseEndpoint(fields: Fields, env: Environment): string | undefined {
  const text =
    fields.text('s3-endpoint') ?? (env['AWS_ENDPOINT_URL_S3'] || env['AWS_ENDPOINT_URL'] || undefined);
  if (text === undefined) return undefined;
  const hint = 'Write the URL of the service, such as `https://s3.eu-central-003.backblazeb2.com`.';
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    fields.problem('s3-endpoint', '`s3-endpoint` is no URL of a service.', hint);
    return undefined;
  }
  // The rest of it is not shown: keys have been found there.
  const shown = `${url.protocol}//${url.hostname}`;
  const { pathname, search, hash, username, password } = url;
  if (!['', '/'].includes(pathname) || search + hash + username + password !== '') {
    const message = `\`s3-endpoint\` has more than the address of a service, ${shown}.`;
    fields.problem('s3-endpoint', message, hint);
    return undefined;
  }
  const loopback = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(url.hostname);
  if (url.protocol === 'http:' && !loopback) {
    fields.problem(
      's3-endpoint',
      `\`s3-endpoint\` ${shown} would send backups in the clear.`,
      'Write https://.',
    );
  }
  return url.origin;
}

function parseKey(fields: Fields): Extract<StoreConfig, { kind: 's3' }>['key'] {
  const [idName, secretName] = ['s3-access-key-id', 's3-secret-access-key'] as const;
  const [id, secret] = [fields.text(idName), fields.secret(secretName)];
  if (id !== undefined && secret !== undefined) return { id, secret };
  const missing = id === undefined ? idName : secretName;
  if (id !== undefined || secret !== undefined) {
    const hint = `Set \`${missing}\` too (a secret is empty in pull requests from forks), or neither of them for the AWS SDK's own chain.`;
    fields.problem(missing, `\`${missing}\` is empty, but its other half is set.`, hint);
  }
  return undefined;
}
