/**
 * Hidden marks in what we write on GitHub. By them an issue or comment is found again, never by its words, and by them
 * the blocks that are ours are told from a human's text.
 */

/** GitHub takes no longer body, of an issue or a comment. */
export const MOST_CHARACTERS = 65_536;

/** First line of an incident's issue. */
export function incidentMarker(incident: string): string {
  return `<!-- hubcanary:incident id=${incident} -->`;
}

/** First line of a comment. */
export function effectMarker(effect: string): string {
  return `<!-- hubcanary:effect id=${effect} -->`;
}

/** Whether a body's first line is this marker. GitHub gives CRLF back when a human edited in the browser. */
export function beginsWith(body: string | null | undefined, marker: string): boolean {
  return body?.split(/\r?\n/, 1)[0]?.trim() === marker;
}

/** A part of an issue's body that is ours to keep up to date. */
export function wrapBlock(name: string, text: string): string {
  return `${openingOf(name)}\n${text}\n${closingOf(name)}`;
}

/**
 * The body with the named blocks brought up to date. What a human wrote around them stays to the letter; a block that a
 * human removed, or whose end they cut off, stays away.
 */
export function replaceBlocks(body: string, blocks: Readonly<Record<string, string>>): string {
  return Object.entries(blocks).reduce((text, [name, content]) => replaceBlock(text, name, content), body);
}

/** The text of every block of ours that is whole, by name. */
export function readBlocks(body: string): Readonly<Record<string, string>> {
  const names = [...body.matchAll(/<!-- hubcanary:block (\S+) -->/g)].map(([, name = '']) => name);
  return Object.fromEntries(
    names.flatMap((name) => {
      const start = body.indexOf(openingOf(name)) + openingOf(name).length;
      const end = body.indexOf(closingOf(name), start);
      return end === -1 ? [] : [[name, body.slice(start, end).replace(/^\r?\n|\r?\n$/g, '')]];
    }),
  );
}

function replaceBlock(body: string, name: string, content: string): string {
  const start = body.indexOf(openingOf(name));
  if (start === -1) return body;
  const end = body.indexOf(closingOf(name), start);
  if (end === -1) return body;
  return body.slice(0, start) + wrapBlock(name, content) + body.slice(end + closingOf(name).length);
}

function openingOf(name: string): string {
  return `<!-- hubcanary:block ${name} -->`;
}

function closingOf(name: string): string {
  return `<!-- hubcanary:end ${name} -->`;
}
