import type { Hub } from './hub.ts';
import type { Member } from './incident.ts';
import { type IssueContent, isStillWatched } from './issue-content.ts';
import { linkTo } from './links.ts';
import { sentence } from './markdown.ts';
import { isBroken } from './members.ts';
import type { Run } from './run.ts';
import { readableTime } from './time.ts';

/** So that the table leaves room for the rest of the issue, however many hubs there are: characters. */
const TABLE_MAX = 24_000;
/** Of hubs that found no room in the table, names alone. */
const NAMES_MAX = 4_000;
const ADDRESS_MAX = 200;

/** Which hubs, kept current by the bot: the address of one, a table of several. */
export function hubsBlock(content: IssueContent): string {
  const { members } = content.incident;
  const [only, another] = members;
  if (only === undefined) return '';
  return another === undefined ? `- Hub URL: ${addressOf(content.hubs, only.hub)}` : table(content);
}

function table(content: IssueContent): string {
  const { members } = content.incident;
  // What is broken now comes first: that is what somebody has to look at.
  const inOrder = [...members.filter(isBroken), ...members.filter((member) => !isBroken(member))];
  const lines = ['| hub | cluster | broken since | well since | latest failure |', '|---|---|---|---|---|'];
  let length = 0;
  let shown = 0;
  for (const member of inOrder) {
    const line = row(content, member);
    length += line.length + 1;
    if (length > TABLE_MAX) break;
    lines.push(line);
    shown += 1;
  }
  const rest = inOrder.slice(shown).map(({ hub }) => hub);
  const more =
    rest.length === 0 ? [] : ['', sentence(`And ${rest.length} more: ${rest.join(', ')}`, NAMES_MAX)];
  return [`${counted(content)}:`, '', ...lines, ...more].join('\n');
}

/** `3 hubs are broken, 2 well again, 1 no longer watched`. */
export function counted(content: Pick<IssueContent, 'incident' | 'hubs'>): string {
  const { members } = content.incident;
  const parted = members.filter((member) => !isBroken(member));
  const gone = parted.filter(({ hub }) => !isStillWatched(content, hub)).length;
  const counts = [
    [members.length - parted.length, 'broken'],
    [parted.length - gone, 'well again'],
    [gone, 'no longer watched'],
  ] as const;
  const [first, ...others] = counts.filter(([count]) => count > 0);
  if (first === undefined) return '';
  const rest = others.map(([count, how]) => `, ${count} ${how}`).join('');
  return `${first[0] === 1 ? '1 hub is' : `${first[0]} hubs are`} ${first[1]}${rest}`;
}

function row(content: IssueContent, member: Member): string {
  const { hubs, failures, publicUrl } = content;
  const hub = hubs.find(({ name }) => name === member.hub);
  const latest = failures.findLast((run) => run.hub === member.hub);
  const cells = [
    hub === undefined ? member.hub : `[${member.hub}](${address(hub)})`,
    sentence(hub?.cluster ?? '', 60),
    readableTime(member.since),
    wellSince(content, member),
    latestFailure(member, latest, publicUrl),
  ];
  return `| ${cells.join(' | ')} |`;
}

function wellSince(content: IssueContent, member: Member): string {
  if (member.wellSince === null) return '';
  return isStillWatched(content, member.hub) ? readableTime(member.wellSince) : 'no longer watched';
}

function latestFailure(member: Member, latest: Run | undefined, publicUrl: string | null): string {
  const reason = latest?.failure ? `\`${latest.failure.reason}\` ` : '';
  return `${reason}${linkTo(publicUrl, 'runs', latest?.id ?? member.lastFailedRun, 'run')}`;
}

function addressOf(hubs: readonly Hub[], name: string): string {
  const hub = hubs.find((each) => each.name === name);
  return hub === undefined ? `(${name} is no longer watched)` : hub.url;
}

/** Inside a link of a table no character may end either. */
function address({ url, name }: Hub): string {
  const safe = url.replace(/[()|<>\s]/g, (character) =>
    encodeURIComponent(character).replace(/[()]/g, escapeParenthesis),
  );
  return safe.length > ADDRESS_MAX ? `#${name}` : safe;
}

function escapeParenthesis(character: string): string {
  return character === '(' ? '%28' : '%29';
}
