import { setTimeout as pause } from 'node:timers/promises';
import type { Incident } from '../core/incident.ts';
import type { Notifier } from '../notify/notifier.ts';
import type { Store } from '../store/store.ts';
import type { Sighted } from './monitor.ts';
import { type SweepParts, createSweeper } from './sweep.ts';

export interface IssuesParts extends SweepParts {
  readonly store: Pick<Store, 'outbox' | 'liveIncidents' | 'commit'>;
  readonly notifier: Notifier;
  /** Records what people did. A sighting whose incident went on since is out of date and left. */
  readonly sighted: (sightings: readonly Sighted[]) => Promise<void>;
}

/** Reads what people did to the issues, and sees to it that there is one of each. */
export interface Issues {
  /** Looks once, now. @throws what notifier and store throw */
  look(signal: AbortSignal): Promise<void>;
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
  const sweeper = createSweeper(parts);
  let woken = Promise.withResolvers<void>();
  let triedToSweepAt = -Infinity;

  async function look(signal: AbortSignal): Promise<void> {
    const since = new Date(now().getTime() - SETTLED_AFTER_MS);
    // Both are read before the look, the incidents first: what is decided meanwhile makes the sighting out of date, and
    // what had been decided by then but not told shows as unsettled.
    const live = await store.liveIncidents();
    const unsettled = await store.outbox.unsettled(notifier.name, since);
    const watched = live.filter((incident) => hasIssue(incident) && !unsettled.has(incident.id));
    if (watched.length === 0) return;
    const sightings = await notifier.sightings({ incidents: watched, signal });
    const sighted = watched.flatMap((incident): readonly Sighted[] => {
      const sighting = sightings.find((one) => one.incident === incident.id);
      return sighting === undefined ? [] : [{ incident, sighting }];
    });
    await parts.sighted(sighted);
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
