/** What is to come, soonest first; what is due at the same moment keeps the order in which it was added. A binary heap. */
export class Agenda<T> {
  readonly #heap: { readonly atMs: number; readonly order: number; readonly what: T }[] = [];
  #added = 0;

  get isEmpty(): boolean {
    return this.#heap.length === 0;
  }

  add(atMs: number, what: T): void {
    const heap = this.#heap;
    const entry = { atMs, order: this.#added, what };
    this.#added += 1;
    let index = heap.length;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || !isSooner(entry, above)) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = entry;
  }

  /** Takes the soonest out; null when there is nothing to come. */
  take(): { readonly atMs: number; readonly what: T } | null {
    const heap = this.#heap;
    const soonest = heap[0];
    const last = heap.pop();
    if (soonest === undefined || last === undefined) return null;
    if (heap.length > 0) this.#sink(last);
    return soonest;
  }

  #sink(entry: { readonly atMs: number; readonly order: number; readonly what: T }): void {
    const heap = this.#heap;
    let index = 0;
    for (;;) {
      const left = heap[2 * index + 1];
      const right = heap[2 * index + 2];
      if (left === undefined) break;
      const isRight = right !== undefined && isSooner(right, left);
      const child = isRight ? right : left;
      if (!isSooner(child, entry)) break;
      heap[index] = child;
      index = 2 * index + (isRight ? 2 : 1);
    }
    heap[index] = entry;
  }
}

interface Placed {
  readonly atMs: number;
  readonly order: number;
}

function isSooner(one: Placed, other: Placed): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}
