export interface Serial {
  /** Rejects with what `work` rejects with; the next one starts all the same. */
  readonly inTurn: <T>(key: string, work: () => Promise<T>) => Promise<T>;
  readonly isBusy: (key: string) => boolean;
}

/** Does what belongs to one key one after the other, in the order it was asked for; keys do not wait for each other. */
export function createSerial(): Serial {
  const last = new Map<string, Promise<unknown>>();

  function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = last.get(key) ?? Promise.resolve();
    const mine = before.then(work, work);
    last.set(key, mine);
    const forget = () => {
      if (last.get(key) === mine) last.delete(key);
    };
    mine.then(forget, forget);
    return mine;
  }

  return { inTurn, isBusy: (key) => last.has(key) };
}
