import * as fc from 'fast-check';
import { ulid } from 'ulid';
import { expect, it } from 'vitest';
import { INCIDENT_STATES, isActive } from '../../../src/core/incident.ts';
import { type Commit, Conflict, type Store } from '../../../src/store/store.ts';
import { aCommentFor, anEventOf, anIncident, anOpenIssueFor } from '../../build/incident.ts';
import { aRun } from '../../build/run.ts';
import { type Open, aCommitOf, later, nothing } from './fixture.ts';
import { Model } from './model.ts';

const few = fc.nat({ max: 3 });
const run = fc.option(few);

/** What may happen; few names, so that they meet. */
const step = fc.oneof(
  fc.record({ kind: fc.constant('run'), run: few }),
  fc.record({ kind: fc.constant('declare'), hub: few, run }),
  fc.record({
    kind: fc.constant('advance'),
    which: fc.nat(),
    /** How many revisions behind or ahead of the stored one the writer is. */
    off: fc.constantFrom(0, 0, 0, -1, 1),
    state: fc.constantFrom(...INCIDENT_STATES),
    run,
  }),
  fc.record({
    kind: fc.constant('deliver'),
    result: fc.constantFrom('delivered', 'taught', 'pending', 'ambiguous', 'cut off'),
  }),
  fc.record({ kind: fc.constant('restart') }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

export function anySequenceContract(open: Open): void {
  it('leaves the store as the model is', () =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const name = ulid();
        const pair = { store: await open(name), model: new Model() };
        try {
          for (const [index, each] of steps.entries()) {
            const now = later(index * 1_000);
            const answers = await take(pair, each, now, () => open(name));
            expect(answers.store).toEqual(answers.model);
            expect(await seenOf(pair.store, now)).toEqual(seenOfModel(pair.model, now));
          }
        } finally {
          await pair.store.close();
        }
      }),
      { numRuns: 40 },
    ));
}

async function take(
  pair: Pair,
  what: Step,
  now: Date,
  open: () => Promise<Store>,
): Promise<{ store: unknown; model: unknown }> {
  const { store, model } = pair;
  if (what.kind === 'restart') {
    await store.close();
    pair.store = await open();
    return { store: null, model: null };
  }
  if (what.kind === 'deliver') {
    await deliver(pair, what.result, now);
    return { store: null, model: null };
  }
  const commit = commitFor(model, what, now);
  return { model: model.commit(commit), store: await answerTo(store.commit(commit)) };
}

async function answerTo(committed: Promise<boolean>): Promise<boolean | 'conflict'> {
  try {
    return await committed;
  } catch (error) {
    if (error instanceof Conflict) return 'conflict';
    throw error;
  }
}

interface Pair {
  store: Store;
  readonly model: Model;
}

type CommitStep = Exclude<Step, { kind: 'deliver' | 'restart' }>;

function commitFor(model: Model, what: CommitStep, now: Date): Commit {
  const recorded = what.run === null ? null : aRun({ id: `run-${what.run}` });
  if (what.kind === 'run') return { ...nothing, run: recorded };
  const createdAt = now.toISOString();
  if (what.kind === 'declare') {
    const incident = anIncident({ id: ulid(now.getTime()), scope: { kind: 'hub', id: `hub-${what.hub}` } });
    return aCommitOf(incident, { run: recorded, effects: [{ ...anOpenIssueFor(incident), createdAt }] });
  }
  const stored = [...model.incidents.values()][what.which % Math.max(1, model.incidents.size)];
  if (stored === undefined) return { ...nothing, run: recorded };
  const state = isActive(stored) || stored.state === 'dismissed' ? what.state : stored.state;
  const incident = { ...stored, state, revision: stored.revision + 1 + what.off };
  return aCommitOf(incident, { run: recorded, effects: [{ ...aCommentFor(incident), createdAt }] });
}

async function deliver(
  { store, model }: Pair,
  result: Extract<Step, { kind: 'deliver' }>['result'],
  now: Date,
): Promise<void> {
  const waiting = model.next(now);
  if (waiting === null) return;
  const { id, incident } = waiting.effect;
  await store.outbox.sending(id, now);
  waiting.attempts += 1;
  waiting.state = 'ambiguous';
  if (result === 'cut off') return;
  if (result === 'pending' || result === 'ambiguous') {
    const failure = { state: result, notBefore: new Date(now.getTime() + 2_000), error: 'no' } as const;
    await store.outbox.failed(id, failure);
    return model.failed(id, failure);
  }
  waiting.state = 'delivered';
  const stored = model.incidents.get(incident);
  if (result === 'delivered' || stored === undefined) return store.outbox.delivered(id, now, null);
  const opened = { ...stored, revision: stored.revision + 1, issue: { number: 7, url: 'u' } };
  const change = { incident: opened, event: anEventOf(opened, { kind: 'issue-opened' }) };
  model.commit({ ...nothing, incidents: [opened], events: [change.event] });
  await store.outbox.delivered(id, now, change);
}

/** All that can be seen of a store from outside. */
async function seenOf(store: Store, now: Date): Promise<unknown> {
  const incidents = await store.incidents({ limit: 99 });
  const next = await store.outbox.next('github', now);
  return {
    runs: await store.runs({ limit: 99 }),
    incidents,
    active: await store.activeIncidents(),
    live: await store.liveIncidents(),
    past: await store.pastIncidents(),
    logs: await Promise.all(incidents.map(({ id }) => store.incidentEvents(id))),
    pending: (await store.outbox.status()).pending,
    nextDue: await store.outbox.nextDue('github'),
    next: next && { effect: next.effect, state: next.state, attempts: next.attempts },
  };
}

function seenOfModel(model: Model, now: Date): unknown {
  const incidents = [...model.incidents.values()].toSorted(byId).toReversed();
  const next = model.next(now);
  return {
    runs: [...model.runs.values()].toSorted(byId).toReversed(),
    incidents,
    active: model.active().toSorted(byId),
    live: model.live().toSorted(byId),
    past: model.past().toSorted(byId),
    logs: incidents.map(({ id }) => model.log(id)),
    pending: model.undelivered().length,
    nextDue: model.nextDue(),
    next: next && { effect: next.effect, state: next.state, attempts: next.attempts },
  };
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : 1;
}
