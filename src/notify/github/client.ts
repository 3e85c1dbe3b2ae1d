import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';
import type { Budget } from './budget.ts';

export type GitHubAuth =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'app'; readonly id: number; readonly installation: number; readonly privateKey: string };

export interface ClientParts {
  readonly apiUrl: string;
  /** The secret as it is now. @throws naming what is missing. */
  readonly auth: () => Promise<GitHubAuth>;
  readonly userAgent: string;
  /** What all requests together may cost. */
  readonly budget: Budget;
  /** One request may take this long, whatever the delivery as a whole may. */
  readonly answerWithinMs: number;
}

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Gives a client with the secret as it is now: secrets are rotated while we run. The same secret gets the same client,
 * which remembers the token that an app was given for an hour.
 */
export function createClientSource(parts: ClientParts): () => Promise<Octokit> {
  let last: { readonly secret: string; readonly client: Octokit } | null = null;
  return async () => {
    const auth = await parts.auth();
    const secret = JSON.stringify(auth);
    if (last?.secret !== secret) last = { secret, client: createClient(parts, auth) };
    return last.client;
  };
}

/**
 * The unmodified client without its retry and throttling plugins: they repeat a POST whose answer was lost, and so open a
 * second issue. Repeating is the outbox's business, which looks first.
 */
function createClient({ apiUrl, userAgent, budget, answerWithinMs }: ClientParts, auth: GitHubAuth): Octokit {
  const credentials =
    auth.kind === 'token'
      ? { auth: auth.token }
      : {
          authStrategy: createAppAuth,
          auth: { appId: auth.id, installationId: auth.installation, privateKey: auth.privateKey },
        };
  const octokit = new Octokit({
    ...credentials,
    baseUrl: apiUrl.replace(/\/$/, ''),
    userAgent,
    log: quiet,
    request: { fetch: boundedFetch(answerWithinMs) },
  });
  budget.watch(octokit);
  return octokit;
}

/** The client sets no time limit of its own, and none can be passed to the request by which an app gets its token. */
function boundedFetch(withinMs: number): typeof fetch {
  return (url, options) => {
    const signals = [AbortSignal.timeout(withinMs), options?.signal].filter(
      (signal) => signal instanceof AbortSignal,
    );
    return fetch(url, { ...options, signal: AbortSignal.any(signals) });
  };
}
