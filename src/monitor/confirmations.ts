import type { Confirmation } from '../core/confirm.ts';
import type { RunRequest } from '../queue/queue.ts';

export interface Confirmations {
  /** Replaces what was arranged for this hub before. */
  readonly arrange: (hub: string, confirmation: Confirmation | null) => void;
  readonly clear: () => void;
}

/** One timer per hub for its next confirming run. What they wait for is in the store; losing them loses nothing. */
export function createConfirmations({
  requestRun,
  now,
}: {
  readonly requestRun: (request: RunRequest) => void;
  readonly now: () => Date;
}): Confirmations {
  const timers = new Map<string, NodeJS.Timeout>();

  function arrange(hub: string, confirmation: Confirmation | null): void {
    clearTimeout(timers.get(hub));
    timers.delete(hub);
    if (confirmation === null) return;
    const { at, attempt, account, because } = confirmation;
    const fire = () => {
      timers.delete(hub);
      // While another run of the hub is in flight it is refused; when that one ends, the next is arranged anew.
      requestRun({ hub, trigger: 'confirm', attempt, account, probes: null, because });
    };
    timers.set(hub, setTimeout(fire, Date.parse(at) - now().getTime()).unref());
  }

  function clear(): void {
    for (const timer of timers.values()) clearTimeout(timer);
    timers.clear();
  }

  return { arrange, clear };
}
