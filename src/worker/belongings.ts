import type { Owned } from '../core/run.ts';

/** The rest is shared by what needs little: what goes through the page, a second look at the clusters, kernels, the token. */
const SHARE_OF_FIRST = 0.7;

interface Belonging {
  readonly thing: Owned;
  readonly remove: (signal: AbortSignal) => Promise<void>;
  /** Only the open page of the user's notebook can remove it. */
  readonly throughPage?: boolean;
}

/** What one removal may take. */
interface Limits {
  readonly eachWithinMs: number;
  readonly onRemoved: (thing: Owned) => void;
}

interface Removal {
  /** All of it; most of that is for servers and clusters, whose processes take their time to end. */
  readonly withinMs: number;
  readonly onRemoved: (thing: Owned) => void;
}

/** What the run made on the hub. Each thing is removed with a time limit of its own, whatever happened to the others. */
export class Belongings {
  #list: Belonging[] = [];

  /** @returns for taking it off the list, because it was not made after all. */
  add(belonging: Belonging): () => void {
    this.#list.push(belonging);
    return () => void (this.#list = this.#list.filter((other) => other !== belonging));
  }

  /** Comes before the rest, for the page does not outlive it. What fails here is tried once more with the rest. */
  async removeThroughPage({ withinMs, onRemoved }: Removal): Promise<void> {
    const eachWithinMs = Math.round((withinMs * (1 - SHARE_OF_FIRST)) / 3);
    const removed: Owned[] = [];
    const note = (thing: Owned) => {
      removed.push(thing);
      onRemoved(thing);
    };
    for (const belonging of this.#list.filter(({ throughPage }) => throughPage === true).toReversed()) {
      await removeOne(belonging, { eachWithinMs, onRemoved: note });
    }
    this.#list = this.#list.filter(({ thing }) => !removed.includes(thing));
  }

  /**
   * Clusters and servers go at the same time, because neither needs the other; a kernel goes with its server; the token,
   * which all of them need, goes last. @returns what could not be removed, with why.
   */
  async removeAll({ withinMs, onRemoved }: Removal): Promise<readonly Left[]> {
    const most = { eachWithinMs: Math.round(withinMs * SHARE_OF_FIRST), onRemoved };
    const little = { eachWithinMs: Math.round((withinMs * (1 - SHARE_OF_FIRST)) / 3), onRemoved };
    const of = (...kinds: readonly Owned['kind'][]) =>
      this.#list.filter(({ thing }) => kinds.includes(thing.kind)).toReversed();
    const removeEach = (belongings: readonly Belonging[], limits = little) =>
      Promise.all(belongings.map((belonging) => removeOne(belonging, limits)));

    const clusters = of('cluster');
    const [servers, firstLook] = await Promise.all([
      removeEach(of('server'), most),
      Promise.all(clusters.map(({ remove }) => attempt(remove, most.eachWithinMs))),
    ]);
    // A start that was under way may have come through meanwhile; with the kernel gone there is no other. Where only that
    // kernel could ask, the first look has to do.
    const secondLook = clusters.map((cluster, index) => {
      const wasClean = firstLook[index] === null;
      const remove = (signal: AbortSignal) =>
        cluster.remove(signal).catch((error: unknown) => (wasClean ? undefined : Promise.reject(error)));
      return { ...cluster, remove };
    });
    const main = [...servers, ...(await removeEach(secondLook))].flat();
    const serverStays = main.some(({ thing }) => thing.kind === 'server');
    const kernels = of('kernel');
    if (!serverStays) for (const { thing } of kernels) onRemoved(thing);
    const rest = (await removeEach(serverStays ? kernels : [])).flat();
    const left = [...main, ...rest];
    const tokens = of('token');
    this.#list = [];
    if (left.length === 0) return (await removeEach(tokens)).flat();
    // The parent tries once more, and needs the key for it.
    return [
      ...left,
      ...tokens.map(({ thing }) => ({ thing, error: new Error('kept as the key to what is left') })),
    ];
  }
}

interface Left {
  readonly thing: Owned;
  readonly error: unknown;
}

async function removeOne(
  { thing, remove }: Belonging,
  { eachWithinMs, onRemoved }: Limits,
): Promise<readonly Left[]> {
  const error = await attempt(remove, eachWithinMs);
  if (error !== null) return [{ thing, error }];
  onRemoved(thing);
  return [];
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
