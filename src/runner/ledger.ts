import type { CriterionResult, EvidenceFile, Failure, Owned, Run, SlowStep, Step } from '../core/run.ts';
import type { Criterion } from '../core/criterion.ts';
import { type Ending, type Message, sameThing } from './protocol.ts';
import type { RunOrder } from './runner.ts';

/** What the parent has heard of a run so far. Kept by the parent so that a dead worker takes no fact with it. */
export interface Ledger {
  readonly hubVersion: string | null;
  readonly steps: readonly Step[];
  readonly running: { readonly criterion: Criterion; readonly step: string } | null;
  readonly slow: readonly SlowStep[];
  readonly results: Readonly<Partial<Record<Criterion, CriterionResult>>>;
  readonly owned: readonly Owned[];
  readonly removed: readonly Owned[];
  readonly evidence: readonly EvidenceFile[];
  readonly ending: Ending | null;
}

export const emptyLedger: Ledger = {
  hubVersion: null,
  steps: [],
  running: null,
  slow: [],
  results: {},
  owned: [],
  removed: [],
  evidence: [],
  ending: null,
};

export function enter(ledger: Ledger, message: Message): Ledger {
  switch (message.kind) {
    case 'hub-version':
      return { ...ledger, hubVersion: message.version };
    case 'step-started':
      return { ...ledger, running: { criterion: message.criterion, step: message.step } };
    case 'step-finished':
      return enterStep(ledger, message.step, message.slowLimitSeconds);
    case 'criterion':
      return { ...ledger, results: { ...ledger.results, [message.criterion]: message.result } };
    case 'owned':
      return { ...ledger, owned: [...ledger.owned, message.thing] };
    case 'removed':
      return enterRemoved(ledger, message.thing);
    case 'evidence':
      return { ...ledger, evidence: [...ledger.evidence, message.file] };
    case 'ended':
      return { ...ledger, ending: message.ending };
    default:
      return ledger;
  }
}

function enterStep(ledger: Ledger, step: Step, slowLimitSeconds: number | null): Ledger {
  const slow =
    slowLimitSeconds === null || step.seconds === null
      ? []
      : [{ step: step.name, seconds: step.seconds, limitSeconds: slowLimitSeconds }];
  return { ...ledger, running: null, steps: [...ledger.steps, step], slow: [...ledger.slow, ...slow] };
}

export function enterRemoved(ledger: Ledger, thing: Owned): Ledger {
  return {
    ...ledger,
    owned: ledger.owned.filter((owned) => !sameThing(owned, thing)),
    removed: [...ledger.removed, thing],
  };
}

const MADE_LAST_FIRST: readonly Owned['kind'][] = ['cluster', 'kernel', 'server', 'token'];

/** The one run record, from what was heard and how it ended. */
export function recordOf(options: {
  readonly order: RunOrder;
  readonly ledger: Ledger;
  readonly ending: Ending;
  readonly startedAt: Date;
  readonly finishedAt: Date;
  readonly durationSeconds: number;
}): Run {
  const { order, ledger, ending } = options;
  return {
    id: order.id,
    hub: order.hub.name,
    trigger: order.trigger,
    attempt: order.attempt,
    account: order.account.username,
    startedAt: options.startedAt.toISOString(),
    finishedAt: options.finishedAt.toISOString(),
    durationSeconds: Math.round(options.durationSeconds * 1000) / 1000,
    outcome: ending.outcome,
    criteria: criteriaOf(order, ledger, ending),
    failure: ending.failure,
    steps: stepsOf(ledger, ending.failure),
    slow: ledger.slow,
    cleanup: {
      status: ledger.owned.length === 0 ? 'clean' : 'leaked',
      left: ledger.owned,
      removed: MADE_LAST_FIRST.flatMap((kind) => ledger.removed.filter((thing) => thing.kind === kind)),
    },
    hubVersion: ledger.hubVersion,
    evidence: ledger.evidence,
  };
}

/** A criterion that was not tried to its end is unknown; a fault on our side makes no hub fail. */
function criteriaOf(order: RunOrder, ledger: Ledger, ending: Ending): Run['criteria'] {
  return Object.fromEntries(
    order.probes.map((criterion) => {
      const heard = ledger.results[criterion] ?? 'unknown';
      const known = heard === 'failed' && ending.outcome !== 'failed' ? 'unknown' : heard;
      return [criterion, known];
    }),
  );
}

/** A worker that died in the middle of a step could not say so any more. */
function stepsOf({ steps, running }: Ledger, failure: Failure | null): readonly Step[] {
  if (running === null) return steps;
  const { criterion, step: name } = running;
  const note = failure === null ? {} : { note: failure.message };
  return [...steps, { criterion, name, status: 'failed', seconds: null, ...note }];
}
