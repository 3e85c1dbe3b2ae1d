import type { Criteria } from './criteria.ts';
import type { Criterion } from './criterion.ts';
import { type Evidence, evidenceFor } from './evidence.ts';
import type { Run } from './run.ts';
import type { Situation } from './situation.ts';

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

export function episodeOf(situation: Situation, criterion: Criterion): Episode {
  const { criteria, declared, now } = situation;
  const start: Episode = declared.includes(criterion)
    ? { kind: 'broken', failures: [] }
    : { kind: 'untested' };
  const last = evidenceFor(criterion, situation.runs, situation.credentialProven).reduce<Episode>(
    (episode, evidence) =>
      after(settled(episode, Date.parse(evidence.run.finishedAt), criteria), evidence, criteria),
    start,
  );
  return settled(last, now.getTime(), criteria);
}

function after(episode: Episode, { run, says }: Evidence, criteria: Criteria): Episode {
  return says === 'passed' ? afterPass(episode, run) : afterFailure(episode, run, criteria);
}

function afterPass(episode: Episode, run: Run): Episode {
  switch (episode.kind) {
    case 'untested':
      return { kind: 'healthy', passes: [run], blip: null };
    case 'healthy':
      return { ...episode, passes: [...episode.passes, run] };
    case 'suspect':
      return { kind: 'healthy', passes: [run], blip: episode.failures[0] };
    case 'broken':
      return { kind: 'recovering', failures: episode.failures, passes: [run] };
    case 'recovering':
      return { ...episode, passes: [...episode.passes, run] };
  }
}

function afterFailure(episode: Episode, run: Run, criteria: Criteria): Episode {
  switch (episode.kind) {
    case 'untested':
    case 'healthy':
      return confirmed(
        { kind: 'suspect', failures: [run], confirmations: 0, scheduled: scheduled(run) },
        criteria,
      );
    case 'suspect':
      return confirmed(
        {
          kind: 'suspect',
          failures: [...episode.failures, run],
          confirmations: episode.confirmations + (run.trigger === 'confirm' ? 1 : 0),
          scheduled: episode.scheduled + scheduled(run),
        },
        criteria,
      );
    case 'broken':
    case 'recovering':
      return { kind: 'broken', failures: [...episode.failures, run] };
  }
}

/**
 * One failure never suffices, so faults that pass by themselves (a throttled spawn, a full cluster) need no rule of
 * their own: they count exactly when they persist through all confirmations or from one scheduled run to the next.
 */
function confirmed(suspicion: Suspicion, { declare }: Criteria): Episode {
  const allConfirmed =
    declare.confirmAfterMs.length > 0 && suspicion.confirmations >= declare.confirmAfterMs.length;
  const inARow = suspicion.scheduled >= declare.consecutive;
  return allConfirmed || inARow ? { kind: 'broken', failures: suspicion.failures } : suspicion;
}

/** Time alone ends a recovery, once enough runs have passed. */
function settled(episode: Episode, atMs: number, { recover }: Criteria): Episode {
  if (episode.kind !== 'recovering' || episode.passes.length < recover.passes) return episode;
  const [first] = episode.passes;
  if (first === undefined || atMs - Date.parse(first.startedAt) < recover.quietForMs) return episode;
  return { kind: 'healthy', passes: episode.passes, blip: null };
}

function scheduled(run: Run): number {
  return run.trigger === 'schedule' ? 1 : 0;
}
