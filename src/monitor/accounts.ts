import type { Hub } from '../core/hub.ts';

/** Gives the account back. */
export type Release = () => void;

/**
 * The accounts we use on hubs: each by one visitor at a time, whichever entry of the configuration it belongs to, because
 * visits stop each other's servers and revoke each other's tokens.
 */
export interface Accounts {
  /** Waits for its turn; whoever gives up waiting is let through and ends without a visit. */
  take(key: string, signal: AbortSignal): Promise<Release>;
  /** Null when somebody uses it or waits for it. */
  tryTake(key: string): Release | null;
}

export function accountKey({ url }: Pick<Hub, 'url'>, username: string): string {
  return JSON.stringify([url, username]);
}

export function createAccounts(): Accounts {
  /** Who waits, in order; present while somebody uses the account. */
  const waiting = new Map<string, (() => void)[]>();

  function occupy(key: string): Release {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      const next = waiting.get(key)?.shift();
      if (next === undefined) waiting.delete(key);
      else next();
    };
  }

  return {
    async take(key, signal) {
      const queue = waiting.get(key);
      if (queue === undefined) {
        waiting.set(key, []);
        return occupy(key);
      }
      const { promise, resolve } = Promise.withResolvers<boolean>();
      const turn = () => resolve(true);
      const giveUp = () => resolve(false);
      queue.push(turn);
      signal.addEventListener('abort', giveUp, { once: true });
      if (signal.aborted) giveUp();
      const isOurs = await promise;
      signal.removeEventListener('abort', giveUp);
      if (isOurs) return occupy(key);
      const index = queue.indexOf(turn);
      // Its turn may have come at the same moment: then it is handed on.
      return index === -1 ? occupy(key) : (queue.splice(index, 1), () => {});
    },
    tryTake(key) {
      if (waiting.has(key)) return null;
      waiting.set(key, []);
      return occupy(key);
    },
  };
}
