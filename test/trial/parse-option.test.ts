import { describe, expect, it } from 'vitest';
import {
  criteriaList,
  duration,
  moment,
  positive,
  positiveDuration,
  rate,
  share,
} from '../../src/cli/parse-option.ts';

describe('what is written after an option', () => {
  it.each([
    [criteriaList, 'server, login', ['login', 'server']],
    [duration, '1h30m', 5_400_000],
    [duration, '0s', 0],
    [positiveDuration, '90s', 90_000],
    [positive, '80', 80],
    [rate, '0', 0],
    [rate, '0.5', 0.5],
    [share, '0.01', 0.01],
    [share, '1', 1],
    [moment, '2026-12-01', new Date('2026-12-01T00:00:00Z')],
    [moment, '2026-12-01T10:00+01:00', new Date('2026-12-01T09:00:00Z')],
  ])('%o reads %s', (parse, text, value) => {
    expect(parse(text)).toEqual(value);
  });

  it.each([
    [criteriaList, 'login,logout', 'unknown: logout; known: login, server, dask.'],
    [duration, 'much', 'a duration is written 90s, 12m or 24h.'],
    [positiveDuration, '0s', 'it has to be longer than nothing.'],
    [positive, '0', 'a whole number from 1.'],
    [positive, '1.5', 'a whole number from 1.'],
    [rate, '-1', 'a number from 0.'],
    [rate, '', 'a number from 0.'],
    [share, '2', 'a share from 0 to 1, such as 0.01 for 1 %.'],
    [moment, 'yesterday', 'a time is written 2026-12-01T09:00Z, or 2026-12-01 for its midnight in UTC.'],
    [moment, '2026-12-01T09:00', 'a time is written 2026-12-01T09:00Z'],
    [moment, '2026-13-01', 'a time is written 2026-12-01T09:00Z'],
  ])('%o does not read %s', (parse, text, why) => {
    expect(() => parse(text)).toThrow(why);
  });
});
