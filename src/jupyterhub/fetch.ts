import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { getCACertificates } from 'node:tls';
import { Agent, type RequestInit, type Response, fetch as fetchWith } from 'undici';

/**
 * Names below `.localhost` are this machine, whatever its resolver says (RFC 6761, 6.3): browsers know that, Node asks the
 * resolver, which mostly knows `localhost` alone. A hub with sub-domain hosts on one's own machine has such names.
 */
const lookupAsBrowsersDo: LookupFunction = (hostname, options, callback) =>
  lookup(/\.localhost\.?$/i.test(hostname) ? 'localhost' : hostname, options, callback);

const everywhere = new Agent({ connect: { lookup: lookupAsBrowsersDo } });
/** By origin: those that are trusted by the word of an authority of their own. */
const trusting = new Map<string, { readonly authority: string; readonly agent: Agent }>();

/** From now on, requests to the origin of `url` trust this authority (PEM) besides the public ones. */
export function trustAuthority(url: string, authority: string): void {
  const { origin } = new URL(url);
  if (trusting.get(origin)?.authority === authority) return;
  const ca = [...getCACertificates('default'), authority];
  trusting.set(origin, { authority, agent: new Agent({ connect: { lookup: lookupAsBrowsersDo, ca } }) });
}

/** `fetch` that finds every hub that the browser finds. */
export function fetch(url: string, init: RequestInit): Promise<Response> {
  const dispatcher = trusting.get(new URL(url).origin)?.agent ?? everywhere;
  return fetchWith(url, { dispatcher, ...init });
}
