import type { Owned, OwnedKind } from './run.ts';

/** Something a run left behind on a hub. It stays on record until it is certain that it is gone. */
export interface Leftover {
  /** Hub name. */
  readonly hub: string;
  /** The user name of the account that it belongs to. */
  readonly account: string;
  readonly kind: OwnedKind;
  /** As in the run record. */
  readonly id: string;
  /** The run that left it first. */
  readonly run: string;
  /** ISO 8601 UTC: when that run ended. */
  readonly since: string;
  /** How often cleaning up after it was tried since. */
  readonly attempts: number;
  /** ISO 8601 UTC: not to be tried again before. */
  readonly notBefore: string;
  /** What the last attempt failed with; null before the first. */
  readonly lastError: string | null;
}

/** All that one account left on one hub: it is cleaned up in one go, because that takes one login. */
export interface Mess {
  readonly hub: string;
  readonly account: string;
  readonly things: readonly [Leftover, ...Leftover[]];
}

const FIRST_AFTER_MS = 30_000;
const AT_MOST_MS = 30 * 60_000;

/** When what was left at `since` is first tried again: at once would only meet the hub in the same trouble. */
export function firstRetry(since: string): string {
  return new Date(Date.parse(since) + FIRST_AFTER_MS).toISOString();
}

/** When to try again after the n-th attempt failed: each wait is twice the one before, up to half an hour. */
export function nextRetry(attempts: number, now: Date): string {
  const waitMs = Math.min(AT_MOST_MS, FIRST_AFTER_MS * 2 ** Math.min(attempts, 20));
  return new Date(now.getTime() + waitMs).toISOString();
}

/** What is to be cleaned up now, by account, the oldest first. */
export function messesDue(leftovers: readonly Leftover[], now: Date): readonly Mess[] {
  const messes = new Map<string, Mess>();
  for (const thing of leftovers.toSorted((one, other) => (one.since < other.since ? -1 : 1))) {
    const { hub, account } = thing;
    const key = JSON.stringify([hub, account]);
    const known = messes.get(key);
    messes.set(key, known === undefined ? { hub, account, things: [thing] } : withThing(known, thing));
  }
  const isDue = ({ things }: Mess) => things.some(({ notBefore }) => notBefore <= now.toISOString());
  return [...messes.values()].filter(isDue);
}

function withThing({ things: [first, ...rest], ...mess }: Mess, thing: Leftover): Mess {
  return { ...mess, things: [first, ...rest, thing] };
}

/**
 * What a run of these probes may have left when nobody saw it end: looked for, so that it is certain.
 * @param server the name of the server that it starts
 */
export function mayBeLeft(run: string, probes: readonly string[], server: string): readonly Owned[] {
  return [
    ...(probes.includes('dask') ? [{ kind: 'cluster' as const, id: '' }] : []),
    ...(probes.includes('server') ? [{ kind: 'server' as const, id: server }] : []),
    { kind: 'token' as const, id: run },
  ];
}

/** What a cleanup that removed this has certainly removed, too: a kernel goes with its server, and of clusters and tokens all go. */
export function isGoneWith(removed: readonly Owned[], { kind, id }: Owned): boolean {
  return removed.some((thing) => {
    if (thing.kind === 'server') return (kind === 'server' && thing.id === id) || kind === 'kernel';
    return thing.kind === kind && (kind === 'kernel' ? thing.id === id : true);
  });
}
