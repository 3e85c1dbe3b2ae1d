import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../config/duration.ts';
import { CRITERIA, type Criterion } from '../core/criterion.ts';

/** What is written after an option, read; each throws what the command line is told. */

export function criteriaList(text: string): readonly Criterion[] {
  const wanted = text.split(',').map((name) => name.trim());
  const unknown = wanted.filter((name) => !CRITERIA.some((criterion) => criterion === name));
  if (unknown.length > 0) {
    throw new InvalidArgumentError(`unknown: ${unknown.join(', ')}; known: ${CRITERIA.join(', ')}.`);
  }
  return CRITERIA.filter((criterion) => wanted.includes(criterion));
}

/** Milliseconds. */
export function duration(text: string): number {
  const parsed = parseDuration(text);
  if (parsed === null) throw new InvalidArgumentError('a duration is written 90s, 12m or 24h.');
  return parsed;
}

/** Milliseconds, more than none. */
export function positiveDuration(text: string): number {
  const parsed = duration(text);
  if (parsed === 0) throw new InvalidArgumentError('it has to be longer than nothing.');
  return parsed;
}

export function positive(text: string): number {
  const parsed = Number(text);
  if (!Number.isInteger(parsed) || parsed < 1) throw new InvalidArgumentError('a whole number from 1.');
  return parsed;
}

/** How often something happens, 0 and fractions included. */
export function rate(text: string): number {
  const parsed = text.trim() === '' ? NaN : Number(text);
  if (!Number.isFinite(parsed) || parsed < 0) throw new InvalidArgumentError('a number from 0.');
  return parsed;
}

export function share(text: string): number {
  const parsed = rate(text);
  if (parsed > 1) throw new InvalidArgumentError('a share from 0 to 1, such as 0.01 for 1 %.');
  return parsed;
}

/** Date, time and zone. */
export function moment(text: string): Date {
  const complete = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/.test(text);
  const parsed = new Date(complete ? text : NaN);
  if (Number.isNaN(parsed.getTime())) {
    throw new InvalidArgumentError(
      'a time is written 2026-12-01T09:00Z, or 2026-12-01 for its midnight in UTC.',
    );
  }
  return parsed;
}
