import { afterAll, beforeAll, expect, test } from 'vitest';
import { runProgram } from '../../src/core/program.ts';
import { gatedHost, holdKey } from '../kit/gate.ts';
import { signal } from '../kit/signal.ts';
import { addUser } from '../kit/sqlite-hosts.ts';
import { type Sshd, startSshd } from '../kit/sshd.ts';

let sshd: Sshd;
let user: ReturnType<typeof addUser>;

beforeAll(async () => {
  sshd = await startSshd();
  user = addUser(sshd);
});
afterAll(async () => {
  user.remove();
  await sshd.stop();
});

test('how a program ended is heard also where that comes with its begin in one packet', async () => {
  holdKey(sshd, { paths: ['/srv/app.sqlite3'], exclude: [] });
  const codes: (number | null)[] = [];
  for (let round = 0; round < 6; round += 1) {
    await using host = await gatedHost(sshd, user.name);
    const ask = () => runProgram(host, ['holdfast', '1', 'has', 'gzip'], { signal });
    const runs = await Promise.all(Array.from({ length: 8 }, ask));
    codes.push(...runs.map(({ code }) => code));
  }
  expect(codes).toEqual(codes.map(() => 0));
});
