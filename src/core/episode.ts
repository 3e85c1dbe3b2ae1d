import type { Criteria } from './criteria.ts';
import type { Criterion } from './criterion.ts';
import { evidenceFor, isHeldBackIn } from './evidence.ts';
import { silenceMs } from './rhythm.ts';
import type { Run } from './run.ts';
import type { Situation } from './situation.ts';
import { msBetween } from './time.ts';
import { isTransient } from './transient.ts';

/**
 * Where a criterion stands by its evidence alone, oldest first. A pure fold over stored runs, so that a restart
 * changes nothing. `failures` is empty only when the failing runs of a declared incident were cut off.
 */
export type Episode =
  | { readonly kind: 'untested' }
  | { readonly kind: 'healthy'; readonly passes: readonly Run[]; readonly blip: Run | null }
  | Suspicion
  | { readonly kind: 'broken'; readonly failures: readonly Run[] }
  | Recovery;

export interface Recovery {
  readonly kind: 'recovering';
  readonly failures: readonly Run[];
  readonly passes: readonly Run[];
  /** Failures that are likely to pass by themselves, since enough runs passed in a row: they count when they last. */
  readonly doubts: readonly Run[];
  /** One of them was the latest. */
  readonly isDoubted: boolean;
}

export interface Suspicion {
  readonly kind: 'suspect';
  readonly failures: readonly [Run, ...Run[]];
  /** The first of them that is not likely to pass by itself, which confirmations confirm; null for none. */
  readonly lasting: Run | null;
  /** Confirming runs after it that are not likely to pass either. */
  readonly confirmations: number;
  /** Scheduled runs among the failures. */
  readonly scheduled: number;
  /** Scheduled runs that are not likely to pass by themselves. */
  readonly lastingScheduled: number;
}

/**
 * The same while the fold goes on: each step may go on with the lists of the step before and lengthen them, since
 * nobody else has seen those. A copy at every run would make judging take the square of the window.
 */
type Growing =
  | { readonly kind: 'untested' }
  | { readonly kind: 'healthy'; readonly passes: Run[]; readonly blip: Run | null }
  | ({
      readonly kind: 'suspect';
      readonly failures: [Run, ...Run[]];
    } & Pick<Suspicion, 'lasting' | 'confirmations' | 'scheduled' | 'lastingScheduled'>)
  | { readonly kind: 'broken'; readonly failures: Run[] }
  | (Pick<Recovery, 'kind' | 'doubts' | 'isDoubted'> & { readonly failures: Run[]; readonly passes: Run[] });

export function episodeOf(situation: Situation, criterion: Criterion): Episode {
  const { criteria, declared, now } = situation;
  const isDeclared = declared.includes(criterion);
  let episode: Growing = isDeclared ? { kind: 'broken', failures: [] } : { kind: 'untested' };
  const silence = silenceMs(situation);
  let heardAt: string | null = null;
  for (const { run, says } of heardOf(situation, criterion)) {
    const isSilent = heardAt !== null && msBetween(heardAt, run.startedAt) > silence;
    heardAt = run.finishedAt;
    let before = settled(episode, run.finishedAt, criteria);
    if (isSilent) before = afterSilence(before, isDeclared);
    if (!isDeclared && says === 'passed' && isOfMaintenance(before, situation)) before = { kind: 'untested' };
    if (says === 'nothing') episode = before;
    else episode = says === 'passed' ? afterPass(before, run, criteria) : afterFailure(before, run, criteria);
  }
  return settled(episode, now.toISOString(), criteria);
}

/** What was declared goes on; failures that count only when they last have not lasted through it. */
function afterSilence(episode: Growing, isDeclared: boolean): Growing {
  if (!isDeclared) return { kind: 'untested' };
  return episode.kind === 'recovering' ? { ...episode, doubts: [] } : episode;
}

/** Broken while work went on, and nobody was told: once it works there is nothing to recover from. */
function isOfMaintenance(episode: Growing, { mutedUntil }: Situation): boolean {
  const latest = episode.kind === 'broken' ? episode.failures.at(-1) : undefined;
  return mutedUntil !== null && latest !== undefined && latest.startedAt < mutedUntil;
}

/** The evidence, oldest first, with the runs that left the criterion out because its failing starts are rationed. */
function heardOf(
  { runs, provenAccounts }: Situation,
  criterion: Criterion,
): readonly { readonly run: Run; readonly says: 'passed' | 'failed' | 'nothing' }[] {
  const evidence = evidenceFor(criterion, runs, provenAccounts);
  if (!runs.some((run) => isHeldBackIn(run, criterion))) return evidence;
  const says = new Map(evidence.map((each) => [each.run.id, each.says]));
  return runs
    .toReversed()
    .filter((run) => says.has(run.id) || isHeldBackIn(run, criterion))
    .map((run) => ({ run, says: says.get(run.id) ?? 'nothing' }));
}

