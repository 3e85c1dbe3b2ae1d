import type { Issue } from './answers.ts';
import type { EffectOf } from './effect-of.ts';
import { statusOf } from './explain.ts';
import type { IssuePlace } from './issue-place.ts';
import type { Talk } from './talk.ts';

/** How our own labels look when they have to be made; others keep what the team gave them. */
const OURS: Readonly<Record<string, { readonly color: string; readonly description: string }>> = {
  'criterion: login': { color: 'b60205', description: "users can't log in to a hub" },
  'criterion: server': { color: 'd93f0b', description: "users can't start a server" },
  flapping: { color: 'c5def5', description: 'comes and goes: one incident is kept open for it' },
  'criterion: dask': { color: 'fbca04', description: "users can't start dask workers" },
};

/** Labels are a help; they may never hold a declaration up for long. */
const LABEL_WITHIN_MS = 5_000;

/** Makes our labels where they are absent, so that they get a colour and a description. Never throws. */
export async function makeOurLabels(talk: Talk, labels: readonly string[], made: Set<string>): Promise<void> {
  for (const name of labels) {
    const look = OURS[name];
    if (look === undefined || made.has(name)) continue;
    try {
      await talk.client.rest.issues.createLabel({
        ...talk.home,
        name,
        ...look,
        request: { signal: soon(talk) },
      });
      made.add(name);
    } catch (error) {
      // 422: it is there already. GitHub makes the others itself, in grey, when the issue names them.
      if (statusOf(error) === 422) made.add(name);
    }
  }
}

/** Adds and takes off what is told of our labels; the others are none of our business. Never throws. */
export async function bringLabels(
  talk: Talk,
  { issue, place }: { readonly issue: Issue; readonly place: IssuePlace },
  { addLabels = [], removeLabels = [] }: EffectOf<'update-issue'>,
  made: Set<string>,
): Promise<void> {
  const missing = addLabels.filter((label) => !issue.labels.includes(label));
  if (missing.length > 0) {
    await makeOurLabels(talk, missing, made);
    await addMissingLabels(talk, place, issue, missing);
  }
  for (const name of removeLabels.filter((label) => issue.labels.includes(label))) {
    try {
      await talk.client.rest.issues.removeLabel({ ...place, name, request: { signal: soon(talk) } });
    } catch (error) {
      // 404: somebody was quicker.
      if (statusOf(error) !== 404) talk.log('GitHub did not take a label off', { issue: issue.number, name });
    }
  }
}

/** Without push access GitHub drops labels silently. The issue counts for more than its labels: never throws. */
export async function addMissingLabels(
  talk: Talk,
  place: IssuePlace,
  issue: Issue,
  wanted: readonly string[],
): Promise<void> {
  const labels = wanted.filter((label) => !issue.labels.includes(label));
  if (labels.length === 0) return;
  try {
    await talk.client.rest.issues.addLabels({
      ...place,
      labels,
      request: { signal: soon(talk) },
    });
  } catch {
    talk.log('the issue is open, but GitHub did not take its labels', { issue: issue.number, labels });
  }
}

function soon({ signal }: Talk): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(LABEL_WITHIN_MS)]);
}
