import type { FrontAnswer } from '../../testbed/front.ts';

/**
 * The answer that decided: the first with which the hub or its proxy said no (an error status, the login form again after it
 * was submitted, a start that the progress stream calls failed), else the last of all. Null when nobody answered anything.
 */
export function decisiveAnswer(answers: readonly FrontAnswer[]): FrontAnswer | null {
  return answers.find(isNo) ?? answers.findLast(isForTheUser) ?? null;
}

/** Browsers ask for icons and scripts by themselves. */
function isForTheUser({ path }: FrontAnswer): boolean {
  return !/favicon|\/static\/|\/hub\/logo/.test(path);
}

function isNo(answer: FrontAnswer): boolean {
  const { method, path, status, event } = answer;
  if (event !== undefined) return /"failed":\s*true/.test(event);
  if (!isForTheUser(answer)) return false;
  return status >= 400 || (method === 'POST' && path.endsWith('/hub/login') && status === 200);
}
