import type { Criterion } from './criterion.ts';
import type { FleetInput } from './fleet.ts';
import type { Hub } from './hub.ts';
import { mutedUntil } from './maintenance.ts';
import type { Verdict } from './verdict.ts';

/** One criterion on all hubs at one moment, as deciding looks at it. */
export interface View {
  readonly input: FleetInput;
  readonly criterion: Criterion;
  /** The hubs that are probed for it. */
  readonly hubs: readonly Hub[];
  /** Null for a hub that is not (or no longer) probed for it, or never was judged. */
  readonly verdictOf: (hub: string) => Verdict | null;
  readonly isWatched: (hub: string) => boolean;
  /** Under maintenance, or not looked at since. */
  readonly isMuted: (hub: string) => boolean;
  /** See `mutedUntil`. */
  readonly mutedUntil: (hub: string) => string | null;
  /** Now, ISO 8601 UTC. */
  readonly at: string;
}

export function viewOf(input: FleetInput, criterion: Criterion): View {
  const hubs = input.hubs.filter(({ probes }) => probes.includes(criterion));
  const names = new Set(hubs.map(({ name }) => name));
  const verdicts = new Map(
    input.verdicts
      .filter((verdict) => verdict.criterion === criterion && names.has(verdict.hub))
      .map((verdict) => [verdict.hub, verdict]),
  );
  const at = input.now.toISOString();
  const untils = new Map(
    input.hubs.map(({ name }) => [name, mutedUntil(name, input.now, input.maintenance)]),
  );
  const untilOf = (hub: string) => untils.get(hub) ?? null;
  return {
    input,
    criterion,
    hubs,
    verdictOf: (hub) => verdicts.get(hub) ?? null,
    isWatched: (hub) => names.has(hub),
    mutedUntil: untilOf,
    isMuted: (hub) => {
      const until = untilOf(hub);
      return until !== null && (at < until || (verdicts.get(hub)?.triedAt ?? '') < until);
    },
    at,
  };
}

/** A hub on which the criterion fails: suspect or broken. */
export interface Failing {
  readonly hub: Hub;
  readonly verdict: Verdict;
}

export function isBrokenVerdict({ verdict }: Failing): boolean {
  return verdict.verdict === 'broken';
}

/**
 * From when on others are waited for: when the first run that failed had ended. Of what failed while work went on, when that
 * was over: then all of them are looked at anew.
 */
export function waitedForFrom({ mutedUntil }: View, { hub, verdict }: Failing): number {
  const ended = Date.parse(verdict.failure?.firstEndedAt ?? verdict.since);
  const until = mutedUntil(hub.name);
  return until === null ? ended : Math.max(ended, Date.parse(until));
}
