import type { Assessment } from '../core/assess.ts';
import { provesCredential } from '../core/evidence.ts';
import type { Hub } from '../core/hub.ts';
import type { Run } from '../core/run.ts';
import type { Commit } from '../store/store.ts';

/** A run and all that follows from it, for one transaction. */
export function commitOf(hub: Hub, run: Run | null, { verdicts, decision }: Assessment): Commit {
  const { incidents, events, effects } = decision;
  const proves = run !== null && provesCredential(run);
  const proven = proves ? { hub: hub.name, username: run.account ?? hub.login.username } : null;
  return { run, verdicts, incidents, events, effects, proven };
}

/** A run from which nothing follows: its hub is no longer watched, or it was cut off. */
export function factsOnly(run: Run): Commit {
  return { run, verdicts: [], incidents: [], events: [], effects: [], proven: null };
}
