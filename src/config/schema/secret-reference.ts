import { z } from 'zod';
import type { SecretReference as Reference } from '../../core/hub.ts';

const Env = z.strictObject({
  env: z
    .string()
    .regex(/^[A-Za-z_][A-Za-z0-9_]*$/)
    .describe('Name of the environment variable that holds the secret.'),
});
const File = z.strictObject({
  file: z.string().min(1).describe('Path of the file that holds the secret and nothing else.'),
});
const EnvOrFile = z.union([Env, File]);

/**
 * Where a secret is: `{env: NAME}` or `{file: PATH}`.
 * Written by hand around a union because what was found is never repeated: it may well be the secret.
 */
export const SecretReference = z
  .unknown()
  .transform((input, context): Reference => {
    const reference = EnvOrFile.safeParse(input);
    if (reference.success) return reference.data;
    const params = { fix: 'write {env: NAME} or {file: PATH}' };
    context.issues.push({ code: 'custom', message: whatIsWrong(input), input: null, params });
    return z.NEVER;
  })
  .meta({
    anyOf: z.toJSONSchema(EnvOrFile).anyOf,
    description:
      'Where the secret is: in an environment variable or in a file, which is read again when it changes.',
    samples: [{ env: 'STAGING_PASSWORD' }, { file: '/run/secrets/staging' }],
  });

function whatIsWrong(input: unknown): string {
  if (input === undefined) return 'is missing';
  if (input === null || typeof input !== 'object' || Array.isArray(input)) {
    return input === null ? 'is empty' : 'secrets are never literal';
  }
  const keys = Object.keys(input);
  if (keys.includes('env') && keys.includes('file')) return 'says both env and file';
  if ('env' in input) return 'env must hold the name of an environment variable';
  return 'file' in input ? 'file must hold a path' : 'does not say where the secret is';
}
