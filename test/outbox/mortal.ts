import type { Outbox, Store } from '../../src/store/store.ts';

/** The process died: nothing of it goes on. */
export class Dead extends Error {
  override readonly name = 'Dead';
}

export type SenderStore = Pick<Store, 'incident' | 'commit' | 'outbox'>;

/** The store as a process uses it that may die before and after each call. @param live throws when it has died */
export function mortalStore(store: SenderStore, live: () => void): SenderStore {
  const around = <Arguments extends unknown[], Result>(call: (...given: Arguments) => Promise<Result>) => {
    return async (...given: Arguments): Promise<Result> => {
      live();
      const result = await call(...given);
      live();
      return result;
    };
  };
  const { outbox } = store;
  const mortal: Outbox = {
    lease: around(outbox.lease),
    release: around(outbox.release),
    next: around(outbox.next),
    nextDue: around(outbox.nextDue),
    pause: around(outbox.pause),
    sending: around(outbox.sending),
    delivered: around(outbox.delivered),
    failed: around(outbox.failed),
    unsettled: around(outbox.unsettled),
    repeated: around(outbox.repeated),
    status: around(outbox.status),
  };
  return { incident: around(store.incident), commit: around(store.commit), outbox: mortal };
}
