import { stringify } from 'yaml';
import type { z } from 'zod';
import { knownKeys, schemaAt } from './json-schema.ts';
import type { JsonSchema } from './json-schema.ts';
import { nearest } from './nearest.ts';
import type { ConfigPath, Finding } from './problem.ts';

type Issue = z.core.$ZodIssue;

/** Says in people's words what the schema found; `at` is where the checked value is, `value` what is written there. */
export function explain(
  issue: Issue,
  at: ConfigPath,
  value: unknown,
  schema: JsonSchema,
): readonly Finding[] {
  const inside = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
  const path = [...at, ...inside];
  const node = schemaAt(schema, path) ?? {};
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => unknownKey([...path, key], knownKeys(node)));
  const written = valueAt(value, inside);
  if (written === undefined) return [missing(path, node)];
  const { message, allowed } = whatIsWrong(issue, written);
  const fix = fixOf(issue) ?? (allowed.length > 0 ? chooseFrom(allowed, written) : exampleOf(node));
  return [{ path, message, fix }];
}

/** A key that is not part of the configuration. */
export function unknownKey(path: ConfigPath, known: readonly string[]): Finding {
  const near = nearest(String(path.at(-1)), known);
  const fix = near === null ? `known here: ${known.join(', ')}` : `did you mean "${near}"?`;
  return { path, message: 'unknown key', fix };
}

/** A key that has to be written and is not. */
export function missing(path: ConfigPath, node: JsonSchema): Finding {
  return { path, message: 'is missing', fix: `write ${path.at(-1)}: ${flow(sampleOf(node))}` };
}

function whatIsWrong(issue: Issue, written: unknown): { message: string; allowed: readonly string[] } {
  const allowed = allowedBy(issue);
  const own = issue.message.startsWith('Invalid') || issue.message.startsWith('Too ') ? null : issue.message;
  if (own !== null) return { message: own, allowed };
  if (issue.code === 'too_small' && issue.origin !== 'number' && issue.origin !== 'int')
    return { message: 'must not be empty', allowed };
  if (issue.code === 'too_small') return { message: `must be at least ${issue.minimum}`, allowed };
  if (issue.code === 'too_big') return { message: `must be at most ${issue.maximum}`, allowed };
  if (allowed.length > 0 && typeof written === 'string')
    return { message: `${JSON.stringify(written)} is not one of ${allowed.join(', ')}`, allowed };
  return { message: `must be ${expectedBy(issue)}, not ${kindOf(written)}`, allowed };
}

function allowedBy(issue: Issue): readonly string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code === 'invalid_union' && 'options' in issue && Array.isArray(issue.options)) {
    return issue.options.map(String);
  }
  return [];
}

function expectedBy(issue: Issue): string {
  if (issue.code === 'invalid_type') return TYPE_NAMES[issue.expected] ?? issue.expected;
  if (issue.code === 'invalid_union') return 'text, a number, true or false';
  return 'one of a few words';
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping of keys',
  record: 'a mapping of keys',
};

function kindOf(value: unknown): string {
  if (value === null) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string') return 'text';
  if (typeof value !== 'number') return 'true or false';
  return Number.isInteger(value) ? 'a number' : 'a fraction';
}

function fixOf(issue: Issue): string | null {
  const fix: unknown = issue.code === 'custom' ? issue.params?.['fix'] : null;
  return typeof fix === 'string' ? fix : null;
}

function chooseFrom(allowed: readonly string[], written: unknown): string {
  const near = typeof written === 'string' ? nearest(written, allowed) : null;
  return near === null ? `known: ${allowed.join(', ')}` : `did you mean "${near}"?`;
}

function exampleOf(node: JsonSchema): string {
  return `for example ${flow(sampleOf(node))}`;
}

/** Something that may be written there. */
function sampleOf(node: JsonSchema): unknown {
  const [example] = Array.isArray(node.examples) ? node.examples : [];
  // What may be nothing as well has the something under `anyOf`.
  const something = node.anyOf?.[0];
  return (
    example ??
    node.default ??
    node.const ??
    node.enum?.[0] ??
    (something === undefined ? '…' : sampleOf(something))
  );
}

/** A value as YAML on one line. */
function flow(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', flowCollectionPadding: false, lineWidth: 0 }).trim();
}

function valueAt(value: unknown, path: ConfigPath): unknown {
  return path.reduce<unknown>((inner, part) => {
    if (Array.isArray(inner)) return typeof part === 'number' ? inner[part] : undefined;
    return isRecord(inner) ? inner[String(part)] : undefined;
  }, value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
