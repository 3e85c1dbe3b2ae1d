import type { Effect } from '../../core/effect.ts';

type Announcement = Extract<Effect, { readonly kind: 'announce' }>;

/** What Slack takes: https://docs.slack.dev/reference/block-kit/blocks */
const HEADER_MOST = 150;
const TEXT_MOST = 3_000;
const FIELD_MOST = 2_000;
const FIELDS_MOST = 10;

/** Text for notifications, and blocks to read. Names and words of others stay words: no mention, no link, no markup. */
export function slackMessage({ title, text, fields }: Announcement, link: string | null): unknown {
  const pairs = Object.entries(fields)
    .slice(0, FIELDS_MOST)
    .map(([name, value]) => ({
      type: 'mrkdwn',
      text: cut(`*${escape(name)}*\n${escape(value)}`, FIELD_MOST),
    }));
  return {
    text: cut(escape(`${title}: ${text}`), TEXT_MOST),
    blocks: [
      { type: 'header', text: { type: 'plain_text', text: cut(title, HEADER_MOST), emoji: false } },
      { type: 'section', text: { type: 'mrkdwn', text: cut(escape(text), TEXT_MOST) } },
      ...(pairs.length === 0 ? [] : [{ type: 'section', fields: pairs }]),
      ...(link === null
        ? []
        : [{ type: 'context', elements: [{ type: 'mrkdwn', text: `<${link}|Open the issue>` }] }]),
    ],
  };
}

/** `<`, `>` and `&` begin everything that is more than text in Slack; the rest of its markup needs a sign at both ends. */
function escape(text: string): string {
  const zeroWidth = '\u200B';
  return text
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[*_~`]/g, (sign) => `${zeroWidth}${sign}`);
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}
