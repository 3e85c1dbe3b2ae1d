import { type Criterion, USERS_CANNOT } from './criterion.ts';
import { type Suspicion, episodeOf } from './episode.ts';
import { evidenceFor } from './evidence.ts';
import type { WhichAccount } from './hub.ts';
import { judgeHub } from './judge.ts';
import type { Run } from './run.ts';
import type { Situation } from './situation.ts';
import { isTransient } from './transient.ts';
import type { Verdict } from './verdict.ts';

/** A run that is needed to tell a blip from a fault. */
export interface Confirmation {
  /** ISO 8601 UTC; never in the past. */
  readonly at: string;
  /** 2 for the first confirmation, since the failed run was the first attempt. */
  readonly attempt: number;
  /** They take turns, the second account first: a fault of one account alone is then not confirmed by the other. */
  readonly account: WhichAccount;
  readonly because: string;
}

/** After this many confirmations that told nothing, the next scheduled run has to do. */
const FRUITLESS_LIMIT = 3;

/** How long after one that told nothing the next is tried, where the criteria want no confirmations. */
const REPEAT_MS = 60_000;

/**
 * When to confirm next; null when no verdict is suspect. Derived from stored runs only, so that a restart changes
 * nothing: what became due meanwhile is due now. What can't be tried because users can't even log in, or what has
 * become stale, is not confirmed: probing harder would tell nothing.
 */
export function nextConfirmation(
  situation: Situation,
  verdicts: readonly Verdict[] = judgeHub(situation),
): Confirmation | null {
  const due = verdicts
    .filter(({ verdict }) => verdict === 'suspect')
    .map(({ criterion }) => dueFor(situation, criterion))
    .concat(afterMaintenance(situation, verdicts))
    .filter((confirmation) => confirmation !== null);
  return due.toSorted((one, other) => (one.at < other.at ? -1 : 1))[0] ?? null;
}

function dueFor(situation: Situation, criterion: Criterion): Confirmation | null {
  const { confirmAfterMs } = situation.criteria.declare;
  const episode = episodeOf(situation, criterion);
  if (episode.kind !== 'suspect') return null;
  // Nothing to confirm yet, or not now: what may pass by itself is looked at by the schedule alone.
  const latest = episode.failures.at(-1);
  if (episode.lasting === null || latest === undefined || isTransient(latest)) return null;
  const wait = confirmAfterMs[episode.confirmations];
  const fruitless = fruitlessSince(situation, criterion);
  if (wait === undefined || fruitless.length >= FRUITLESS_LIMIT) return null;
  const planned = endOf(episode.lasting) + wait;
  const repeated = fruitless[0] === undefined ? planned : endOf(fruitless[0]) + (confirmAfterMs[0] ?? wait);
  return {
    at: new Date(Math.max(planned, repeated, situation.now.getTime())).toISOString(),
    attempt: episode.confirmations + 2,
    account: (episode.confirmations + fruitless.length) % 2 === 0 ? 'second' : 'first',
    because: `confirm that users can't ${USERS_CANNOT[criterion]} (${progress(episode, confirmAfterMs.length)})`,
  };
}

/** What still failed while work went on is looked at when that is over: only then is it news. */
function afterMaintenance(
  { mutedUntil, now, runs, declared, criteria }: Situation,
  verdicts: readonly Verdict[],
): Confirmation | null {
  if (mutedUntil === null || now.toISOString() < mutedUntil) return null;
  const failing = verdicts.find(
    ({ verdict, criterion, triedAt }) =>
      (verdict === 'suspect' || verdict === 'broken') &&
      !declared.includes(criterion) &&
      (triedAt ?? '') < mutedUntil,
  );
  const tried = runs.filter(({ trigger, startedAt }) => trigger === 'confirm' && startedAt >= mutedUntil);
  if (failing === undefined || tried.length >= FRUITLESS_LIMIT) return null;
  const repeated =
    tried[0] === undefined ? 0 : endOf(tried[0]) + (criteria.declare.confirmAfterMs[0] ?? REPEAT_MS);
  return {
    at: new Date(Math.max(repeated, now.getTime())).toISOString(),
    attempt: tried.length + 2,
    account: 'first',
    because: `see whether users still can't ${USERS_CANNOT[failing.criterion]} after the maintenance`,
  };
}

/** The confirmations since the last evidence or scheduled run, newest first: they were tried and told nothing. */
function fruitlessSince({ runs, provenAccounts }: Situation, criterion: Criterion): readonly Run[] {
  const latest = evidenceFor(criterion, runs, provenAccounts).at(-1)?.run.id;
  const end = runs.findIndex((run) => run.id === latest || run.trigger === 'schedule');
  return runs.slice(0, end === -1 ? runs.length : end).filter((run) => run.trigger === 'confirm');
}

/** Waiting is counted from the end of the failed run: one that took ten minutes to fail would else be confirmed at once. */
function endOf(run: Run): number {
  return Date.parse(run.finishedAt);
}

function progress({ confirmations }: Suspicion, wanted: number): string {
  return `${confirmations + 1} of ${wanted}`;
}
