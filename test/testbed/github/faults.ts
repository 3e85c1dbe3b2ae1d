/** What can go wrong at GitHub; each behaves as the original was seen to. */
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
  /** No answer at all. */
  'hang',
  /** 403 for too many requests, with `Retry-After: 1`. */
  'rate-limited',
  /** 429 without a word on when to come back. */
  'too-many-requests',
  /** 401 for every token. */
  'revoked-token',
  /** Labels are dropped silently, as without push access. */
  'label-drop',
  /** Lists do not show what is younger than `staleMs`. */
  'stale-list',
] as const;

export type GitHubFault = (typeof GITHUB_FAULTS)[number];

export interface GitHubFaultSettings {
  readonly slowMs: number;
  readonly lateMs: number;
  readonly staleMs: number;
}

export class GitHubFaults {
  readonly #on = new Set<GitHubFault>();
  settings: GitHubFaultSettings = { slowMs: 2_000, lateMs: 500, staleMs: 500 };

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
