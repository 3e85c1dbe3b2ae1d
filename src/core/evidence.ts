import type { Criterion } from './criterion.ts';
import type { Run } from './run.ts';

/** A run that says something about a criterion. */
export interface Evidence {
  readonly run: Run;
  readonly says: 'passed' | 'failed';
}

/**
 * The runs that say something about a criterion, oldest first. Errored and aborted runs say nothing, not even of
 * what passed before the fault; neither does a rejected login of an account that had never worked by then.
 * @param runs newest first
 */
export function evidenceFor(
  criterion: Criterion,
  runs: readonly Run[],
  provenAccounts: readonly string[],
): readonly Evidence[] {
  // What these runs prove counts from the first proof on, each account for itself.
  const provenHere = runs.filter(provesCredential).map(({ account }) => account);
  const proven = new Set<string | null>(provenAccounts.filter((account) => !provenHere.includes(account)));
  const evidence: Evidence[] = [];
  for (const run of runs.toReversed()) {
    if (provesCredential(run)) proven.add(run.account);
    const says = saysOf(run, criterion);
    if (says === null || (wasRejected(run) && !proven.has(run.account))) continue;
    evidence.push({ run, says });
  }
  return evidence;
}

/** A login that passed shows that the credential is good, whatever happened to the run later. */
export function provesCredential(run: Run): boolean {
  return run.criteria.login === 'passed';
}

export function wasRejected(run: Run): boolean {
  return run.failure?.reason === 'login-rejected';
}

/** A run that told something, but left starts out, which are rationed; what needs a start is merely not reached. */
export function isHeldBackIn({ outcome, leftOut, criteria }: Run, criterion: Criterion): boolean {
  return (
    criterion === 'server' &&
    (outcome === 'passed' || outcome === 'failed') &&
    leftOut !== undefined &&
    criteria[criterion] === undefined
  );
}

function saysOf(run: Run, criterion: Criterion): Evidence['says'] | null {
  if (run.outcome === 'errored' || run.outcome === 'aborted') return null;
  const result = run.criteria[criterion];
  return result === 'passed' || result === 'failed' ? result : null;
}
