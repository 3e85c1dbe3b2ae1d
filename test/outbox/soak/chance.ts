import type { GitHubFault, GitHubFaults, StruckRequest } from '../../testbed/github/faults.ts';

/** How often each fault strikes, in requests of ten thousand. */
const PER_TEN_THOUSAND: Readonly<Partial<Record<GitHubFault, number>>> = {
  'error-before-commit': 150,
  'error-after-commit': 100,
  'reset-after-commit': 100,
  'body-cut': 60,
  'late-commit': 100,
  down: 60,
  hang: 6,
  'hang-after-commit': 6,
  'rate-limited': 20,
  'rate-limited-silently': 10,
  'too-many-requests': 10,
  'too-many-requests-until': 20,
  'used-up': 5,
  'revoked-token': 10,
  unprocessable: 20,
  'issues-off': 5,
  'label-drop': 30,
  'label-error': 30,
  'label-refusal': 30,
  'stale-list': 400,
  'list-cut': 60,
  'list-conflict': 60,
  'captive-portal': 30,
};

const MINUTE_MS = 60_000;
/** Most of what is late comes soon; some comes after every look for it, and only the sweep finds it. */
const LATEST_MS = 40 * MINUTE_MS;
/** A late edit shows nowhere as such: it has to come within the time for which the outbox waits. */
const LATEST_EDIT_MS = MINUTE_MS - 2_000;
const STALEST_MS = 15 * MINUTE_MS;

export interface Chance {
  /** How often each fault struck. */
  readonly struck: ReadonlyMap<GitHubFault, number>;
  stop(): void;
}

/** Has faults strike at random, one request at a time. */
export function strikeByChance(faults: GitHubFaults, random: () => number): Chance {
  const struck = new Map<GitHubFault, number>();
  faults.byChance(({ method, url }: StruckRequest) => {
    const fault = draw(random());
    if (fault === null || (fault === 'stale-list' && method !== 'GET')) return null;
    if (/access_tokens/.test(url)) return null;
    faults.settings = {
      ...faults.settings,
      lateMs: skewed(random(), method === 'POST' ? LATEST_MS : LATEST_EDIT_MS),
      staleMs: skewed(random(), STALEST_MS),
      retryAfterSeconds: Math.ceil(random() * 90),
      resetSeconds: Math.ceil(random() * 600),
    };
    struck.set(fault, (struck.get(fault) ?? 0) + 1);
    return fault;
  });
  return { struck, stop: () => faults.clear() };
}

function draw(random: number): GitHubFault | null {
  let left = random * 10_000;
  for (const [fault, weight] of Object.entries(PER_TEN_THOUSAND)) {
    left -= weight;
    if (left < 0) return fault as GitHubFault;
  }
  return null;
}

/** Half of them within an eighth of the whole. */
function skewed(random: number, most: number): number {
  return 1_000 + random ** 3 * most;
}
