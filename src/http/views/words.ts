import { type Criterion, USERS_CANNOT } from '../../core/criterion.ts';
import type { OutcomeKind, Step } from '../../core/run.ts';
import { readableSeconds } from '../../core/text.ts';
import type { VerdictKind } from '../../core/verdict.ts';
import { type Markup, html } from './html.ts';

/** One word and one sign for each state: colour never says it alone. */

const VERDICT: Readonly<Record<VerdictKind, readonly [sign: string, word: string]>> = {
  healthy: ['✔', 'fine'],
  suspect: ['◔', 'being checked'],
  broken: ['✖', 'broken'],
  recovering: ['↻', 'recovering'],
  unknown: ['?', 'not known'],
};

const OUTCOME: Readonly<Record<OutcomeKind, string>> = { passed: '✔', failed: '✖', errored: '!', aborted: '–' };

const STEP: Readonly<Record<Step['status'], string>> = { passed: '✔', failed: '✖', skipped: '–' };

export function verdictBadge(verdict: VerdictKind): Markup {
  const [sign, word] = VERDICT[verdict];
  return html`<span class="badge ${verdict}"><i aria-hidden="true">${sign}</i> ${word}</span>`;
}

export function outcomeBadge(outcome: OutcomeKind): Markup {
  return html`<span class="badge ${outcome}"><i aria-hidden="true">${OUTCOME[outcome]}</i> ${outcome}</span>`;
}

export function stepSign(status: Step['status']): Markup {
  return html`<i class="sign ${status}" role="img" aria-label="${status}">${STEP[status]}</i>`;
}

/** What users do for a criterion: "log in". */
export function does(criterion: Criterion): string {
  return USERS_CANNOT[criterion];
}

/** "12 min ago" with the instant itself for whoever wants it. */
export function ago(iso: string | null, now: Date): Markup {
  if (iso === null) return html`<span>never</span>`;
  const seconds = Math.max(0, (now.getTime() - Date.parse(iso)) / 1000);
  return time(iso, `${span(seconds)} ago`);
}

export function since(iso: string, now: Date): Markup {
  const seconds = Math.max(0, (now.getTime() - Date.parse(iso)) / 1000);
  const start = seconds < 86_400 ? clock(iso) : day(iso);
  return html`since ${time(iso, start)} (${span(seconds)})`;
}

/** "from 09:00 UTC to 09:40 UTC (40 min)" */
export function between(startIso: string, endIso: string): Markup {
  const seconds = Math.max(0, (Date.parse(endIso) - Date.parse(startIso)) / 1000);
  return html`from ${time(startIso, day(startIso))} to ${time(endIso, day(endIso))} (${span(seconds)})`;
}

/** "for 2 days", with the instant itself for whoever wants it. */
export function lasting(iso: string, now: Date): Markup {
  return time(iso, `for ${span(Math.max(0, (now.getTime() - Date.parse(iso)) / 1000))}`);
}

export function inFuture(date: Date | null, now: Date): Markup {
  if (date === null) return html`<span>not scheduled</span>`;
  const seconds = Math.max(0, (date.getTime() - now.getTime()) / 1000);
  return time(date.toISOString(), `in ${span(seconds)}`);
}

export function time(iso: string, text: string = clock(iso)): Markup {
  return html`<time datetime="${iso.slice(0, 16)}Z" title="${iso.slice(0, 19).replace('T', ' ')} UTC">${text}</time>`;
}

function day(iso: string): string {
  return `${iso.slice(0, 10)} ${clock(iso)}`;
}

function clock(iso: string): string {
  return `${iso.slice(11, 16)} UTC`;
}

/** As coarse as people say it. */
function span(seconds: number): string {
  if (seconds < 60) return readableSeconds(Math.round(seconds));
  if (seconds < 2 * 3600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 2 * 86_400) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}
