import type { RunEvent } from '../core/run-event.ts';

/** The events of one run, for any number of followers; who comes late hears all from the beginning. */
export interface Broadcast {
  publish(event: RunEvent): void;
  /** @returns a function that stops following. @throws what the follower throws about the events so far */
  follow(onEvent: (event: RunEvent) => void): () => void;
  /** Lets all followers go: what is published later is heard by none of them. */
  end(): void;
}

export function createBroadcast(): Broadcast {
  const events: RunEvent[] = [];
  const followers = new Set<(event: RunEvent) => void>();
  return {
    publish(event) {
      events.push(event);
      for (const follower of followers) tell(follower, event);
    },
    follow(onEvent) {
      // A function of its own, so that the same listener may follow twice.
      const follower = (event: RunEvent) => onEvent(event);
      for (const event of events) follower(event);
      followers.add(follower);
      return () => void followers.delete(follower);
    },
    end: () => followers.clear(),
  };

  /** A follower that fails loses its place; the run it watches must not notice. */
  function tell(follower: (event: RunEvent) => void, event: RunEvent): void {
    try {
      follower(event);
    } catch {
      followers.delete(follower);
    }
  }
}
