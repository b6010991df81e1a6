import type { ConfigOf } from '../config/config.ts';
import { bad, type Check, doctor, type Finding, good, untried } from '../core/doctor.ts';
import { ConfigError } from '../core/errors.ts';
import type { Host } from '../core/host.ts';
import { openHost } from '../hosts/open-host.ts';
import type { Ran } from './command.ts';
import { bucketChecks } from './doctor-bucket.ts';
import { databaseChecks } from './doctor-databases.ts';
import { hostChecks, sshChecks } from './doctor-host.ts';
import { encryptionCheck, scheduleChecks, signatureCheck } from './doctor-keys.ts';
import { openTrial, rememberFolders, storeChecks } from './doctor-store.ts';
import type { Surroundings } from './open.ts';

type DoctorConfig = ConfigOf<'doctor'>;

/** Checks everything that a backup with these settings needs, the settings included. */
export async function runDoctor(config: DoctorConfig, surroundings: Surroundings): Promise<Ran> {
  await using stack = new AsyncDisposableStack();
  const checks = [
    { id: 'settings', run: async () => settings(config) },
    ...serverChecks(config, stack, surroundings),
    ...unlessWrong(config, isOfStore, await allStoreChecks(config, stack, surroundings)),
    ...unlessWrong(config, isOfEncryption, [encryptionCheck(config, surroundings)]),
    ...unlessWrong(config, isOfSignature, [signatureCheck(config)]),
    ...scheduleChecks(surroundings),
  ];
  const { checks: results, failure } = await doctor({ ...surroundings, checks });
  const [first, ...rest] = config.problems;
  return {
    own: { command: 'doctor', checks: results },
    failure: first === undefined ? failure : new ConfigError([first, ...rest]),
  };
}

function settings({ problems, name }: DoctorConfig): Finding {
  const [first] = problems;
  if (first === undefined) return good(`All can be read; backups are named ${name}.`);
  const said = problems.map(({ message }) => message).join(' ');
  const hints = problems.flatMap(({ hint }) => hint ?? []).join(' ');
  return bad(said, hints, first.input);
}

function serverChecks(
  config: DoctorConfig,
  stack: AsyncDisposableStack,
  surroundings: Surroundings,
): Check[] {
  const { env, signal, stallMs } = surroundings;
  let opened: Promise<Host> | null = null;
  const host = (): Promise<Host> => {
    opened ??= openHost({ ...config.host, env, signal, stallMs }).then((machine) => stack.use(machine));
    return opened;
  };
  const given = { config, host, stack, signal, surroundings };
  return [
    ...unlessWrong(config, isOfHost, [...sshChecks(given), ...hostChecks(given)]),
    ...unlessWrong(config, (input) => isOfHost(input) || isOfDatabase(input), databaseChecks(given)),
  ];
}

async function allStoreChecks(
  config: DoctorConfig,
  stack: AsyncDisposableStack,
  surroundings: Surroundings,
): Promise<Check[]> {
  await rememberFolders(config.store, stack);
  const trial = openTrial(config, stack, surroundings);
  const { checks, partBytes } = bucketChecks(trial);
  return [...storeChecks(trial, partBytes), ...checks];
}

const isOfHost = (input: string): boolean => /^(?:ssh(?:-.*)?|container|sudo|stall-timeout)$/.test(input);
const isOfDatabase = (input: string): boolean => /^(?:database|exclude|globals)$/.test(input);
const isOfStore = (input: string): boolean => /^(?:store|name|s3-.*)$/.test(input);
const isOfEncryption = (input: string): boolean => /^(?:encrypt-to|passphrase|identity)$/.test(input);
const isOfSignature = (input: string): boolean => /^(?:sign-key|verify-key)$/.test(input);

/** Checks that go by a wrong setting are not tried. */
function unlessWrong(
  { problems }: DoctorConfig,
  isTheirs: (input: string) => boolean,
  checks: readonly Check[],
): readonly Check[] {
  const wrong = problems.find(({ input }) => isTheirs(input));
  if (wrong === undefined) return checks;
  return checks.map(({ id }) => ({ id, run: async () => untried(`\`${wrong.input}\` is wrong.`) }));
}
