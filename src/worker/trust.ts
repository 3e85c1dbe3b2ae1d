import { readFile } from 'node:fs/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { Hub } from '../core/hub.ts';
import { OwnFault } from '../core/own-fault.ts';
import { lookAtCertificate } from '../jupyterhub/certificate.ts';
import { messageOf } from '../core/text.ts';

/**
 * Makes this process and its browser trust the hub's own authority besides the public ones. This process serves one hub.
 * Chromium has no switch for an authority, so Node checks the hub's certificate in full (chain, dates, name), and the browser
 * is then told to accept exactly the key that passed: a certificate that did not pass still fails in the browser.
 * @returns what the browser has to be started with.
 * @throws OwnFault when the authority's file can't be used.
 */
export async function trustHub({ url, tls }: Hub): Promise<readonly string[]> {
  if (tls.ca === null) return [];
  await trustAuthority(tls.ca);
  const seen = await lookAtCertificate(url);
  // With anything else, the browser finds out by itself and says so.
  if (seen === null || seen.problem !== null) return [];
  return [`--ignore-certificate-errors-spki-list=${seen.keyHash}`];
}

async function trustAuthority(path: string): Promise<void> {
  try {
    const authority = await readFile(path, 'utf8');
    setDefaultCACertificates([...getCACertificates('default'), authority]);
  } catch (error) {
    const why = messageOf(error);
    throw new OwnFault('credential-missing', `tls.ca: ${path} can't be used: ${why}`, error);
  }
}
