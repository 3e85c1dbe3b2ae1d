/** What the stand-in knows. Plain data, changed by the routes and by the "human". */
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
}

export interface StandInComment {
  readonly id: number;
  readonly author: string;
  body: string;
  readonly created_at: string;
}

export interface StandInLabel {
  readonly name: string;
  readonly color: string;
  readonly description: string | null;
}

export interface StandInRequest {
  readonly method: string;
  readonly path: string;
  readonly status: number;
}

export class StandInState {
  readonly issues: StandInIssue[] = [];
  readonly labels = new Map<string, StandInLabel>();
  readonly requests: StandInRequest[] = [];
  #lastComment = 0;

  issue(number: number): StandInIssue | null {
    return this.issues.find((issue) => issue.number === number) ?? null;
  }

  createIssue(fields: { title: string; body: string; labels: readonly string[] }): StandInIssue {
    const now = new Date().toISOString();
    for (const name of fields.labels) this.addLabel({ name, color: 'ededed', description: null });
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
    };
    this.issues.push(issue);
    return issue;
  }

  addLabel(label: StandInLabel): boolean {
    if (this.labels.has(label.name)) return false;
    this.labels.set(label.name, label);
    return true;
  }

  comment(issue: StandInIssue, author: string, body: string): StandInComment {
    this.#lastComment += 1;
    const comment = { id: this.#lastComment, author, body, created_at: new Date().toISOString() };
    issue.comments.push(comment);
    return comment;
  }

  setState(issue: StandInIssue, state: 'open' | 'closed', reason: StandInIssue['state_reason']): void {
    if (issue.state === state) return;
    issue.state = state;
    issue.state_reason = state === 'open' ? 'reopened' : (reason ?? 'completed');
    issue.closed_at = state === 'closed' ? new Date().toISOString() : null;
  }
}
