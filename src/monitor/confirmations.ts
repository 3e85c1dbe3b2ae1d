import type { Confirmation } from '../core/confirm.ts';
import { spread } from '../core/spread.ts';
import type { RunRequest } from '../queue/queue.ts';

export interface Confirmations {
  /** Replaces what was arranged for this hub before. */
  readonly arrange: (hub: string, confirmation: Confirmation | null) => void;
  /** A confirming run of this hub has ended: there may be room for the next. */
  readonly ended: (hub: string) => void;
  readonly clear: () => void;
}

/** How many confirming runs there are at once, so that a fleet in trouble is not given more. */
export interface ConfirmationLimits {
  readonly atOnce: number;
  readonly atOncePerCluster: number;
  /** Each begins up to this much later than it could, the same for the same hub and attempt. */
  readonly spreadMs: number;
}

interface Arranged {
  readonly confirmation: Confirmation;
  readonly dueMs: number;
  readonly timer: NodeJS.Timeout;
}

/**
 * One timer per hub for its next confirming run; those that are due wait until there is room, the longest due first.
 * What they wait for is in the store; losing them loses nothing.
 */
export function createConfirmations({
  requestRun,
  clusterOf,
  limits,
  now,
}: {
  /** @returns whether the run was accepted: while another one of the hub is in flight it is not. */
  readonly requestRun: (request: RunRequest) => boolean;
  /** Null: it shares its cluster with nobody. */
  readonly clusterOf: (hub: string) => string | null;
  readonly limits: ConfirmationLimits;
  readonly now: () => Date;
}): Confirmations {
  const arranged = new Map<string, Arranged>();
  const underWay = new Set<string>();

  function arrange(hub: string, confirmation: Confirmation | null): void {
    const before = arranged.get(hub);
    clearTimeout(before?.timer);
    arranged.delete(hub);
    if (confirmation === null) return;
    const latest = Date.parse(confirmation.at) + spread(`${hub} ${confirmation.attempt}`, limits.spreadMs);
    // Arranged again, it keeps its place: one that is overdue is always due "now".
    const isSame = before?.confirmation.attempt === confirmation.attempt;
    const dueMs = isSame ? Math.min(before.dueMs, latest) : latest;
    // Timers may be a moment early.
    const fire = () => startDue(Math.max(dueMs, now().getTime()));
    const timer = setTimeout(fire, Math.max(0, dueMs - now().getTime())).unref();
    arranged.set(hub, { confirmation, dueMs, timer });
  }

  function startDue(nowMs = now().getTime()): void {
    const due = [...arranged]
      .filter(([, { dueMs }]) => dueMs <= nowMs)
      .toSorted(([, one], [, other]) => one.dueMs - other.dueMs);
    for (const [hub, { confirmation }] of due) {
      if (hasRoom(hub)) start(hub, confirmation);
    }
  }

  function hasRoom(hub: string): boolean {
    const cluster = clusterOf(hub);
    const neighbours = [...underWay].filter((other) => cluster !== null && clusterOf(other) === cluster);
    return underWay.size < limits.atOnce && neighbours.length < limits.atOncePerCluster;
  }

  function start(hub: string, { attempt, account, because }: Confirmation): void {
    arranged.delete(hub);
    // While another run of the hub is in flight it is refused; when that one ends, the next is arranged anew.
    const request = { hub, trigger: 'confirm', attempt, account, probes: null, because } as const;
    if (requestRun(request)) underWay.add(hub);
  }

  function ended(hub: string): void {
    if (underWay.delete(hub)) startDue();
  }

  function clear(): void {
    for (const { timer } of arranged.values()) clearTimeout(timer);
    arranged.clear();
  }

  return { arrange, ended, clear };
}
