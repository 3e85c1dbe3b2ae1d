import { ALARMS_ARE_ABOUT, ALARM_KINDS, type Alarm } from '../core/alarm.ts';
import type { Hub } from '../core/hub.ts';
import { type Definer, makeAbsent } from './definer.ts';
import type { StateParts } from './state.ts';

/** Gauges of the process and its configuration: true even while the store cannot be read. */
export function addProcessGauges(
  define: Definer,
  parts: Omit<StateParts, 'store'> & { readonly version: string },
) {
  const build = define.gauge('build_info', 'Always 1; which version runs.', ['version', 'node']);
  const reload = define.gauge(
    'config_last_reload_successful',
    '1 when the configuration in use is the one on disk.',
  );
  const info = define.gauge('hub_info', 'Always 1; what is known of a hub from the configuration.', [
    'hub',
    'url',
    'cluster',
    'tier',
  ]);
  const interval = define.gauge('run_interval_seconds', 'Between two scheduled runs.', ['hub']);
  const running = define.gauge('runs_in_flight', 'Runs under way.');
  const queued = define.gauge('queue_depth', 'Accepted runs that wait to be started.');
  const forMemory = define.gauge('runs_waiting_for_memory', 'Of these, runs that do not fit into memory.');
  const uncommitted = define.gauge('uncommitted_runs', 'Runs that ended and wait to be recorded.');
  const alarm = define.gauge(
    'alarm',
    '1 while we cannot do our work, so that nothing is known of a hub: no fault of the hub. Hub empty: all of them.',
    ['hub', 'kind'],
  );
  build.set({ version: parts.version, node: process.version }, 1);
  reload.set(1);
  for (const hub of parts.hubs) {
    info.set({ hub: hub.name, url: hub.url, cluster: hub.cluster ?? '', tier: hub.tier }, 1);
    interval.set({ hub: hub.name }, parts.intervalMs(hub) / 1000);
  }
  return {
    rateLimit: define.gauge('github_ratelimit_remaining', "Requests left in GitHub's current window."),
    notifierUp: define.gauge(
      'notifier_up',
      '1 when the last look found all in order there, 0 when not; absent before the first.',
      ['notifier'],
    ),
    show(): void {
      const flights = parts.flights();
      running.set(flights.filter(({ state }) => state === 'running').length);
      queued.set(flights.filter(({ state }) => state === 'queued').length);
      if (parts.waitingForMemory !== undefined) forMemory.set(parts.waitingForMemory());
      if (parts.alarms !== undefined) {
        makeAbsent(alarm, ['hub', 'kind']);
        const raised = parts.alarms();
        for (const { hub, kind } of everyAlarm(parts.hubs)) {
          const isRaised = raised.some((each) => each.kind === kind && each.hub === hub);
          alarm.set({ hub: hub ?? '', kind }, isRaised ? 1 : 0);
        }
      }
      if (parts.uncommittedRuns !== undefined) uncommitted.set(parts.uncommittedRuns());
    },
  };
}

/** A gauge that appears with its first alarm cannot be told from one that is not measured. */
function everyAlarm(hubs: readonly Hub[]): readonly Pick<Alarm, 'hub' | 'kind'>[] {
  return ALARM_KINDS.flatMap((kind) => {
    const about = ALARMS_ARE_ABOUT[kind];
    const names = about === 'all' ? [] : hubs.map(({ name }) => name);
    return [...(about === 'a hub' ? [] : [null]), ...names].map((hub) => ({ hub, kind }));
  });
}