function afterPass(episode: Growing, run: Run, { recover }: Criteria): Growing {
  switch (episode.kind) {
    case 'untested':
      return { kind: 'healthy', passes: [run], blip: null };
    case 'suspect':
      return { kind: 'healthy', passes: [run], blip: episode.failures[0] };
    case 'broken':
      return { kind: 'recovering', failures: episode.failures, passes: [run], doubts: [], isDoubted: false };
    case 'recovering': {
      // In a row means without a failure of any kind in between.
      const passes = episode.isDoubted ? [run] : episode.passes;
      if (!episode.isDoubted) passes.push(run);
      const doubts = passes.length >= recover.passes ? [] : episode.doubts;
      return { ...episode, passes, doubts, isDoubted: false };
    }
    case 'healthy':
      episode.passes.push(run);
      return episode;
  }
}

function afterFailure(episode: Growing, run: Run, criteria: Criteria): Growing {
  switch (episode.kind) {
    case 'untested':
    case 'healthy':
      return confirmed({ kind: 'suspect', failures: [run], ...counted(NOTHING_COUNTED, run) }, criteria);
    case 'suspect':
      episode.failures.push(run);
      return confirmed({ ...episode, ...counted(episode, run) }, criteria);
    case 'broken':
      episode.failures.push(run);
      return episode;
    case 'recovering': {
      const doubts = [...episode.doubts, run];
      const scheduled = doubts.filter(({ trigger }) => trigger === 'schedule').length;
      if (isTransient(run) && !hasPersisted(doubts, scheduled, criteria))
        return { ...episode, doubts, isDoubted: true };
      episode.failures.push(...doubts);
      return { kind: 'broken', failures: episode.failures };
    }
  }
}

type Counts = Pick<Suspicion, 'lasting' | 'confirmations' | 'scheduled' | 'lastingScheduled'>;

const NOTHING_COUNTED: Counts = { lasting: null, confirmations: 0, scheduled: 0, lastingScheduled: 0 };

function counted({ lasting, confirmations, scheduled, lastingScheduled }: Counts, run: Run): Counts {
  const lasts = !isTransient(run);
  const isScheduled = run.trigger === 'schedule';
  const confirms = lasts && lasting !== null && run.trigger === 'confirm';
  return {
    lasting: lasting ?? (lasts ? run : null),
    confirmations: confirmations + (confirms ? 1 : 0),
    scheduled: scheduled + (isScheduled ? 1 : 0),
    lastingScheduled: lastingScheduled + (isScheduled && lasts ? 1 : 0),
  };
}

/**
 * One failure never suffices. All confirmations have to fail, or enough scheduled runs in a row; what may pass by itself
 * counts for neither: it has to go on, from the first failure to the latest, for as long as the criteria say.
 */
function confirmed(suspicion: Extract<Growing, { kind: 'suspect' }>, criteria: Criteria): Growing {
  const { declare } = criteria;
  const { failures, confirmations, scheduled, lastingScheduled } = suspicion;
  const allConfirmed = declare.confirmAfterMs.length > 0 && confirmations >= declare.confirmAfterMs.length;
  const inARow = lastingScheduled >= declare.consecutive;
  const isBroken = allConfirmed || inARow || hasPersisted(failures, scheduled, criteria);
  return isBroken ? { kind: 'broken', failures } : suspicion;
}

/** @param scheduled how many of them the schedule asked for */
function hasPersisted(failures: readonly Run[], scheduled: number, { declare }: Criteria): boolean {
  const [first] = failures;
  const latest = failures.at(-1);
  if (first === undefined || latest === undefined) return false;
  return (
    scheduled >= declare.consecutive && msBetween(first.startedAt, latest.finishedAt) >= declare.persistForMs
  );
}

/** Time alone ends a recovery, once enough runs have passed. */
function settled(episode: Growing, at: string, { recover }: Criteria): Growing {
  if (episode.kind !== 'recovering' || episode.isDoubted) return episode;
  if (episode.passes.length < recover.passes) return episode;
  const [first] = episode.passes;
  if (first === undefined || msBetween(first.startedAt, at) < recover.quietForMs) return episode;
  return { kind: 'healthy', passes: episode.passes, blip: null };
}
