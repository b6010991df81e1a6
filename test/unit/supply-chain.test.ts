import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parse as parseYaml } from 'yaml';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Part {
  readonly name: string;
  readonly version: string;
  readonly hashes: readonly { readonly content: string }[];
}

describe('the list of what the bundle is made of', () => {
  const bom = JSON.parse(read('dist/sbom.cdx.json')) as { metadata: object; components: Part[] };
  const names = bom.components.map(({ name }) => name);

  test('has what is in it, and not what only builds or tests it', () => {
    expect(names).toEqual(expect.arrayContaining(['@actions/core', '@aws-sdk/client-s3', 'ssh2', 'zod']));
    for (const tool of ['vitest', 'typescript', 'fast-check', '@biomejs/biome'])
      expect(names).not.toContain(tool);
  });

  test('has every dependency that package.json names', () => {
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    for (const [name, version] of Object.entries(dependencies)) {
      const versions = bom.components.filter((part) => part.name === name).map((part) => part.version);
      expect(versions, name).toContain(version);
    }
  });

  test('says nothing of when or where it was made, and has a hash of every part', () => {
    const { version } = JSON.parse(read('package.json')) as { version: string };
    expect(bom.metadata).toEqual({
      component: { type: 'application', 'bom-ref': 'holdfast', name: 'holdfast', version },
    });
    for (const { name, hashes } of bom.components) {
      expect(hashes[0]?.content, name).toMatch(/^[0-9a-f]{128}$/);
    }
  });
});

describe('a release', () => {
  const text = read('.github/workflows/release.yml');
  const { on, permissions, jobs } = parseYaml(text);

  test('is made by a tag alone, with the rights of one job, after a reviewer agrees', () => {
    expect(on).toEqual({ push: { tags: ['v*'] } });
    expect(permissions).toEqual({});
    expect(Object.keys(jobs)).toEqual(['release']);
    expect(jobs.release.permissions).toEqual({
      contents: 'write',
      'id-token': 'write',
      attestations: 'write',
    });
    expect(jobs.release.environment).toBe('release');
  });

  test('runs no script of a dependency, no cache, and every check before anything leaves', () => {
    const steps = (jobs.release.steps as { run?: string; uses?: string; with?: object }[]).map(
      ({ run, uses }) => run ?? uses ?? '',
    );
    const at = (part: string): number => steps.findIndex((step) => step.includes(part));
    const order = [
      'npm ci --ignore-scripts',
      'npm run check',
      'attest-build-provenance@',
      'gh release create',
    ];
    const found = order.map(at);
    expect(found).not.toContain(-1);
    expect(found).toEqual([...found].sort((a, b) => a - b));
    expect(steps.join('\n')).not.toMatch(/cache|setup-node/);
  });
});
