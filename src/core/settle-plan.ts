import type { CatalogBackup } from './catalog.ts';
import { inFlight } from './in-flight.ts';
import { type Look, type LookRequest, lookAtManifest } from './look-at-manifest.ts';
import { type Decision, type PlannedBackup, type Policy, plan } from './retention.ts';

export interface SettleRequest extends LookRequest {
  readonly policy: Policy;
  readonly now: Date;
  /** What is known by id; what is found out is added. */
  readonly looks: Map<string, Look>;
}

const looksInFlight = 4;

/**
 * Plans by the listing, reads the manifests by which that may be wrong, and plans again until no unread one has a say. A
 * listing shows what anybody named who may add objects: with a verifier nothing goes for the sake of a backup that is not
 * signed; and nothing goes as made by a restore, or as one whose objects are gone, unless its manifest says so too: a newer
 * version may name its objects otherwise. Reads no manifest twice, and none when nothing would go. Whose manifest is not
 * ours has no decision.
 */
export async function settlePlan(
  request: SettleRequest,
  backups: readonly CatalogBackup[],
): Promise<Decision[]> {
  const { policy, now, looks } = request;
  for (;;) {
    const decisions = plan(
      backups.flatMap((backup) => asKnown(backup, looks.get(backup.id))),
      policy,
      now,
    );
    const doubtful = doubtfulOf(request, backups, decisions);
    if (doubtful.length === 0) return decisions;
    const found = await inFlight(doubtful, looksInFlight, request.signal, (backup, signal) =>
      lookAtManifest({ ...request, signal }, backup),
    );
    for (const [index, { id }] of doubtful.entries()) looks.set(id, found[index] as Look);
  }
}

function asKnown(backup: CatalogBackup, look: Look | undefined): PlannedBackup[] {
  if (look === undefined) return [backup];
  if (look.kind !== 'ours') return [];
  const { safety, keys } = look;
  return [{ ...backup, safety, missing: !backup.objects.some(({ key }) => keys.includes(key)) }];
}

/** Those that were not looked at, and are counted though they may be forged, or would go uncounted by their files' names alone. */
function doubtfulOf(
  { verifier, looks }: SettleRequest,
  backups: readonly CatalogBackup[],
  decisions: readonly Decision[],
): CatalogBackup[] {
  if (decisions.every(({ keep }) => keep)) return [];
  const byId = new Map(decisions.map((decision) => [decision.id, decision]));
  return backups.filter((backup) => {
    const decision = byId.get(backup.id);
    if (decision === undefined || looks.has(backup.id)) return false;
    return decision.keep ? verifier !== null && decision.counted : backup.safety || backup.missing;
  });
}
