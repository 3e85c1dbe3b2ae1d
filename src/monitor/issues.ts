import { setTimeout as pause } from 'node:timers/promises';
import type { Change } from '../core/change.ts';
import type { Effect } from '../core/effect.ts';
import type { Incident } from '../core/incident.ts';
import { type IssueSighting, actsOf } from '../core/sighting.ts';
import type { Notifier } from '../notify/notifier.ts';
import { Conflict, type Store } from '../store/store.ts';
import type { Log } from './log.ts';
import { type SweepParts, createSweeper } from './sweep.ts';

export interface IssuesParts extends Omit<SweepParts, 'store'> {
  readonly store: Pick<Store, 'outbox' | 'incident' | 'liveIncidents' | 'commit'>;
  readonly notifier: Notifier;
  readonly log: Log;
  readonly now: () => Date;
  /** What a change has to tell. */
  readonly effectsOf: (change: Change) => Promise<readonly Effect[]>;
}

/** Reads what people did to the issues, and sees to it that there is one of each. */
export interface Issues {
  /** Looks once, now. @returns how many incidents changed by it @throws what notifier and store throw */
  look(signal: AbortSignal): Promise<number>;
  /** Looks every minute, and soon after `wake`, until the signal. Never rejects. */
  run(signal: AbortSignal): Promise<void>;
  /** There is reason to look soon: a human's word was found while something was told. */
  wake(): void;
}

const LOOK_EVERY_MS = 60_000;
const LOOK_WITHIN_MS = 60_000;
const SWEEP_EVERY_MS = 10 * 60_000;
/** Our own acts take a moment until they show everywhere; till then they could be taken for a human's undoing them. */
const SETTLED_AFTER_MS = 60_000;

export function createIssues(parts: IssuesParts): Issues {
  const { store, notifier, now, log } = parts;
  let woken = Promise.withResolvers<void>();
  let triedToSweepAt = -Infinity;
  const sweeper = createSweeper(parts);

  async function look(signal: AbortSignal): Promise<number> {
    const since = new Date(now().getTime() - SETTLED_AFTER_MS);
    // Both are read before the look: what we do meanwhile changes the revision, and the commit fails.
    const unsettled = await store.outbox.unsettled(notifier.name, since);
    const live = await store.liveIncidents();
    const watched = live.filter((incident) => hasIssue(incident) && !unsettled.has(incident.id));
    if (watched.length === 0) return 0;
    const sightings = await notifier.sightings({ incidents: watched, signal });
    let changed = 0;
    for (const incident of watched) {
      const sighting = sightings.find((one) => one.incident === incident.id);
      if (sighting !== undefined && (await take(incident, sighting))) changed += 1;
    }
    return changed;
  }

  /** @returns whether it taught us anything */
  async function take(incident: Incident, sighting: IssueSighting): Promise<boolean> {
    const change = actsOf(incident, sighting);
    if (change.added.length === 0) return false;
    try {
      const effects = await parts.effectsOf(change);
      const told = { incidents: [change.incident], events: change.added, effects };
      await store.commit({ run: null, proven: null, verdicts: [], ...told });
    } catch (error) {
      if (!(error instanceof Conflict)) throw error;
      // Something was decided meanwhile: what we saw may be older than that. The next look tells.
      woken.resolve();
      return false;
    }
    for (const { because } of change.added)
      log('info', because, { incident: incident.id, issue: sighting.url });
    return true;
  }

  async function sweepInTime(signal: AbortSignal): Promise<void> {
    const at = now().getTime();
    if (at - triedToSweepAt < SWEEP_EVERY_MS) return;
    triedToSweepAt = at;
    await sweeper.sweep(signal);
  }

  async function attempt(what: string, work: (signal: AbortSignal) => Promise<unknown>, stop: AbortSignal) {
    try {
      await work(AbortSignal.any([stop, AbortSignal.timeout(LOOK_WITHIN_MS)]));
    } catch (error) {
      if (stop.aborted) return;
      log('warn', `${what}; trying again in a minute`, { error });
    }
  }

  return {
    look,
    wake: () => woken.resolve(),
    async run(signal) {
      while (!signal.aborted) {
        await attempt('the issues could not be looked at', look, signal);
        await attempt('what was told twice could not be looked for', sweepInTime, signal);
        const over = new AbortController();
        const stop = AbortSignal.any([signal, over.signal]);
        await Promise.race([
          pause(LOOK_EVERY_MS, undefined, { signal: stop, ref: false }).catch(() => {}),
          woken.promise,
        ]);
        over.abort();
        woken = Promise.withResolvers();
      }
    },
  };
}

function hasIssue({ issue, issueIsGone }: Incident): boolean {
  return issue !== null && !issueIsGone;
}
