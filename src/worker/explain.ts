import { Broken } from '../core/broken.ts';
import type { Criterion } from '../core/criterion.ts';
import { OwnFault } from '../core/own-fault.ts';
import type { Failure } from '../core/run.ts';
import { oneLine } from '../core/text.ts';
import { NoAnswer } from '../jupyterhub/ask.ts';
import { HubApiError } from '../jupyterhub/hub-api.ts';
import type { Ending } from '../runner/protocol.ts';
import { firstLine } from './browser.ts';

/** The run's own deadline is over. */
export class DeadlineOver extends Error {
  override readonly name = 'DeadlineOver';
}

/** Somebody told the run to stop. */
export class Aborted extends Error {
  override readonly name = 'Aborted';
}

/** Turns whatever a probe threw into the run's ending: the hub's side fails it, our side errors it. */
export function explain(error: unknown, where: { criterion: Criterion | null; step: string | null }): Ending {
  const failed = asBroken(error);
  if (failed !== null) {
    const { reason, attribution, message } = failed;
    return { outcome: 'failed', failure: { ...where, reason, attribution, message: oneLine(message, 500) } };
  }
  if (error instanceof Aborted) {
    const failure: Failure = { ...where, reason: 'aborted', attribution: 'probe', message: error.message };
    return { outcome: 'aborted', failure };
  }
  const message = oneLine(firstLine(error), 500);
  return {
    outcome: 'errored',
    failure: { ...where, reason: ownReason(error), attribution: 'probe', message },
  };
}

/** What the hub's API said to Node is as much the hub's word as what it said to the browser. */
function asBroken(error: unknown): Broken | null {
  if (error instanceof Broken) return error;
  if (error instanceof HubApiError) {
    const down = [502, 503, 504].includes(error.status);
    return new Broken(down ? 'hub-down' : 'hub-error', error.message, { cause: error });
  }
  if (error instanceof NoAnswer) {
    return new Broken(error.isLate ? 'hub-timeout' : 'hub-unreachable', `the hub's API: ${error.message}`, {
      cause: error,
    });
  }
  return null;
}

function ownReason(error: unknown) {
  if (error instanceof OwnFault) return error.reason;
  if (error instanceof DeadlineOver) return 'deadline';
  if (
    error instanceof Error &&
    /Target (page, context or browser has been closed|crashed)|Page crashed/.test(error.message)
  ) {
    return 'browser-crashed';
  }
  return 'internal';
}
