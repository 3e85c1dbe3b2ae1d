import type { Hub } from '../core/hub.ts';
import { Problem } from './problem.ts';

/** @throws Problem 404 that lists the known hubs. */
export function hubOr404(hubs: readonly Hub[], name: string): Hub {
  const hub = hubs.find((known) => known.name === name);
  if (hub !== undefined) return hub;
  throw new Problem(
    404,
    'Unknown hub',
    `unknown hub "${name}"; known hubs: ${hubs.map((known) => known.name).join(', ')}`,
  );
}
