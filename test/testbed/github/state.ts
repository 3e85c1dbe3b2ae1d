/** What the stand-in knows of one repository. Plain data, changed by the routes and by the "human". */
export interface StandInIssue {
  readonly number: number;
  title: string;
  body: string;
  state: 'open' | 'closed';
  state_reason: 'completed' | 'not_planned' | 'reopened' | null;
  labels: string[];
  readonly created_at: string;
  updated_at: string;
  closed_at: string | null;
  comments: StandInComment[];
  deleted: boolean;
  /** Where a human moved it to. */
  movedTo: { readonly repository: string; readonly number: number } | null;
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
  /** Null while it is under way, and when the connection was cut. */
  status: number | null;
}

export class StandInState {
  readonly issues: StandInIssue[] = [];
  readonly labels = new Map<string, StandInLabel>();
  #lastComment = 0;

  issue(number: number): StandInIssue | null {
    return this.issues.find((issue) => issue.number === number) ?? null;
  }

  createIssue(fields: { title: string; body: string; labels: readonly string[] }): StandInIssue {
    const now = new Date().toISOString();
    this.nameLabels(fields.labels);
    const issue: StandInIssue = {
      number: this.issues.length + 1,
      title: fields.title,
      body: fields.body,
      state: 'open',
      state_reason: null,
      labels: [...fields.labels],
      created_at: now,
      updated_at: now,
      closed_at: null,
      comments: [],
      deleted: false,
      movedTo: null,
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
    this.#lastComment += 1;
    const now = new Date().toISOString();
    const comment = { id: this.#lastComment, author, body, created_at: now, updated_at: now };
    issue.comments.push(comment);
    issue.updated_at = now;
    return comment;
  }

  setState(issue: StandInIssue, state: 'open' | 'closed', reason: StandInIssue['state_reason']): void {
    if (issue.state === state) return;
    issue.state = state;
    issue.state_reason = state === 'open' ? 'reopened' : (reason ?? 'completed');
    issue.closed_at = state === 'closed' ? new Date().toISOString() : null;
  }
}
