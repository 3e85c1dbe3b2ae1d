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
import { takeOver } from './take-over.ts';

/** What a journey works with; all of it is made and ended by whoever calls. */
export interface JourneyTools {
  readonly page: Page;
  readonly watch: PageWatch;
  readonly belongings: Belongings;
  readonly signal: AbortSignal;
  readonly report: (message: Message) => void;
  readonly log: Visit['log'];
  readonly gatewaySaid: Visit['gatewaySaid'];
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
    run: assignment.id,
    hub: assignment.hub,
    credential: assignment.credential,
    page: tools.page,
    watch: tools.watch,
    signal: tools.signal,
    log: tools.log,
    gatewaySaid: tools.gatewaySaid,
    found,
    step: (name, limit, body) => steps.run(name, limit, body),
    own(kind, id, remove, how = { throughPage: false }) {
      const thing = { kind, id };
      tools.report({ kind: 'owned', thing });
      const drop = tools.belongings.add({ thing, remove, ...how });
      return () => {
        drop();
        tools.report({ kind: 'not-made', thing });
      };
    },
    entrust: (custody) => tools.report({ kind: 'custody', custody }),
  };
  try {
    await probes[criterion].run(visit);
    if (criterion === 'login' && assignment.askIfRestarted) await reportRestart(visit, tools);
    if (criterion === 'login' && assignment.sweep !== null) takeOver(visit, assignment.sweep);
    return { outcome: 'passed', failure: null };
  } catch (error) {
    return explain(error, { criterion, step: steps.current });
  }
}

/** Costs the run nothing when the hub does not say: then it counts as the one that it was. */
async function reportRestart({ hub, found }: Visit, { signal, report }: JourneyTools): Promise<void> {
  if (found.session === undefined) return;
  const { api, user } = found.session;
  const remembers = await api.remembersFailedStart(user, hub.server.name, signal).catch(() => null);
  if (remembers !== null) report({ kind: 'hub-restarted', restarted: !remembers });
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
