import { type GitHubAuth, createClientSource } from './github/client.ts';
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
  /** How long one request may take. */
  readonly answerWithinMs?: number;
}

const ANSWER_WITHIN_MS = 20_000;

/** The notifier that the configuration asks for. */
export function createNotifier(parts: NotifierParts): Notifier {
  const { github, now, log } = parts;
  if (github === null) return createLogNotifier(log);
  const [owner = '', repo = ''] = github.repository.split('/');
  const client = createClientSource({ answerWithinMs: ANSWER_WITHIN_MS, ...parts, apiUrl: github.apiUrl });
  return createGitHubNotifier({ home: { owner, repo }, client, now, log });
}
