import { provesCredential } from '../core/evidence.ts';
import type { Hub } from '../core/hub.ts';
import type { Run } from '../core/run.ts';
import type { Store } from '../store/store.ts';
import { overAt } from '../trial/compare.ts';
import type { Entry } from '../trial/ledger.ts';

/** What a store has of a time. */
export interface Record {
  readonly fromMs: number;
  readonly toMs: number;
  /** Of configured hubs, in no order; a day more at the beginning, from which the first verdicts come. */
  readonly runs: readonly Run[];
  /** What was declared of configured hubs and was not over before that time, oldest first. */
  readonly incidents: readonly Entry[];
  /** The accounts that had logged in before the first of these runs. */
  readonly provenAccounts: (hub: Hub) => readonly string[];
  /** Hubs with runs on record that are not configured, and how many runs. */
  readonly strangers: ReadonlyMap<string, number>;
}

const WARM_UP_MS = 86_400_000;
const PAGE = 1_000;

/**
 * @param span what is left out reaches as far as the record does
 * @returns null when there is no run in that time
 */
export async function readRecord(
  store: Store,
  hubs: readonly Hub[],
  span: { readonly from: Date | null; readonly to: Date | null },
): Promise<Record | null> {
  const names = new Set(hubs.map(({ name }) => name));
  const runs: Run[] = [];
  const strangers = new Map<string, number>();
  const earliest = span.from === null ? '' : new Date(span.from.getTime() - WARM_UP_MS).toISOString();
  const latest = span.to?.toISOString() ?? '9';
  let isCutOff = false;
  for await (const run of newestFirst((before) => store.runs({ ...before, limit: PAGE }))) {
    isCutOff = run.startedAt < earliest;
    if (isCutOff) break;
    if (run.finishedAt > latest) continue;
    if (names.has(run.hub)) runs.push(light(run));
    else strangers.set(run.hub, (strangers.get(run.hub) ?? 0) + 1);
  }
  const first = runs.reduce((found, { startedAt }) => (startedAt < found ? startedAt : found), '9');
  const last = runs.reduce((found, { finishedAt }) => (finishedAt > found ? finishedAt : found), '');
  if (last === '') return null;
  const fromMs = span.from?.getTime() ?? Date.parse(first);
  return {
    fromMs,
    toMs: span.to?.getTime() ?? Date.parse(last),
    runs,
    incidents: await declaredSince(store, names, { from: new Date(fromMs).toISOString(), to: latest }),
    provenAccounts: await provenBefore(store, hubs, isCutOff ? [] : runs),
    strangers,
  };
}

/** What a judgement never looks at is let go: a year of runs has to fit into memory. */
function light(run: Run): Run {
  return { ...run, steps: [], slow: [], evidence: [] };
}

async function declaredSince(
  store: Store,
  names: ReadonlySet<string>,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<readonly Entry[]> {
  const found: Entry[] = [];
  for await (const incident of newestFirst((before) => store.incidents({ ...before, limit: PAGE }))) {
    const isOurs = incident.members.some(({ hub }) => names.has(hub));
    if (!isOurs || incident.declaredAt > to || (overAt(incident) ?? '9') < from) continue;
    found.push({ incident, events: await store.incidentEvents(incident.id) });
  }
  return found.toReversed();
}

/** In a record that is whole, an account was new before its first login, as a judgement of the runs has it. */
async function provenBefore(
  store: Store,
  hubs: readonly Hub[],
  runs: readonly Run[],
): Promise<Record['provenAccounts']> {
  const seen = new Set(runs.filter(provesCredential).map(({ hub, account }) => `${hub} ${account}`));
  const proven = new Map<string, readonly string[]>();
  for (const hub of hubs) {
    const accounts: string[] = [];
    for (const { username } of [hub.login, ...(hub.secondAccount === null ? [] : [hub.secondAccount])]) {
      if (seen.has(`${hub.name} ${username}`)) continue;
      if (await store.credentialProven(hub.name, username)) accounts.push(username);
    }
    proven.set(hub.name, accounts);
  }
  return ({ name }) => proven.get(name) ?? [];
}

async function* newestFirst<T extends { readonly id: string }>(
  page: (before: { readonly before?: string }) => Promise<readonly T[]>,
): AsyncGenerator<T> {
  let before: { readonly before?: string } = {};
  for (;;) {
    const found = await page(before);
    yield* found;
    const last = found.at(-1);
    if (last === undefined || found.length < PAGE) return;
    before = { before: last.id };
  }
}
