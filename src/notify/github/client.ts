import { createAppAuth } from '@octokit/auth-app';
import { Octokit } from '@octokit/rest';

export type GitHubAuth =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'app'; readonly id: number; readonly installation: number; readonly privateKey: string };

export interface GitHubPlace {
  readonly apiUrl: string;
  readonly owner: string;
  readonly repo: string;
}

/** One answer of GitHub, or the lack of one. */
export interface GitHubTools {
  readonly place: GitHubPlace;
  /** A client with the secret as it is now: tokens are rotated while we run. */
  readonly octokit: () => Promise<Octokit>;
}

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * The unmodified client without its retry and throttling plugins: they repeat a POST whose answer was lost, and so open a
 * second issue. Repeating is the outbox's business, which looks first.
 */
export function createClient(
  apiUrl: string,
  auth: GitHubAuth,
  userAgent: string,
  onRateLimit: (remaining: number) => void,
): Octokit {
  const credentials =
    auth.kind === 'token'
      ? { auth: auth.token }
      : {
          authStrategy: createAppAuth,
          auth: { appId: auth.id, installationId: auth.installation, privateKey: auth.privateKey },
        };
  const octokit = new Octokit({ ...credentials, baseUrl: apiUrl.replace(/\/$/, ''), userAgent, log: quiet });
  octokit.hook.after('request', ({ headers }) => {
    const remaining = Number(headers['x-ratelimit-remaining']);
    if (headers['x-ratelimit-remaining'] !== undefined && Number.isFinite(remaining)) onRateLimit(remaining);
  });
  return octokit;
}
