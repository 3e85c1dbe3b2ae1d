import { isDeepStrictEqual } from 'node:util';
import type { End } from './scenario.ts';

/** A scenario has not ended as it has to. */
export class Unexpected extends Error {
  override readonly name = 'Unexpected';
}

export function expectEqual(what: string, actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return;
  throw new Unexpected(`${what}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(actual)}`);
}

export function expectAtMost(what: string, actual: number, limit: number): void {
  if (actual > limit) throw new Unexpected(`${what}: at most ${limit} were expected, there are ${actual}`);
}

/** Each issue that is expected, oldest first, and no other. */
export function expectIssues(
  { issues }: End,
  expected: readonly { readonly title: string; readonly state: string; readonly reason: string | null }[],
): void {
  expectEqual(
    'issues on GitHub',
    issues.map(({ title, state, state_reason }) => ({ title, state, reason: state_reason })),
    expected,
  );
  for (const { number, comments } of issues) {
    const bodies = comments.map(({ body }) => body);
    expectEqual(`comments on #${number} that are there twice`, bodies.length - new Set(bodies).size, 0);
  }
}

/** The states of all incidents, oldest first. */
export function expectIncidents({ incidents }: End, expected: readonly string[]): void {
  expectEqual('states of the incidents', incidents.map(({ state }) => state).toReversed(), expected);
}

/** How many comments say this. */
export function commentsThat(says: RegExp, { issues }: End): number {
  return issues.flatMap(({ comments }) => comments).filter(({ body }) => says.test(body)).length;
}
