import type { Clock } from './clock.ts';

export type StateReason = 'completed' | 'not_planned' | 'duplicate' | 'reopened' | null;

/** What the stand-in knows of one repository. Plain data, changed by the routes and by the "human". */
export interface StandInIssue {
  /** Over all repositories. */
  readonly id: number;
  readonly number: number;
  title: string;
  body: string;
  state: 'open' | 'closed';
  state_reason: StateReason;
  /** Of which it was closed as a duplicate: that one's `id`. */
  duplicateOf: number | null;
  labels: string[];
  assignees: string[];
  locked: boolean;
  readonly created_at: string;
  updated_at: string;
  closed_at: string | null;
  comments: StandInComment[];
  deleted: boolean;
  /** Where a human moved it to. */
  movedTo: { readonly repository: string; readonly number: number } | null;
  /** As it was before its last change: what a stale list still shows. */
  before: Omit<StandInIssue, 'before' | 'comments'> | null;
}

export interface StandInComment {
  readonly id: number;
  readonly author: string;
  body: string;
  readonly created_at: string;
  updated_at: string;
}

export interface StandInLabel {
  readonly name: string;
  readonly color: string;
  readonly description: string | null;
}

export interface StandInRequest {
  readonly method: string;
  readonly path: string;
  readonly userAgent: string;
  /** Milliseconds since 1970, by the stand-in's clock. */
  readonly at: number;
  /** Null while it is under way, and when the connection was cut. */
  status: number | null;
}

export type IssueChange = Partial<
  Pick<
    StandInIssue,
    'title' | 'body' | 'labels' | 'assignees' | 'locked' | 'state' | 'state_reason' | 'duplicateOf'
  >
>;

interface Ids {
  last: number;
}

interface NewIssue {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly assignees?: readonly string[];
}

export class StandInState {
  /** Of the repository, whatever its name is by now. */
  readonly id: number;
  readonly issues: StandInIssue[] = [];
  readonly labels = new Map<string, StandInLabel>();
  readonly #clock: Clock;
  readonly #ids: Ids;

  /** @param ids are shared by all repositories */
  constructor(clock: Clock, ids: Ids) {
    this.#clock = clock;
    this.#ids = ids;
    this.id = this.#newId();
  }

  /** Numbers are given in order and never again. */
  issue(number: number): StandInIssue | null {
    return this.issues[number - 1] ?? null;
  }

  createIssue({ title, body, labels, assignees = [] }: NewIssue): StandInIssue {
    const now = this.#instant();
    this.nameLabels(labels);
    const issue: StandInIssue = {
      id: this.#newId(),
      number: this.issues.length + 1,
      title,
      body,
      state: 'open',
      state_reason: null,
      duplicateOf: null,
      labels: [...labels],
      assignees: [...assignees],
      locked: false,
      created_at: now,
      updated_at: now,
      closed_at: null,
      comments: [],
      deleted: false,
      movedTo: null,
      before: null,
    };
    this.issues.push(issue);
    return issue;
  }

  addLabel(label: StandInLabel): boolean {
    if (this.labels.has(label.name)) return false;
    this.labels.set(label.name, label);
    return true;
  }

  /** A label that an issue names and that is not there is made, in grey. */
  nameLabels(names: readonly string[]): void {
    for (const name of names) this.addLabel({ name, color: 'ededed', description: null });
  }

  comment(issue: StandInIssue, author: string, body: string): StandInComment {
    const now = this.#instant();
    const comment = { id: this.#newId(), author, body, created_at: now, updated_at: now };
    this.change(issue, {});
    issue.comments.push(comment);
    return comment;
  }

  /** Every change of an issue. A reason counts only when the state changes. */
  change(issue: StandInIssue, { state, state_reason, duplicateOf, ...fields }: IssueChange): void {
    const { before: _, comments: __, ...was } = issue;
    issue.before = was;
    Object.assign(issue, fields);
    if (state !== undefined && state !== issue.state) {
      issue.state = state;
      issue.state_reason = state === 'open' ? 'reopened' : (state_reason ?? 'completed');
      issue.duplicateOf = issue.state_reason === 'duplicate' ? (duplicateOf ?? null) : null;
      issue.closed_at = state === 'closed' ? this.#instant() : null;
    }
    issue.updated_at = this.#instant();
  }

  #instant(): string {
    return new Date(this.#clock.now()).toISOString();
  }

  #newId(): number {
    this.#ids.last += 1;
    return this.#ids.last;
  }
}
