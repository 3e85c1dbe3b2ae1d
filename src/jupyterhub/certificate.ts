import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { connect } from 'node:tls';

/** What a server shows of itself, checked against the authorities that this process trusts. */
export interface SeenCertificate {
  /** OpenSSL's or Node's code for why it is not accepted; null when it is. */
  readonly problem: string | null;
  /** ISO 8601 dates. */
  readonly validFrom: string;
  readonly validTo: string;
  readonly names: readonly string[];
  readonly issuer: string;
  /** SHA-256 of its public key, base64: what Chromium calls its SPKI. */
  readonly keyHash: string;
}

const ANSWER_WITHIN_MS = 5_000;

/** Null when no certificate is to be had there, for whatever reason. */
export function lookAtCertificate(url: string): Promise<SeenCertificate | null> {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'https:') return Promise.resolve(null);
  const host = hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve) => {
    const socket = connect({
      host,
      port: port === '' ? 443 : Number(port),
      ...(isIP(host) === 0 ? { servername: host } : {}),
      // Looking is all; nothing is ever said here.
      rejectUnauthorized: false,
      timeout: ANSWER_WITHIN_MS,
    });
    const end = (seen: SeenCertificate | null) => {
      socket.destroy();
      resolve(seen);
    };
    socket.once('error', () => end(null));
    socket.once('timeout', () => end(null));
    socket.once('secureConnect', () => {
      const certificate = socket.getPeerX509Certificate();
      if (certificate === undefined) return end(null);
      const key = certificate.publicKey.export({ type: 'spki', format: 'der' });
      end({
        problem: socket.authorized ? null : codeOf(socket.authorizationError),
        validFrom: certificate.validFromDate.toISOString(),
        validTo: certificate.validToDate.toISOString(),
        names: namesIn(certificate.subjectAltName ?? ''),
        issuer: commonNameIn(certificate.issuer),
        keyHash: createHash('sha256').update(key).digest('base64'),
      });
    });
  });
}

/** A sentence's end about why a browser does not accept a certificate; empty when nothing is wrong with it. */
export function describeProblem(seen: SeenCertificate, host: string, now: Date): string {
  const { problem, validFrom, validTo, names, issuer } = seen;
  const from = issuer === '' ? '' : ` (issued by ${issuer})`;
  if (now.getTime() > Date.parse(validTo)) return `it ran out on ${validTo.slice(0, 10)}${from}`;
  if (now.getTime() < Date.parse(validFrom)) return `it is not valid before ${validFrom.slice(0, 10)}${from}`;
  if (problem === null) return '';
  if (problem === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `it is for ${names.join(', ') || 'no name'}, not for ${host}`;
  }
  if (/SELF_SIGNED|UNABLE_TO|UNTRUSTED/.test(problem)) {
    return `nobody here trusts who issued it (${issuer || 'unnamed'}); an authority of your own is configured as tls.ca`;
  }
  return problem;
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return String(error);
}

function namesIn(subjectAltName: string): readonly string[] {
  return subjectAltName
    .split(', ')
    .filter((name) => name !== '')
    .map((name) => name.replace(/^(DNS|IP Address):/, ''));
}

function commonNameIn(distinguishedName: string): string {
  return (
    /(?:^|\n)CN=(.*)/.exec(distinguishedName)?.[1] ?? /(?:^|\n)O=(.*)/.exec(distinguishedName)?.[1] ?? ''
  );
}
