import type { Store } from '../store/store.ts';
import type { Log } from './log.ts';
import { runsOfActiveIncidents } from './needed-evidence.ts';

const PRUNE_EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;

export interface PruningParts {
  readonly store: Pick<Store, 'activeIncidents' | 'incidentEvents' | 'runs' | 'prune'>;
  /** Keeps evidence in its bounds, that of these runs longest. */
  readonly pruneEvidence: (needed: ReadonlySet<string>) => Promise<unknown>;
  /** How long records of runs are kept. */
  readonly keepRunsForMs: number;
  readonly now: () => Date;
  readonly log: Log;
}

/** Removes what is old, now and once an hour. @returns the end of it, which waits for what is being removed */
export function startPruning(parts: PruningParts): () => Promise<void> {
  let current = pruneOnce(parts);
  const timer = setInterval(() => {
    current = current.then(() => pruneOnce(parts));
  }, PRUNE_EVERY_MS).unref();
  return () => {
    clearInterval(timer);
    return current;
  };
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
  await latestMoment(store, now())
    .then((latest) => store.prune(new Date(latest - keepRunsForMs)))
    .then((removed) => removed > 0 && log('info', 'old records were removed', { removed }))
    .catch((error: unknown) => log('warn', 'old records could not be removed', { error }));
}

/** A clock that is ahead must not make all of the history old: it says no more than a day more than the latest run. */
async function latestMoment(store: Pick<Store, 'runs'>, now: Date): Promise<number> {
  const [latest] = await store.runs({ limit: 1 });
  return latest === undefined
    ? now.getTime()
    : Math.min(now.getTime(), Date.parse(latest.startedAt) + DAY_MS);
}
