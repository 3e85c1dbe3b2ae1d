import type { StandInIssue, StandInState } from './state.ts';

/** What a person does to an issue in the browser. */
export interface Human {
  close(number: number, reason: 'completed' | 'not_planned'): void;
  reopen(number: number): void;
  comment(number: number, body: string): void;
  edit(number: number, body: string): void;
  relabel(number: number, labels: readonly string[]): void;
  delete(number: number): void;
  /** @returns its number there. */
  move(number: number): number;
}

export function humanIn(
  repositories: ReadonlyMap<string, StandInState>,
  repository: string,
  otherRepository: string,
): Human {
  const [state, other] = [repositories.get(repository), repositories.get(otherRepository)];
  if (state === undefined || other === undefined) throw new Error('bug: a human needs both repositories');
  const at = (number: number): StandInIssue => {
    const issue = state.issue(number);
    if (issue === null) throw new Error(`the stand-in has no issue #${number}`);
    return issue;
  };
  return {
    close: (number, reason) => state.setState(at(number), 'closed', reason),
    reopen: (number) => state.setState(at(number), 'open', 'reopened'),
    comment: (number, body) => void state.comment(at(number), 'maren', body),
    // The browser sends CRLF over the whole body.
    edit: (number, body) => void (at(number).body = body.replace(/\r?\n/g, '\r\n')),
    relabel: (number, labels) => void (at(number).labels = [...labels]),
    delete: (number) => void (at(number).deleted = true),
    move(number) {
      const issue = at(number);
      const moved = other.createIssue(issue);
      moved.comments.push(...issue.comments);
      issue.movedTo = { repository: otherRepository, number: moved.number };
      return moved.number;
    },
  };
}
