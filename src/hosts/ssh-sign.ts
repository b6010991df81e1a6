import type { Client, ParsedKey } from 'ssh2';

/** What ssh2 signs with by an RSA key (https://www.rfc-editor.org/rfc/rfc8332#section-3); the other types have one hash each. */
const hashes: Readonly<Record<string, string>> = { 'rsa-sha2-256': 'sha256', 'rsa-sha2-512': 'sha512' };

interface Protocol {
  authPK(
    user: string,
    key: ParsedKey,
    algorithm?: string,
    sign?: (data: Buffer, done: (signature: Buffer) => void) => void,
  ): void;
}

/**
 * Lets a client sign at once, where ssh2 first asks whether the server would take the key: that is a round trip, and worth it only
 * where there are several keys (https://www.rfc-editor.org/rfc/rfc4252#section-7). To be called before it is asked who it is.
 */
export function signAtOnce(client: Client): void {
  const { _protocol: protocol } = client as unknown as { _protocol: Protocol };
  const authenticate = protocol.authPK.bind(protocol);
  protocol.authPK = (user, key, algorithm, sign) => {
    const signNow: typeof sign = (data, done) => {
      const signature: unknown = key.sign(data, hashes[algorithm ?? '']);
      // When asked in its own way, ssh2 says what is wrong with the key.
      if (Buffer.isBuffer(signature)) done(signature);
      else authenticate(user, key, algorithm);
    };
    authenticate(user, key, algorithm, sign ?? signNow);
  };
}
