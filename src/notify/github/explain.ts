import { DeliveryError } from '../notifier.ts';
import { retryAfterMs } from '../retry-after.ts';
import { Unreadable } from './answers.ts';
import { messageOf } from '../../core/text.ts';

/** Statuses by which GitHub says that it did nothing. */
const REFUSALS = new Set([400, 401, 403, 404, 410, 422, 429]);
/** A wish for longer than this is taken for a mistake: GitHub's longest window is an hour. */
const LONGEST_WISH_MS = 3_600_000;
/** An error page can be long, and this is read in a line of a log. */
const LONGEST_QUOTE = 300;

export interface Undertaking {
  /** Completes "GitHub refused to …". */
  readonly what: string;
  /** For people: `owner/name`. */
  readonly repository: string;
  /** Whether it changes something: a look that failed has certainly done nothing. */
  readonly changes: boolean;
}

interface HttpFailure {
  readonly status: number;
  readonly message: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/**
 * What a failed request means. The client turns lost connections into status 500, so only a refusal is certain;
 * everything else may have been carried out.
 */
export function explainFailure(
  error: unknown,
  { what, repository, changes }: Undertaking,
  now: Date,
): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const failure = httpFailureOf(error);
  const isRefusal = failure !== null && REFUSALS.has(failure.status);
  return new DeliveryError(isRefusal ? refusalOf(failure, what, repository) : silenceOf(error, what), {
    done: isRefusal || !changes ? 'nothing' : 'unknown',
    concerns: failure !== null && meetsAll(failure) ? 'notifier' : 'effect',
    retryAfterMs: failure === null ? null : retryAfterOf(failure, now),
    cause: error,
  });
}

/** Whether every other request would be met by the same: a limit, or a token that is no longer good. */
function meetsAll(failure: HttpFailure): boolean {
  return failure.status === 401 || isLimited(failure);
}

/** Whether a failed request says that every other one would fail, too. */
export function concernsAll(error: unknown): boolean {
  const failure = httpFailureOf(error);
  return failure === null ? !(error instanceof Unreadable) : meetsAll(failure);
}

function isLimited({ status, message, headers }: HttpFailure): boolean {
  if (status === 429) return true;
  return status === 403 && (isRateLimit(message) || headers['retry-after'] !== undefined);
}

/** The status of a failed request; null when there was no answer at all. */
export function statusOf(error: unknown): number | null {
  return httpFailureOf(error)?.status ?? null;
}

/** Whether only people can mend it: a refusal other than "later", or a request that could not even be made. */
export function needsMending(error: unknown): boolean {
  const failure = httpFailureOf(error);
  if (failure === null) return !(error instanceof Unreadable);
  return REFUSALS.has(failure.status) && !isLimited(failure);
}

function silenceOf(error: unknown, what: string): string {
  if (error instanceof Unreadable) return `GitHub's answer when asked to ${what} ${error.message}`;
  const status = statusOf(error);
  const said = quote(messageOf(error));
  // The client gives everything that went wrong on the way a status; without one it was not sent, as with a bad key.
  if (status === null) return `GitHub could not be asked to ${what}: ${said}. Check github.auth`;
  return `GitHub did not answer when asked to ${what}: ${status} ${said}`;
}

function refusalOf({ status, message }: HttpFailure, what: string, repository: string): string {
  const refused = `GitHub refused to ${what}`;
  switch (status) {
    case 401:
      return `${refused}: the token is not valid (401). Check github.auth`;
    case 403:
      return isRateLimit(message)
        ? `${refused}: rate limit reached (403)`
        : `${refused}: the token may not do that in ${repository} (403: ${quote(message)}). It needs "Issues: read and write"`;
    case 404:
      return `${refused}: ${repository} is not there or the token may not see it (404). Check github.repository and the token's access`;
    case 410:
      return `${refused}: issues are switched off in ${repository} (410). Switch them on in its settings`;
    case 429:
      return `${refused}: rate limit reached (429)`;
    default:
      return `${refused}: ${status} ${quote(message)}`;
  }
}

function isRateLimit(message: string): boolean {
  return /rate limit|abuse/i.test(message);
}

/** GitHub's own wish: `Retry-After`, or the reset of an exhausted limit. */
function retryAfterOf({ headers }: HttpFailure, now: Date): number | null {
  const wish = retryAfterMs(headers['retry-after'], now);
  if (wish !== null) return Math.min(wish, LONGEST_WISH_MS);
  if (String(headers['x-ratelimit-remaining']) !== '0') return null;
  const reset = Number(headers['x-ratelimit-reset'] ?? Number.NaN) * 1000;
  if (!Number.isFinite(reset)) return null;
  return Math.min(Math.max(1000, reset - now.getTime()), LONGEST_WISH_MS);
}

function httpFailureOf(error: unknown): HttpFailure | null {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return null;
  const response = 'response' in error && typeof error.response === 'object' ? error.response : null;
  const headers = response !== null && 'headers' in response ? response.headers : null;
  const pairs = typeof headers === 'object' && headers !== null ? Object.entries(headers) : [];
  return { status: error.status, message: error.message, headers: Object.fromEntries(pairs) };
}

function quote(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= LONGEST_QUOTE ? line : `${line.slice(0, LONGEST_QUOTE)}…`;
}
