import type { Criterion } from '../core/criterion.ts';
import { Broken } from '../core/broken.ts';
import { readableMs } from '../core/text.ts';
import type { StepControl, StepLimit } from '../probe.ts';
import type { Message } from '../runner/protocol.ts';

/** Runs the steps of one probe under their time limits and reports each of them exactly once. */
export class StepBook {
  readonly #criterion: Criterion;
  #names: readonly string[];
  #report: (message: Message) => void;
  #signal: AbortSignal;
  #done = 0;
  #current: string | null = null;

  constructor(options: {
    criterion: Criterion;
    names: readonly string[];
    signal: AbortSignal;
    report: (message: Message) => void;
  }) {
    this.#criterion = options.criterion;
    this.#names = options.names;
    this.#signal = options.signal;
    this.#report = options.report;
  }

  /** The step that was running when the probe ended, or the next one it would have come to. */
  get current(): string | null {
    return this.#current ?? this.#names[this.#done] ?? null;
  }

  async run<T>(name: string, limit: StepLimit, body: (control: StepControl) => Promise<T>): Promise<T> {
    const expected = this.#names[this.#done];
    if (name !== expected)
      throw new Error(`step "${name}" is not the next one the probe named: "${expected}"`);
    const criterion = this.#criterion;
    this.#current = name;
    this.#report({ kind: 'step-started', criterion, step: name });
    const startedAt = performance.now();
    let lastNote: string | undefined;
    const finish = (status: 'passed' | 'failed') => {
      const seconds = round((performance.now() - startedAt) / 1000);
      const slow = limit.slowAfterMs !== undefined && seconds * 1000 > limit.slowAfterMs;
      this.#report({
        kind: 'step-finished',
        step: { criterion, name, status, seconds, ...(lastNote === undefined ? {} : { note: lastNote }) },
        slowLimitSeconds: status === 'passed' && slow ? (limit.slowAfterMs ?? 0) / 1000 : null,
      });
      this.#done += 1;
    };
    const note = (text: string) => {
      if (text === lastNote) return;
      lastNote = text;
      this.#report({ kind: 'note', criterion, step: name, text });
    };
    try {
      const value = await withinLimit({ limit, signal: this.#signal, note, lastNote: () => lastNote }, body);
      finish('passed');
      this.#current = null;
      return value;
    } catch (error) {
      finish('failed');
      throw error;
    }
  }

  /** Reports what was never reached. */
  skipRest(): void {
    for (const name of this.#names.slice(this.#done)) {
      const step = { criterion: this.#criterion, name, status: 'skipped', seconds: null } as const;
      this.#report({ kind: 'step-finished', step, slowLimitSeconds: null });
    }
    this.#done = this.#names.length;
  }
}

/**
 * The body may hang in a call that knows no signal (a page that does not answer), so it is raced, not only signalled.
 * What a late body still does is harmless: page and browser are closed at the end of the run.
 */
async function withinLimit<T>(
  options: {
    limit: StepLimit;
    signal: AbortSignal;
    note: (text: string) => void;
    lastNote: () => string | undefined;
  },
  body: (control: StepControl) => Promise<T>,
): Promise<T> {
  const { limit, signal, note } = options;
  signal.throwIfAborted();
  const late = new AbortController();
  const both = AbortSignal.any([signal, late.signal]);
  const timer = setTimeout(() => late.abort(tooLate(limit, options.lastNote())), limit.withinMs);
  const ended = new Promise<never>((_, reject) => {
    both.addEventListener('abort', () => reject(both.reason), { once: true });
  });
  // The race below may be over before it rejects.
  ended.catch(() => {});
  try {
    return await Promise.race([body({ signal: both, note }), ended]);
  } catch (error) {
    // A body that noticed the signal throws what it likes; why it was signalled is what counts.
    throw both.aborted ? both.reason : error;
  } finally {
    clearTimeout(timer);
  }
}

function tooLate({ withinMs, late }: StepLimit, lastNote: string | undefined): Broken {
  const last = lastNote === undefined ? '' : `; last word: ${lastNote}`;
  return new Broken(
    late.reason,
    `${late.message} within ${readableMs(withinMs)}${last}`,
    late.attribution === undefined ? {} : { attribution: late.attribution },
  );
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
