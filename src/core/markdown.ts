/**
 * Foreign words inside Markdown. GitHub renders what is in a code span or block as it is: no mention is sent, no link,
 * image or HTML comes alive. So foreign words only ever appear there, without what could end the span or the block.
 */

const REPLACED: Readonly<Record<string, string>> = {
  '`': "'",
  // A pipe would end a cell of a table even inside a code span.
  '|': '¦',
  // Comments mark what the bot owns in an issue; nobody else may write one.
  '<': '‹',
  '>': '›',
};

/** Foreign text as a code span of at most `max` characters, on one line. */
export function quoted(text: string, max: number): string {
  const words = harmless(text, max - 2);
  return words === '' ? '(nothing)' : `\`${words}\``;
}

/** Foreign text as a code block of at most `max` characters, on one line that GitHub wraps. */
export function quotedBlock(text: string, max: number): string {
  const fence = '```';
  const words = harmless(text, max - 2 * fence.length - 'text\n\n'.length);
  return `${fence}text\n${words === '' ? '(nothing)' : words}\n${fence}`;
}

/** Names that are our own, a step's for instance, but came over a wire: letters, digits and the plainest punctuation. */
export function plain(text: string, max: number): string {
  const words = text
    .replace(/[^\p{L}\p{N} ,'()-]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return clipped(words, max);
}

function harmless(text: string, max: number): string {
  const visible = text
    .toWellFormed()
    .replace(/[\p{C}\p{Z}\s]+/gu, ' ')
    .trim();
  return clipped(
    visible.replace(/[`|<>]/g, (character) => REPLACED[character] ?? ' '),
    max,
  );
}

function clipped(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text
    .slice(0, max - 1)
    .toWellFormed()
    .replace(/\uFFFD$/, '')}…`;
}

/**
 * Our own words with names in them that others gave (a cluster, a GitHub login): a sentence without what would mention
 * somebody, link, or end a cell, span or comment.
 */
export function sentence(text: string, max: number): string {
  const words = text
    .toWellFormed()
    .replace(/[\p{C}\p{Z}\s]+/gu, ' ')
    .replace(/[@`|<>*_~\\]/g, (character) => REPLACED_IN_SENTENCE[character] ?? '');
  return clipped(words.trim(), max);
}

const REPLACED_IN_SENTENCE: Readonly<Record<string, string>> = { ...REPLACED, '@': '＠', _: '_', '\\': '/' };
