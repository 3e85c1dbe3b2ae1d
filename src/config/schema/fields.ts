import { validateDetailed } from 'node-cron';
import { z } from 'zod';
import { formatDuration, parseDuration } from '../duration.ts';
import { parseSize } from '../size.ts';

/** What reading a text came to: a value, or what is wrong with the text and what would be right. */
type Reading<T> = { readonly value: T } | { readonly message: string; readonly fix: string };

/** A text that means something; `read` never repeats a text that may hold a secret. */
function meaning<T>(examples: readonly string[], read: (text: string) => Reading<T>) {
  return z
    .string()
    .transform((text, context) => {
      const reading = read(text);
      if ('value' in reading) return reading.value;
      const { message, fix } = reading;
      context.issues.push({ code: 'custom', message, input: text, params: { fix } });
      return z.NEVER;
    })
    .meta({ samples: [...examples] });
}

function duration({
  orNone = false,
  maxMs = Infinity,
}: {
  readonly orNone?: boolean;
  readonly maxMs?: number;
}) {
  return meaning(orNone ? ['60s', '0s'] : ['90s', '12m', '1h30m'], (text) => {
    const value = parseDuration(text);
    const fix = 'write whole numbers with units, largest first: 90s, 12m, 1h30m, 14d';
    if (value === null) return { message: `${JSON.stringify(text)} is not a duration`, fix };
    if (value === 0 && !orNone) return { message: 'must be longer than nothing', fix };
    if (value > maxMs) return { message: `must be at most ${formatDuration(maxMs)}`, fix };
    return { value };
  });
}

/** Timers of the runtime fire at once when they are set for more than 24 days; a day is plenty for waiting. */
const LONGEST_WAIT = { maxMs: 86_400_000 };

/** An age or a period, in milliseconds; more than none. */
export const Duration = duration({});
/** The same, or none. */
export const DurationOrNone = duration({ orNone: true });
/** Something that is waited for, in milliseconds: more than none, at most a day. */
export const Wait = duration(LONGEST_WAIT);
/** The same, or none. */
export const WaitOrNone = duration({ ...LONGEST_WAIT, orNone: true });

/** Bytes. */
export const Size = meaning(['1GiB', '500MiB'], (text) => {
  const value = parseSize(text);
  const fix = 'write a whole number with one of the units KiB, MiB, GiB, TiB: 500MiB';
  if (value === null) return { message: `${JSON.stringify(text)} is not a size`, fix };
  return value === 0 ? { message: 'must be more than nothing', fix } : { value };
});

/** An address without account, query or fragment; the text is not repeated because it may hold a password. */
export const HttpUrl = meaning(['https://hub.example.org/'], (text) => {
  const url = URL.canParse(text) ? new URL(text) : null;
  const fix = 'write https://HOST/ or https://HOST/PATH/';
  if (url === null || !['http:', 'https:'].includes(url.protocol))
    return { message: 'is not an http or https address', fix };
  if (url.username !== '' || url.password !== '') return { message: 'must not hold a name or password', fix };
  if (url.search !== '' || url.hash !== '') return { message: 'must not hold a query or a fragment', fix };
  return { value: url.href };
});

/** A node-cron expression. */
export const Schedule = meaning(['*/10 * * * *'], (text) => {
  const { valid, errors } = validateDetailed(text);
  if (valid) return { value: text };
  const first = errors[0];
  const about =
    first === undefined || first.field === 'expression' ? '' : `: ${first.value} in field "${first.field}"`;
  return {
    message: `${JSON.stringify(text)} is not a schedule${about}`,
    fix: 'write five fields, minute hour day month weekday, in UTC: "*/10 * * * *"',
  };
});

/** ISO 8601 UTC with milliseconds. */
export const Timestamp = meaning(['2026-12-01T09:00Z'], (text) => {
  const complete = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)$/.test(text);
  const date = new Date(complete ? text : NaN);
  if (Number.isNaN(date.getTime())) {
    return {
      message: `${JSON.stringify(text)} is not a time`,
      fix: 'write date, time and zone: 2026-12-01T09:00Z',
    };
  }
  return { value: date.toISOString() };
});

/** A text of a certain form. */
export function Name(form: RegExp, what: string, example: string) {
  return meaning([example], (text) =>
    form.test(text)
      ? { value: text }
      : { message: `${JSON.stringify(text)} is not ${what}`, fix: `for example ${example}` },
  );
}

export const Text = z.string().min(1);
export const PositiveInteger = z.number().int().min(1);
