/**
 * The start of the bundle: the Action's face, or the command line's or the post step's when `cli.js` or `post.js` says so. The rest is imported after
 * what it needs of its surroundings is there.
 */
import { availableParallelism } from 'node:os';

declare global {
  // Set by cli.js and post.js.
  var holdfastFace: 'cli' | 'post' | undefined;
  // ssh2 expects it, and an ESM bundle has none.
  var __dirname: string;
}

globalThis.__dirname ??= import.meta.dirname;
// Compression runs on these threads: as many as there are cores, and a few for the disk and DNS.
process.env['UV_THREADPOOL_SIZE'] ??= `${Math.max(2, availableParallelism())}`;

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
