import type { Owned } from '../core/run.ts';
import { sameThing } from '../runner/protocol.ts';

interface Belonging {
  readonly thing: Owned;
  readonly remove: (signal: AbortSignal) => Promise<void>;
}

/** What the run made on the hub. Removed last-in-first-out, each with its own time limit, whatever happened before. */
export class Belongings {
  #list: Belonging[] = [];

  add(belonging: Belonging): void {
    this.#list.push(belonging);
  }

  /** @returns what could not be removed, with why. */
  async removeAll(options: {
    readonly eachWithinMs: number;
    readonly onRemoved: (thing: Owned) => void;
  }): Promise<readonly { readonly thing: Owned; readonly error: unknown }[]> {
    const left: { thing: Owned; error: unknown }[] = [];
    for (const belonging of this.#list.toReversed()) {
      const error = await attempt(belonging.remove, options.eachWithinMs);
      if (error === null) options.onRemoved(belonging.thing);
      else left.push({ thing: belonging.thing, error });
      // A kernel cannot outlive its server.
      if (error === null && belonging.thing.kind === 'server') {
        for (const gone of left.filter(({ thing }) => thing.kind === 'kernel')) {
          left.splice(
            left.findIndex(({ thing }) => sameThing(thing, gone.thing)),
            1,
          );
          options.onRemoved(gone.thing);
        }
      }
    }
    this.#list = [];
    return left;
  }
}

async function attempt(remove: Belonging['remove'], withinMs: number): Promise<unknown> {
  const signal = AbortSignal.timeout(withinMs);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  late.catch(() => {
    // The race may be over already.
  });
  try {
    await Promise.race([remove(signal), late]);
    return null;
  } catch (error) {
    return error;
  }
}
