import { becauseBehind, becauseOf, becauseUnknown } from './because.ts';
import { CRITERIA, type Criterion } from './criterion.ts';
import { type Episode, episodeOf } from './episode.ts';
import { evidenceFor, isHeldBackIn } from './evidence.ts';
import { STALE_INTERVALS } from './rhythm.ts';
import type { Run } from './run.ts';
import type { Situation } from './situation.ts';
import type { Verdict, VerdictKind } from './verdict.ts';

/** A verdict names at most this many runs: the first, and the latest of the others. */
const RUNS_NAMED = 10;

/** The verdict on every criterion that the hub is probed for, in the order of CRITERIA. */
export function judgeHub(situation: Situation): readonly Verdict[] {
  const verdicts: Verdict[] = [];
  for (const criterion of CRITERIA.filter((each) => situation.probes.includes(each))) {
    const obstacle = verdicts.find(({ verdict }) => verdict === 'broken');
    verdicts.push(
      obstacle === undefined ? judge(situation, criterion) : behind(obstacle, situation, criterion),
    );
  }
  return verdicts;
}

/** The verdict on one criterion by its own evidence. */
export function judge(situation: Situation, criterion: Criterion): Verdict {
  const episode = episodeOf(situation, criterion);
  const latest = evidenceFor(criterion, situation.runs, situation.provenAccounts).at(-1)?.run ?? null;
  const isOutOfDate = (run: Run) => isStale(run, situation) && !isHeldBack(episode, situation, criterion);
  if (episode.kind === 'untested' || latest === null || isOutOfDate(latest)) {
    return unknown(situation, criterion, latest);
  }
  const runs = runsBehind(episode);
  const since = runs[0]?.startedAt ?? latest.startedAt;
  const begun = begunBefore(situation, criterion, episode.kind, since);
  const ids = runs.map(({ id }) => id);
  return {
    hub: situation.hub,
    criterion,
    verdict: episode.kind,
    since: begun?.since ?? since,
    runs: named(begun === null ? ids : [...begun.runs.slice(0, 1), ...ids]),
    because: becauseOf(criterion, episode, begun?.since ?? since, situation.criteria),
    toldAt: latest.finishedAt,
    triedAt: latest.startedAt,
    failure: failureIn(episode),
  };
}

/** The stored verdict that this one continues, when the runs with which it began were cut off. */
function begunBefore(
  { previous, runs }: Situation,
  criterion: Criterion,
  kind: VerdictKind,
  since: string,
): Verdict | null {
  const before = previous.find((verdict) => verdict.criterion === criterion);
  if (before === undefined || before.verdict !== kind || before.since >= since) return null;
  return runs.some(({ id }) => id === before.runs[0]) ? null : before;
}

function runsBehind(episode: Exclude<Episode, { kind: 'untested' }>): readonly Run[] {
  return episode.kind === 'suspect' || episode.kind === 'broken' ? episode.failures : episode.passes;
}

function failureIn(episode: Episode): Verdict['failure'] {
  if (episode.kind !== 'suspect' && episode.kind !== 'broken') return null;
  const [first] = episode.failures;
  const failure = episode.failures.at(-1)?.failure ?? null;
  if (first === undefined || failure === null) return null;
  return { reason: failure.reason, attribution: failure.attribution, firstEndedAt: first.finishedAt };
}

function isStale(latest: Run, { now, intervalMs }: Situation): boolean {
  return now.getTime() - Date.parse(latest.finishedAt) > STALE_INTERVALS * intervalMs;
}

/** What is broken stays so while it is not tried because it is: our failing starts are rationed. */
function isHeldBack(episode: Episode, situation: Situation, criterion: Criterion): boolean {
  const told = situation.runs.find(({ outcome }) => outcome === 'passed' || outcome === 'failed');
  return (
    episode.kind === 'broken' &&
    told !== undefined &&
    isHeldBackIn(told, criterion) &&
    // A hub process that was replaced gives the ration back: the next run tries, and what was seen before tells little.
    told.hubRestarted !== true &&
    !isStale(told, situation)
  );
}

function unknown(situation: Situation, criterion: Criterion, latest: Run | null): Verdict {
  const silent = situation.runs
    .filter((run) => run.criteria[criterion] !== undefined && (latest === null || run.id > latest.id))
    .toReversed();
  const since = latest?.finishedAt ?? silent[0]?.startedAt ?? situation.now.toISOString();
  const begun = begunBefore(situation, criterion, 'unknown', since);
  return {
    hub: situation.hub,
    criterion,
    verdict: 'unknown',
    since: begun?.since ?? since,
    runs: named(silent.map(({ id }) => id)),
    because: becauseUnknown(criterion, latest, silent.at(-1) ?? null),
    toldAt: latest?.finishedAt ?? null,
    triedAt: latest?.startedAt ?? null,
    failure: null,
  };
}

/** Users who can't log in can't try the rest, so nothing is known of it. */
function behind(obstacle: Verdict, { hub }: Situation, criterion: Criterion): Verdict {
  const { since, runs } = obstacle;
  return {
    hub,
    criterion,
    verdict: 'unknown',
    since,
    runs,
    because: becauseBehind(criterion, obstacle.criterion),
    toldAt: null,
    triedAt: null,
    failure: null,
  };
}

function named(ids: readonly string[]): readonly string[] {
  return ids.length <= RUNS_NAMED ? ids : [...ids.slice(0, 1), ...ids.slice(1 - RUNS_NAMED)];
}
