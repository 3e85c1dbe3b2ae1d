/**
 * As much of GitHub's Markdown as an incident's issue uses, as HTML: headings, tables, lists, task boxes, code, details.
 * Whatever else it holds is shown as it was sent. All text is escaped first, so that nothing foreign comes alive.
 */
export function renderMarkdown(markdown: string): string {
  // Hidden markers are comments, and GitHub shows none of them.
  const lines = markdown.replace(/<!--[^]*?-->/g, '').split(/\r?\n/);
  const html: string[] = [];
  for (let at = 0; at < lines.length;) {
    const { text, taken } = blockAt(lines, at);
    html.push(text);
    at += taken;
  }
  return html.join('\n');
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

interface Block {
  readonly text: string;
  /** Lines. */
  readonly taken: number;
}

const DETAILS = /^<\/?details>$/;
const SUMMARY = /^<summary>([^<>]*)<\/summary>$/;
const HEADING = /^(#{1,6}) (.*)$/;
const ITEM = /^(?:-|\d+\.)(?: (.*))?$/;
const ROW = /^\|.*\|$/;
const FENCE = /^```/;

function blockAt(lines: readonly string[], at: number): Block {
  const line = lines[at]?.trim() ?? '';
  if (line === '') return { text: '', taken: 1 };
  if (DETAILS.test(line)) return { text: line, taken: 1 };
  const summary = SUMMARY.exec(line)?.[1];
  if (summary !== undefined) return { text: `<summary>${inline(summary)}</summary>`, taken: 1 };
  const [, signs = '', title = ''] = HEADING.exec(line) ?? [];
  if (signs !== '') return { text: `<h${signs.length}>${inline(title)}</h${signs.length}>`, taken: 1 };
  if (FENCE.test(line)) return fence(lines, at);
  if (ROW.test(line)) return table(run(lines, at, ROW));
  if (ITEM.test(line)) return list(run(lines, at, ITEM));
  return { text: `<p>${inline(line)}</p>`, taken: 1 };
}

/** The lines from here that are of one kind. */
function run(lines: readonly string[], at: number, kind: RegExp): readonly string[] {
  const rest = lines.slice(at).map((line) => line.trim());
  const end = rest.findIndex((line) => !kind.test(line));
  return end === -1 ? rest : rest.slice(0, end);
}

function fence(lines: readonly string[], at: number): Block {
  const end = lines.findIndex((line, index) => index > at && FENCE.test(line.trim()));
  const inside = lines.slice(at + 1, end === -1 ? undefined : end);
  return { text: `<pre>${escapeHtml(inside.join('\n'))}</pre>`, taken: inside.length + 2 };
}

function table(rows: readonly string[]): Block {
  const cells = rows.map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => inline(cell.trim())),
  );
  const [head = [], , ...body] = cells;
  const row = (tag: string) => (texts: readonly string[]) =>
    `<tr>${texts.map((text) => `<${tag}>${text}</${tag}>`).join('')}</tr>`;
  const top = head.some((text) => text !== '') ? `<thead>${row('th')(head)}</thead>` : '';
  return { text: `<table>${top}<tbody>${body.map(row('td')).join('')}</tbody></table>`, taken: rows.length };
}

function list(lines: readonly string[]): Block {
  const items = lines.map((line) => {
    const text = inline(ITEM.exec(line)?.[1] ?? '');
    return `<li>${text.replace(/^\[( |x)\] /, (_, mark: string) => `<input type="checkbox" disabled${mark === 'x' ? ' checked' : ''}> `)}</li>`;
  });
  const tag = /^\d/.test(lines[0] ?? '') ? 'ol' : 'ul';
  return { text: `<${tag}>${items.join('')}</${tag}>`, taken: lines.length };
}

/** Code spans first: what is in them stays as it is. */
function inline(text: string): string {
  return text
    .split(/(`[^`]+`)/)
    .map((part) => (/^`.+`$/.test(part) ? `<code>${escapeHtml(part.slice(1, -1))}</code>` : words(part)))
    .join('');
}

function words(text: string): string {
  return escapeHtml(text)
    .replace(/\*\*([^*]+)\*\*/g, '<b>$1</b>')
    .replace(/\[([^\]]+)\]\((https?:\/\/[^\s)]+)\)/g, '<a href="$2">$1</a>');
}
