import type { Decision } from '../core/decision.ts';
import { provesCredential } from '../core/evidence.ts';
import type { Hub } from '../core/hub.ts';
import type { Run } from '../core/run.ts';
import type { Verdict } from '../core/verdict.ts';
import type { Commit } from '../store/store.ts';

/** A run, if one gave the occasion, and all that follows, for one transaction. */
export function commitOf(
  occasion: { readonly hub: Hub; readonly run: Run } | null,
  verdicts: readonly Verdict[],
  { incidents, events, effects }: Decision,
): Commit {
  const proves = occasion !== null && provesCredential(occasion.run);
  const proven = proves
    ? { hub: occasion.hub.name, username: occasion.run.account ?? occasion.hub.login.username }
    : null;
  return { run: occasion?.run ?? null, verdicts, incidents, events, effects, proven };
}

/** A run from which nothing follows: its hub is no longer watched, or it was cut off. */
export function factsOnly(run: Run): Commit {
  return { run, verdicts: [], incidents: [], events: [], effects: [], proven: null };
}
