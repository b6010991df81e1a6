import { EventEmitter } from 'node:events';
import type { Client } from 'ssh2';
import { expect, test } from 'vitest';
import { asHoldfastError } from '../../src/app/internal-error.ts';
import { HoldfastError } from '../../src/core/errors.ts';
import { SshTransport } from '../../src/hosts/ssh-transport.ts';

const live = new AbortController().signal;
const first = new HoldfastError('The disk is full.', { code: 'disk' });

test('what failed first is told, not what failed while it was cleaned up after', async () => {
  const failing = async (): Promise<void> => {
    await using stack = new AsyncDisposableStack();
    stack.defer(() => {
      throw new Error('the link is gone');
    });
    throw first;
  };
  const thrown = await failing().catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(SuppressedError);
  expect(asHoldfastError(thrown, live)).toBe(first);
});

test('a cancelled run was cancelled, whatever it failed with', () => {
  expect(asHoldfastError(new Error('the link is gone'), AbortSignal.abort()).code).toBe('cancelled');
});

test('what nobody foresaw is told as that', () => {
  expect(asHoldfastError(new TypeError('x is undefined'), live)).toMatchObject({ code: 'internal' });
});

test('a link that breaks while it is closed makes no failure of a success', async () => {
  const client = Object.assign(new EventEmitter(), {
    _sock: { writable: true, destroyed: false, destroy() {} },
    end() {
      client.emit('error', new Error('read ECONNRESET'));
      client.emit('close');
    },
  });
  await new SshTransport(client as unknown as Client, 'somewhere', 0).close();
});
