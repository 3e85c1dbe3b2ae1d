import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, type RequestInit, type Response, fetch as fetchWith } from 'undici';

/**
 * Names below `.localhost` are this machine, whatever its resolver says (RFC 6761, 6.3): browsers know that, Node asks the
 * resolver, which mostly knows `localhost` alone. A hub with sub-domain hosts on one's own machine has such names.
 */
const lookupAsBrowsersDo: LookupFunction = (hostname, options, callback) =>
  lookup(/\.localhost\.?$/i.test(hostname) ? 'localhost' : hostname, options, callback);

const dispatcher = new Agent({ connect: { lookup: lookupAsBrowsersDo } });

/** `fetch` that finds every hub that the browser finds. */
export function fetch(url: string, init: RequestInit): Promise<Response> {
  return fetchWith(url, { dispatcher, ...init });
}
