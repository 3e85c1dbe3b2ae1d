import { DeliveryError } from '../notifier.ts';

/** Statuses by which GitHub says that it did nothing. */
const REFUSALS = new Set([400, 401, 403, 404, 410, 422, 429]);

interface HttpFailure {
  readonly status: number;
  readonly message: string;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
}

/**
 * What a failed request means. The client turns lost connections into status 500, so only a refusal is certain;
 * everything else may have been carried out.
 */
export function explainFailure(error: unknown, what: string, repository: string, now: Date): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const failure = httpFailureOf(error);
  if (failure === null || !REFUSALS.has(failure.status)) {
    const said = failure === null ? messageOf(error) : `${failure.status} ${failure.message}`;
    return new DeliveryError(`GitHub did not answer when asked to ${what}: ${said}`, {
      done: 'unknown',
      cause: error,
    });
  }
  return new DeliveryError(`GitHub refused to ${what}: ${adviceFor(failure, repository)}`, {
    done: 'nothing',
    retryAfterMs: retryAfterOf(failure, now),
    cause: error,
  });
}

/** The status of a failed request; null when there was no answer at all. */
export function statusOf(error: unknown): number | null {
  return httpFailureOf(error)?.status ?? null;
}

function adviceFor({ status, message }: HttpFailure, repository: string): string {
  switch (status) {
    case 401:
      return `the token is not valid (401). Check github.auth`;
    case 403:
      return /rate limit|abuse/i.test(message)
        ? `rate limit reached (403)`
        : `the token may not do that in ${repository} (403: ${message}). It needs "Issues: read and write"`;
    case 404:
      return `${repository} is not there or the token may not see it (404). Check github.repository and the token's access`;
    case 410:
      return `issues are switched off in ${repository}, or this one was deleted (410)`;
    case 429:
      return 'rate limit reached (429)';
    default:
      return `${status} ${message}`;
  }
}

/** GitHub's own wish: `Retry-After`, or the reset of an exhausted limit. */
function retryAfterOf({ headers }: HttpFailure, now: Date): number | null {
  const seconds = Number(headers['retry-after']);
  if (headers['retry-after'] !== undefined && Number.isFinite(seconds)) return seconds * 1000;
  if (String(headers['x-ratelimit-remaining']) !== '0') return null;
  const reset = Number(headers['x-ratelimit-reset']) * 1000;
  return Number.isFinite(reset) ? Math.max(1000, reset - now.getTime()) : null;
}

function httpFailureOf(error: unknown): HttpFailure | null {
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return null;
  const response = 'response' in error && typeof error.response === 'object' ? error.response : null;
  const headers = response !== null && 'headers' in response ? headersOf(response.headers) : {};
  return { status: error.status, message: error.message, headers };
}

function headersOf(headers: unknown): HttpFailure['headers'] {
  return typeof headers === 'object' && headers !== null ? Object.fromEntries(Object.entries(headers)) : {};
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
