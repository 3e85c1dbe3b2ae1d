import type { Octokit } from '@octokit/rest';
import { DeliveryError } from '../notifier.ts';

/** What GitHub allows: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const CREATIONS_PER_MINUTE = 80;
const CREATIONS_PER_HOUR = 500;
/** Of an hour's creations these are kept for declaring: comments wait before an incident has to. */
const KEPT_FOR_ISSUES = 100;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

export interface BudgetParts {
  /** Between two requests that change something. */
  readonly writeGapMs: number;
  readonly now: () => Date;
  readonly pause: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
  readonly onRateLimit: (remaining: number) => void;
}

/** What a request goes out as, as far as it matters here. */
interface Outgoing {
  readonly method: string;
  readonly url: string;
  readonly request?: { readonly signal?: AbortSignal };
}

/**
 * Keeps our requests within what GitHub allows, whoever asks: writes one after the other with a gap, no more creations
 * than it takes, and nothing at all while the hour's requests are used up. One for all clients of a notifier.
 */
export class Budget {
  readonly #parts: BudgetParts;
  #lastWriteAt = -Infinity;
  #creations: number[] = [];
  #usedUpUntil = 0;

  constructor(parts: BudgetParts) {
    this.#parts = parts;
  }

  /** Has every request of a client pass here. */
  watch(client: Octokit): void {
    client.hook.before('request', (options) => this.#before(options));
    client.hook.after('request', ({ headers }) => this.#learn(headers));
    client.hook.error('request', (error) => {
      if ('response' in error) this.#learn(error.response?.headers ?? {});
      throw error;
    });
  }

  /** @throws DeliveryError when it has to wait for long. */
  async #before({ method, url, request }: Outgoing): Promise<void> {
    const { now, pause, writeGapMs } = this.#parts;
    this.#refuseWhileUsedUp();
    if (method === 'GET') return;
    const wait = this.#lastWriteAt + writeGapMs - now().getTime();
    // A clock that was set back is no reason to wait for hours.
    if (wait > 0 && wait <= writeGapMs) await pause(wait, request?.signal);
    if (isCreation(method, url)) this.#count(url.endsWith('/comments') ? KEPT_FOR_ISSUES : 0);
    this.#lastWriteAt = now().getTime();
  }

  #refuseWhileUsedUp(): void {
    const left = this.#usedUpUntil - this.#parts.now().getTime();
    if (left <= 0 || left > HOUR_MS) return;
    throw new DeliveryError("nothing was asked of GitHub: the hour's requests are used up", {
      done: 'nothing',
      concerns: 'notifier',
      retryAfterMs: left,
    });
  }

  #count(kept: number): void {
    const now = this.#parts.now().getTime();
    this.#creations = this.#creations.filter((at) => at > now - HOUR_MS && at <= now);
    const allowed = CREATIONS_PER_HOUR - kept;
    const wait = Math.max(
      untilFewer(this.#creations, allowed, HOUR_MS, now),
      untilFewer(
        this.#creations.filter((at) => at > now - MINUTE_MS),
        CREATIONS_PER_MINUTE,
        MINUTE_MS,
        now,
      ),
    );
    if (wait > 0) {
      throw new DeliveryError('nothing was asked of GitHub: it takes no more issues and comments for now', {
        done: 'nothing',
        concerns: kept === 0 ? 'notifier' : 'effect',
        retryAfterMs: wait,
      });
    }
    this.#creations.push(now);
  }

  #learn(headers: Readonly<Record<string, unknown>>): void {
    const remaining = Number(headers['x-ratelimit-remaining'] ?? Number.NaN);
    if (!Number.isFinite(remaining)) return;
    this.#parts.onRateLimit(remaining);
    const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN) * 1_000;
    this.#usedUpUntil = remaining > 0 || !Number.isFinite(reset) ? 0 : reset;
  }
}

/** Milliseconds until there are fewer than `most` of these in the window; 0 when there are. */
function untilFewer(times: readonly number[], most: number, windowMs: number, now: number): number {
  const blocking = times.at(-most);
  return times.length < most || blocking === undefined ? 0 : blocking + windowMs - now;
}

/** As GitHub counts them: what people are notified of. */
function isCreation(method: string, url: string): boolean {
  return method === 'POST' && /\/(issues|comments)$/.test(url);
}
