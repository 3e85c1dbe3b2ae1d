import type { Page } from 'playwright';
import { Broken } from '../core/broken.ts';
import type { DocumentAnswer } from './page-watch.ts';
import { wordsIn } from './page-words.ts';
import type { ProgressEvent } from './progress.ts';
import { expectHubAlive } from './who-answered.ts';
import { withoutQuery } from './without-query.ts';

/** What stands on the page that answers the wish for a server. */
export interface SeenSpawnAnswer {
  /** What the hub says above a form that it sent back; empty when it says nothing. */
  readonly complaint: string;
  /** What an error page says. */
  readonly error: string;
}

export function seeSpawnAnswer(page: Page, source: string): Promise<SeenSpawnAnswer> {
  return wordsIn(page, source, { complaint: '.spawn-error-msg', error: '.error' });
}

/**
 * What a no to the request itself means; null when it is none. What fails later is said by the progress stream, and so is why
 * the pending page answers with an error when the start has failed already.
 */
export function refusalIn(answer: DocumentAnswer, { complaint, error }: SeenSpawnAnswer): Broken | null {
  const where = withoutQuery(answer.url);
  if (answer.status === 429 || /\b429\b/.test(complaint)) return throttled(answer, complaint || error);
  if (complaint !== '') {
    // An exception that is no HTTP error comes from reading the form; the hub then sends the form again with status 200.
    if (answer.status < 400) {
      return new Broken('options-form-broken', `the hub could not use the options form: "${complaint}"`);
    }
    return new Broken(
      'spawn-refused',
      `the hub refused the options form with ${answer.status}: "${complaint}"`,
    );
  }
  if (answer.status < 400 || where.includes('/spawn-pending/')) return null;
  if (answer.hubVersion === null) expectHubAlive(answer);
  const said = error === '' ? '' : `: "${error}"`;
  return new Broken(
    'spawn-refused',
    `asked for a server, the hub answered ${answer.status} at ${where}${said}`,
  );
}

function throttled({ retryAfter }: DocumentAnswer, words: string): Broken {
  const wait = retryAfter === null ? '' : ` and asks to come back in ${retryAfter} s`;
  const said = words === '' ? '' : `: "${words}"`;
  return new Broken('spawn-throttled', `the hub takes no more starts just now (429)${wait}${said}`, {
    attribution: 'capacity',
  });
}

/** The hub's words for its own time limits: "Spawn failed: " and nothing (5.x), "Timeout" (4.x), KubeSpawner's and http_timeout's sentences. */
const GAVE_UP_WAITING = /^(Spawn failed:?\s*(Timeout)?|.*did(n't respond| not start) in \d+ seconds.*)$/i;

/** What it means that a start which was under way has ended. `words` are the hub's; null when it said nothing. */
export function startFailed(event: ProgressEvent | null, wasAway: boolean): Broken {
  const words = event === null ? '' : event.message.replace(/\s+/g, ' ').trim();
  if (event !== null && GAVE_UP_WAITING.test(words)) {
    return new Broken('spawn-timeout', `the hub gave up waiting for the server to start: "${words}"`);
  }
  if (words !== '')
    return new Broken('spawn-failed', `the hub failed to start the server and says "${words}"`);
  return new Broken(
    'spawn-failed',
    wasAway
      ? 'the hub was away while the server started, and now knows nothing of it'
      : 'the hub failed to start the server without a word',
  );
}
