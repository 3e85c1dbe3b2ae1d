import type {
  CriterionResult,
  DroppedEvidence,
  EvidenceFile,
  Failure,
  Left,
  Owned,
  Run,
  SlowStep,
  Step,
} from '../core/run.ts';
import type { Criterion } from '../core/criterion.ts';
import { type Ending, type Message, sameThing } from './protocol.ts';
import type { RunOrder } from './runner.ts';

/** What the parent has heard of a run so far. Kept by the parent so that a dead worker takes no fact with it. */
export interface Ledger {
  readonly hubVersion: string | null;
  readonly hubRestarted: boolean | null;
  readonly steps: readonly Step[];
  readonly running: { readonly criterion: Criterion; readonly step: string } | null;
  readonly slow: readonly SlowStep[];
  readonly results: Readonly<Partial<Record<Criterion, CriterionResult>>>;
  readonly owned: readonly Owned[];
  readonly removed: readonly Owned[];
  /** Why things could not be removed. */
  readonly left: readonly Left[];
  readonly evidence: readonly EvidenceFile[];
  readonly dropped: readonly DroppedEvidence[];
  readonly ending: Ending | null;
}

export const emptyLedger: Ledger = {
  hubVersion: null,
  hubRestarted: null,
  steps: [],
  running: null,
  slow: [],
  results: {},
  owned: [],
  removed: [],
  left: [],
  evidence: [],
  dropped: [],
  ending: null,
};

export function enter(ledger: Ledger, message: Message): Ledger {
  switch (message.kind) {
    case 'hub-version':
      return { ...ledger, hubVersion: message.version };
    case 'hub-restarted':
      return { ...ledger, hubRestarted: message.restarted };
    case 'step-started':
      return { ...ledger, running: { criterion: message.criterion, step: message.step } };
    case 'step-finished':
      return enterStep(ledger, message.step, message.slowLimitSeconds);
    case 'criterion':
      return { ...ledger, results: { ...ledger.results, [message.criterion]: message.result } };
    case 'owned':
      return { ...ledger, owned: [...ledger.owned, message.thing] };
    case 'not-made':
      return { ...ledger, owned: ledger.owned.filter((owned) => !sameThing(owned, message.thing)) };
    case 'left':
      return enterLeft(ledger, message.thing, message.why);
    case 'removed':
      return enterRemoved(ledger, message.thing);
    case 'evidence':
      return enterEvidence(ledger, message.file);
    case 'evidence-dropped':
      return { ...ledger, dropped: [...ledger.dropped, message.dropped] };
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

/** The first word on it counts: later attempts fail in the wake of the same trouble. */
export function enterLeft(ledger: Ledger, thing: Owned, why: string): Ledger {
  if (ledger.left.some((known) => sameThing(known, thing))) return ledger;
  return { ...ledger, left: [...ledger.left, { ...thing, why }] };
}

/** A file that is kept anew, as the log is at the end, is still one file. */
function enterEvidence(ledger: Ledger, file: EvidenceFile): Ledger {
  const others = ledger.evidence.filter((kept) => kept.file !== file.file);
  return { ...ledger, evidence: [...others, file] };
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
  readonly cleanupSeconds: number | null;
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
    durationSeconds: rounded(options.durationSeconds),
    outcome: ending.outcome,
    criteria: criteriaOf(order, ledger, ending),
    failure: ending.failure,
    steps: stepsOf(ledger, ending.failure),
    slow: ledger.slow,
    cleanup: {
      status: ledger.owned.length === 0 ? 'clean' : 'leaked',
      left: ledger.owned.map((thing) => ledger.left.find((known) => sameThing(known, thing)) ?? thing),
      removed: MADE_LAST_FIRST.flatMap((kind) => ledger.removed.filter((thing) => thing.kind === kind)),
      seconds: options.cleanupSeconds === null ? null : rounded(options.cleanupSeconds),
    },
    hubVersion: ledger.hubVersion,
    ...(ledger.hubRestarted === null ? {} : { hubRestarted: ledger.hubRestarted }),
    ...(order.leftOut === undefined ? {} : { leftOut: order.leftOut }),
    evidence: ledger.evidence,
    ...(ledger.dropped.length === 0 ? {} : { evidenceDropped: ledger.dropped }),
  };
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
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
