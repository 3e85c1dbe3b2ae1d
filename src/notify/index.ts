import { setTimeout as pauseFor } from 'node:timers/promises';
import { Budget } from './github/budget.ts';
import { type GitHubAuth, createClientSource } from './github/client.ts';
import { createGitHubNotifier } from './github/notifier.ts';
import { createLogNotifier } from './log.ts';
import type { Notifier } from './notifier.ts';
import { createWebhookNotifier } from './webhook/notifier.ts';
import type { WebhookFormat } from './webhook/payload.ts';

export interface NotifierParts {
  /** Null: no issue is opened. */
  readonly github: { readonly repository: string; readonly apiUrl: string } | null;
  /** The secret as it is now. @throws naming what is missing. */
  readonly auth: () => Promise<GitHubAuth>;
  readonly webhooks?: readonly Webhook[];
  readonly userAgent: string;
  readonly onRateLimit: (remaining: number) => void;
  readonly now: () => Date;
  readonly log: (text: string, fields: Readonly<Record<string, unknown>>) => void;
  /** How long one request may take. */
  readonly answerWithinMs?: number;
  /** Between two requests by which something changes at GitHub, which asks for a second. */
  readonly writeGapMs?: number;
  readonly pause?: (ms: number, signal: AbortSignal | undefined) => Promise<void>;
}

export interface Webhook {
  readonly name: string;
  readonly format: WebhookFormat;
  /** The secrets as they are now. @throws naming what is missing. */
  readonly address: () => Promise<string>;
  readonly secret: () => Promise<string | null>;
}

const ANSWER_WITHIN_MS = 20_000;
const WRITE_GAP_MS = 1_000;

/** The notifiers that the configuration asks for; the first keeps the issues. */
export function createNotifiers(parts: NotifierParts): readonly [Notifier, ...Notifier[]] {
  const { userAgent, now, webhooks = [], answerWithinMs = ANSWER_WITHIN_MS } = parts;
  const others = webhooks.map((webhook) =>
    createWebhookNotifier({ ...webhook, userAgent, now, answerWithinMs }),
  );
  return [createIssueNotifier(parts), ...others];
}

function createIssueNotifier(parts: NotifierParts): Notifier {
  const { github, now, log } = parts;
  if (github === null) return createLogNotifier(log);
  const [owner = '', repo = ''] = github.repository.split('/');
  const budget = new Budget({
    writeGapMs: WRITE_GAP_MS,
    pause: async (ms, signal) => pauseFor(ms, undefined, { signal }),
    ...parts,
  });
  const client = createClientSource({
    answerWithinMs: ANSWER_WITHIN_MS,
    ...parts,
    apiUrl: github.apiUrl,
    budget,
  });
  return createGitHubNotifier({ home: { owner, repo }, client, now, log });
}
