import type { Definer } from './definer.ts';
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
      if (parts.uncommittedRuns !== undefined) uncommitted.set(parts.uncommittedRuns());
    },
  };
}
