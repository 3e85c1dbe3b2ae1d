import { setTimeout as pause } from 'node:timers/promises';
import type { Admission, Admitted } from './runner.ts';

/** What is known when the next browser wants to start. Bytes. */
export interface Room {
  /** Before somebody is killed for it; null when nobody knows. */
  readonly available: number | null;
  readonly perRun: number;
  /** What each run in flight uses now; it may still grow to `perRun`, and that is kept for it. */
  readonly inFlight: readonly number[];
}

/**
 * Whether the next run fits. While runs are in flight one waits for them; when none is, nothing of ours will make room:
 * then one waits a while for others to, and gives up.
 */
export function admit(room: Room, waitedAloneMs: number): 'start' | 'wait' | 'refuse' {
  const { available, perRun, inFlight } = room;
  const promised = inFlight.reduce((sum, used) => sum + Math.max(0, perRun - used), 0);
  if (available === null || available - promised >= perRun) return 'start';
  return inFlight.length > 0 || waitedAloneMs < ALONE_AT_MOST_MS ? 'wait' : 'refuse';
}

const ALONE_AT_MOST_MS = 60_000;
const LOOK_EVERY_MS = 500;

export interface AdmissionParts {
  readonly perRunBytes: number;
  readonly available: () => number | null;
  /** Bytes that a run uses. */
  readonly usedBy: (run: string) => number;
  /** How often to look; in tests more often, and alone for less long. */
  readonly lookEveryMs?: number;
}

export function createAdmission({
  perRunBytes,
  available,
  usedBy,
  lookEveryMs = LOOK_EVERY_MS,
}: AdmissionParts): Admission {
  const inFlight = new Set<string>();
  let waiting = 0;
  /** One looks at a time: two that saw the same room would both take it. */
  let door: Promise<unknown> = Promise.resolve();

  const room = (): Room => ({
    available: available(),
    perRun: perRunBytes,
    inFlight: [...inFlight].map(usedBy),
  });

  async function comeIn(run: string, signal: AbortSignal): Promise<Admitted> {
    let aloneSince: number | null = null;
    for (;;) {
      const now = room();
      if (now.inFlight.length > 0) aloneSince = null;
      else aloneSince ??= performance.now();
      const decision = signal.aborted
        ? 'start'
        : admit(now, aloneSince === null ? 0 : performance.now() - aloneSince);
      if (decision === 'refuse') return { kind: 'refused', because: noRoom(now) };
      if (decision === 'start') {
        inFlight.add(run);
        return { kind: 'in', leave: () => void inFlight.delete(run) };
      }
      await pause(lookEveryMs, undefined, { signal }).catch(() => {
        // Told to stop: the next look lets it through.
      });
    }
  }

  return {
    waiting: () => waiting,
    async enter(run, signal) {
      waiting += 1;
      const mine = door.then(() => comeIn(run, signal));
      door = mine.catch(() => {});
      return mine.finally(() => (waiting -= 1));
    },
  };
}

function noRoom({ available, perRun }: Room): string {
  return `no memory for a browser: ${mebibytes(available ?? 0)} are left and a run may take ${mebibytes(perRun)}; give the service more memory, or lower service.memoryPerRun`;
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}
