import { randomUUID } from 'node:crypto';
import { compactTime, parseCompactTime, timeOfBackupId } from './backup-id.ts';

/** Where all backups of one name lie: `app/`. */
export function backupsFolder(name: string): string {
  return `${name}/`;
}

/** Where everything of one backup lies: `app/20261121T031702Z-k3tq/`. */
export function backupFolder(name: string, id: string): string {
  return `${backupsFolder(name)}${id}/`;
}

export function manifestKey(name: string, id: string): string {
  return `${backupFolder(name, id)}${manifestFile}`;
}

export const manifestFile = 'manifest.json';

/** An object of that name in a backup's folder keeps the backup for ever. */
export const pinFiles: readonly string[] = ['pinned', 'pinned.json'];

/** An object of that name marks a backup that a restore made of what it replaced. It is not one of the regular ones. */
export const safetyFile = 'safety.json';

/** `stat`, `hash` or `restore`: how much a verify has shown. */
export type VerifyLevel = 'stat' | 'hash' | 'restore';

/** Reads a proof object's name: `verified-restore-20261121T040000Z.json`. */
export function parseProofFile(file: string): { readonly level: VerifyLevel; readonly at: Date } | null {
  const [, level, time] = /^verified-(stat|hash|restore)-(\d{8}T\d{6}Z)\.json$/.exec(file) ?? [];
  const at = time === undefined ? null : parseCompactTime(time);
  return at === null ? null : { level: level as VerifyLevel, at };
}

/** The name of a proof object, as {@link parseProofFile} reads it. */
export function proofKey(name: string, id: string, level: VerifyLevel, at: Date): string {
  return `${backupFolder(name, id)}verified-${level}-${compactTime(at)}.json`;
}

/** Splits a key below a backup's folder of that name; `null` for every foreign key. */
export function parseKey(name: string, key: string): { readonly id: string; readonly file: string } | null {
  if (!key.startsWith(`${name}/`)) return null;
  const [id = '', file = '', ...deeper] = key.slice(name.length + 1).split('/');
  return file === '' || deeper.length > 0 || timeOfBackupId(id) === null ? null : { id, file };
}

const nativeExtensions = 'sqlite3|dump|sql';
const codecExtensions = /(?:\.(?:zst|gz))?(?:\.(?:age|gpg))?$/;
const objectFile = new RegExp(`^(.+)\\.(?:${nativeExtensions})(?:\\.(?:zst|gz))?(?:\\.(?:age|gpg))?$`);

/** The database that an object of a backup holds, by the object's file name; `null` when it is not named like one. */
export function databaseOfFile(file: string): string | null {
  return objectFile.exec(file)?.[1] ?? null;
}

/** Whether the object of a database is encrypted, by its file name. */
export function isEncryptedFile(file: string): boolean {
  return databaseOfFile(file) !== null && /\.(?:age|gpg)$/.test(file);
}

/** The native file name and extension of an object, without what the codecs have added: `app.sqlite3`, `sqlite3`. */
export function plainFileOf(key: string): { readonly file: string; readonly extension: string } {
  const file = key.slice(key.lastIndexOf('/') + 1).replace(codecExtensions, '');
  return { file, extension: file.slice(file.lastIndexOf('.') + 1) };
}

/** A new name for the file that an object in a folder is, until it is whole. */
export function newPartFile(): string {
  return `.holdfast-${randomUUID()}.part`;
}

export function isPartFile(file: string): boolean {
  return /^\.holdfast-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\.part$/.test(file);
}

/**
 * A text as a file name that every system and store takes: letters and digits of any script, `.`, `_` and `-` stay;
 * anything else becomes `-`. Never empty, never beginning with a dot, at most 100 characters.
 */
export function safeName(text: string): string {
  const cleaned = text
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^[.-]+|-+$/g, '');
  return [...cleaned].slice(0, 100).join('') || 'database';
}

/** The names, each made unique by a number: `app`, `app-2`. */
export function uniqueNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let unique = name;
    for (let count = 2; taken.has(unique.toLowerCase()); count += 1) unique = `${name}-${count}`;
    taken.add(unique.toLowerCase());
    return unique;
  });
}
