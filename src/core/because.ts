import type { Criteria } from './criteria.ts';
import { type Criterion, USERS_CANNOT } from './criterion.ts';
import type { Episode, Recovery, Suspicion } from './episode.ts';
import { wasRejected } from './evidence.ts';
import type { Run } from './run.ts';
import { readableSpan, readableTime } from './time.ts';

/**
 * The sentence that goes with a verdict, for logs, the page and the issue. It holds our own words only, nothing that
 * a hub said, and does not depend on the moment at which it is asked for.
 */
export function becauseOf(
  criterion: Criterion,
  episode: Exclude<Episode, { kind: 'untested' }>,
  since: string,
  criteria: Criteria,
): string {
  const users = USERS_CANNOT[criterion];
  const from = `since ${readableTime(since)}`;
  switch (episode.kind) {
    case 'healthy':
      return `users can ${users}: ${ran(episode.passes, 'passed')} ${from}${notConfirmed(episode, criteria)}`;
    case 'suspect':
      return `users may not be able to ${users}: ${ran(episode.failures, 'failed')} ${from}${lastly(episode.failures)}${asWhom(episode.failures)}, ${confirming(episode, criteria)}`;
    case 'broken':
      return `users can't ${users}: ${ran(episode.failures, 'failed')} ${from}${lastly(episode.failures)}${asWhom(episode.failures)}`;
    case 'recovering':
      return `users can ${users} again: ${episode.passes.length} of ${criteria.recover.passes} runs passed ${from}${doubted(episode)}, ${wanted(criteria)}`;
  }
}

/** @param silent the latest run that told nothing */
export function becauseUnknown(criterion: Criterion, latest: Run | null, silent: Run | null): string {
  const what = `whether users can ${USERS_CANNOT[criterion]} is not known`;
  if (silent !== null && wasRejected(silent)) {
    return `${what}: the hub rejects the login of an account that has never worked here; check the credential first`;
  }
  const why = silent?.failure ? `, lately because of ${silent.failure.reason}` : '';
  return latest === null
    ? `${what}: no run has told anything yet${why}`
    : `${what}: no run has told anything since ${readableTime(latest.finishedAt)}${why}`;
}

export function becauseBehind(criterion: Criterion, obstacle: Criterion): string {
  return `whether users can ${USERS_CANNOT[criterion]} is not known: they can't ${USERS_CANNOT[obstacle]}`;
}

/** What it takes for a broken criterion to be healthy again, as the issue says it. */
export function whatRecoveryTakes({ recover }: Criteria): string {
  const runs = recover.passes === 1 ? 'one run passes' : `${recover.passes} runs in a row pass`;
  if (recover.quietForMs === 0) return runs;
  return `${runs} and the first of them lies ${readableSpan(recover.quietForMs)} back`;
}

function ran(runs: readonly Run[], did: string): string {
  return runs.length === 1 ? `1 run ${did}` : `${runs.length} runs in a row ${did}`;
}

function lastly(failures: readonly Run[]): string {
  const failure = failures.at(-1)?.failure;
  return failure ? ` (${failure.reason})` : '';
}

/** Worth a word when two accounts saw the same: then it is no fault of one of them. */
function asWhom(runs: readonly Run[]): string {
  const names = new Set(runs.flatMap(({ account }) => (account === null ? [] : [account])));
  if (names.size < 2) return '';
  return `, ${[...names].map((name) => `as "${name}"`).join(' and ')} alike`;
}

function confirming({ lasting, confirmations }: Suspicion, { declare }: Criteria): string {
  if (lasting === null) {
    return `which may pass by itself: it counts when every run of ${readableSpan(declare.persistForMs)} failed`;
  }
  const wanted = declare.confirmAfterMs.length;
  if (wanted === 0) return `${declare.consecutive} scheduled runs in a row would have to fail`;
  return `${confirmations} of ${wanted} confirmations failed`;
}

function doubted({ doubts, isDoubted }: Recovery): string {
  if (!isDoubted) return '';
  const failed = doubts.length === 1 ? '1 run failed' : `${doubts.length} runs failed`;
  return `; then ${failed}${lastly(doubts)}, which may pass by itself`;
}

function notConfirmed(
  { passes, blip }: { readonly passes: readonly Run[]; readonly blip: Run | null },
  { recover }: Criteria,
): string {
  if (blip === null || passes.length > recover.passes) return '';
  const reason = blip.failure ? ` (${blip.failure.reason})` : '';
  const [pass] = passes;
  const byAnother =
    pass !== undefined && pass.account !== null && blip.account !== null && pass.account !== blip.account;
  const accounts = byAnother ? `: it was as "${blip.account}", and "${pass.account}" passed` : '';
  return `; the failure at ${readableTime(blip.startedAt)}${reason} was not confirmed${accounts}`;
}

function wanted({ recover }: Criteria): string {
  return recover.quietForMs === 0
    ? 'nothing else is needed'
    : `${readableSpan(recover.quietForMs)} without a failure are needed`;
}
