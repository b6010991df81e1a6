#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 5)) {
  process.stderr.write(`Error: Holdfast needs Node 24.5 or newer; this is ${process.versions.node}.\n`);
  process.exit(2);
}
globalThis.holdfastFace = 'cli';
await import('./index.js');
