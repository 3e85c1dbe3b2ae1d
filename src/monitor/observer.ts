import type { Effect } from '../core/effect.ts';
import type { Incident } from '../core/incident.ts';
import type { Run } from '../core/run.ts';
import type { Verdict } from '../core/verdict.ts';

/** What the monitor tells the metrics as it happens. Implementations count; they never decide and never throw. */
export interface Observer {
  runFinished(run: Run): void;
  runSkipped(hub: string, reason: 'in-flight' | 'closed' | 'login-limit'): void;
  scheduleLag(seconds: number): void;
  verdicts(verdicts: readonly Verdict[]): void;
  declared(incident: Incident): void;
  /** First failed run to issue visible. */
  issueVisible(incident: Incident, secondsSinceFirstFailure: number): void;
  delivery(effect: Effect, result: 'delivered' | 'adopted' | 'left' | 'retry' | 'ambiguous'): void;
  /** Something was told twice, and taken back. */
  duplicate(kind: 'issue' | 'comment'): void;
  /** A visit that was made to clean up ended: everything is gone, or something is still left. */
  cleanedUp(result: 'gone' | 'left'): void;
  storeError(): void;
}
