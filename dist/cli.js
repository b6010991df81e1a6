#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 5)) {
  process.stderr.write(`Error: Holdfast needs Node 24.5 or newer; this is ${process.versions.node}.\n`);
  process.exit(2);
}
if (/^(?:-V|--version)$/.test(process.argv.slice(2).join(' '))) {
  process.stdout.write('0.1.0\n');
} else {
  globalThis.holdfastFace = 'cli';
  await import('./index.js');
}
