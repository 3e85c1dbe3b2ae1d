import { type GitHubAuth, createClient } from './github/client.ts';
import { createGitHubNotifier } from './github/notifier.ts';
import { createLogNotifier } from './log.ts';
import type { Notifier } from './notifier.ts';

export interface NotifierParts {
  /** Null: nothing is told to the outside. */
  readonly github: { readonly repository: string; readonly apiUrl: string } | null;
  /** The secret as it is now. @throws naming what is missing. */
  readonly auth: () => Promise<GitHubAuth>;
  readonly userAgent: string;
  readonly onRateLimit: (remaining: number) => void;
  readonly now: () => Date;
  readonly log: (text: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** The notifier that the configuration asks for. */
export function createNotifier({ github, auth, userAgent, onRateLimit, now, log }: NotifierParts): Notifier {
  if (github === null) return createLogNotifier(log);
  const [owner = '', repo = ''] = github.repository.split('/');
  const octokit = async () => createClient(github.apiUrl, await auth(), userAgent, onRateLimit);
  return createGitHubNotifier({ place: { apiUrl: github.apiUrl, owner, repo }, octokit }, now);
}
