import type { SecretReference } from '../core/hub.ts';
import type { Config } from './config.ts';
import { dotted } from './problem.ts';
import type { ConfigPath } from './problem.ts';

/** A secret that the configuration refers to. */
export interface WantedSecret {
  readonly path: ConfigPath;
  /** For people: `hubs[0] (staging) login.password`. */
  readonly label: string;
  readonly reference: SecretReference;
}

/** Every place that wants a secret, in the order of the configuration file. */
export function wantedSecrets({ service, hubs, github, notify }: Config): readonly WantedSecret[] {
  const tokens = service.tokens.map(({ name, secret }, index) =>
    wanted(['service', 'tokens', index], name, ['secret'], secret),
  );
  const passwords = hubs.flatMap(({ name, login, secondAccount }, index) => [
    wanted(['hubs', index], name, ['login', 'password'], login.password),
    ...(secondAccount === null
      ? []
      : [wanted(['hubs', index], name, ['secondAccount', 'password'], secondAccount.password)]),
  ]);
  const webhooks = notify.flatMap(({ name, url, secret }, index) => [
    wanted(['notify', index], name, ['url'], url),
    ...(secret === null ? [] : [wanted(['notify', index], name, ['secret'], secret)]),
  ]);
  return [...tokens, ...passwords, ...githubSecrets(github), ...webhooks];
}

function githubSecrets(github: Config['github']): readonly WantedSecret[] {
  if (github === null) return [];
  const { auth, repository } = github;
  return 'token' in auth
    ? [wanted(['github'], repository, ['auth', 'token'], auth.token)]
    : [wanted(['github'], repository, ['auth', 'app', 'privateKey'], auth.app.privateKey)];
}

function wanted(
  owner: ConfigPath,
  name: string,
  inside: ConfigPath,
  reference: SecretReference,
): WantedSecret {
  return { path: [...owner, ...inside], label: `${dotted(owner)} (${name}) ${dotted(inside)}`, reference };
}
