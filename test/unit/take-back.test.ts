import { beforeEach, describe, expect, test } from 'vitest';
import type { Removal } from '../../src/core/store.ts';
import { takeBack } from '../../src/core/take-back.ts';
import { type MemoryStore, memoryStore } from '../kit/memory-store.ts';
import { type QuietReporter, quietReporter } from '../kit/quiet-reporter.ts';

const folder = 'app/20261121T120000Z-0000';
const manifest = `${folder}/manifest.json`;
const data = [`${folder}/app.sqlite3`, `${folder}/queue.sqlite3`];
let store: MemoryStore;
let reporter: QuietReporter;

beforeEach(() => {
  store = memoryStore();
  reporter = quietReporter();
  for (const key of [...data, manifest]) store.objects.set(key, Buffer.from('x'));
});

const take = (written: readonly string[]) =>
  takeBack({ store, reporter, manifest, written: new Set(written) });
const silence = () => Promise.reject(new Error('it does not answer'));
const keeping =
  (why: { reason: string; denied?: true }) =>
  async (keys: readonly string[]): Promise<Removal> => ({
    removed: [],
    kept: keys.map((key) => ({ key, ...why })),
  });

describe('a failed backup', () => {
  test('is taken back in one request, or in two where its manifest was written', async () => {
    const requests: (readonly string[])[] = [];
    const { remove } = store;
    store.remove = (keys, options) => {
      requests.push(keys);
      return remove(keys, options);
    };
    await take(data);
    expect(requests).toEqual([data.toReversed()]);
    await take([...data, manifest]);
    expect(requests.slice(1)).toEqual([[manifest], data.toReversed()]);
    expect([store.objects.size, reporter.warnings]).toEqual([0, []]);
  });

  test('that stays is told, with what becomes of it', async () => {
    store.remove = silence;
    await take(data);
    expect(reporter.warnings).toEqual([
      expect.stringMatching(
        /could not be removed now \(it does not answer\).*a prune removes them after a day/,
      ),
    ]);
  });

  test.each([
    ['does not answer', silence],
    ['does not remove it', keeping({ reason: 'it does not answer' })],
  ])('whose manifest may be there keeps its data while the store %s', async (_, remove) => {
    store.remove = remove;
    await take([...data, manifest]);
    expect([...store.objects.keys()]).toEqual([...data, manifest]);
    expect(reporter.warnings).toEqual([
      expect.stringMatching(
        /manifest\.json may be there .*\(it does not answer\).*if `list` shows that backup/,
      ),
    ]);
  });

  test.each([
    ['', data],
    [', also with its manifest', [...data, manifest]],
  ])('that this key may not remove is told once, with who does%s', async (_, written) => {
    store.remove = keeping({ reason: 'no', denied: true });
    await take(written);
    expect(store.objects.size).toBe(3);
    expect(reporter.warnings).toEqual([expect.stringMatching(/may not delete: lifecycle rules/)]);
  });

  test('names each object that stays for another reason', async () => {
    store.locked.set(data[1] as string, 'it is locked');
    await take(data);
    expect(reporter.warnings).toEqual([`${data[1]} of the failed backup stays for now: it is locked.`]);
  });
});
