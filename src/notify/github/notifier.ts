import type { Octokit } from '@octokit/rest';
import { z } from 'zod';
import type { Effect } from '../../core/incident.ts';
import { replaceBlocks } from '../../core/markers.ts';
import { DeliveryError, type DeliveryRequest, type Notifier, type Receipt } from '../notifier.ts';
import type { GitHubTools } from './client.ts';
import { explainFailure, statusOf } from './explain.ts';
import { FoundIssue, findIssue, hasComment } from './find.ts';
import { ensureLabels } from './labels.ts';

type Of<Kind extends Effect['kind']> = Extract<Effect, { readonly kind: Kind }>;

const Repository = z.object({ has_issues: z.boolean(), archived: z.boolean().default(false) });

/** Tells incidents as issues of one repository. */
export function createGitHubNotifier({ place, octokit }: GitHubTools, now: () => Date): Notifier {
  const { owner, repo } = place;
  const repository = `${owner}/${repo}`;

  async function deliver(request: DeliveryRequest): Promise<Receipt> {
    const client = await octokit();
    const { effect } = request;
    switch (effect.kind) {
      case 'open-issue':
        return openIssue(client, effect, request);
      case 'comment':
        return comment(client, effect, request);
      case 'update-issue':
        return edit(client, effect, request, {});
      case 'close-issue':
        return edit(client, effect, request, { state: 'closed', state_reason: 'completed' });
    }
  }

  async function openIssue(
    client: Octokit,
    effect: Of<'open-issue'>,
    request: DeliveryRequest,
  ): Promise<Receipt> {
    const { signal, firstAttemptAt } = request;
    if (request.maybeDone && firstAttemptAt !== null) {
      const found = await findIssue(client, place, {
        incident: effect.incident,
        since: firstAttemptAt,
        signal,
      });
      if (found !== null) return { issue: { number: found.number, url: found.html_url }, adopted: true };
    }
    await ensureLabels(client, place, effect.labels, signal);
    const { title, body } = effect;
    const labels = [...effect.labels];
    const { data } = await client.rest.issues.create({
      owner,
      repo,
      title,
      body,
      labels,
      request: { signal },
    });
    // An answer that was cut off arrives as a success without its content.
    const created = FoundIssue.safeParse(data);
    if (!created.success) {
      throw new DeliveryError('GitHub took the issue, but its answer was cut off', { done: 'unknown' });
    }
    await addMissingLabels(client, created.data, labels, signal);
    return { issue: { number: created.data.number, url: created.data.html_url }, adopted: false };
  }

  /** Without push access GitHub drops labels silently. The issue counts for more, so a failure here is not one of the delivery. */
  async function addMissingLabels(client: Octokit, issue: FoundIssue, labels: string[], signal: AbortSignal) {
    const there = issue.labels.map((label) => (typeof label === 'string' ? label : label.name));
    const missing = labels.filter((label) => !there.includes(label));
    if (missing.length === 0) return;
    await client.rest.issues
      .addLabels({ owner, repo, issue_number: issue.number, labels: missing, request: { signal } })
      .catch(() => {});
  }

  async function comment(client: Octokit, effect: Of<'comment'>, request: DeliveryRequest): Promise<Receipt> {
    const { signal, firstAttemptAt } = request;
    const issue = issueOf(request);
    if (request.maybeDone && firstAttemptAt !== null) {
      const there = await hasComment(client, place, {
        issue,
        effect: effect.id,
        since: firstAttemptAt,
        signal,
      });
      if (there) return { adopted: true };
    }
    const { body } = effect;
    await unlessGone(
      client.rest.issues.createComment({ owner, repo, issue_number: issue, body, request: { signal } }),
    );
    return { adopted: false };
  }

  /** Reads the issue first: what humans wrote and decided there stays. */
  async function edit(
    client: Octokit,
    effect: Of<'update-issue'> | Of<'close-issue'>,
    request: DeliveryRequest,
    state: { readonly state?: 'closed'; readonly state_reason?: 'completed' },
  ): Promise<Receipt> {
    const { signal } = request;
    const at = { owner, repo, issue_number: issueOf(request), request: { signal } };
    const answer = await unlessGone(client.rest.issues.get(at));
    if (answer === null) return { adopted: true };
    const current = FoundIssue.parse(answer.data);
    const body = replaceBlocks(current.body ?? '', effect.blocks);
    const change = current.state === 'closed' ? {} : state;
    await unlessGone(client.rest.issues.update({ ...at, body, ...change }));
    return { adopted: false };
  }

  return {
    name: 'github',
    async deliver(request) {
      try {
        return await deliver(request);
      } catch (error) {
        throw explainFailure(error, PHRASES[request.effect.kind], repository, now());
      }
    },
    async check(signal) {
      try {
        const { data } = await (await octokit()).rest.repos.get({ owner, repo, request: { signal } });
        const { has_issues, archived } = Repository.parse(data);
        if (archived)
          return { ok: false, refused: true, why: `${repository} is archived: no issue can be opened in it` };
        if (!has_issues) return { ok: false, refused: true, why: `issues are switched off in ${repository}` };
        return { ok: true };
      } catch (error) {
        const { message, done } = explainFailure(error, 'show the repository', repository, now());
        return { ok: false, refused: done === 'nothing', why: message };
      }
    },
  };
}

const PHRASES: Readonly<Record<Effect['kind'], string>> = {
  'open-issue': 'open an issue',
  comment: 'comment on the issue',
  'update-issue': 'update the issue',
  'close-issue': 'close the issue',
};

function issueOf({ incident, effect }: DeliveryRequest): number {
  if (incident.issue !== null) return incident.issue.number;
  throw new DeliveryError(`incident ${incident.id} has no issue to ${PHRASES[effect.kind]} on`, {
    done: 'nothing',
  });
}

/** An issue that a human deleted needs nothing more: the incident goes on in our own records. */
async function unlessGone<T>(request: Promise<T>): Promise<T | null> {
  try {
    return await request;
  } catch (error) {
    if (statusOf(error) === 410) return null;
    throw error;
  }
}
