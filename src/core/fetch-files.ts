import { randomUUID } from 'node:crypto';
import { constants, copyFile, link, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Codec } from './codec.ts';
import { HoldfastError } from './errors.ts';
import type { Host } from './host.ts';
import { plainFileOf } from './keys.ts';
import { makeFolder } from './make-folder.ts';
import type { Manifest, ManifestDatabase } from './manifest.ts';
import { openObject, readObject } from './read-object.ts';
import type { Reporter } from './reporter.ts';
import { isNamed } from './restore.ts';
import type { Store } from './store.ts';
import { writePlain } from './write-plain.ts';

export interface FetchRequest {
  readonly store: Store;
  readonly manifest: Manifest;
  /** Which of its databases; empty: all. */
  readonly only: readonly string[];
  /** A folder of this machine; made when it is not there. */
  readonly folder: string;
  /** This machine. */
  readonly host: Host;
  readonly dryRun: boolean;
  readonly codecById: (id: string) => Codec;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

/**
 * Fetches and decodes the files of a backup into a folder, each whole and proven by its SHA-256 before it gets its name. A
 * file that is there already is never overwritten.
 * @returns their paths
 */
export async function fetchFiles(request: FetchRequest): Promise<string[]> {
  const { folder, dryRun, reporter } = request;
  const entries = chooseEntries(request);
  if (!dryRun) await translated(folder, () => makeFolder(folder));
  const paths: string[] = [];
  for (const entry of entries) {
    const path = join(folder, plainFileOf(entry.key).file);
    paths.push(path);
    if (dryRun) await reporter.step(`Open ${entry.name}`, () => openFile(request, entry, path));
    else await reporter.step(`Fetch ${entry.name} to ${path}`, () => fetchFile(request, entry, path));
  }
  return paths;
}

async function openFile(request: FetchRequest, entry: ManifestDatabase, path: string): Promise<void> {
  const { store, codecById, reporter, signal } = request;
  await openObject({ store, entry, codecs: entry.codecs.map(codecById), reporter, signal });
  reporter.info(`Would fetch ${entry.name} (${entry.plainBytes} bytes) to ${path}.`);
}

function chooseEntries({ manifest, only }: FetchRequest): readonly ManifestDatabase[] {
  if (only.length === 0) return manifest.databases;
  return only.map((name) => {
    const entry = manifest.databases.find((candidate) => isNamed(candidate, name));
    if (entry !== undefined) return entry;
    throw new HoldfastError(`The backup ${manifest.id} holds no database ${JSON.stringify(name)}.`, {
      code: 'restore.choice',
      input: 'only',
      hint: `It holds ${manifest.databases.map((candidate) => candidate.name).join(', ')}.`,
    });
  });
}

async function fetchFile(request: FetchRequest, entry: ManifestDatabase, path: string): Promise<void> {
  const { store, codecById, folder, host, reporter, signal } = request;
  const { plainBytes } = entry;
  const part = join(folder, `.holdfast-${randomUUID()}.part`);
  try {
    const reading = { store, entry, codecs: entry.codecs.map(codecById), reporter, signal };
    await readObject(reading, (plain, packed) =>
      writePlain(host, part, { plain, packed, plainBytes, signal }, 'restore.folder'),
    );
    await translated(folder, () => sync(part));
    await translated(folder, () => giveName(part, path));
  } finally {
    await rm(part, { force: true });
  }
}

/** Under a name that nobody has. Not every file system has links: then it is a copy. */
async function giveName(part: string, path: string): Promise<void> {
  try {
    await link(part, path);
  } catch (error) {
    if (!['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error;
    await copyFile(part, path, constants.COPYFILE_EXCL);
    await sync(path);
  }
}

async function sync(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

async function translated<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const { code, syscall } = cause as NodeJS.ErrnoException;
    if (syscall === undefined) throw cause;
    throw code === 'EEXIST' ? exists(folder, cause) : notWritable(folder, cause as NodeJS.ErrnoException);
  }
}

function exists(folder: string, cause: unknown): HoldfastError {
  return new HoldfastError(`A file of the backup is in ${folder} already and is not overwritten.`, {
    code: 'restore.exists',
    input: 'to',
    hint: 'Name an empty folder in `to`.',
    cause,
  });
}

function notWritable(folder: string, cause: NodeJS.ErrnoException): HoldfastError {
  const known: Readonly<Record<string, string>> = {
    ENOSPC: 'the disk is full',
    ENOENT: 'no folder can be made there',
  };
  const why = known[cause.code ?? ''] ?? cause.message;
  return new HoldfastError(`The folder ${folder} can't be written to: ${why}.`, {
    code: 'restore.folder',
    input: 'to',
    hint: 'Free some space, or name another folder in `to`.',
    cause,
  });
}
