import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { venvFolder } from './environments.ts';

export type CertificateKind = 'good' | 'expired' | 'other-name';

/** Certificates for 127.0.0.1 from an authority that nobody knows, made afresh: `ca.pem` in the folder is its own. */
export async function makeCertificates(folder: string): Promise<{
  readonly ca: string;
  of(kind: CertificateKind): Promise<{ key: string; cert: string }>;
}> {
  const script = join(import.meta.dirname, 'python/make_certificates.py');
  await promisify(execFile)(join(venvFolder(), 'bin/python'), [script, folder]);
  return {
    ca: join(folder, 'ca.pem'),
    async of(kind) {
      const [key, cert] = await Promise.all(
        ['key', 'pem'].map((ending) => readFile(join(folder, `${kind}.${ending}`), 'utf8')),
      );
      return { key: key ?? '', cert: cert ?? '' };
    },
  };
}
