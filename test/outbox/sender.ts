import { type Backoff, DEFAULT_BACKOFF } from '../../src/core/backoff.ts';
import { type OutboxParts, createOutboxSender } from '../../src/monitor/outbox.ts';
import { type NotifierParts, createNotifiers } from '../../src/notify/index.ts';
import type { Notifier } from '../../src/notify/notifier.ts';
import type { Store } from '../../src/store/store.ts';

/** Short, so that tests wait for conditions of milliseconds; late commits of the stand-in stay below the quarantine. */
export const QUICK: Backoff = {
  ...DEFAULT_BACKOFF,
  firstMs: 20,
  mostMs: 200,
  quarantineMs: 400,
  pauseMs: 20,
  longestPauseMs: 200,
};

interface Place {
  readonly url: string;
  readonly repository: string;
  readonly token: string;
}

/** The one for GitHub, and those for webhooks that are asked for. */
export function notifiersFor(
  github: Place,
  changes: Partial<NotifierParts> = {},
): readonly [Notifier, ...Notifier[]] {
  return createNotifiers({
    github: { repository: github.repository, apiUrl: github.url },
    auth: async () => ({ kind: 'token', token: github.token }),
    userAgent: 'test',
    writeGapMs: 0,
    onRateLimit: () => {},
    now: () => new Date(),
    log: () => {},
    ...changes,
  });
}

export function notifierFor(github: Place): Notifier {
  return notifiersFor(github)[0];
}

export function senderFor(
  store: Pick<Store, 'outbox' | 'incident'>,
  notifier: Notifier,
  holder = 'test',
  changes: Partial<OutboxParts> = {},
) {
  return createOutboxSender({
    store,
    notifier,
    holder,
    observer: { delivery: () => {}, issueVisible: () => {}, storeError: () => {} },
    log: () => {},
    now: () => new Date(),
    random: Math.random,
    backoff: QUICK,
    ...changes,
  });
}
