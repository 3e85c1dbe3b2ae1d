import type { Config } from '../config/config.ts';
import { ISSUES } from '../core/effect.ts';
import type { Log } from '../monitor/log.ts';
import type { Monitor } from '../monitor/monitor.ts';
import type { Notifier, NotifierCheck } from '../notify/notifier.ts';
import type { Store } from '../store/store.ts';
import { findBrowser } from '../find-browser.ts';
import { messageOf } from '../core/text.ts';

export interface HealthCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly why?: string;
}

export interface Health {
  live(): Promise<readonly HealthCheck[]>;
  ready(): Promise<readonly HealthCheck[]>;
  stop(): void;
}

const ASK_NOTIFIER_EVERY_MS = 60_000;
const ASK_WITHIN_MS = 15_000;

/** Whether the service can do its work; each answer says what is wrong and what to do. */
export function createHealth(parts: {
  readonly config: Config;
  readonly store: Pick<Store, 'ping'>;
  readonly monitor: Pick<Monitor, 'status'>;
  readonly notifiers: readonly Notifier[];
  readonly log: Log;
  readonly setNotifierUp: (notifier: string, isUp: boolean) => void;
}): Health {
  const { config, store, monitor, notifiers, log } = parts;
  const told = new Map<string, NotifierCheck>();

  async function ask(notifier: Notifier): Promise<void> {
    const answer = await notifier
      .check(AbortSignal.timeout(ASK_WITHIN_MS))
      .catch((error: unknown): NotifierCheck => ({ ok: false, refused: true, why: messageOf(error) }));
    parts.setNotifierUp(notifier.name, answer.ok);
    const before = whyOf(told.get(notifier.name));
    told.set(notifier.name, answer);
    if (!answer.ok && answer.why !== before)
      log('error', `incidents cannot be told: ${answer.why}`, { notifier: notifier.name });
    if (answer.ok && before !== null) log('info', `${notifier.name} answers again`, {});
  }
  const askAll = () => notifiers.forEach((notifier) => void ask(notifier));
  askAll();
  const timer = setInterval(askAll, ASK_NOTIFIER_EVERY_MS);

  return {
    stop: () => clearInterval(timer),
    live: async () => [{ name: 'process', ok: true }],
    async ready() {
      return [
        await storeCheck(store),
        recordCheck(monitor.status()),
        browserCheck(config.service.browser.executable),
        ...notifiers.map(({ name }) => notifierCheck(name, told.get(name) ?? { ok: true })),
      ];
    },
  };
}

async function storeCheck(store: Pick<Store, 'ping'>): Promise<HealthCheck> {
  return store.ping().then(
    () => ({ name: 'store', ok: true }),
    (error: unknown) => ({ name: 'store', ok: false, why: messageOf(error) }),
  );
}

function recordCheck({ uncommittedRuns, storeError }: ReturnType<Monitor['status']>): HealthCheck {
  if (storeError === null) return { name: 'records', ok: true };
  return { name: 'records', ok: false, why: `${uncommittedRuns} runs wait to be recorded: ${storeError}` };
}

/**
 * While it does not answer, incidents wait in the outbox and nothing is lost: that is no reason to be taken away. Nor is
 * a chat that takes no messages, as long as there is where incidents are kept.
 */
function notifierCheck(name: string, told: NotifierCheck): HealthCheck {
  return told.ok ? { name, ok: true } : { name, ok: !told.refused || name !== ISSUES, why: told.why };
}

function whyOf(told: NotifierCheck | undefined): string | null {
  return told === undefined || told.ok ? null : told.why;
}

function browserCheck(executable: string | null): HealthCheck {
  if (findBrowser(executable) !== null) return { name: 'browser', ok: true };
  const why = executable === null ? 'no Chromium was found' : `there is no browser at ${executable}`;
  return { name: 'browser', ok: false, why };
}
