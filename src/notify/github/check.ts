import type { NotifierCheck } from '../notifier.ts';
import { RepositoryAnswer, readAnswer } from './answers.ts';
import type { Talk } from './talk.ts';

/** Whether issues can be opened in the repository, as far as a look can tell. @throws when the look fails. */
export async function checkRepository({ client, home, signal }: Talk): Promise<NotifierCheck> {
  const { data, headers } = await client.rest.repos.get({ ...home, request: { signal } });
  const { archived, has_issues } = readAnswer(RepositoryAnswer, data);
  const repository = `${home.owner}/${home.repo}`;
  if (archived) return refused(`${repository} is archived: no issue can be opened in it`);
  if (!has_issues) return refused(`issues are switched off in ${repository}: switch them on in its settings`);
  if (!mayWriteIssues(headers['x-oauth-scopes'])) {
    return refused(`the token may read ${repository} but not write issues: give it the scope "repo"`);
  }
  return { ok: true };
}

function refused(why: string): NotifierCheck {
  return { ok: false, refused: true, why };
}

/**
 * Only classic tokens tell their scopes. Of the others nothing certain is said: `permissions` in the answer speaks of
 * the contents, and whoever may not push may still open issues.
 */
function mayWriteIssues(scopes: unknown): boolean {
  if (typeof scopes !== 'string') return true;
  return scopes.split(',').some((scope) => ['repo', 'public_repo'].includes(scope.trim()));
}
