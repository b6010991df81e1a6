import type { BackupConfig } from '../config/config.ts';
import { HoldfastError } from '../core/errors.ts';
import { gatePatterns } from '../engines/sqlite/gate-patterns.ts';
import { gateCommand } from '../engines/sqlite/gate-script.ts';
import { publicKeyOf } from '../hosts/open-ssh.ts';

/**
 * The line of ~/.ssh/authorized_keys with which the key of `ssh-key` takes this backup and can do nothing else.
 * @see https://man.openbsd.org/sshd.8#AUTHORIZED_KEYS_FILE_FORMAT
 * @throws HoldfastError `ssh.gate-pattern` for files that a key can't be held to, `ssh.gate` without `ssh`
 */
export async function authorizedKeyLine({ host, sources, name }: BackupConfig): Promise<string> {
  if (host.ssh === null) {
    throw new HoldfastError('There is no key to print a line for: `ssh` is not set.', {
      code: 'ssh.gate',
      input: 'ssh',
      hint: 'Set `ssh: user@host` and `ssh-key`.',
    });
  }
  const patterns = gatePatterns({ paths: sources.sqlite, exclude: sources.exclude });
  const command = gateCommand(patterns).replaceAll('"', '\\"');
  return `restrict,command="${command}" ${await publicKeyOf(host.ssh)} holdfast-${name}`;
}
