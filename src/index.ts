/**
 * The start of the bundle: the Action's face, or the command line's or the post step's when `cli.js` or `post.js` says so. The rest is imported after
 * what it needs of its surroundings is there.
 */
import { availableParallelism } from 'node:os';
import { keepCompiledCode } from './app/compiled-code.ts';

declare global {
  // Set by cli.js and post.js.
  var holdfastFace: 'cli' | 'post' | undefined;
  // ssh2 expects it, and an ESM bundle has none.
  var __dirname: string;
}

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 5)) {
  const message = `Holdfast needs Node 24.5 or newer; this is ${process.versions.node}.`;
  process.stdout.write(`::error title=Holdfast%3A failed::${message}%0A→ Update the runner.\n`);
  process.exit(2);
}

globalThis.__dirname ??= import.meta.dirname;
// Compression runs on these threads: as many as there are cores, and a few for the disk and DNS.
process.env['UV_THREADPOOL_SIZE'] ??= `${Math.max(2, availableParallelism())}`;

// A job's machine is new each time: it would only write.
if (globalThis.holdfastFace === 'cli') keepCompiledCode(process.env);
const { keepMemoryLow } = await import('./app/low-memory.ts');
keepMemoryLow();
if (globalThis.holdfastFace === 'post') {
  const { post } = await import('./action/post.ts');
  await post();
} else {
  const { main } =
    globalThis.holdfastFace === 'cli' ? await import('./cli/main.ts') : await import('./action/main.ts');
  await main();
}
// Once nothing goes on any more; else the memory is taken apart first, which takes 15 ms after a backup. Not before it is done: Node tells when
// what it waits for never comes.
process.once('beforeExit', () => process.exit());
