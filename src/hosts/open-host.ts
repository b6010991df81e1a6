import type { Host } from '../core/host.ts';
import { ContainerTransport, SudoTransport } from './container-transport.ts';
import { GatedHost } from './gated-host.ts';
import { LocalTransport } from './local-transport.ts';
import { openSsh, type SshTarget } from './open-ssh.ts';
import { TetheredHost } from './tethered-host.ts';

export interface OpenHostOptions {
  /** `null`: this machine. */
  readonly ssh: SshTarget | null;
  readonly sudo: boolean;
  /** The key is held by a gate: it takes requests, and starts no programs. */
  readonly gated?: boolean;
  /** A running container of that machine; `null`: the machine itself. */
  readonly container: string | null;
  /** This process's environment; programs on this machine see only a few harmless variables of it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** How long the machine may be silent before it is given up, in milliseconds; default a minute. */
  readonly stallMs?: number | undefined;
}

/** The machine where the database's tools run. Disposing closes the connection. */
export async function openHost({
  ssh,
  sudo,
  gated = false,
  container,
  env,
  signal,
  stallMs = 60_000,
}: OpenHostOptions): Promise<Host> {
  const machine = ssh === null ? new LocalTransport(env) : await openSsh({ ...ssh, stallMs }, signal);
  if (gated) return new GatedHost(machine, stallMs);
  const asUser = sudo ? new SudoTransport(machine) : machine;
  return new TetheredHost(container === null ? asUser : new ContainerTransport(asUser, container), stallMs);
}
