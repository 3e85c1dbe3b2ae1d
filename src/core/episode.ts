import type { Criteria } from './criteria.ts';
import type { Criterion } from './criterion.ts';
import { evidenceFor } from './evidence.ts';
import type { Run } from './run.ts';
import type { Situation } from './situation.ts';
import { msBetween } from './time.ts';

/**
 * Where a criterion stands by its evidence alone, oldest first. A pure fold over stored runs, so that a restart
 * changes nothing. `failures` is empty only when the failing runs of a declared incident were cut off.
 */
export type Episode =
  | { readonly kind: 'untested' }
  | { readonly kind: 'healthy'; readonly passes: readonly Run[]; readonly blip: Run | null }
  | Suspicion
  | { readonly kind: 'broken'; readonly failures: readonly Run[] }
  | { readonly kind: 'recovering'; readonly failures: readonly Run[]; readonly passes: readonly Run[] };

export interface Suspicion {
  readonly kind: 'suspect';
  readonly failures: readonly [Run, ...Run[]];
  /** Confirming runs among them. */
  readonly confirmations: number;
  /** Scheduled runs among them. */
  readonly scheduled: number;
}

/**
 * The same while the fold goes on: each step may go on with the lists of the step before and lengthen them, since
 * nobody else has seen those. A copy at every run would make judging take the square of the window.
 */
type Growing =
  | { readonly kind: 'untested' }
  | { readonly kind: 'healthy'; readonly passes: Run[]; readonly blip: Run | null }
  | {
      readonly kind: 'suspect';
      readonly failures: [Run, ...Run[]];
      readonly confirmations: number;
      readonly scheduled: number;
    }
  | { readonly kind: 'broken'; readonly failures: Run[] }
  | { readonly kind: 'recovering'; readonly failures: Run[]; readonly passes: Run[] };

export function episodeOf(situation: Situation, criterion: Criterion): Episode {
  const { criteria, declared, now } = situation;
  let episode: Growing = declared.includes(criterion)
    ? { kind: 'broken', failures: [] }
    : { kind: 'untested' };
  for (const { run, says } of evidenceFor(criterion, situation.runs, situation.provenAccounts)) {
    const before = settled(episode, run.finishedAt, criteria);
    episode = says === 'passed' ? afterPass(before, run) : afterFailure(before, run, criteria);
  }
  return settled(episode, now.toISOString(), criteria);
}

function afterPass(episode: Growing, run: Run): Growing {
  switch (episode.kind) {
    case 'untested':
      return { kind: 'healthy', passes: [run], blip: null };
    case 'suspect':
      return { kind: 'healthy', passes: [run], blip: episode.failures[0] };
    case 'broken':
      return { kind: 'recovering', failures: episode.failures, passes: [run] };
    case 'healthy':
    case 'recovering':
      episode.passes.push(run);
      return episode;
  }
}

function afterFailure(episode: Growing, run: Run, criteria: Criteria): Growing {
  switch (episode.kind) {
    case 'untested':
    case 'healthy':
      return confirmed(
        { kind: 'suspect', failures: [run], confirmations: 0, scheduled: scheduled(run) },
        criteria,
      );
    case 'suspect':
      episode.failures.push(run);
      return confirmed(
        {
          ...episode,
          confirmations: episode.confirmations + (run.trigger === 'confirm' ? 1 : 0),
          scheduled: episode.scheduled + scheduled(run),
        },
        criteria,
      );
    case 'broken':
    case 'recovering':
      episode.failures.push(run);
      return { kind: 'broken', failures: episode.failures };
  }
}

/**
 * One failure never suffices, so faults that pass by themselves (a throttled spawn, a full cluster) need no rule of
 * their own: they count exactly when they persist through all confirmations or from one scheduled run to the next.
 */
function confirmed(suspicion: Extract<Growing, { kind: 'suspect' }>, { declare }: Criteria): Growing {
  const allConfirmed =
    declare.confirmAfterMs.length > 0 && suspicion.confirmations >= declare.confirmAfterMs.length;
  const inARow = suspicion.scheduled >= declare.consecutive;
  return allConfirmed || inARow ? { kind: 'broken', failures: suspicion.failures } : suspicion;
}

/** Time alone ends a recovery, once enough runs have passed. */
function settled(episode: Growing, at: string, { recover }: Criteria): Growing {
  if (episode.kind !== 'recovering' || episode.passes.length < recover.passes) return episode;
  const [first] = episode.passes;
  if (first === undefined || msBetween(first.startedAt, at) < recover.quietForMs) return episode;
  return { kind: 'healthy', passes: episode.passes, blip: null };
}

function scheduled(run: Run): number {
  return run.trigger === 'schedule' ? 1 : 0;
}
