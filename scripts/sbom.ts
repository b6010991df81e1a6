import { readFileSync } from 'node:fs';

interface LockedPackage {
  readonly version: string;
  readonly integrity?: string;
  readonly license?: string;
}

interface Lock {
  readonly version: string;
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

/** What the bundler says of a module: `./node_modules/ms/index.js`, and the modules merged into it. */
interface Module {
  readonly name?: string;
  readonly modules?: readonly Module[];
}

/**
 * What the bundle is made of, as CycloneDX JSON: each package of package-lock.json of which a module is in it, with version,
 * licence and hash. The same lock file and modules always make the same text: no time, no serial number, no folder.
 * @see https://cyclonedx.org/docs/1.5/json/
 */
export function sbomOf(lockFile: string, statsFile: string): string {
  const lock = JSON.parse(readFileSync(lockFile, 'utf8')) as Lock;
  const stats = JSON.parse(readFileSync(statsFile, 'utf8')) as Module;
  const components = [...foldersOf(stats)].sort().map((folder) => {
    const locked = lock.packages[folder];
    if (locked === undefined)
      throw new Error(`${folder} is in the bundle, but not in ${lockFile}. Run \`npm ci\`.`);
    return componentOf(folder, locked);
  });
  const root = { type: 'application', 'bom-ref': 'holdfast', name: 'holdfast', version: lock.version };
  const bom = {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: { component: root },
    components,
  };
  return `${JSON.stringify(bom, null, 2)}\n`;
}

/** The folders of the packages that a module or a part of it comes from, as package-lock.json names them. */
function foldersOf({ name = '', modules = [] }: Module): Set<string> {
  const file = name.split('!').at(-1) ?? '';
  const folder = /^\.\/((?:node_modules\/(?:@[^/]+\/)?[^/]+\/)+)/.exec(file)?.[1]?.slice(0, -1);
  return new Set([
    ...(folder === undefined ? [] : [folder]),
    ...modules.flatMap((part) => [...foldersOf(part)]),
  ]);
}

function componentOf(folder: string, { version, integrity, license }: LockedPackage) {
  const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const [, base64] = /^sha512-(\S+)$/.exec(integrity ?? '') ?? [];
  if (base64 === undefined)
    throw new Error(`package-lock.json has no SHA-512 of ${name} ${version}. Run \`npm install\`.`);
  const content = Buffer.from(base64, 'base64').toString('hex');
  return {
    type: 'library',
    'bom-ref': folder.slice('node_modules/'.length),
    name,
    version,
    hashes: [{ alg: 'SHA-512', content }],
    ...(license === undefined ? {} : { licenses: [{ expression: license }] }),
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
  };
}
