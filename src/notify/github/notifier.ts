import type { Octokit } from '@octokit/rest';
import type { EffectKind } from '../../core/effect.ts';
import { ISSUES } from '../../core/effect.ts';
import type { DeliveryRequest, Notifier, Receipt } from '../notifier.ts';
import { checkRepository } from './check.ts';
import { comment } from './comment.ts';
import { editIssue } from './edit-issue.ts';
import { explainFailure, needsMending } from './explain.ts';
import { placeOfIncident } from './issue-place.ts';
import { openIssue } from './open-issue.ts';
import { sweep } from './sweep.ts';
import type { NotifierLog, Repository, Talk } from './talk.ts';
import { createIssueWatch } from './watch.ts';

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
  const watch = createIssueWatch();
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
  const letIn = (signal: AbortSignal) => talk(signal).catch(failed({ what: 'let us in', changes: false }));

  return {
    name: ISSUES,
    async deliver(request) {
      const { signal, effect } = request;
      const current = await letIn(signal);
      if (isHistory(request)) return { adopted: false, left: HISTORY };
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
    async sightings({ incidents, signal }) {
      if (incidents.length === 0) return [];
      const current = await letIn(signal);
      return watch
        .look(current, incidents, now())
        .catch(failed({ what: 'show how the issues are', changes: false }));
    },
    async sweep({ repeated, signal }) {
      if (repeated.length === 0) return { duplicates: [], moved: [] };
      const current = await letIn(signal);
      return sweep(current, repeated).catch(
        failed({ what: 'show and close what was told twice', changes: false }),
      );
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

const HISTORY = 'the incident was over for good before GitHub could be told';

/**
 * An issue that was never tried to be opened, about what was over so long ago that it can't come back: nobody needs to be
 * told of it now. As when GitHub is configured after weeks of trying the service without it.
 */
function isHistory({ effect, incident, firstAttemptAt }: DeliveryRequest): boolean {
  return effect.kind === 'open-issue' && firstAttemptAt === null && incident.state === 'closed';
}

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
        : await editIssue(talk, effect, place, madeLabels);
  // Deleted by a human, or declared while no GitHub was configured: the incident goes on in our own records.
  return receipt ?? { adopted: true, left: 'the incident has no issue any more' };
}
