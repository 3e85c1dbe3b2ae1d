import { MASK } from './redact.ts';

/**
 * Pairs of a telling name and a value, such as `?code=…` or `"api_token": "…"`, are masked whether we know the value or
 * not: an identity provider's or a server's own secret is never told to us. Everything else is the redactor's business.
 */
export function hideTellingPairs(text: string): string {
  return [inPlaces, inUrls, inQuotes, inAssignments, inHeaders, afterSchemes].reduce(
    (masked, hide) => hide(masked),
    text,
  );
}

/** Names that hold a secret wherever they stand. */
const TELLING =
  /pass(?:word|wd|code|phrase)|\bpwd\b|token|secret|xsrf|csrf|cookie|assertion|saml|relaystate|authori[sz]ation|credential|(?:api|private)[_-]?key|verifier|signature|session[_-]?(?:id|state)/i;
/** Names that hold one where a browser is sent with it, and are everyday words elsewhere. */
const TELLING_IN_URLS = /^(?:code|state|nonce|ticket|otp|totp|sid|session|auth|sig|key|challenge)$/i;

/** Whether the value of a parameter, a form field or a header of this name is a secret. */
export function isTelling(name: string): boolean {
  return TELLING.test(name) || TELLING_IN_URLS.test(name);
}

/** Before the `@` of an address, and in the path by which JupyterHub before 5 was asked whose token it is. */
function inPlaces(text: string): string {
  return text
    .replace(/(:\/\/)[^\s/?#"'<>\\]{1,300}@/g, `$1${MASK}@`)
    .replace(/(\/authorizations\/(?:token|cookie)\/)[^\s?#"'<>\\]+/g, `$1${MASK}`);
}

function inUrls(text: string): string {
  const pair = /([?&#;](?:amp;)?)([\w.\-%[\]]{1,80})=([^&#\s"'<>\\]+)/g;
  return text.replace(pair, (whole, before: string, name: string) =>
    isTelling(decoded(name)) ? `${before}${name}=${MASK}` : whole,
  );
}

/** JSON, at any depth of JSON in JSON, and Python's dictionaries. */
function inQuotes(text: string): string {
  const pair = /(\\{0,7}["'])([\w.-]{1,80})\1(\s{0,4}[:=]\s{0,4}(?:[bu])?)(\\{0,7}["'])([^\n]{1,8000}?)\4/g;
  return text.replace(pair, (whole, quote: string, name: string, between: string, mark: string) =>
    TELLING.test(name) ? `${quote}${name}${quote}${between}${mark}${MASK}${mark}` : whole,
  );
}

/** A line of an environment or of a form that was posted. */
function inAssignments(text: string): string {
  const pair = /(^|[\s,({])([A-Za-z_][\w.-]{1,80})=([^\s&,;)}"'\\]+)/gm;
  return text.replace(pair, (whole, before: string, name: string) =>
    TELLING.test(name) ? `${before}${name}=${MASK}` : whole,
  );
}

function inHeaders(text: string): string {
  const header =
    /\b(authorization|proxy-authorization|set-cookie|cookie|x-xsrftoken)(["']?\s{0,4}:\s{0,4})([^\s"'\\][^\n"'\\]*)/gi;
  return text.replace(header, `$1$2${MASK}`);
}

function afterSchemes(text: string): string {
  return text.replace(/\b(bearer|basic|token|jupyterhub) ([A-Za-z0-9._~+/-]{16,}={0,2})/gi, `$1 ${MASK}`);
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    // Not an encoding: the name is what it looks like.
    return name;
  }
}
