import type { Issue } from './answers.ts';
import { statusOf } from './explain.ts';
import type { Talk } from './talk.ts';

/** How our own labels look when they have to be made; others keep what the team gave them. */
const OURS: Readonly<Record<string, { readonly color: string; readonly description: string }>> = {
  'criterion: login': { color: 'b60205', description: "users can't log in to a hub" },
  'criterion: server': { color: 'd93f0b', description: "users can't start a server" },
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

/** Without push access GitHub drops labels silently. The issue counts for more than its labels: never throws. */
export async function addMissingLabels(talk: Talk, issue: Issue, wanted: readonly string[]): Promise<void> {
  const labels = wanted.filter((label) => !issue.labels.includes(label));
  if (labels.length === 0) return;
  const { number: issue_number } = issue;
  try {
    await talk.client.rest.issues.addLabels({
      ...talk.home,
      issue_number,
      labels,
      request: { signal: soon(talk) },
    });
  } catch {
    talk.log('the issue is open, but GitHub did not take its labels', { issue: issue_number, labels });
  }
}

function soon({ signal }: Talk): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(LABEL_WITHIN_MS)]);
}
