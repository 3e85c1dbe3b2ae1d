import type { Store } from '../store/store.ts';
import type { Log } from './log.ts';
import { runsOfActiveIncidents } from './needed-evidence.ts';

const PRUNE_EVERY_MS = 3_600_000;

export interface PruningParts {
  readonly store: Pick<Store, 'activeIncidents' | 'incidentEvents' | 'runs' | 'prune'>;
  /** Keeps evidence in its bounds, that of these runs longest. */
  readonly pruneEvidence: (needed: ReadonlySet<string>) => Promise<unknown>;
  /** How long records of runs are kept. */
  readonly keepRunsForMs: number;
  readonly now: () => Date;
  readonly log: Log;
}

/** Removes what is old, now and once an hour. @returns the end of it */
export function startPruning(parts: PruningParts): () => void {
  const prune = () => void pruneOnce(parts);
  prune();
  const timer = setInterval(prune, PRUNE_EVERY_MS).unref();
  return () => clearInterval(timer);
}

/** Never rejects: what could not be removed is tried again in an hour. */
export async function pruneOnce({
  store,
  pruneEvidence,
  keepRunsForMs,
  now,
  log,
}: PruningParts): Promise<void> {
  await runsOfActiveIncidents(store)
    .then(pruneEvidence)
    .catch((error: unknown) => log('warn', 'old evidence could not be removed', { error }));
  await store
    .prune(new Date(now().getTime() - keepRunsForMs))
    .then((removed) => removed > 0 && log('info', 'old records were removed', { removed }))
    .catch((error: unknown) => log('warn', 'old records could not be removed', { error }));
}
