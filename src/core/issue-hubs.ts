import type { Hub } from './hub.ts';
import type { Member } from './incident.ts';
import type { IssueContent } from './issue-content.ts';
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
  return [`${counted(members)}:`, '', ...lines, ...more].join('\n');
}

/** `3 hubs are broken, 2 are well again`. */
export function counted(members: readonly Member[]): string {
  const broken = members.filter(isBroken).length;
  const well = members.length - broken;
  if (well === 0) return `${hubs(broken)} broken`;
  return broken === 0 ? `${hubs(well)} well again` : `${hubs(broken)} broken, ${well} well again`;
}

function hubs(count: number): string {
  return count === 1 ? '1 hub is' : `${count} hubs are`;
}

function row({ hubs, failures, publicUrl }: IssueContent, member: Member): string {
  const hub = hubs.find(({ name }) => name === member.hub);
  const latest = failures.findLast((run) => run.hub === member.hub);
  const cells = [
    hub === undefined ? member.hub : `[${member.hub}](${address(hub)})`,
    sentence(hub?.cluster ?? '', 60),
    readableTime(member.since),
    member.wellSince === null ? '' : readableTime(member.wellSince),
    latestFailure(member, latest, publicUrl),
  ];
  return `| ${cells.join(' | ')} |`;
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
