import type { Octokit } from '@octokit/rest';
import type { GitHubPlace } from './client.ts';
import { statusOf } from './explain.ts';

/** How our own labels look when they have to be made; others keep what the team gave them. */
const OURS: Readonly<Record<string, { readonly color: string; readonly description: string }>> = {
  'criterion: login': { color: 'b60205', description: "users can't log in to a hub" },
  'criterion: server': { color: 'd93f0b', description: "users can't start a server" },
  'criterion: dask': { color: 'fbca04', description: "users can't start dask workers" },
};

/** Makes our labels where they are absent, so that they get a colour and a description. */
export async function ensureLabels(
  octokit: Octokit,
  { owner, repo }: GitHubPlace,
  labels: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (const name of labels) {
    const look = OURS[name];
    if (look === undefined) continue;
    try {
      await octokit.rest.issues.createLabel({ owner, repo, name, ...look, request: { signal } });
    } catch (error) {
      // 422: it is there already. A token that may not make labels still opens issues.
      if (![403, 404, 422].includes(statusOf(error) ?? 0)) throw error;
    }
  }
}
