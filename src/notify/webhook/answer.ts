import { DeliveryError } from '../notifier.ts';
import { retryAfterMs } from '../retry-after.ts';
import type { PostAnswer } from './post.ts';

const HOUR_MS = 3_600_000;
/** Failures before a connection stood: nothing can have arrived. */
const NEVER_ARRIVED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH']);
/** What is wrong with one message; other refusals are about the address and meet every message. */
const ABOUT_THE_MESSAGE = new Set([400, 409, 413, 415, 422]);

interface Told {
  /** For people: `webhook chat`. */
  readonly who: string;
  /** Where in the configuration: `notify (chat)`. */
  readonly where: string;
  readonly now: Date;
}

/** Null: it has arrived. */
export function refusalOf(answer: PostAnswer, { who, where, now }: Told): DeliveryError | null {
  const { status, said } = answer;
  if (status >= 200 && status < 300) return null;
  const quoted = said === '' ? '' : `: ${said}`;
  const wish = retryAfterMs(answer.retryAfter, now);
  const retry = wish === null ? null : Math.min(wish, HOUR_MS);
  const refused = (text: string, retryAfterMs: number | null = retry) =>
    new DeliveryError(`${who} ${text}`, { done: 'nothing', concerns: 'notifier', retryAfterMs });
  if (status >= 300 && status < 400)
    return refused(
      `redirects elsewhere (${status}), which is not followed. Give the final address in ${where}`,
    );
  if (status === 401 || status === 403)
    return refused(`does not let us in (${status}${quoted}). Check the address and the secret in ${where}`);
  if (status === 404) return refused(`is not there (404${quoted}). Check the address in ${where}`);
  if (status === 410)
    return refused(
      `is gone for good (410${quoted}). Give another address in ${where}, or take it out`,
      HOUR_MS,
    );
  if (status === 429) return refused('wants fewer messages (429)');
  if (ABOUT_THE_MESSAGE.has(status))
    return new DeliveryError(`${who} refused the message (${status}${quoted})`, { done: 'nothing' });
  if (status >= 400 && status < 500) return refused(`refused (${status}${quoted})`);
  return new DeliveryError(`${who} failed (${status}${quoted})`, {
    done: 'unknown',
    retryAfterMs: retry,
    concerns: retry === null ? 'effect' : 'notifier',
  });
}

/** No answer. Holds nothing of the address but what the system says of it. */
export function silenceOf(error: unknown, { who, where }: Told): DeliveryError {
  const code = codeOf(error);
  const how =
    error instanceof Error && ['TimeoutError', 'AbortError'].includes(error.name) ? 'in time' : `(${code})`;
  return new DeliveryError(`${who} did not answer ${how}. If it stays so, check the address in ${where}`, {
    done: NEVER_ARRIVED.has(code) ? 'nothing' : 'unknown',
  });
}

function codeOf(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') return cause.code;
  }
  return 'connection failed';
}
