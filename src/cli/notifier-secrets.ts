import type { GitHubSettings, WebhookSettings } from '../config/config.ts';
import type { SecretReader } from '../config/secret-reader.ts';
import type { GitHubAuth } from '../notify/github/client.ts';
import type { Webhook } from '../notify/index.ts';

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

/** The webhooks of the configuration, with their secrets as they are now. */
export function webhooksOf(notify: readonly WebhookSettings[], readSecret: SecretReader): readonly Webhook[] {
  return notify.map(({ name, format, url, secret }) => ({
    name,
    format,
    address: () => readSecret(url),
    secret: async () => (secret === null ? null : readSecret(secret)),
  }));
}

/** As decisions name those that are told besides GitHub. */
export function channelsOf(notify: readonly WebhookSettings[]): readonly string[] {
  return notify.map(({ name }) => `webhook:${name}`);
}
