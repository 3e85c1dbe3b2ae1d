import type { Clock } from './clock.ts';

const PER_HOUR = 5_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Requests that create content: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const CREATIONS_PER_MINUTE = 80;
const CREATIONS_PER_HOUR = 500;

export interface LimitHeaders {
  readonly limit: number;
  readonly remaining: number;
  /** Seconds from now. */
  readonly resetsIn: number;
}

/** Counts as GitHub does: an hour's requests, and what is created in a minute and an hour. */
export class Limits {
  readonly #clock: Clock;
  #windowFrom: number;
  #used = 0;
  #creations: number[] = [];
  #limitedUntil = 0;
  /** Requests that came although we had been told to wait. */
  ignoredWaits = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#windowFrom = clock.now();
  }

  /** A request came in. @returns what is left after it. */
  count(): LimitHeaders {
    const now = this.#clock.now();
    if (now - this.#windowFrom >= HOUR_MS) [this.#windowFrom, this.#used] = [now, 0];
    this.#used += 1;
    return this.#headers();
  }

  remaining(): number {
    return this.#headers().remaining;
  }

  isUsedUp(): boolean {
    return this.#used > PER_HOUR;
  }

  /** It was answered 304, which costs nothing. */
  giveBack(): LimitHeaders {
    this.#used -= 1;
    return this.#headers();
  }

  /** Something is to be created. @returns seconds to wait when that is too much; null when it is fine. */
  create(): number | null {
    const now = this.#clock.now();
    if (now < this.#limitedUntil) {
      this.ignoredWaits += 1;
      return Math.ceil((this.#limitedUntil - now) / 1_000);
    }
    this.#creations = this.#creations.filter((at) => now - at < HOUR_MS);
    const inMinute = this.#creations.filter((at) => now - at < MINUTE_MS);
    const [oldest = now] = this.#creations;
    if (this.#creations.length >= CREATIONS_PER_HOUR) return this.#limit(oldest + HOUR_MS - now);
    if (inMinute.length >= CREATIONS_PER_MINUTE) return this.#limit(MINUTE_MS);
    this.#creations.push(now);
    return null;
  }

  #limit(ms: number): number {
    this.#limitedUntil = this.#clock.now() + ms;
    return Math.ceil(ms / 1_000);
  }

  #headers(): LimitHeaders {
    const resetsIn = Math.ceil((this.#windowFrom + HOUR_MS - this.#clock.now()) / 1_000);
    return { limit: PER_HOUR, remaining: Math.max(0, PER_HOUR - this.#used), resetsIn };
  }
}
