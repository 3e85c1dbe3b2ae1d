import { type ScheduledTask, schedule } from 'node-cron';
import type { Hub } from '../core/hub.ts';
import type { Queue } from '../queue/queue.ts';
import type { Log } from './log.ts';
import { loginLimitUntil } from './logins.ts';
import type { Observer } from './observer.ts';

/** How often the clock is looked at; set back by less than this it does no harm. */
const CLOCK_LOOKED_AT_EVERY_MS = 10_000;

/** A slot that is met this late is still run; one that lies further back was slept through and is left out. */
const STILL_RUN_WITHIN_MS = 60_000;

export interface ScheduleParts {
  readonly hubs: readonly Hub[];
  readonly queue: Pick<Queue, 'offer'>;
  readonly observer: Pick<Observer, 'runSkipped' | 'scheduleLag'>;
  readonly log: Log;
  readonly now: () => Date;
  /** From 0 to 1, 1 excluded. */
  readonly random: () => number;
}

export interface Schedule {
  /** When the next scheduled run of a hub is due; null for an unknown hub and after the end. */
  readonly nextRun: (hub: string) => Date | null;
  readonly stop: () => void;
}

/**
 * Offers a run of every hub at its times (UTC), each up to its jitter later, so that not all begin at once.
 * Begins at once. What fell into a time when the service was down is not made up for.
 */
export function startSchedule(parts: ScheduleParts): Schedule {
  const rounds = new Map(parts.hubs.map((hub) => [hub.name, startRounds(parts, hub)]));
  const stopLooking = whenSetBack(parts, () => rounds.forEach((round) => round.restart()));
  return {
    nextRun: (hub) => rounds.get(hub)?.nextRun() ?? null,
    stop: () => {
      stopLooking();
      rounds.forEach((round) => round.stop());
    },
  };
}

/** The tasks wait for the moment that was next when they last looked: after the clock was set back, for as long again. */
function whenSetBack({ now, log }: ScheduleParts, restart: () => void): () => void {
  let last = now();
  const timer = setInterval(() => {
    const before = last;
    last = now();
    if (last >= before) return;
    const seconds = Math.round((before.getTime() - last.getTime()) / 1000);
    log('warn', 'the clock was set back: the schedule begins anew', { seconds });
    restart();
  }, CLOCK_LOOKED_AT_EVERY_MS).unref();
  return () => clearInterval(timer);
}

interface Rounds {
  readonly nextRun: () => Date | null;
  readonly restart: () => void;
  readonly stop: () => void;
}

function startRounds(parts: ScheduleParts, hub: Hub): Rounds {
  let delayed: { readonly due: Date; readonly timer: NodeJS.Timeout } | null = null;
  let stopped = false;

  function beat(slot: Date): void {
    // A jitter longer than the interval: the run of the slot before is still to come and does for both.
    if (delayed !== null) return;
    const due = new Date(slot.getTime() + parts.random() * hub.jitterMs);
    const go = () => {
      delayed = null;
      offer(parts, hub, due);
    };
    const waitMs = Math.max(0, due.getTime() - parts.now().getTime());
    delayed = { due, timer: setTimeout(go, waitMs).unref() };
  }

  let task = startTask(parts, hub, beat);
  return {
    nextRun: () => (stopped ? null : (delayed?.due ?? task.getNextRun())),
    restart: () => {
      void task.destroy();
      task = startTask(parts, hub, beat);
    },
    stop: () => {
      stopped = true;
      clearTimeout(delayed?.timer);
      void task.destroy();
    },
  };
}

/** UTC has no clock changes, which are where cron schedulers go wrong. */
function startTask(
  { log }: ScheduleParts,
  { name, schedule: expression }: Hub,
  beat: (slot: Date) => void,
): ScheduledTask {
  const task = schedule(expression, ({ date }) => beat(date), {
    timezone: 'UTC',
    noOverlap: true,
    unref: true,
    missedExecutionTolerance: STILL_RUN_WITHIN_MS,
    suppressMissedWarning: true,
  });
  task.on('execution:missed', ({ date }) => {
    log('warn', 'a scheduled run was slept through', { hub: name, slot: date.toISOString() });
  });
  return task;
}

function offer(
  { queue, observer, log, now }: ScheduleParts,
  { name, schedule: expression }: Hub,
  due: Date,
): void {
  observer.scheduleLag(Math.max(0, now().getTime() - due.getTime()) / 1000);
  const because = `scheduled (${expression})`;
  const offered = queue.offer({ hub: name, trigger: 'schedule', attempt: 1, probes: null, because });
  if (offered.kind === 'accepted') return;
  observer.runSkipped(name, offered.kind);
  const why = offered.kind === 'login-limit' ? loginLimitUntil(offered.next) : offered.kind;
  log(offered.kind === 'login-limit' ? 'warn' : 'info', `a scheduled run was skipped: ${why}`, { hub: name });
}
