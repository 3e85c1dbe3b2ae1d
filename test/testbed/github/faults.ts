/** What can go wrong at GitHub; each behaves as the original was seen to or is documented to. */
export const GITHUB_FAULTS = [
  /** Every connection is reset. */
  'down',
  /** Every answer takes `slowMs`. */
  'slow',
  /** Every page of a list but the first takes `slowMs`. */
  'slow-paging',
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
  /** It is done, and no answer comes. */
  'hang-after-commit',
  /** 403 for too many requests, with `Retry-After: retryAfterSeconds`: a secondary limit. */
  'rate-limited',
  /** The same without a word on when to come back. */
  'rate-limited-silently',
  /** 429 without a word on when to come back. */
  'too-many-requests',
  /** 429 with `Retry-After: retryAfterSeconds`. */
  'too-many-requests-until',
  /** 403 with nothing left of the hour's requests until `resetSeconds` from now: the primary limit. */
  'used-up',
  /** 401 for every token, once `revokeAfter` more requests were answered. */
  'revoked-token',
  /** 403: the token may look, but not write issues. */
  'read-only-token',
  /** 410: the repository takes no issues. */
  'issues-off',
  /** 422 for whatever would change something. */
  'unprocessable',
  /** Labels are dropped silently, as without push access. */
  'label-drop',
  /** 500 for whatever makes or adds a label by itself. */
  'label-error',
  /** 422 for an issue that names labels. */
  'label-refusal',
  /** Assignees are dropped silently, as without push access. */
  'assignee-drop',
  /** `duplicate` is no reason yet for closing an issue: 422, as older servers answer. */
  'no-duplicate-reason',
  /** Lists show things as they were `staleMs` ago. */
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
  readonly retryAfterSeconds: number;
  readonly revokeAfter: number;
}

/** What a fault may depend on. */
export interface StruckRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

export class GitHubFaults {
  readonly #on = new Set<GitHubFault>();
  #chance: ((request: StruckRequest) => GitHubFault | null) | null = null;
  #struck: GitHubFault | null = null;
  settings: GitHubFaultSettings = {
    slowMs: 2_000,
    lateMs: 500,
    staleMs: 500,
    resetSeconds: 2,
    retryAfterSeconds: 1,
    revokeAfter: 0,
  };

  set(fault: GitHubFault, settings: Partial<GitHubFaultSettings> = {}): void {
    this.settings = { ...this.settings, ...settings };
    this.#on.add(fault);
  }

  /** Draws a fault for each request as it comes in; for a client that asks one thing after the other. */
  byChance(chance: (request: StruckRequest) => GitHubFault | null): void {
    this.#chance = chance;
  }

  clear(): void {
    this.#on.clear();
    this.#chance = null;
    this.#struck = null;
    this.settings = { ...this.settings, revokeAfter: 0 };
  }

  /** A request comes in. */
  draw(request: StruckRequest): void {
    this.#struck = this.#chance?.(request) ?? null;
  }

  isOn(fault: GitHubFault): boolean {
    if (this.#struck === fault) return true;
    if (!this.#on.has(fault)) return false;
    if (fault !== 'revoked-token' || this.settings.revokeAfter === 0) return true;
    this.settings = { ...this.settings, revokeAfter: this.settings.revokeAfter - 1 };
    return false;
  }
}
