import { Broken } from '../core/broken.ts';
import { explainFailure } from './no-document.ts';
import type { DocumentAnswer, Settled } from './page-watch.ts';
import { withoutQuery } from './without-query.ts';

type Answered = Pick<DocumentAnswer, 'status' | 'url' | 'hubVersion'>;

/** Takes the answer, or says what the missing one means. */
export function answerOf(settled: Settled, hubUrl: string): DocumentAnswer {
  if (settled.kind === 'answer') return settled.answer;
  throw explainFailure(settled.failure, hubUrl);
}

/**
 * Throws when a proxy answered in the hub's place, or the hub itself answered 5xx where no better explanation was found.
 * `page` says what the page itself says, where that is known.
 */
export function expectHubAlive(answer: Answered, page = ''): void {
  if (answer.hubVersion === null && isProxyError(answer.status)) throw noHubBehind(answer, page);
  if (answer.status >= 500) {
    throw new Broken('hub-error', `the hub answered ${answer.status} at ${withoutQuery(answer.url)}`);
  }
}

export function noHubBehind({ status, url }: Pick<Answered, 'status' | 'url'>, page: string): Broken {
  const said = page === '' ? '' : ` ("${page}")`;
  return new Broken(
    'hub-down',
    `a proxy answered ${status} at ${withoutQuery(url)}${said} in the hub's place: no hub behind it`,
  );
}

/** configurable-http-proxy says 503 with its hub dead and 404 while the hub starts; traefik and nginx say 404, 502, 504. */
function isProxyError(status: number): boolean {
  return status === 404 || status === 502 || status === 503 || status === 504;
}
