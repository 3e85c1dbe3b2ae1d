import type { Change } from '../core/change.ts';
import type { Decision } from '../core/decision.ts';
import { type FleetDecision, type FleetInput, decideFleet } from '../core/fleet.ts';
import type { Incident } from '../core/incident.ts';
import type { Run } from '../core/run.ts';
import type { TellInput } from '../core/tell.ts';
import { type Verdict, updated } from '../core/verdict.ts';
import type { Store } from '../store/store.ts';
import type { Recorded } from './known.ts';
import type { Log } from './log.ts';
import { decisionOf, readMaterials } from './telling.ts';

export interface DeciderParts
  extends
    Pick<FleetInput, 'hubs' | 'criteria' | 'maintenance' | 'newId'>,
    Pick<TellInput, 'publicUrl' | 'labels' | 'channels'> {
  readonly store: Pick<Store, 'incidentEvents' | 'recentRuns'>;
  /** Whether the world outside can be reached from here; null when there is nothing to try with. Never rejects. */
  readonly reachable: () => Promise<boolean | null>;
  readonly log: Log;
}

/** What everything that is decided at one moment is decided by. */
export interface Moment {
  readonly recorded: Recorded;
  /** The run that gave the occasion, not recorded yet. */
  readonly run: Run | null;
  readonly now: Date;
}

export interface Decided extends Pick<FleetDecision, 'suspicions' | 'lookAgainAt'> {
  readonly decision: Decision;
}

/** Decides for all hubs, and puts into words what has to be told. */
export interface Decider {
  /** A mistake of ours costs the decision and never what was seen: it decides nothing then. @throws what the store throws */
  readonly decide: (verdicts: readonly Verdict[], moment: Moment) => Promise<Decided>;
  /** The same for what somebody else decided. @throws what the store throws */
  readonly express: (
    decided: Pick<FleetDecision, 'changes' | 'reasons'>,
    moment: Moment,
  ) => Promise<Decision>;
}

const NO_DECISION: Decision = { incidents: [], events: [], effects: [], reasons: [] };

export function createDecider(parts: DeciderParts): Decider {
  const { store, hubs, criteria, maintenance, publicUrl, labels, channels, newId } = parts;

  async function fleetDecision(input: Omit<FleetInput, 'reachable'>): Promise<FleetDecision> {
    const first = decideFleet({ ...input, reachable: null });
    if (first.suspicions.length === 0) return first;
    return decideFleet({ ...input, reachable: await parts.reachable() });
  }

  const express: Decider['express'] = async (decided, { run, now, recorded }) => {
    const materials = await readMaterials(store, decided.changes, run);
    const others = [...recorded.past, ...afterwards(recorded.live, decided.changes)];
    const telling = { hubs, criteria, publicUrl, labels, channels, others, now, newId };
    return decisionOf(decided, materials, telling, (error) => mistaken('put into words', error));
  };

  function mistaken(what: string, error: unknown): void {
    parts.log('error', `bug: nothing could be ${what}; what was seen is recorded all the same`, { error });
  }

  return {
    express,
    async decide(verdicts, moment) {
      const { recorded, now } = moment;
      let decided: FleetDecision;
      try {
        decided = await fleetDecision({
          hubs,
          verdictsBefore: recorded.verdicts,
          verdicts: updated(recorded.verdicts, verdicts),
          live: recorded.live,
          past: recorded.past,
          criteria,
          maintenance,
          now,
          newId,
        });
      } catch (error) {
        mistaken('decided', error);
        return { decision: NO_DECISION, suspicions: [], lookAgainAt: null };
      }
      for (const error of decided.mistakes) mistaken('decided of one incident', error);
      const { suspicions, lookAgainAt } = decided;
      return { decision: await express(decided, moment), suspicions, lookAgainAt };
    },
  };
}

function afterwards(live: readonly Incident[], changes: readonly Change[]): readonly Incident[] {
  const changed = changes.map(({ incident }) => incident);
  return [...live.filter(({ id }) => changed.every((incident) => incident.id !== id)), ...changed];
}
