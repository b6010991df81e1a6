import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface TlsServer {
  readonly endpoint: string;
  /** The certificate, which nobody vouches for. */
  readonly certificate: string;
  /** How many requests came through. */
  requests(): number;
  stop(): void;
}

/** A HTTPS server on loopback with a certificate of its own, made in `dir`. */
export async function startTlsServer(dir: string, answer: RequestListener): Promise<TlsServer> {
  const [key, cert] = [join(dir, 'tls-key.pem'), join(dir, 'tls-cert.pem')];
  const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2'.split(' ');
  const subject = ['-subj', '/CN=elsewhere.invalid', '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', [...request, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  let requests = 0;
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (asked, reply) => {
    requests += 1;
    answer(asked, reply);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    certificate: cert,
    requests: () => requests,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
