import { USERS_CANNOT } from './criterion.ts';
import type { IssueContent } from './issue-content.ts';
import { linkTo } from './links.ts';
import { plain, quoted, quotedBlock } from './markdown.ts';
import type { Attribution } from './reason.ts';
import { REASON_GUIDE } from './reason-guide.ts';
import type { Failure, Run, Step, Trigger } from './run.ts';
import { readableSeconds } from './text.ts';
import { readableTime } from './time.ts';

/** So that the block fits into an issue whatever a hub says: bounds on rows and on foreign words, in characters. */
const STEPS_SHOWN = 40;
const TRIES_SHOWN = 10;
const FILES_SHOWN = 12;
const NOTE_MAX = 160;
const MESSAGE_MAX = 1_000;

/** What was seen: the failed step, the likeliest cause, the hub's own words, every try. */
export function evidenceBlock(content: IssueContent): string {
  const { incident, failures, publicUrl } = content;
  const shown = shownRun(content);
  if (shown === null) return 'The failed runs are no longer at hand.';
  return [
    incident.members.length > 1 ? `#### What was seen, of ${shown.hub}` : '#### What was seen',
    ...(shown.failure === null
      ? []
      : [explained(shown.failure), quotedBlock(shown.failure.message, MESSAGE_MAX)]),
    ...(shown.steps.length === 0 ? [] : [stepsTable(shown.steps)]),
    `#### Tries\n\n${counted(failures, content.mayBeMore)} to ${USERS_CANNOT[incident.criterion]}:`,
    tries(content),
    kept(shown, publicUrl),
  ].join('\n\n');
}

/** What a failure means, in a paragraph for an engineer. */
export function explained({ step, reason, attribution }: Failure): string {
  const note = reason === 'aborted' ? null : REASON_GUIDE[reason];
  return [
    `- **Failed step:** ${step === null ? 'none in particular' : plain(step, 80)}`,
    `- **Reason:** \`${reason}\`${note === null ? '' : `. ${note.meaning}`}`,
    ...(note === null ? [] : [`- **A first guess:** ${note.firstGuess}`]),
    `- **Whose side:** ${WHOSE_SIDE[attribution]}`,
    '- **What was tried and came back:**',
  ].join('\n');
}

const WHOSE_SIDE: Readonly<Record<Attribution, string>> = {
  hub: 'the hub',
  'identity-provider': 'the identity provider, which the hub only relies on',
  capacity: 'capacity: there was no room to start it in time',
  image: "the image that users' servers are made of",
  probe: 'the canary itself',
};

/** The latest after a relapse, else the first: with that one it began. */
function shownRun({ incident, events, failures }: IssueContent): Run | null {
  const relapsed = events.some(({ kind }) => kind === 'regressed' || kind === 'reopened');
  const wanted = relapsed ? incident.lastFailedRun : incident.firstRun;
  return failures.find(({ id }) => id === wanted) ?? failures.at(-1) ?? null;
}

function stepsTable(steps: readonly Step[]): string {
  const shown = steps.slice(-STEPS_SHOWN);
  const rows = shown.map(({ name, status, seconds, note }) => {
    const took = seconds === null ? '' : readableSeconds(seconds);
    return `| ${MARK[status]} ${status} | ${plain(name, 80)} | ${took} | ${note === undefined ? '' : quoted(note, NOTE_MAX)} |`;
  });
  return ['| | step | took | last word |', '|---|---|---|---|', ...rows].join('\n');
}

const MARK: Readonly<Record<Step['status'], string>> = { passed: '✔', failed: '✖', skipped: '–' };

function counted(failures: readonly Run[], mayBeMore: boolean): string {
  const times = failures.length === 1 ? 'once' : `${failures.length} times`;
  return `The canary tried and failed ${mayBeMore ? 'at least ' : ''}${times}`;
}

function tries({ failures, publicUrl, incident }: IssueContent): string {
  const isGroup = incident.members.length > 1;
  const left = failures.length - TRIES_SHOWN;
  const shown = left > 0 ? [...failures.slice(0, 1), ...failures.slice(1 - TRIES_SHOWN)] : failures;
  const lines = shown.map((run) => {
    const where = isGroup ? `${run.hub}, ` : '';
    const what = `${where}${linkTo(publicUrl, 'runs', run.id, `run ${run.id}`)}`;
    const why = run.failure === null ? '' : `: \`${run.failure.reason}\``;
    return `- ${readableTime(run.startedAt)}, ${ASKED[run.trigger]}, ${what}${why}`;
  });
  return [...lines.slice(0, 1), ...(left > 0 ? [`- … and ${left} more`] : []), ...lines.slice(1)].join('\n');
}

const ASKED: Readonly<Record<Trigger, string>> = {
  schedule: 'scheduled',
  confirm: 'to confirm',
  demand: 'on demand',
  alert: 'because of an alert',
};

function kept(run: Run, publicUrl: string | null): string {
  const version =
    run.hubVersion === null ? '' : ` The hub says that it is JupyterHub ${quoted(run.hubVersion, 40)}.`;
  if (run.evidence.length === 0) return `No further evidence was kept.${version}`;
  const files = run.evidence.slice(0, FILES_SHOWN).map(({ kind, file }) => {
    const path = `api/v1/runs/${encodeURIComponent(run.id)}/evidence/${encodeURIComponent(file)}`;
    return publicUrl === null ? kind : `[${kind}](${publicUrl}${path})`;
  });
  return `Kept as evidence with ${linkTo(publicUrl, 'runs', run.id, `run ${run.id}`)}: ${files.join(', ')}.${version}`;
}
