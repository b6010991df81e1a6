import { createHash, createHmac } from 'node:crypto';

/** One public key, as in a known_hosts line. */
interface HostKey {
  readonly type: string;
  /** The key in SSH's wire format. */
  readonly blob: Buffer;
}

/** What known_hosts lines say about one host. */
export interface PinnedKeys {
  readonly trusted: readonly HostKey[];
  readonly revoked: readonly HostKey[];
  /** A `@cert-authority` line is meant for this host. */
  readonly certAuthority: boolean;
}

/**
 * Looks a host up in known_hosts lines as OpenSSH does: comma lists, `*` and `?`, negation, `[host]:port` for ports
 * other than 22, hashed names, `@revoked` and `@cert-authority`.
 * @see https://man.openbsd.org/sshd.8#SSH_KNOWN_HOSTS_FILE_FORMAT
 * @throws SyntaxError for a line that can't be understood: skipping it could turn a refusal into trust.
 */
export function lookUpHost(knownHosts: string, host: string, port: number): PinnedKeys {
  const name = (port === 22 ? host : `[${host}]:${port}`).toLowerCase();
  const trusted: HostKey[] = [];
  const revoked: HostKey[] = [];
  let certAuthority = false;
  for (const [index, line] of knownHosts.split(/\r\n|\r|\n/).entries()) {
    const entry = parseLine(line, index + 1);
    if (entry === null || !matchesHost(entry.hosts, name)) continue;
    if (entry.marker === '@cert-authority') certAuthority = true;
    else (entry.marker === '@revoked' ? revoked : trusted).push(entry.key);
  }
  return { trusted, revoked, certAuthority };
}

interface Entry {
  readonly marker: '@revoked' | '@cert-authority' | null;
  readonly hosts: string;
  readonly key: HostKey;
}

function parseLine(line: string, number: number): Entry | null {
  const fields = line.trim().split(/[ \t]+/);
  if (fields[0] === '' || fields[0]?.startsWith('#')) return null;
  const marker = fields[0]?.startsWith('@') ? fields.shift() : null;
  if (marker !== null && marker !== '@revoked' && marker !== '@cert-authority') {
    throw new SyntaxError(`line ${number} has the unknown marker ${marker}`);
  }
  const [hosts, type, encoded] = fields;
  const blob = Buffer.from(encoded ?? '', 'base64');
  if (hosts === undefined || type === undefined || wireType(blob) !== type) {
    throw new SyntaxError(`line ${number} is not a known_hosts line (host, key type, key)`);
  }
  return { marker, hosts, key: { type, blob } };
}

/** The key type that the wire format begins with; null when it is not a key. */
function wireType(blob: Buffer): string | null {
  if (blob.byteLength < 4) return null;
  const length = blob.readUInt32BE(0);
  return length > 64 || blob.byteLength <= 4 + length ? null : blob.toString('latin1', 4, 4 + length);
}

function matchesHost(hosts: string, name: string): boolean {
  let matched = false;
  for (const pattern of hosts.split(',')) {
    if (pattern.startsWith('!')) {
      if (matchesPattern(pattern.slice(1), name)) return false;
    } else if (matchesPattern(pattern, name)) {
      matched = true;
    }
  }
  return matched;
}

function matchesPattern(pattern: string, name: string): boolean {
  const hashed = /^\|1\|([^|]+)\|(.+)$/.exec(pattern);
  if (hashed !== null) {
    const [, salt = '', digest] = hashed;
    return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest('base64') === digest;
  }
  const expression = pattern
    .toLowerCase()
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`).test(name);
}

/** `SHA256:…`, as `ssh-keygen -lf` prints it. */
export function fingerprintOf(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;
}
