import type { StandInIssue } from './state.ts';
import type { World } from './world.ts';

/** What a person does to an issue, or to the repository, in the browser. */
export interface Human {
  /** Files an issue of their own. @returns its number. */
  file(title: string, body?: string): number;
  close(number: number, reason: 'completed' | 'not_planned' | 'duplicate'): void;
  reopen(number: number): void;
  comment(number: number, body: string): void;
  edit(number: number, body: string): void;
  retitle(number: number, title: string): void;
  relabel(number: number, labels: readonly string[]): void;
  assign(number: number, logins: readonly string[]): void;
  lock(number: number): void;
  delete(number: number): void;
  /** @returns its number there. */
  move(number: number): number;
  /** Gives the repository another name; the old one forwards. */
  rename(to: string): void;
}

export function humanIn(
  { repositories, renamed }: Pick<World, 'repositories' | 'renamed'>,
  repository: string,
  otherRepository: string,
): Human {
  const stateOf = (repository: string) => {
    const state = repositories.get(repository);
    if (state === undefined) throw new Error(`bug: there is no repository ${repository}`);
    return state;
  };
  let current = repository;
  const state = stateOf(current);
  const at = (number: number): StandInIssue => {
    const issue = state.issue(number);
    if (issue === null) throw new Error(`the stand-in has no issue #${number}`);
    return issue;
  };
  return {
    file: (title, body = '') => state.createIssue({ title, body, labels: [] }).number,
    close: (number, reason) => state.change(at(number), { state: 'closed', state_reason: reason }),
    reopen: (number) => state.change(at(number), { state: 'open' }),
    comment: (number, body) => void state.comment(at(number), 'maren', body),
    // The browser sends CRLF over the whole body.
    edit: (number, body) => state.change(at(number), { body: body.replace(/\r?\n/g, '\r\n') }),
    retitle: (number, title) => state.change(at(number), { title }),
    relabel: (number, labels) => state.change(at(number), { labels: [...labels] }),
    assign: (number, logins) => state.change(at(number), { assignees: [...logins] }),
    lock: (number) => state.change(at(number), { locked: true }),
    delete: (number) => void (at(number).deleted = true),
    move(number) {
      const issue = at(number);
      const other = stateOf(otherRepository);
      const moved = other.createIssue(issue);
      moved.comments.push(...issue.comments);
      if (issue.state === 'closed')
        other.change(moved, { state: 'closed', state_reason: issue.state_reason });
      issue.movedTo = { repository: otherRepository, number: moved.number };
      return moved.number;
    },
    rename(to) {
      repositories.delete(current);
      repositories.set(to, state);
      for (const [old, was] of renamed) if (was === current) renamed.set(old, to);
      renamed.set(current, to);
      current = to;
    },
  };
}
