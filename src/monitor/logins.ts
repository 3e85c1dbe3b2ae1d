import { type Hub, type WhichAccount, accountOf } from '../core/hub.ts';
import { nextLogin } from '../core/logins.ts';
import type { Queue } from '../queue/queue.ts';
import type { Store } from '../store/store.ts';
import { accountKey } from './accounts.ts';

const HOUR_MS = 3_600_000;
/** More than one account can make in an hour. */
const RUNS_LOOKED_AT = 500;

/** Keeps count of logins, so that no account goes over its ceiling where a provider limits them. */
export interface Logins {
  /** Somebody is about to log in. */
  note(hub: Hub, username: string): void;
  /** When this account may log in; null for now. */
  next(hub: Hub, username: string): Date | null;
}

/** @returns a count that knows what the store knows: a restart gives no logins away. @throws what the store throws */
export async function countLogins(
  store: Pick<Store, 'recentRuns'>,
  hubs: readonly Hub[],
  now: () => Date,
): Promise<Logins> {
  const times = new Map<string, Date[]>();

  function add(key: string, at: Date): void {
    const young = (times.get(key) ?? []).filter((login) => login.getTime() > now().getTime() - HOUR_MS);
    times.set(key, [...young, at]);
  }

  for (const hub of hubs.filter(({ maxLoginsPerHour }) => maxLoginsPerHour !== null)) {
    for (const run of await store.recentRuns(hub.name, RUNS_LOOKED_AT)) {
      add(accountKey(hub, run.account ?? hub.login.username), new Date(run.startedAt));
    }
  }
  return {
    note: (hub, username) => add(accountKey(hub, username), now()),
    next({ maxLoginsPerHour, ...hub }, username) {
      if (maxLoginsPerHour === null) return null;
      return nextLogin(times.get(accountKey(hub, username)) ?? [], maxLoginsPerHour, now());
    },
  };
}

/** The queue, but for runs whose account has no login left: those it does not take. */
export function underLoginCeiling(
  queue: Queue,
  { hubs, logins }: { readonly hubs: readonly Hub[]; readonly logins: Logins },
): Queue {
  const nextFor = (name: string, which: WhichAccount | undefined) => {
    const hub = hubs.find((each) => each.name === name);
    return hub === undefined ? null : logins.next(hub, accountOf(hub, which).username);
  };
  return {
    ...queue,
    offer(request) {
      const next = nextFor(request.hub, request.account);
      // A run in flight has its login already, and is what is asked for.
      const isInFlight = queue.flights().some((flight) => flight.request.hub === request.hub);
      return next === null || isInFlight ? queue.offer(request) : { kind: 'login-limit', next };
    },
  };
}

/** Why a run is skipped, for the log. */
export function loginLimitUntil(next: Date): string {
  return `its account may not log in again before ${next.toISOString()} (maxLoginsPerHour)`;
}
