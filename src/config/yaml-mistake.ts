import type { LineCounter, YAMLError } from 'yaml';
import type { Problem } from './problem.ts';

const FIXES: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  DUPLICATE_KEY: 'keep one of them',
  TAB_AS_INDENT: 'indent with spaces',
  BAD_INDENT: 'indent things of one level by the same number of spaces, and close every bracket',
  MULTIPLE_DOCS: 'remove the --- line: one file is one document',
  TAG_RESOLVE_FAILED: 'remove the tag; quote the text if it begins with !',
  BAD_ALIAS: 'quote the text if it begins with * or &',
};

/**
 * What is wrong with a file as YAML. The parser's words are kept up to the first colon or semicolon:
 * after it comes a piece of the file, and that may be of a secret.
 */
export function explainYaml(mistake: YAMLError, file: string, lines: LineCounter, text: string): Problem {
  const { line, col } = lines.linePos(mistake.pos[0]);
  const said = mistake.message.split(/: |; |sequence \\/)[0]?.trim() ?? '';
  const message =
    mistake.code === 'DUPLICATE_KEY'
      ? `the key ${keyAt(text, mistake.pos[0])} is written twice`
      : `is not YAML: ${said}`;
  return {
    file,
    line,
    column: col,
    path: '',
    message,
    fix: FIXES[mistake.code] ?? 'check brackets, quotes and colons around here',
  };
}

function keyAt(text: string, offset: number): string {
  return /^[^:\n]*/.exec(text.slice(offset))?.[0].trim() ?? '';
}
