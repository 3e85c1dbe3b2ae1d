import { mayBeLeft } from '../core/leftover.ts';
import { unmadeRun } from '../core/unmade-run.ts';
import type { Store } from '../store/store.ts';
import { factsOnly } from './commit-of.ts';

/**
 * Every run that an earlier process began and never recorded ends as aborted, so that each has exactly one outcome. What it
 * may have left behind counts as left, until somebody has looked.
 * @param serverOf the name of the server that runs of a hub start @throws what the store throws
 */
export async function abortUnfinished(
  store: Pick<Store, 'unfinished' | 'commit'>,
  now: Date,
  serverOf: (hub: string) => string,
): Promise<void> {
  for (const begun of await store.unfinished()) {
    const run = unmadeRun({
      ...begun,
      finishedAt: now.toISOString(),
      outcome: 'aborted',
      because: 'the service stopped while it ran',
      left: mayBeLeft(begun.id, begun.criteria, serverOf(begun.hub)),
    });
    await store.commit(factsOnly(run));
  }
}
