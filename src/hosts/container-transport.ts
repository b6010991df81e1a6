import { HoldfastError } from '../core/errors.ts';
import type { RawProcess, Transport } from './transport.ts';

/** Programs inside a running container of another machine, by `docker exec -i` without a terminal. */
export class ContainerTransport implements Transport {
  readonly label: string;
  readonly remote: boolean;
  readonly #outer: Transport;
  readonly #name: string;

  /** @throws HoldfastError `container.name` when the name is not one that docker allows. */
  constructor(outer: Transport, name: string) {
    if (!/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(name)) {
      throw new HoldfastError(`${JSON.stringify(name)} can't be the name of a container.`, {
        code: 'container.name',
        input: 'container',
        hint: 'Take the name from the last column of `docker ps`.',
      });
    }
    this.label = `container ${name} on ${outer.label}`;
    this.remote = outer.remote;
    this.#outer = outer;
    this.#name = name;
  }

  start(argv: readonly [string, ...string[]]): Promise<RawProcess> {
    return this.#outer.start(['docker', 'exec', '-i', this.#name, ...argv]);
  }

  close(): Promise<void> {
    return this.#outer.close();
  }
}

/** The same machine, each program by `sudo -n`, which never asks for a password. */
export class SudoTransport implements Transport {
  readonly label: string;
  readonly remote: boolean;
  readonly #outer: Transport;
  readonly forward?: NonNullable<Transport['forward']>;

  constructor(outer: Transport) {
    this.label = outer.label;
    this.remote = outer.remote;
    this.#outer = outer;
    const { forward } = outer;
    if (forward !== undefined) this.forward = (address) => forward.call(outer, address);
  }

  start(argv: readonly [string, ...string[]]): Promise<RawProcess> {
    return this.#outer.start(['sudo', '-n', '--', ...argv]);
  }

  close(): Promise<void> {
    return this.#outer.close();
  }
}
