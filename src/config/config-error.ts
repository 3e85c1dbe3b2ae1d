import { renderProblems } from './message.ts';
import type { Problem } from './problem.ts';

/** The configuration cannot be used. Holds every problem there is, in the order of files and lines. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(`the configuration cannot be used\n${renderProblems(problems)}`);
    this.problems = problems;
  }
}
