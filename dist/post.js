if (process.env.STATE_ended !== 'itself') {
  globalThis.holdfastFace = 'post';
  await import('./index.js');
}
