import type { ChildProcess } from 'node:child_process';

/** Resolves once the child has printed something that matches, or has ended. */
export async function said(child: ChildProcess, words: RegExp): Promise<void> {
  let text = '';
  await new Promise<void>((resolve) => {
    child.stdout?.on('data', (chunk: string) => {
      text += chunk;
      if (words.test(text)) resolve();
    });
    child.once('exit', () => resolve());
  });
}
