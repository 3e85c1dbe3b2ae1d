import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';
import type { Problem } from './problem.ts';
import type { Source } from './source.ts';
import { explainYaml } from './yaml-mistake.ts';

/** The files that could be read, and what is wrong with the others. */
export interface Read {
  readonly sources: readonly Source[];
  readonly problems: readonly Problem[];
}

/** Reads a YAML file, or every `*.yaml` and `*.yml` of a folder in the order of their names. */
export function readSources(path: string): Read {
  const files = listFiles(path);
  if ('problem' in files) return { sources: [], problems: [files.problem] };
  const outcomes = files.names.map(readSource);
  return {
    sources: outcomes.flatMap(({ source }) => (source === null ? [] : [source])),
    problems: outcomes.flatMap(({ problems }) => problems),
  };
}

function listFiles(path: string): { readonly names: readonly string[] } | { readonly problem: Problem } {
  try {
    if (!statSync(path).isDirectory()) return { names: [path] };
    // Names with a leading dot are the bookkeeping of mounted ConfigMaps and of editors.
    const names = readdirSync(path).filter((name) => /^[^.].*\.ya?ml$/.test(name));
    if (names.length > 0) return { names: names.toSorted().map((name) => join(path, name)) };
    return { problem: wholeFile(path, 'holds no *.yaml file', 'name a YAML file or a folder of them') };
  } catch (error) {
    return { problem: wholeFile(path, cannotBeRead(error), 'name a YAML file or a folder of them') };
  }
}

function readSource(file: string): { source: Source | null; problems: readonly Problem[] } {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return {
      source: null,
      problems: [wholeFile(file, cannotBeRead(error), 'let this process read it, or remove it')],
    };
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'error' });
  const mistakes = [...document.errors, ...document.warnings];
  if (mistakes.length === 0) return { source: { file, document, lines }, problems: [] };
  return { source: null, problems: mistakes.map((mistake) => explainYaml(mistake, file, lines, text)) };
}

function cannotBeRead(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'ENOENT' || code === 'ENOTDIR') return 'there is no such file or folder';
  return `cannot be read (${typeof code === 'string' ? code : 'unknown error'})`;
}

function wholeFile(file: string, message: string, fix: string): Problem {
  return { file, line: null, column: null, path: '', message, fix };
}
