import { CommandError, HoldfastError } from '../core/errors.ts';

interface SshLikeError {
  readonly message: string;
  readonly code?: string | undefined;
  readonly level?: string | undefined;
}

interface Translation {
  readonly when: (error: SshLikeError) => boolean;
  readonly code: string;
  readonly why: (error: SshLikeError) => string;
  readonly input?: string;
  readonly hint: string;
}

const hasCode =
  (...codes: readonly string[]) =>
  ({ code }: SshLikeError): boolean =>
    codes.includes(code ?? '');

const says =
  (pattern: RegExp) =>
  ({ message }: SshLikeError): boolean =>
    pattern.test(message);

const translations: readonly Translation[] = [
  {
    when: hasCode('ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL'),
    code: 'ssh.dns',
    why: () => 'its name has no address',
    input: 'ssh',
    hint: 'Correct the host in `ssh`, or the DNS.',
  },
  {
    when: hasCode('ECONNREFUSED'),
    code: 'ssh.refused',
    why: () => 'the connection was refused',
    input: 'ssh',
    hint: 'Is sshd running, and is this its port? Write another port as `user@host:port`.',
  },
  {
    when: hasCode('ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'),
    code: 'ssh.unreachable',
    why: () => 'it does not answer',
    input: 'ssh',
    hint: 'Is the port open in the firewall for this machine? GitHub runners have changing addresses.',
  },
  {
    when: says(/no SSH banner/),
    code: 'ssh.no-banner',
    why: () => 'the port is open but sent no SSH banner within 15 s',
    input: 'ssh',
    hint: 'Is this really the port of sshd?',
  },
  {
    when: says(/timed out while waiting for handshake/i),
    code: 'ssh.timeout',
    why: () => 'the SSH handshake was not done within 15 s',
    input: 'ssh',
    hint: 'Try again; if it repeats, look at the log of sshd.',
  },
  {
    when: says(/no matching host key format/i),
    code: 'ssh.host-key-type',
    why: ({ message }) =>
      `it shows no host key of a type that \`ssh-known-hosts\` has for it, or only with SHA-1 (it has ${offerOf(message)})`,
    input: 'ssh-known-hosts',
    hint:
      'Add its line of one of those types, after comparing the fingerprint on the server; where it has only ssh-rsa or ' +
      'ssh-dss, make a key there with `ssh-keygen -A`.',
  },
  {
    when: isUnmatched,
    code: 'ssh.algorithms',
    why: ({ message }) => `it offers only algorithms that are not safe today (${offerOf(message)})`,
    hint: 'Update sshd on the server; SHA-1, CBC, ChaCha20 and small Diffie-Hellman groups are not accepted.',
  },
  {
    when: ({ level }) => level === 'client-authentication',
    code: 'ssh.key-refused',
    why: () => 'it does not accept the key of `ssh-key`',
    input: 'ssh-key',
    hint: "Add the key's public half to ~/.ssh/authorized_keys of that user, and check the user's name.",
  },
  {
    when: says(/open failure|open failed|unable to exec|too many sessions/i),
    code: 'ssh.channel',
    why: () => 'it allows no further session on the connection',
    hint: 'Raise MaxSessions in sshd_config (10, the default of sshd, are enough), or allow sessions for this key.',
  },
  {
    when: isBroken,
    code: 'ssh.closed',
    why: ({ message }) => `it ended the connection before the login was done (${message})`,
    input: 'ssh',
    hint: 'Does it block this machine (fail2ban), or have too many logins at once (MaxStartups)? Look at the log of sshd.',
  },
];

/** The one place where what ssh2 and the socket say becomes a sentence. */
export function sshError(label: string, cause: unknown): HoldfastError {
  if (cause instanceof HoldfastError) return cause;
  const error = (cause instanceof Error ? cause : new Error(String(cause))) as SshLikeError;
  const known = translations.find(({ when }) => when(error));
  if (known === undefined) {
    return new CommandError(`The connection to ${label} failed: ${error.message}.`, {
      code: 'ssh.failed',
      cause,
    });
  }
  return new CommandError(`Can't work on ${label} over SSH: ${known.why(error)}.`, {
    code: known.code,
    input: known.input,
    hint: known.hint,
    cause,
  });
}

/** What may go away by trying again: the network, never a key. */
export function isTransient(cause: unknown): boolean {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  return hasCode('ETIMEDOUT', 'EAI_AGAIN')(error) || isBroken(error);
}

/** The connection ended while it was made. */
function isBroken(error: SshLikeError): boolean {
  return (
    hasCode('ECONNRESET', 'EPIPE')(error) || /closed before|connection lost|ended before/i.test(error.message)
  );
}

/** The two sides have no algorithm of some kind in common. */
export function isUnmatched({ message }: SshLikeError): boolean {
  return /no matching|no common/i.test(message);
}

/** What came after ssh2's own words. */
function offerOf(message: string): string {
  return /: ([^:]+)$/.exec(message)?.[1] ?? message;
}
