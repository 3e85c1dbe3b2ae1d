import { DEFAULT_BACKOFF } from '../../../src/core/backoff.ts';
import { type OutboxSender, createOutboxSender } from '../../../src/monitor/outbox.ts';
import { type Sweeper, createSweeper } from '../../../src/monitor/sweep.ts';
import { createNotifiers } from '../../../src/notify/index.ts';
import type { Notifier } from '../../../src/notify/notifier.ts';
import type { VirtualClock } from '../../testbed/github/clock.ts';
import type { GitHubStandIn } from '../../testbed/github/stand-in.ts';
import type { Receiver } from '../../testbed/webhook/receiver.ts';
import { Dead, type SenderStore, mortalStore } from '../mortal.ts';

const MINUTE_MS = 60_000;
/** Beyond what can come late here. */
export const SWEPT_AFTER_MS: readonly number[] = [10, 30, 60].map((minutes) => minutes * MINUTE_MS);

export interface GenerationParts {
  readonly number: number;
  readonly store: SenderStore;
  readonly github: GitHubStandIn;
  readonly receiver: Receiver;
  readonly clock: VirtualClock;
  readonly random: () => number;
  /** How often it dies at a call of the store, 0 to 1. */
  readonly diesAtCalls: number;
  readonly looksBeforeItRepeats: boolean;
  readonly onDuplicate: (kind: 'issue' | 'comment') => void;
}

/** One life of the process that tells: from its start to its death. */
export class Generation {
  readonly userAgent: string;
  readonly senders: readonly OutboxSender[];
  readonly sweeper: Sweeper;
  #isDead = false;
  readonly #parts: GenerationParts;

  constructor(parts: GenerationParts) {
    this.#parts = parts;
    this.userAgent = `soak/${parts.number}`;
    const { github, receiver, clock, number, random, onDuplicate } = parts;
    const now = () => new Date(clock.now());
    const log = () => {};
    const notifiers = createNotifiers({
      github: { repository: github.repository, apiUrl: github.url },
      auth: async () => ({ kind: 'token', token: github.token }),
      webhooks: [
        { name: 'pager', format: 'json', address: async () => receiver.url, secret: async () => 'secret' },
      ],
      userAgent: this.userAgent,
      onRateLimit: () => {},
      now,
      log,
      answerWithinMs: 300,
      // Waiting costs nothing here.
      pause: async (ms) => clock.advanceTo(clock.now() + ms),
    });
    const store = mortalStore(parts.store, () => this.#live());
    const observer = {
      delivery() {},
      issueVisible() {},
      storeError() {},
      duplicate: onDuplicate,
    };
    const shared = { store, observer, log, now };
    this.senders = notifiers.map((notifier) =>
      createOutboxSender({
        ...shared,
        notifier: parts.looksBeforeItRepeats ? notifier : blind(notifier),
        holder: `generation ${number}`,
        random,
        backoff: DEFAULT_BACKOFF,
      }),
    );
    this.sweeper = createSweeper({ ...shared, notifier: notifiers[0], after: SWEPT_AFTER_MS });
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  die(): void {
    this.#isDead = true;
  }

  #live(): void {
    if (this.#parts.random() < this.#parts.diesAtCalls) this.#isDead = true;
    if (this.#isDead) throw new Dead();
  }
}

/** What happens without the look: the check has to notice. */
function blind(notifier: Notifier): Notifier {
  return { ...notifier, deliver: (request) => notifier.deliver({ ...request, maybeDone: false }) };
}
