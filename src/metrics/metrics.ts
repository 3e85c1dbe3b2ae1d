import { type Metric, type OpenMetricsContentType, Registry, collectDefaultMetrics } from 'prom-client';
import { type Definition, createDefiner } from './definer.ts';
import { countHappenings } from './happenings.ts';
import { addProcessGauges } from './process-gauges.ts';
import { type State, type StateParts, readState } from './state.ts';
import { addStateGauges } from './state-gauges.ts';

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
  const { observer, gauges, showState } = defineMetrics(registry, parts);
  collectDefaultMetrics({ register: registry });

  async function stateNow(): Promise<State | null> {
    try {
      return await readState(parts);
    } catch {
      // The scrape goes on without what the store knows: that this is so must be seen somewhere.
      observer.storeError();
      return null;
    }
  }

  return {
    observer,
    rateLimit: (remaining: number) => gauges.rateLimit.set(remaining),
    notifierUp: (notifier: string, isUp: boolean) => gauges.notifierUp.set({ notifier }, isUp ? 1 : 0),
    /** The exposition, in OpenMetrics when the scraper asks for it. Never fails for want of the store. */
    async text(openMetrics: boolean): Promise<{ contentType: string; body: string }> {
      const state = await stateNow();
      gauges.show();
      showState(state);
      if (!openMetrics) return { contentType: registry.contentType, body: await registry.metrics() };
      const open = openMetricsOf(registry);
      return { contentType: open.contentType, body: await open.metrics() };
    },
  };
}

/** What there is to measure, for whoever lists it. */
export function metricDefinitions(): readonly Definition[] {
  const parts = { hubs: [], flights: () => [], intervalMs: () => 0, now: () => new Date(0), version: '' };
  return defineMetrics(new Registry(), parts).made;
}

function defineMetrics(registry: Registry, parts: Omit<MetricsParts, 'store'>) {
  const define = createDefiner(registry);
  return {
    observer: countHappenings(define, parts.hubs, parts.notifiers ?? ['github']),
    gauges: addProcessGauges(define, parts),
    showState: addStateGauges(define),
    made: define.made,
  };
}

function openMetricsOf(registry: Registry): Registry<OpenMetricsContentType> {
  const open = new Registry<OpenMetricsContentType>();
  open.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  for (const { name } of registry.getMetricsAsArray()) {
    const metric = registry.getSingleMetric(name);
    if (metric !== undefined) open.registerMetric(inItsPlace(metric));
  }
  return open;
}

/**
 * Reads like the metric and can be renamed. Writing OpenMetrics takes `_total` off a counter's name for good; the counter
 * itself would be called otherwise in the next plain exposition, and missing in the next OpenMetrics one.
 */
function inItsPlace(metric: Metric): Metric {
  const standIn: Metric = Object.create(metric);
  return standIn;
}
