import {
  Counter,
  Gauge,
  Histogram,
  type OpenMetricsContentType,
  Registry,
  collectDefaultMetrics,
} from 'prom-client';
import type { EffectKind, Incident } from '../core/incident.ts';
import { type OutcomeKind, type Run, OUTCOMES, TRIGGERS } from '../core/run.ts';
import type { Verdict } from '../core/verdict.ts';
import { type StateParts, addStateGauges } from './state-gauges.ts';

const PREFIX = 'hubcanary_';
const RUN_BUCKETS = [5, 10, 20, 30, 60, 120, 300, 600, 900, 1800];
const STEP_BUCKETS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];
const LAG_BUCKETS = [0.1, 0.5, 1, 5, 10, 30, 60, 120, 300];
const DECLARATION_BUCKETS = [10, 30, 60, 120, 180, 240, 300, 480, 600, 900, 1800, 3600];

export interface MetricsParts extends StateParts {
  readonly version: string;
}

/**
 * Every metric of the service. Counters and histograms count what happened in this process; gauges are read at each scrape
 * from what was decided, so a hub that is no longer configured disappears.
 * Names follow https://prometheus.io/docs/practices/naming/.
 */
export function createMetrics(parts: MetricsParts) {
  const registry = new Registry();
  const counter = <Label extends string>(name: string, help: string, labelNames: readonly Label[]) =>
    new Counter({ name: PREFIX + name, help, labelNames, registers: [registry] });
  const histogram = <Label extends string>(
    name: string,
    help: string,
    labelNames: readonly Label[],
    buckets: number[],
  ) => new Histogram({ name: PREFIX + name, help, labelNames, buckets, registers: [registry] });

  const runs = counter('runs_total', 'Runs that ended, by outcome.', ['hub', 'trigger', 'outcome']);
  const failures = counter('run_failures_total', "Failed runs, on the hub's side.", [
    'hub',
    'criterion',
    'reason',
  ]);
  const errors = counter('probe_errors_total', 'Runs that ended by a fault on our own side.', ['reason']);
  const skipped = counter('runs_skipped_total', 'Scheduled runs that were left out.', ['hub', 'reason']);
  const declared = counter('incidents_declared_total', 'Incidents declared.', ['criterion', 'scope']);
  const deliveries = counter('deliveries_total', 'Attempts to tell an effect.', ['notifier', 'result']);
  const storeErrors = counter('store_errors_total', 'Failures of the store.', []);
  const duration = histogram(
    'run_duration_seconds',
    'How long runs took, waiting in the queue excluded.',
    [],
    RUN_BUCKETS,
  );
  const steps = histogram(
    'step_duration_seconds',
    'How long steps that passed took.',
    ['criterion', 'step'],
    STEP_BUCKETS,
  );
  const lag = histogram(
    'schedule_lag_seconds',
    'How late scheduled runs were offered to the queue.',
    [],
    LAG_BUCKETS,
  );
  const declaration = histogram(
    'incident_declaration_seconds',
    'From the start of the first failed run to the issue being visible.',
    [],
    DECLARATION_BUCKETS,
  );
  const gauge = (name: string, help: string, labelNames: readonly string[] = []) =>
    new Gauge({ name: PREFIX + name, help, labelNames, registers: [registry] });
  const rateLimit = gauge('github_ratelimit_remaining', "Requests left in GitHub's current window.");
  const notifierUp = gauge('notifier_up', '1 when the last look at GitHub found all in order, 0 when not.');
  const reload = gauge(
    'config_last_reload_successful',
    '1 when the configuration in use is the one on disk.',
  );
  const build = gauge('build_info', 'Always 1; which version runs.', ['version', 'node']);
  reload.set(1);
  build.set({ version: parts.version, node: process.version }, 1);
  addStateGauges(registry, PREFIX, parts);
  collectDefaultMetrics({ register: registry });
  for (const { name: hub } of parts.hubs) {
    for (const trigger of TRIGGERS) for (const outcome of OUTCOMES) runs.inc({ hub, trigger, outcome }, 0);
    for (const reason of ['in-flight', 'closed']) skipped.inc({ hub, reason }, 0);
  }

  const observer = {
    runFinished(run: Run): void {
      runs.inc({ hub: run.hub, trigger: run.trigger, outcome: run.outcome });
      if (run.outcome === 'failed') failures.inc({ hub: run.hub, ...failureLabels(run) });
      if (run.outcome === 'errored') errors.inc({ reason: run.failure?.reason ?? 'internal' });
      if (wasMade(run.outcome)) duration.observe(run.durationSeconds);
      for (const { criterion, name: step, status, seconds } of run.steps) {
        // A step that did not come to its end would skew what the others say.
        if (status === 'passed' && seconds !== null) steps.observe({ criterion, step }, seconds);
      }
    },
    runSkipped: (hub: string, reason: 'in-flight' | 'closed') => skipped.inc({ hub, reason }),
    scheduleLag: (seconds: number) => lag.observe(seconds),
    // The store has them; the gauges read them there.
    verdicts: (_: readonly Verdict[]) => {},
    declared: (incident: Incident) =>
      declared.inc({ criterion: incident.criterion, scope: incident.scope.kind }),
    issueVisible: (_: Incident, seconds: number) => declaration.observe(seconds),
    delivery: (_: EffectKind, result: 'delivered' | 'adopted' | 'retry' | 'ambiguous') =>
      deliveries.inc({ notifier: 'github', result }),
    storeError: () => storeErrors.inc(),
  };

  return {
    observer,
    rateLimit: (remaining: number) => rateLimit.set(remaining),
    notifierUp: (isUp: boolean) => notifierUp.set(isUp ? 1 : 0),
    /** The exposition, in OpenMetrics when the scraper asks for it. */
    async text(openMetrics: boolean): Promise<{ contentType: string; body: string }> {
      if (!openMetrics) return { contentType: registry.contentType, body: await registry.metrics() };
      const open = new Registry<OpenMetricsContentType>();
      open.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
      for (const { name } of registry.getMetricsAsArray()) {
        const metric = registry.getSingleMetric(name);
        if (metric !== undefined) open.registerMetric(metric);
      }
      return { contentType: open.contentType, body: await open.metrics() };
    },
    registry,
  };
}

function failureLabels({ failure }: Run): { criterion: string; reason: string } {
  return { criterion: failure?.criterion ?? 'unknown', reason: failure?.reason ?? 'internal' };
}

function wasMade(outcome: OutcomeKind): boolean {
  return outcome === 'passed' || outcome === 'failed';
}
