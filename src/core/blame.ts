import type { ProbeReason, Reason } from './reason.ts';
import type { Failure, OutcomeKind } from './run.ts';

/** How a run ended before anybody looked at our own side. */
interface Ended {
  readonly outcome: OutcomeKind;
  readonly failure: Failure | null;
}

/** What was found out about our own side after a run that did not pass. */
export interface OwnSide {
  /** Whether none of the canary URLs answers; false where there are none. */
  readonly networkIsDown: boolean;
  /** Why the run's own files can't be written; null when they can. */
  readonly diskTrouble: string | null;
  /** How the page's process ended; null when it did not. */
  readonly crash: string | null;
}

/** Nobody said no: this is what a hub looks like from a machine whose network is down, or whose browser goes wrong. */
const SILENT: ReadonlySet<Reason | 'aborted'> = new Set<Reason>([
  'hub-unreachable',
  'hub-timeout',
  'identity-provider-unreachable',
  'spawn-timeout',
  'server-unreachable',
  'interface-broken',
  'kernel-died',
  'kernel-timeout',
]);

/** Whether our own side is worth a look: what the hub or somebody in its place has said stands, however we are. */
export function mayBeOurs({ outcome, failure }: Ended): boolean {
  if (failure === null) return false;
  return outcome === 'errored' || (outcome === 'failed' && SILENT.has(failure.reason));
}

/** A fault of our own comes before a hub that merely did not answer. */
export function blame<T extends Ended>(ended: T, own: OwnSide): T | Ended {
  const { outcome, failure } = ended;
  if (failure === null || !mayBeOurs(ended)) return ended;
  const ours = (reason: ProbeReason, message: string): Ended => ({
    outcome: 'errored',
    failure: { ...failure, reason, attribution: 'probe', message },
  });
  if (own.diskTrouble !== null) {
    return ours('disk-full', `the run's own files can't be written (${own.diskTrouble}): ${failure.message}`);
  }
  if (own.networkIsDown && outcome === 'failed') {
    return ours(
      'network-down',
      `the probe's own network is down, nothing else can be reached either: ${failure.message}`,
    );
  }
  if (own.crash !== null && failure.reason === 'browser-crashed') {
    return ours('browser-crashed', `the page's process ended: ${own.crash}`);
  }
  return ended;
}
