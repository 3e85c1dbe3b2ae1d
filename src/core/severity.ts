import type { Hub } from './hub.ts';
import type { Severity } from './incident.ts';

/** A staging hub never declares above low: nobody's work depends on it. */
export function severityOf({ tier }: Hub): Severity {
  return tier === 'staging' ? 'low' : 'high';
}
