import type { Problem } from './problem.ts';

/**
 * Problems as people read them, one after the other, then their number:
 *
 *     config/hubs.yaml:12  hubs[1].login.password: secrets are never literal
 *         write {env: NAME} or {file: PATH}
 *     1 problem
 */
export function renderProblems(problems: readonly Problem[]): string {
  return [...problems.map((problem) => render(problem, '')), count(problems.length, 'problem')].join('\n');
}

/** The same for things that work but are probably not meant; each line says `warning:`. */
export function renderWarnings(warnings: readonly Problem[]): string {
  return [...warnings.map((warning) => render(warning, 'warning: ')), count(warnings.length, 'warning')].join(
    '\n',
  );
}

/** `1 hub`, `2 hubs`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function render(problem: Problem, severity: string): string {
  const place = [problem.file, problem.line, problem.column].filter((part) => part !== null).join(':');
  const path = problem.path === '' ? '' : `${problem.path}: `;
  return `${place}  ${severity}${path}${problem.message}\n    ${problem.fix}`;
}
