import { hostname } from 'node:os';
import { ISSUES } from '../core/effect.ts';
import { createIssues } from '../monitor/issues.ts';
import type { Sighted } from '../monitor/monitor.ts';
import type { Log } from '../monitor/log.ts';
import type { Observer } from '../monitor/observer.ts';
import { createOutboxSender } from '../monitor/outbox.ts';
import type { Notifier } from '../notify/notifier.ts';
import type { Store } from '../store/store.ts';

const LAST_TELLING_WITHIN_MS = 10_000;

export interface TellerParts {
  readonly store: Store;
  readonly notifiers: readonly Notifier[];
  readonly observer: Observer;
  readonly log: Log;
  readonly now: () => Date;
  /** Records what people did on the issues. */
  readonly sighted: (sightings: readonly Sighted[]) => Promise<void>;
}

/** Everything that talks to those outside: a sender for each notifier, each on its own, and a watch on what people do there. */
export function createTeller(parts: TellerParts) {
  const { store, notifiers } = parts;
  // In containers everybody is process 1 or so.
  const holder = `${hostname()}:${process.pid}`;
  // Only one of them keeps issues that people can do something to.
  const issues = notifiers
    .filter(({ name }) => name === ISSUES)
    .map((notifier) => createIssues({ ...parts, notifier }));
  const left = () => issues.forEach((watch) => watch.wake());
  const senders = notifiers.map((notifier) =>
    createOutboxSender({ ...parts, notifier, holder, random: Math.random, left }),
  );

  return {
    /** Something new was committed. */
    wake: () => senders.forEach((sender) => sender.wake()),
    /** @returns ends it: tells for a moment longer what is due, then gives the leases back. */
    start(): () => Promise<void> {
      const stop = new AbortController();
      const running = [...senders, ...issues].map((one) => one.run(stop.signal));
      void warnOfOrphans();
      return async () => {
        const signal = AbortSignal.timeout(LAST_TELLING_WITHIN_MS);
        await Promise.all(senders.map((sender) => sender.pass(signal).catch(() => 0)));
        stop.abort();
        await Promise.all(running);
      };
    },
  };

  /** Of notifiers that are configured no longer: nobody tells it, and nobody should have to wonder. */
  async function warnOfOrphans(): Promise<void> {
    const { lanes } = await store.outbox.status().catch(() => ({ lanes: [] }));
    for (const { notifier, pending } of lanes) {
      if (notifiers.some(({ name }) => name === notifier)) continue;
      const what = `${notifier} is not configured: ${pending} of its effects stay untold`;
      parts.log('warn', what, {});
    }
  }
}
