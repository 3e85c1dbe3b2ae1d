import { readFile, stat } from 'node:fs/promises';
import type { SecretReference } from '../core/hub.ts';

/** Environment variables by name. */
export type Env = Readonly<Record<string, string | undefined>>;

/** A secret is not where the configuration says. Holds no secret. */
export class SecretError extends Error {
  override readonly name = 'SecretError';
}

const READ_WITHIN_MS = 5_000;

/**
 * The secret behind a reference, as it is now: a file is read each time, and its last newlines are not part of the secret.
 * `wantedBy` is the place in the configuration that wants it, for the message.
 * @throws SecretError naming the variable or file, when it is missing or empty.
 */
export async function resolveSecret(
  reference: SecretReference,
  env: Env,
  wantedBy?: string,
): Promise<string> {
  try {
    return 'env' in reference ? fromEnv(reference.env, env) : await fromFile(reference.file);
  } catch (error) {
    if (!(error instanceof SecretError) || wantedBy === undefined) throw error;
    throw new SecretError(`${wantedBy}: ${error.message}`, { cause: error });
  }
}

function fromEnv(name: string, env: Env): string {
  const value = env[name];
  if (value === undefined) throw new SecretError(`environment variable ${name} is not set`);
  if (value === '') throw new SecretError(`environment variable ${name} is empty`);
  return value;
}

async function fromFile(path: string): Promise<string> {
  const value = (await readWhole(path)).replace(/[\r\n]+$/, '');
  if (value === '') throw new SecretError(`file ${path} is empty`);
  return value;
}

async function readWhole(path: string): Promise<string> {
  try {
    // A pipe or a device would give its secret once, or for ever.
    if ((await stat(path)).isFile()) {
      return await readFile(path, { encoding: 'utf8', signal: AbortSignal.timeout(READ_WITHIN_MS) });
    }
  } catch (error) {
    throw new SecretError(`file ${path} ${whyUnreadable(error)}`, { cause: error });
  }
  throw new SecretError(`${path} is not a regular file`);
}

function whyUnreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'does not exist';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this process';
  if (code === 'ABORT_ERR') return `could not be read within ${READ_WITHIN_MS / 1000} s`;
  return `cannot be read (${typeof code === 'string' ? code : 'unknown error'})`;
}
