import { Broken } from '../core/broken.ts';
import type { DocumentAnswer, DocumentFailure, Settled } from './page-watch.ts';

/** Our own network or browser, never the hub: thrown as it is, so that it ends as `errored`. */
export class OwnNetworkDown extends Error {
  override readonly name = 'OwnNetworkDown';
}

/** Takes the answer, or says what the missing one means. */
export function answerOf(settled: Settled): DocumentAnswer {
  if (settled.kind === 'answer') return settled.answer;
  throw explainFailure(settled.failure);
}

/** What it means when Chromium got no document at all. Names are Chromium's net error list. */
export function explainFailure(failure: DocumentFailure): Error {
  const at = `${failure.error} at ${withoutQuery(failure.url)}`;
  if (/ERR_(INTERNET_DISCONNECTED|NETWORK_CHANGED|NETWORK_IO_SUSPENDED)/.test(failure.error)) {
    return new OwnNetworkDown(`the probe's own network is down: ${at}`);
  }
  if (/ERR_TOO_MANY_REDIRECTS/.test(failure.error)) {
    return new Broken('redirect-loop', `the browser was sent in circles: ${at}`);
  }
  if (/ERR_(TIMED_OUT|CONNECTION_TIMED_OUT)/.test(failure.error)) {
    return new Broken('hub-unreachable', `no connection in time: ${at}`);
  }
  return new Broken('hub-unreachable', `no answer to be had: ${at}`);
}

/** Throws when a proxy answered in the hub's place, or the hub itself answered 5xx where no better explanation was found. */
export function expectHubAlive(answer: DocumentAnswer): void {
  if (answer.hubVersion === null && isProxyError(answer.status)) {
    throw new Broken(
      'hub-down',
      `a proxy answered ${answer.status} at ${withoutQuery(answer.url)} in the hub's place: no hub behind it`,
    );
  }
  if (answer.status >= 500) {
    throw new Broken('hub-error', `the hub answered ${answer.status} at ${withoutQuery(answer.url)}`);
  }
}

/** configurable-http-proxy says 503 with its hub dead and 404 while the hub starts; traefik and nginx say 404, 502, 504. */
function isProxyError(status: number): boolean {
  return status === 404 || status === 502 || status === 503 || status === 504;
}

/** Query strings carry `_xsrf`, OAuth codes and states. */
export function withoutQuery(url: string): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}
