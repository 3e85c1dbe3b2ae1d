import { isAlias, isMap, isNode, isScalar, isSeq } from 'yaml';
import type { Document, LineCounter } from 'yaml';
import type { ConfigPath } from './problem.ts';

/** One YAML file that could be read. */
export interface Source {
  /** As a person would type it. */
  readonly file: string;
  readonly document: Document;
  readonly lines: LineCounter;
}

export interface Spot {
  /** Counts from 1; null in an empty file. */
  readonly line: number | null;
  /** Whether the whole path is written; otherwise the line is that of its deepest written part. */
  readonly found: boolean;
}

/** Where in a file something is written. */
export function spot(source: Source, path: ConfigPath): Spot {
  let node: unknown = source.document.contents;
  let offset: number | null = null;
  for (const part of path) {
    const next = child(source, node, part);
    if (next === null) return { line: lineOf(source, offset), found: false };
    ({ node, offset } = next);
  }
  return { line: lineOf(source, offset), found: true };
}

function child(
  { document }: Source,
  parent: unknown,
  part: string | number,
): { node: unknown; offset: number | null } | null {
  const node = isAlias(parent) ? parent.resolve(document) : parent;
  if (isSeq(node) && typeof part === 'number' && part < node.items.length) {
    const item: unknown = node.items[part];
    return { node: item, offset: isNode(item) ? (item.range?.[0] ?? null) : null };
  }
  if (!isMap(node)) return null;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part));
  return pair === undefined
    ? null
    : { node: pair.value, offset: isNode(pair.key) ? (pair.key.range?.[0] ?? null) : null };
}

function lineOf({ lines }: Source, offset: number | null): number | null {
  return offset === null ? null : lines.linePos(offset).line;
}
