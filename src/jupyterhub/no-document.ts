import { Broken } from '../core/broken.ts';
import { OwnFault } from '../core/own-fault.ts';
import type { ProbeReason } from '../core/reason.ts';
import type { DocumentFailure } from './page-watch.ts';
import { withoutQuery } from './without-query.ts';

/** What Chromium's words for a document that did not come mean; the first that fits counts. Names are Chromium's net error list. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [/ERR_NAME_NOT_RESOLVED|ERR_NAME_RESOLUTION_FAILED|ERR_DNS_/, 'its name does not resolve'],
  [/ERR_CONNECTION_REFUSED/, 'the connection was refused'],
  [/ERR_(TIMED_OUT|CONNECTION_TIMED_OUT)/, 'no connection in time'],
  [/ERR_ADDRESS_UNREACHABLE|ERR_CONNECTION_FAILED/, 'no way leads there'],
  [/ERR_CERT_/, 'its certificate is not accepted'],
  [/ERR_(SSL|TLS|BAD_SSL)_?/, 'TLS did not come about'],
  [
    /ERR_(INCOMPLETE_CHUNKED_ENCODING|CONTENT_LENGTH_MISMATCH|CONTENT_DECODING_FAILED|HTTP2_PROTOCOL_ERROR)/,
    'the answer was cut off',
  ],
  [
    /ERR_(CONNECTION_RESET|CONNECTION_CLOSED|EMPTY_RESPONSE|CONNECTION_ABORTED)/,
    'the connection was cut before an answer came',
  ],
];

/** What says nothing of the hub: this machine, its browser or its proxy had not what it takes. */
const OWN_FAULTS: readonly (readonly [RegExp, ProbeReason, string])[] = [
  [
    /ERR_(INTERNET_DISCONNECTED|NETWORK_CHANGED|NETWORK_IO_SUSPENDED|NETWORK_ACCESS_DENIED)/,
    'network-down',
    "the probe's own network is down",
  ],
  [/ERR_PROXY_CONNECTION_FAILED/, 'network-down', "the probe's own proxy can't be reached"],
  [/ERR_OUT_OF_MEMORY/, 'out-of-memory', 'the browser has no memory left'],
  [/ERR_FILE_NO_SPACE/, 'disk-full', 'the browser has no room left to write'],
  [/ERR_INSUFFICIENT_RESOURCES/, 'internal', 'the browser has run out of what it needs'],
];

/** What it means when Chromium got no document, or no whole one. `hubUrl`: a failure elsewhere is not the hub's. */
export function explainFailure({ error, url }: DocumentFailure, hubUrl: string): Error {
  const at = `${error} at ${withoutQuery(url)}`;
  const own = OWN_FAULTS.find(([names]) => names.test(error));
  if (own !== undefined) return new OwnFault(own[1], `${own[2]}: ${at}`);
  if (/ERR_TOO_MANY_REDIRECTS/.test(error)) {
    return new Broken('redirect-loop', `the browser was sent in circles: ${at}`);
  }
  const meaning = MEANINGS.find(([names]) => names.test(error))?.[1] ?? 'no answer to be had';
  if (isElsewhere(url, hubUrl)) {
    return new Broken(
      'identity-provider-unreachable',
      `the hub sent the browser on to ${new URL(url).host}, and ${meaning}: ${at}`,
      { attribution: 'identity-provider' },
    );
  }
  return new Broken('hub-unreachable', `${meaning}: ${at}`);
}

/** A hub may stand under several names, but a name that is not its own and no sub-domain of it belongs to somebody else. */
function isElsewhere(url: string, hubUrl: string): boolean {
  if (!URL.canParse(url)) return false;
  const [host, hub] = [new URL(url).hostname, new URL(hubUrl).hostname];
  return host !== hub && !host.endsWith(`.${hub}`);
}
