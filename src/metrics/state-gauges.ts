import { OWNED_KINDS, type Run } from '../core/run.ts';
import { VERDICTS } from '../core/verdict.ts';
import { type Definer, makeAbsent } from './definer.ts';
import type { State } from './state.ts';

/** A verdict whose last run lies further back says nothing about now. */
const STALE_AFTER_INTERVALS = 3;

interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

interface StateGauge {
  readonly help: string;
  readonly labels: readonly string[];
  readonly samples: (state: State) => readonly Sample[];
}

/** Every gauge of what was decided and recorded, one entry each. */
const STATE_GAUGES: Readonly<Record<string, StateGauge>> = {
  criterion_up: {
    help: "1 while users can, 0 while they can't; absent while unknown or stale.",
    labels: ['hub', 'criterion'],
    samples: ({ hubs, now }) =>
      hubs
        .filter(({ lastRun, intervalMs }) => !isStale(lastRun, intervalMs, now))
        .flatMap(({ verdicts }) => verdicts)
        .filter(({ verdict }) => verdict !== 'unknown')
        .map(({ hub, criterion, verdict }) => sample({ hub, criterion }, verdict === 'broken' ? 0 : 1)),
  },
  verdict: {
    help: '1 for the verdict that holds, 0 for the others.',
    labels: ['hub', 'criterion', 'verdict'],
    samples: ({ hubs }) =>
      hubs.flatMap(({ verdicts }) =>
        verdicts.flatMap(({ hub, criterion, verdict: holds }) =>
          VERDICTS.map((verdict) => sample({ hub, criterion, verdict }, verdict === holds ? 1 : 0)),
        ),
      ),
  },
  run_last_timestamp_seconds: {
    help: 'When the last run ended.',
    labels: ['hub'],
    samples: ({ hubs }) => hubs.flatMap(({ hub, lastRun }) => endOf(hub.name, lastRun)),
  },
  run_last_success_timestamp_seconds: {
    help: 'When the last run that passed ended.',
    labels: ['hub'],
    samples: ({ hubs }) => hubs.flatMap(({ hub, lastPassed }) => endOf(hub.name, lastPassed)),
  },
  step_last_seconds: {
    help: 'How long each step of the last run took.',
    labels: ['hub', 'criterion', 'step'],
    samples: ({ hubs }) =>
      hubs.flatMap(({ hub, lastRun }) =>
        (lastRun?.steps ?? []).flatMap(({ criterion, name: step, status, seconds }) =>
          status === 'passed' && seconds !== null ? sample({ hub: hub.name, criterion, step }, seconds) : [],
        ),
      ),
  },
  leaked_resources: {
    help: 'What runs left behind on the hub and nobody has removed yet.',
    labels: ['hub', 'kind'],
    samples: ({ hubs, leftovers }) =>
      // Of a hub that is no longer configured, too: it is still there.
      [...new Set([...hubs.map(({ hub }) => hub.name), ...leftovers.map(({ hub }) => hub)])].flatMap((hub) =>
        OWNED_KINDS.map((kind) => {
          const left = leftovers.filter((thing) => thing.hub === hub && thing.kind === kind);
          return sample({ hub, kind }, left.length);
        }),
      ),
  },
  credential_unproven: {
    help: '1 while the account has never logged in: its refusals are no evidence.',
    labels: ['hub'],
    samples: ({ hubs }) => hubs.map(({ hub, isProven }) => sample({ hub: hub.name }, isProven ? 0 : 1)),
  },
  spawns_paused: {
    help: '1 while no server is asked for because several starts failed (server.failureLimit).',
    labels: ['hub'],
    samples: ({ hubs }) =>
      hubs.flatMap(({ hub, spawnsPaused }) =>
        spawnsPaused === null ? [] : [sample({ hub: hub.name }, spawnsPaused ? 1 : 0)],
      ),
  },
  incident_open: {
    help: '1 for each hub that an active incident is about.',
    labels: ['hub', 'criterion', 'severity'],
    samples: ({ incidents }) =>
      incidents.flatMap(({ members, criterion, severity }) =>
        members.map(({ hub }) => sample({ hub, criterion, severity }, 1)),
      ),
  },
  outbox_pending: {
    help: 'Effects that are decided and not told yet.',
    labels: ['notifier'],
    samples: ({ lanes }) => lanes.map(({ notifier, pending }) => sample({ notifier }, pending)),
  },
  outbox_oldest_age_seconds: {
    help: 'Age of the oldest effect not told yet; 0 when there is none.',
    labels: ['notifier'],
    samples: ({ lanes, now }) =>
      lanes.map(({ notifier, oldestAt }) =>
        sample({ notifier }, oldestAt === null ? 0 : (now.getTime() - oldestAt.getTime()) / 1000),
      ),
  },
};

/**
 * @returns shows a state in all gauges at once: two scrapes at the same time never see each other's half. Without a
 * state, when the store cannot be read, the gauges are absent rather than wrong.
 */
export function addStateGauges(define: Definer): (state: State | null) => void {
  const gauges = Object.entries(STATE_GAUGES).map(([name, { help, labels, samples }]) => ({
    gauge: define.gauge(name, help, labels),
    labels,
    samples,
  }));
  return (state) => {
    for (const { gauge, labels: names, samples } of gauges) {
      makeAbsent(gauge, names);
      if (state === null) continue;
      for (const { labels, value } of samples(state)) gauge.set(labels, value);
    }
  };
}

function sample(labels: Sample['labels'], value: number): Sample {
  return { labels, value };
}

function endOf(hub: string, run: Run | null): readonly Sample[] {
  return run === null ? [] : [sample({ hub }, Date.parse(run.finishedAt) / 1000)];
}

function isStale(last: Run | null, intervalMs: number, now: Date): boolean {
  return last === null || now.getTime() - Date.parse(last.finishedAt) > STALE_AFTER_INTERVALS * intervalMs;
}
