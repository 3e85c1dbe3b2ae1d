/** What can go wrong at GitHub; each behaves as the original was seen to or is documented to. */
export const GITHUB_FAULTS = [
  /** Every connection is reset. */
  'down',
  /** Every answer takes `slowMs`. */
  'slow',
  /** 502 and nothing is done. */
  'error-before-commit',
  /** It is done, and the answer is 502. */
  'error-after-commit',
  /** It is done, and the connection is reset. */
  'reset-after-commit',
  /** It is done, and the answer's body is cut off. */
  'body-cut',
  /** 502 at once, and it is done `lateMs` later. */
  'late-commit',
  /** No answer at all, and nothing is done. */
  'hang',
  /** 403 for too many requests, with `Retry-After: 1`. */
  'rate-limited',
  /** 429 without a word on when to come back. */
  'too-many-requests',
  /** 403 with nothing left of the hour's requests until `resetSeconds` from now. */
  'used-up',
  /** 401 for every token. */
  'revoked-token',
  /** 403: the token may look, but not write issues. */
  'read-only-token',
  /** 410: the repository takes no issues. */
  'issues-off',
  /** Labels are dropped silently, as without push access. */
  'label-drop',
  /** 500 for whatever makes or adds a label by itself. */
  'label-error',
  /** 422 for an issue that names labels. */
  'label-refusal',
  /** Lists do not show what is younger than `staleMs`. */
  'stale-list',
  /** Lists are answered 200 without their content. */
  'list-cut',
  /** Lists are answered 409. */
  'list-conflict',
  /** Whatever is asked, something in between answers 200 with a page of its own. */
  'captive-portal',
] as const;

export type GitHubFault = (typeof GITHUB_FAULTS)[number];

export interface GitHubFaultSettings {
  readonly slowMs: number;
  readonly lateMs: number;
  readonly staleMs: number;
  readonly resetSeconds: number;
}

export class GitHubFaults {
  readonly #on = new Set<GitHubFault>();
  settings: GitHubFaultSettings = { slowMs: 2_000, lateMs: 500, staleMs: 500, resetSeconds: 2 };

  set(fault: GitHubFault, settings: Partial<GitHubFaultSettings> = {}): void {
    this.settings = { ...this.settings, ...settings };
    this.#on.add(fault);
  }

  clear(): void {
    this.#on.clear();
  }

  isOn(fault: GitHubFault): boolean {
    return this.#on.has(fault);
  }
}
