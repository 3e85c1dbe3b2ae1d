import { isMap } from 'yaml';
import type { ConfigPath, Finding, Problem } from './problem.ts';
import { dotted } from './problem.ts';
import { spot } from './source.ts';
import type { Source } from './source.ts';

/** Everything that is written, whichever file it is in. */
export interface Written {
  readonly values: Readonly<Record<string, unknown>>;
  /** Gives a finding its file and line. */
  place(finding: Finding): Problem;
}

/** Puts the files together; a top-level key may be in one of them only. */
export function mergeSources(
  path: string,
  sources: readonly Source[],
): { written: Written; problems: readonly Problem[] } {
  const owners = new Map<string, { source: Source; value: unknown }>();
  const problems: Problem[] = [];
  for (const source of sources) {
    const entries = topLevel(source);
    if ('problem' in entries) {
      problems.push(entries.problem);
      continue;
    }
    for (const [key, value] of entries.list) {
      const owner = owners.get(key)?.source;
      if (owner === undefined) owners.set(key, { source, value });
      else problems.push(writtenTwice(source, key, owner));
    }
  }
  const values = Object.fromEntries([...owners].map(([key, { value }]) => [key, value]));
  const ownerOf = (key: string | number | undefined) => owners.get(String(key))?.source;
  return {
    written: { values, place: (finding) => place(finding, ownerOf, sources[0]?.file ?? path) },
    problems,
  };
}

function topLevel(
  source: Source,
): { readonly list: readonly [string, unknown][] } | { readonly problem: Problem } {
  const { document, file } = source;
  if (document.contents === null) return { list: [] };
  if (!isMap(document.contents)) {
    const fix = 'write keys at the left margin: hubs:, service:, github:';
    return { problem: { file, line: 1, column: null, path: '', message: 'must be a mapping of keys', fix } };
  }
  try {
    return { list: Object.entries(toRecord(document.toJS())) };
  } catch {
    // The parser finds these only now; its message repeats the alias, which may be a secret that begins with *.
    const fix = 'quote the text if it begins with *, or write the anchor (&name) first';
    const message = 'an alias (*name) stands for nothing, or for far too much';
    return { problem: { file, line: null, column: null, path: '', message, fix } };
  }
}

function toRecord(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}

function writtenTwice(source: Source, key: string, owner: Source): Problem {
  return {
    file: source.file,
    line: spot(source, [key]).line,
    column: null,
    path: key,
    message: `is written in ${owner.file} too`,
    fix: 'keep each top-level key in one file',
  };
}

/** What a hub does not say itself it has from the defaults: then that is the place to look at. */
function place(
  finding: Finding,
  ownerOf: (key: string | number | undefined) => Source | undefined,
  fallback: string,
): Problem {
  const { path, message, fix } = finding;
  const problem = { column: null, path: dotted(path), message, fix };
  const own = ownerOf(path[0]);
  const ownSpot = own === undefined ? null : spot(own, path);
  if (path[0] === 'hubs' && path.length > 2 && ownSpot?.found !== true) {
    const inherited: ConfigPath = ['defaults', ...path.slice(2)];
    const defaults = ownerOf('defaults');
    const inheritedSpot = defaults === undefined ? null : spot(defaults, inherited);
    if (defaults !== undefined && inheritedSpot?.found === true)
      return { file: defaults.file, line: inheritedSpot.line, ...problem };
  }
  return { file: own?.file ?? fallback, line: ownSpot?.line ?? null, ...problem };
}
