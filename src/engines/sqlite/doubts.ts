import { compareVersions } from '../../core/compare-versions.ts';
import type { Probe } from '../../core/engine.ts';

/** As `stat -f -c %T` names them. Their locks are not what SQLite builds on (https://www.sqlite.org/faq.html#q5). */
const networkSystem = /^(?:nfs|cifs|smb|afs|ceph|coda|lustre|gfs|gpfs|ocfs2|v9fs|vboxsf|vmhgfs|prl_fs)/i;

/** What may make a source untrue, though it can be backed up: said with every backup. */
export function doubtsAbout({ path, fileSystem }: { path: string; fileSystem: string | null }): string[] {
  if (fileSystem === null || !networkSystem.test(fileSystem)) return [];
  return [
    `${path} lies on a network file system (${fileSystem}), where SQLite's locks can't be relied on: move it to a local disk.`,
  ];
}

/** The corruption of a WAL that is reset while two connections write or checkpoint: https://www.sqlite.org/wal.html#walresetbug */
export function walResetNote(version: string, wal: boolean): NonNullable<Probe['notes']> {
  const from = (first: string, before: string): boolean =>
    compareVersions(version, first) >= 0 && compareVersions(version, before) < 0;
  const mended = from('3.44.6', '3.45') || from('3.50.7', '3.51');
  if (!wal || mended || !from('3.7.0', '3.51.3')) return [];
  return [
    {
      message: `SQLite ${version} can, very rarely, damage a WAL database that several connections write to.`,
      hint: 'If the app uses a SQLite of that age too, upgrade to 3.51.3 (or 3.50.7, 3.44.6).',
    },
  ];
}
