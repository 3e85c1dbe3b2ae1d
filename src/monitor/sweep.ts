import { applyEvent } from '../core/incident-log.ts';
import type { Incident, IncidentEvent, Issue } from '../core/incident.ts';
import type { Notifier } from '../notify/notifier.ts';
import { Conflict, type RepeatedDelivery, type Store } from '../store/store.ts';
import type { Log } from './log.ts';
import type { Observer } from './observer.ts';

export interface SweepParts {
  readonly store: Pick<Store, 'outbox' | 'commit'>;
  readonly notifier: Notifier;
  readonly observer: Pick<Observer, 'duplicate'>;
  readonly log: Log;
  readonly now: () => Date;
  /** When it is looked for, in milliseconds after it went out. */
  readonly after?: readonly number[];
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/**
 * What was carried out late can show up after every look for it, sooner or later: so long after an effect went out it is
 * looked for.
 */
const SWEPT_AFTER_MS: readonly number[] = [
  ...[10, 20, 30, 40, 50].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 4, 8, 16, 24].map((hours) => hours * HOUR_MS),
];
/** So long what we told is not taken for settled. */
const SETTLED_AFTER_MS = MINUTE_MS;

/** Takes back what was told twice all the same. */
export interface Sweeper {
  /**
   * Looks for what has become due since the last sweep. Only what took more than one attempt can have been told twice,
   * so that this asks nothing of the other side when all is well.
   * @returns how much was taken back or moved @throws what notifier and store throw; then the next sweep looks again
   */
  sweep(signal: AbortSignal): Promise<number>;
}

export function createSweeper(parts: SweepParts): Sweeper {
  const { store, notifier, observer, log, now, after = SWEPT_AFTER_MS } = parts;
  /** A new process does not know what was looked for: it looks for everything once. */
  let sweptAt: number | null = null;
  /** Effects that are due and have to wait. */
  let owed: ReadonlySet<string> = new Set();

  function isDue({ effect, deliveredAt }: RepeatedDelivery, at: number): boolean {
    if (sweptAt === null || owed.has(effect.id)) return true;
    const [from, age] = [sweptAt - deliveredAt.getTime(), at - deliveredAt.getTime()];
    return after.some((ms) => from < ms && ms <= age);
  }

  return {
    async sweep(signal) {
      const at = now().getTime();
      const since = new Date(at - Math.max(...after) - HOUR_MS);
      const due = (await store.outbox.repeated(notifier.name, since)).filter((one) => isDue(one, at));
      if (due.length === 0) {
        sweptAt = at;
        return 0;
      }
      // While something is told of an incident, its issue is a moving target.
      const unsettled = await store.outbox.unsettled(notifier.name, new Date(at - SETTLED_AFTER_MS));
      const repeated = due.filter(({ incident }) => !unsettled.has(incident.id));
      const waiting = due.filter(({ incident }) => unsettled.has(incident.id));
      const { duplicates, moved } = await notifier.sweep({ repeated, signal });
      for (const { kind, incident, removed } of duplicates) {
        observer.duplicate(kind);
        log('warn', `told twice, and taken back: ${kind} ${removed}`, { incident });
      }
      for (const { incident: id, issue } of moved) {
        const incident = repeated.find((one) => one.incident.id === id)?.incident;
        if (incident !== undefined) await moveTo(parts, incident, issue);
      }
      // What was moved is looked at once more: the issue that goes is still open.
      const again = repeated.filter(({ incident }) => moved.some((one) => one.incident === incident.id));
      owed = new Set([...waiting, ...again].map(({ effect }) => effect.id));
      sweptAt = at;
      return duplicates.length + moved.length;
    },
  };
}

/** Unless something was decided since: then what was brought up to date is so no longer, and the next sweep sees to it. */
async function moveTo({ store, now, log }: SweepParts, incident: Incident, issue: Issue): Promise<void> {
  const event = movedEvent(incident, issue, now());
  const told = { incidents: [applyEvent(incident, event)], events: [event], effects: [] };
  try {
    await store.commit({ run: null, proven: null, verdicts: [], ...told });
  } catch (error) {
    if (error instanceof Conflict) return;
    throw error;
  }
  const what = 'an earlier issue of the incident showed up late; it is the one that stays';
  log('warn', what, { incident: incident.id, issue: issue.url });
}

function movedEvent({ id, revision }: Incident, issue: Issue, at: Date): IncidentEvent {
  return {
    incident: id,
    revision: revision + 1,
    at: at.toISOString(),
    kind: 'issue-moved',
    because: `it has an earlier issue, #${issue.number}, that GitHub did not show at first`,
    data: { issue },
  };
}
