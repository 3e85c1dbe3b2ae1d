import type { Octokit } from '@octokit/rest';
import type { Undertaking } from './explain.ts';

/** A repository, spelled as the client's methods take it. */
export interface Repository {
  readonly owner: string;
  readonly repo: string;
}

/** What carrying out one effect needs. */
export interface Talk {
  readonly client: Octokit;
  /** Where issues are opened. */
  readonly home: Repository;
  readonly signal: AbortSignal;
  readonly log: NotifierLog;
  /** Throws a failed request again, in words and with what it means for the delivery. */
  readonly failed: (undertaking: Pick<Undertaking, 'what' | 'changes'>) => (error: unknown) => never;
}

export type NotifierLog = (text: string, fields: Readonly<Record<string, unknown>>) => void;
