/** The stand-in's time: the machine's own, or one that a test moves on by itself. */
export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly after: (ms: number, work: () => void) => void;
}

export const WALL_CLOCK: Clock = {
  now: () => Date.now(),
  after: (ms, work) => void setTimeout(work, ms),
};

/** Time that stands still until it is moved; what falls due on the way is done in order. */
export class VirtualClock implements Clock {
  #now: number;
  #due: { readonly at: number; readonly work: () => void }[] = [];

  constructor(startsAt: Date) {
    this.#now = startsAt.getTime();
  }

  readonly now = (): number => this.#now;

  readonly after = (ms: number, work: () => void): void => {
    this.#due.push({ at: Math.ceil(this.#now + ms), work });
    this.#due.sort((one, other) => one.at - other.at);
  };

  /** Whole milliseconds, as clocks tell them. */
  advanceTo(moment: number): void {
    const instant = Math.ceil(moment);
    for (;;) {
      const [next] = this.#due;
      if (next === undefined || next.at > instant) break;
      this.#due.shift();
      this.#now = Math.max(this.#now, next.at);
      next.work();
    }
    this.#now = Math.max(this.#now, instant);
  }
}
