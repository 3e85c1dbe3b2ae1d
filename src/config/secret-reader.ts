import type { SecretReference } from '../core/hub.ts';
import type { Config } from './config.ts';
import type { Finding } from './problem.ts';
import { resolveSecret, SecretError } from './secret.ts';
import type { Env } from './secret.ts';
import { wantedSecrets } from './wanted-secrets.ts';

/** The secret behind a reference of the configuration, as it is now. @throws SecretError that names the path that wants it. */
export type SecretReader = (reference: SecretReference) => Promise<string>;

/** Reads the secrets of one configuration; `learn` hears of each before it is used, so that it can be kept out of logs. */
export function createSecretReader(config: Config, env: Env, learn: (secret: string) => void): SecretReader {
  const wanted = wantedSecrets(config);
  return async (reference) => {
    const label = wanted.find((other) => sameReference(other.reference, reference))?.label;
    const secret = await resolveSecret(reference, env, label);
    learn(secret);
    return secret;
  };
}

/** What is wrong with the secrets of a configuration, once for each place a secret is looked for. Nothing is contacted. */
export async function checkSecrets(config: Config, env: Env): Promise<readonly Finding[]> {
  const wanted = wantedSecrets(config);
  const firsts = wanted.filter(
    ({ reference }, index) =>
      index === wanted.findIndex((other) => sameReference(other.reference, reference)),
  );
  const findings = await Promise.all(
    firsts.map(async ({ path, reference }): Promise<readonly Finding[]> => {
      try {
        await resolveSecret(reference, env);
        return [];
      } catch (error) {
        if (!(error instanceof SecretError)) throw error;
        const others = wanted.filter((other) => sameReference(other.reference, reference)).length - 1;
        const also = others === 0 ? '' : ` (wanted in ${others} other place${others === 1 ? '' : 's'} too)`;
        return [{ path, message: `${error.message}${also}`, fix: howToMend(reference) }];
      }
    }),
  );
  return findings.flat();
}

function howToMend(reference: SecretReference): string {
  return 'env' in reference
    ? `set ${reference.env} in the environment of this process`
    : `put the secret, and nothing else, into ${reference.file}`;
}

function sameReference(a: SecretReference, b: SecretReference): boolean {
  if ('env' in a) return 'env' in b && a.env === b.env;
  return 'file' in b && a.file === b.file;
}
