import { existsSync } from 'node:fs';

const library = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`)
  .find((file) => existsSync(file));

/**
 * Variables that give a program another clock, but the same pace: `+20m`, or `@2026-03-29 01:59:58`. Its timers go on as they are.
 * @param file read again each second, so that the clock can jump
 */
export function fakeTime(time: string, file?: string): Record<string, string> {
  if (library === undefined) throw new Error('the tests need the package libfaketime');
  return {
    LD_PRELOAD: library,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    ...(file === undefined
      ? { FAKETIME: time }
      : { FAKETIME_TIMESTAMP_FILE: file, FAKETIME_CACHE_DURATION: '1' }),
  };
}
