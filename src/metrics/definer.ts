import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const PREFIX = 'hubcanary_';

/** What is said of a metric wherever metrics are listed. */
export interface Definition {
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly string[];
  readonly help: string;
}

/** Makes metrics in one registry, and remembers what it made. */
export type Definer = ReturnType<typeof createDefiner>;

export function createDefiner(registry: Registry) {
  const made: Definition[] = [];
  const registers = [registry];
  const named = (kind: Definition['kind'], suffix: string, help: string, labels: readonly string[]) => {
    const name = PREFIX + suffix;
    made.push({ name, kind, labels, help });
    return name;
  };
  return {
    made,
    counter<Label extends string>(suffix: string, help: string, labelNames: readonly Label[]) {
      return new Counter({ name: named('counter', suffix, help, labelNames), help, labelNames, registers });
    },
    /** Absent until it is set. */
    gauge(suffix: string, help: string, labelNames: readonly string[] = []) {
      const gauge = new Gauge({
        name: named('gauge', suffix, help, labelNames),
        help,
        labelNames,
        registers,
      });
      makeAbsent(gauge, labelNames);
      return gauge;
    },
    histogram<Label extends string>(
      suffix: string,
      help: string,
      labelNames: readonly Label[],
      buckets: number[],
    ) {
      const name = named('histogram', suffix, help, labelNames);
      return new Histogram({ name, help, labelNames, buckets, registers });
    },
  };
}

/** prom-client resets a gauge without labels to 0, which would be a statement. */
export function makeAbsent(gauge: Gauge, labels: readonly string[]): void {
  gauge.reset();
  if (labels.length === 0) gauge.remove();
}
