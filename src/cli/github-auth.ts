import type { GitHubSettings } from '../config/config.ts';
import type { SecretReader } from '../config/secret-reader.ts';
import type { GitHubAuth } from '../notify/github/client.ts';

/** The credentials for GitHub as they are now: secrets are read again each time, because they are rotated while we run. */
export async function gitHubAuth(
  github: GitHubSettings | null,
  readSecret: SecretReader,
): Promise<GitHubAuth> {
  if (github === null) throw new Error('no github section is configured');
  if ('token' in github.auth) return { kind: 'token', token: await readSecret(github.auth.token) };
  const { id, installation, privateKey } = github.auth.app;
  return { kind: 'app', id, installation, privateKey: await readSecret(privateKey) };
}
