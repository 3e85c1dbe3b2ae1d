import type { Execute } from '../../src/queue/queue.ts';
import { aRun } from '../build/run.ts';

/** Runs that end when told to. */
export function held() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const execute: Execute = async (flight, _, onEvent) => {
    onEvent({ kind: 'step-started', criterion: 'login', step: 'open the login page' });
    await promise;
    return aRun({ id: flight.id, hub: flight.request.hub });
  };
  return { execute, finish: resolve };
}
