import type { Page } from 'playwright';
import { probes } from '../../probes/index.ts';
import { CRITERIA, type Criterion } from '../core/criterion.ts';
import type { CriterionResult } from '../core/run.ts';
import type { PageWatch } from '../jupyterhub/page-watch.ts';
import type { Found, Visit } from '../probe.ts';
import type { Assignment, Ending, Message } from '../runner/protocol.ts';
import type { Belongings } from './belongings.ts';
import { explain } from './explain.ts';
import { StepBook } from './step-book.ts';

/** What a journey works with; all of it is made and ended by whoever calls. */
export interface JourneyTools {
  readonly page: Page;
  readonly watch: PageWatch;
  readonly belongings: Belongings;
  readonly signal: AbortSignal;
  readonly report: (message: Message) => void;
  readonly log: Visit['log'];
}

/**
 * Goes through the wanted probes in the order a user would. The first that does not pass ends the journey:
 * what needs it stays unknown, never failed. Never throws.
 */
export async function travel(
  assignment: Assignment,
  tools: JourneyTools,
  /** What is there already; filled by the probes. */
  found: Found = {},
): Promise<Ending> {
  let ending: Ending = { outcome: 'passed', failure: null };
  for (const criterion of CRITERIA.filter((wanted) => assignment.probes.includes(wanted))) {
    const steps = stepBook(criterion, assignment, tools);
    if (ending.outcome === 'passed') ending = await tryOne(criterion, steps, found, assignment, tools);
    steps.skipRest();
    tools.report({ kind: 'criterion', criterion, result: resultOf(ending, criterion) });
  }
  return ending;
}

async function tryOne(
  criterion: Criterion,
  steps: StepBook,
  found: Found,
  assignment: Assignment,
  tools: JourneyTools,
): Promise<Ending> {
  const visit: Visit = {
    hub: assignment.hub,
    credential: assignment.credential,
    page: tools.page,
    watch: tools.watch,
    signal: tools.signal,
    log: tools.log,
    found,
    step: (name, limit, body) => steps.run(name, limit, body),
    own(kind, id, remove, how = { throughPage: false }) {
      const thing = { kind, id };
      tools.belongings.add({ thing, remove, ...how });
      tools.report({ kind: 'owned', thing });
    },
    entrust: (custody) => tools.report({ kind: 'custody', custody }),
  };
  try {
    await probes[criterion].run(visit);
    return { outcome: 'passed', failure: null };
  } catch (error) {
    return explain(error, { criterion, step: steps.current });
  }
}

/** Only the probe that the ending speaks of can have failed; what came before it passed, what comes after is unknown. */
function resultOf(ending: Ending, criterion: Criterion): CriterionResult {
  if (ending.outcome === 'passed') return 'passed';
  const isTheOne = ending.failure?.criterion === criterion;
  return ending.outcome === 'failed' && isTheOne ? 'failed' : 'unknown';
}

function stepBook(criterion: Criterion, { hub }: Assignment, { signal, report }: JourneyTools): StepBook {
  return new StepBook({ criterion, names: probes[criterion].steps(hub), signal, report });
}
