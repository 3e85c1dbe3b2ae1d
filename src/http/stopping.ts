import { Problem } from './problem.ts';

/** The queue takes no more. */
export function stopping(): Problem {
  return new Problem(503, 'Stopping', 'the service stops and takes no more runs', { 'retry-after': '30' });
}
