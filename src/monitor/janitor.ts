import { setTimeout as pause } from 'node:timers/promises';
import { type Account, type Hub, accountOf } from '../core/hub.ts';
import { type Mess, messesDue, nextRetry } from '../core/leftover.ts';
import type { Run } from '../core/run.ts';
import { oneLine } from '../core/text.ts';
import type { Admission, Runner } from '../runner/runner.ts';
import type { Store } from '../store/store.ts';
import { type Accounts, accountKey } from './accounts.ts';
import type { Log } from './log.ts';
import type { Logins } from './logins.ts';
import type { Observer } from './observer.ts';

export interface JanitorParts {
  readonly store: Pick<Store, 'leftovers' | 'leftoversGone' | 'leftoversTried'>;
  readonly hubs: readonly Hub[];
  readonly accounts: Accounts;
  readonly logins: Logins;
  readonly admission: Pick<Admission, 'enter'>;
  /** Makes the visits; none of them is recorded as a run. */
  readonly runner: Runner;
  readonly observer: Pick<Observer, 'cleanedUp' | 'storeError'>;
  readonly log: Log;
  readonly now: () => Date;
  readonly newId: () => string;
}

/** Cleans up what runs left behind, until it is gone. */
export interface Janitor {
  /** Until the signal; the visit under way is then ended, its cleanup included. */
  run(signal: AbortSignal): Promise<void>;
  /** One look at all that is due. @throws what the store throws */
  round(signal: AbortSignal): Promise<void>;
}

const LOOK_EVERY_MS = 10_000;

/**
 * One visit at a time, never beside another of the same account, each account with its own growing pauses. What is left is
 * in the store, so a restart changes nothing; the key to it is not: every visit logs in anew.
 */
export function createJanitor(parts: JanitorParts): Janitor {
  const { store, hubs, accounts, log, now } = parts;
  /** Hubs that are no longer configured: said once. */
  const hopeless = new Set<string>();

  async function round(signal: AbortSignal): Promise<void> {
    for (const mess of messesDue(await store.leftovers(), now())) {
      if (signal.aborted) return;
      const owner = ownerOf(mess, hubs);
      if (owner === null) giveUpOn(mess);
      else await cleanUp(mess, owner, signal);
    }
  }

  async function cleanUp(mess: Mess, owner: Owner, signal: AbortSignal): Promise<void> {
    // The ceiling holds for us too; it is looked at again in the next round.
    if (parts.logins.next(owner.hub, owner.account.username) !== null) return;
    // A run that uses the account cleans up itself, and says what it removed.
    const release = accounts.tryTake(accountKey(owner.hub, owner.account.username));
    if (release === null) return;
    try {
      const admitted = await parts.admission.enter(`cleanup of ${mess.hub} ${mess.account}`, signal);
      if (admitted.kind === 'refused') return log('warn', admitted.because, { hub: mess.hub });
      try {
        await record(mess, await visit(mess, owner, signal), signal);
      } finally {
        admitted.leave();
      }
    } finally {
      release();
    }
  }

  function visit(mess: Mess, { hub, account }: Owner, signal: AbortSignal): Promise<Run> {
    const id = parts.newId();
    log('info', `cleaning up what earlier runs left: ${listed(mess)}`, {
      hub: hub.name,
      account: mess.account,
    });
    const servers = mess.things.filter(({ kind }) => kind === 'server').map((thing) => thing.id);
    const hasKernel = mess.things.some(({ kind }) => kind === 'kernel');
    const sweep = {
      servers: [...new Set([...servers, ...(hasKernel ? [hub.server.name] : [])])],
      clusters: mess.things.some(({ kind }) => kind === 'cluster'),
    };
    parts.logins.note(hub, account.username);
    const order = { id, hub, account, trigger: 'schedule', attempt: 1, probes: ['login'], sweep } as const;
    return parts.runner(order, signal, () => {});
  }

  async function record({ hub, account, things }: Mess, run: Run, signal: AbortSignal): Promise<void> {
    const { removed, left } = run.cleanup;
    await store.leftoversGone({ hub, account, removed });
    const still = (await store.leftovers()).filter((thing) => thing.hub === hub && thing.account === account);
    if (still.length === 0) {
      log('info', 'everything that earlier runs left is gone', { hub, account });
      return parts.observer.cleanedUp('gone');
    }
    // Told to stop: that was no attempt.
    if (signal.aborted) return;
    const why = left.find((thing) => thing.why !== undefined)?.why ?? run.failure?.message;
    const error = oneLine(why ?? 'nobody said why', 300);
    const attempts = Math.max(...things.map((thing) => thing.attempts)) + 1;
    const notBefore = nextRetry(attempts, now());
    await store.leftoversTried({ hub, account, notBefore, error });
    parts.observer.cleanedUp('left');
    log('warn', `could not clean up what earlier runs left; trying again at ${notBefore}: ${error}`, {
      hub,
      account,
      left: still.map(({ kind, id, since }) => ({ kind, id, since })),
    });
  }

  function giveUpOn({ hub, account, things }: Mess): void {
    const key = JSON.stringify([hub, account]);
    if (hopeless.has(key)) return;
    hopeless.add(key);
    log('error', 'left behind on a hub or by an account that is no longer configured: remove it by hand', {
      hub,
      account,
      left: things.map(({ kind, id, since }) => ({ kind, id, since })),
    });
  }

  return {
    round,
    async run(signal) {
      while (!signal.aborted) {
        try {
          await round(signal);
        } catch (error) {
          parts.observer.storeError();
          log('error', 'what runs left behind could not be read or written; trying again', { error });
        }
        await pause(LOOK_EVERY_MS, undefined, { signal, ref: false }).catch(() => {
          // Told to stop.
        });
      }
    },
  };
}

interface Owner {
  readonly hub: Hub;
  readonly account: Account;
}

/** Null when the configuration no longer has the hub or the account. */
function ownerOf({ hub: name, account: username }: Mess, hubs: readonly Hub[]): Owner | null {
  const hub = hubs.find((each) => each.name === name);
  if (hub === undefined) return null;
  const account = [accountOf(hub, 'first'), accountOf(hub, 'second')].find(
    (one) => one.username === username,
  );
  return account === undefined ? null : { hub, account };
}

function listed({ things }: Mess): string {
  return things.map(({ kind, id }) => `${kind} ${id}`.trim()).join(', ');
}
