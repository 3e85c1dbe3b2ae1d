import type { Octokit } from '@octokit/rest';
import type { EffectKind } from '../../core/effect.ts';
import type { DeliveryRequest, Notifier, Receipt } from '../notifier.ts';
import { checkRepository } from './check.ts';
import { comment } from './comment.ts';
import { editIssue } from './edit-issue.ts';
import { explainFailure, needsMending } from './explain.ts';
import { placeOfIncident } from './issue-place.ts';
import { openIssue } from './open-issue.ts';
import type { NotifierLog, Repository, Talk } from './talk.ts';

export interface GitHubParts {
  readonly home: Repository;
  readonly client: () => Promise<Octokit>;
  readonly now: () => Date;
  readonly log: NotifierLog;
}

/** Tells incidents as issues of one repository. */
export function createGitHubNotifier({ home, client, now, log }: GitHubParts): Notifier {
  const repository = `${home.owner}/${home.repo}`;
  const madeLabels = new Set<string>();
  const failed: Talk['failed'] = (undertaking) => (error) => {
    throw explainFailure(error, { ...undertaking, repository }, now());
  };
  const talk = async (signal: AbortSignal): Promise<Talk> => ({
    client: await client(),
    home,
    signal,
    log,
    failed,
  });

  return {
    name: 'github',
    async deliver(request) {
      const { signal, effect } = request;
      const current = await talk(signal).catch(failed({ what: 'let us in', changes: false }));
      return carryOut(current, request, madeLabels).catch(
        failed({ what: PHRASES[effect.kind], changes: true }),
      );
    },
    async check(signal) {
      try {
        return await checkRepository(await talk(signal));
      } catch (error) {
        const what = 'show the repository';
        const { message } = explainFailure(error, { what, repository, changes: false }, now());
        return { ok: false, refused: needsMending(error), why: message };
      }
    },
  };
}

const PHRASES: Readonly<Record<EffectKind, string>> = {
  'open-issue': 'open an issue',
  comment: 'comment on the issue',
  'update-issue': 'update the issue',
  'close-issue': 'close the issue',
  'reopen-issue': 'open the issue again',
  announce: 'announce it',
};

async function carryOut(talk: Talk, request: DeliveryRequest, madeLabels: Set<string>): Promise<Receipt> {
  const { effect, incident } = request;
  if (effect.kind === 'open-issue') return openIssue(talk, effect, request, madeLabels);
  // Announcements are for others.
  if (effect.kind === 'announce') return { adopted: true };
  const place = placeOfIncident(incident);
  const receipt =
    place === null
      ? null
      : effect.kind === 'comment'
        ? await comment(talk, effect, request, place)
        : await editIssue(talk, effect, place);
  if (receipt !== null) return receipt;
  // Deleted by a human, or declared while no GitHub was configured: the incident goes on in our own records.
  talk.log('the incident has no issue any more: this is only logged', {
    effect: effect.kind,
    incident: incident.id,
    issue: incident.issue?.url ?? null,
  });
  return { adopted: true };
}
