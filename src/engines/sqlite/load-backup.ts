import type { Loaded, LoadRequest } from '../../core/engine.ts';
import { HoldfastError } from '../../core/errors.ts';
import type { Host } from '../../core/host.ts';
import { programFailed, runProgram } from '../../core/program.ts';
import { writePlain } from '../../core/write-plain.ts';
import { wordsOfBackup } from './damage.ts';
import { chooseTool, Facts, type FreeFolder, factScript, mebibytes, roomFor } from './host-facts.ts';
import { LoadedFile } from './loaded-file.ts';

/** Makes a private file of a backup's bytes in a temporary folder of the host. */
export async function loadBackup(host: Host, request: LoadRequest): Promise<Loaded> {
  const { signal, plainBytes, engineVersion } = request;
  const looked = await runProgram(host, ['sh', '-c', script], { signal });
  if (looked.code !== 0) throw programFailed('Looking for SQLite', host, looked);
  const facts = new Facts(looked.stdout);
  const tool = chooseTool(facts.tools, `The backup can't be loaded on ${host.label}`);
  const under = chooseFolder(host, facts.freeFolders, roomFor(plainBytes));
  await using stack = new AsyncDisposableStack();
  const scratch = stack.use(await host.scratch({ signal, under }));
  const file = `${scratch.path}/loaded.sqlite3`;
  await writePlain(host, file, request, 'sqlite.no-space');
  const words = wordsOfBackup(host, tool, engineVersion);
  return new LoadedFile({ host, tool, file, words, signal, held: stack.move() });
}

const script = `${factScript}
say_tools
say_temporary_folders
exit 0
`;

function chooseFolder(host: Host, folders: readonly FreeFolder[], wanted: number): string {
  const roomy = folders.find(({ freeBytes }) => freeBytes >= wanted);
  if (roomy !== undefined) return roomy.path;
  const seen = folders.map(({ path, freeBytes }) => `${path} has ${mebibytes(freeBytes)}`);
  throw new HoldfastError(
    `The backup can't be loaded on ${host.label}: ${mebibytes(wanted)} must be free for it, ` +
      `but ${seen.length === 0 ? 'no temporary folder is writable' : seen.join(', ')}.`,
    {
      code: 'sqlite.no-space',
      hint: 'Free some space there, or set TMPDIR to a folder with room.',
    },
  );
}
