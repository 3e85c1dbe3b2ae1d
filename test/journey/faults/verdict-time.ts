import type { FrontAnswer } from '../../testbed/front.ts';

/**
 * The first answer with which the hub or its proxy said no: an error status, the login form again after it was submitted, or
 * a start that the progress stream calls failed. Null when nobody did.
 */
export function firstNo(answers: readonly FrontAnswer[]): FrontAnswer | null {
  return answers.find(isNo) ?? null;
}

function isNo({ method, path, status, event }: FrontAnswer): boolean {
  if (event !== undefined) return /"failed":\s*true/.test(event);
  // Browsers ask for icons by themselves, and the user model has no server before there is one.
  if (/favicon|\/static\//.test(path)) return false;
  return status >= 400 || (method === 'POST' && path.endsWith('/hub/login') && status === 200);
}
