import type { Incident, IncidentEvent, IncidentState } from '../../core/incident.ts';
import { scopeName } from '../../core/scope.ts';
import { type Markup, html } from './html.ts';
import { page } from './layout.ts';
import { between, does, since, time } from './words.ts';

const SIGN: Readonly<Record<IncidentEvent['kind'], string>> = {
  declared: '✖',
  'issue-opened': '✉',
  acknowledged: '☑',
  unacknowledged: '☐',
  joined: '+',
  left: '−',
  widened: '⇑',
  absorbed: '⇐',
  merged: '⇒',
  mitigated: '↻',
  regressed: '✖',
  flapping: '≈',
  steady: '=',
  resolved: '✔',
  reopened: '✖',
  dismissed: '⊘',
  closed: '■',
  'closed-by-human': '✔',
  'reopened-by-human': '↺',
  'issue-moved': '→',
  'issue-gone': '?',
};

const LOOKS: Readonly<Record<IncidentState, readonly [look: string, sign: string]>> = {
  declared: ['broken', '✖'],
  acknowledged: ['broken', '☑'],
  mitigated: ['recovering', '↻'],
  resolved: ['healthy', '✔'],
  closed: ['healthy', '■'],
  dismissed: ['unknown', '⊘'],
  merged: ['unknown', '⇒'],
};

/** An incident's event log as a timeline. */
export function incidentPage(incident: Incident, events: readonly IncidentEvent[], now: Date): string {
  const { scope, criterion, state, severity, startedAt, issue, firstRun, lastFailedRun } = incident;
  const endedAt = incident.resolvedAt ?? incident.closedAt;
  return page(
    `${scopeName(scope)}: users can't ${does(criterion)}`,
    html`<p class="crumb">${incident.members.map(({ hub }) => html`<a href="/hubs/${hub}">${hub}</a> `)}</p>
      <h1>${endedAt !== null ? `Users could not ${does(criterion)}` : `Users can't ${does(criterion)}`}</h1>
      <p>
        ${stateBadge(state)} ${severity} severity, ${endedAt !== null ? between(startedAt, endedAt) : since(startedAt, now)}
      </p>
      <p class="links">
        ${issue === null ? html`<span class="quiet">issue on its way</span>` : html`<a href="${issue.url}">issue #${issue.number}</a>`}
        <a href="/runs/${firstRun}">first failed run</a> <a href="/runs/${lastFailedRun}">latest failed run</a>
      </p>
      <h2>Timeline</h2>
      <ol class="timeline">${events.map(entry)}</ol>`,
    { live: endedAt === null },
  );
}

function entry({ at, kind, because, data }: IncidentEvent): Markup {
  return html`<li class="${kind}">
    <i aria-hidden="true">${SIGN[kind]}</i>
    <p><b>${kind.replaceAll('-', ' ')}</b> <span class="quiet">${time(at)}</span></p>
    <p>${because}${data.run === undefined ? null : html` <a href="/runs/${data.run}">the run</a>`}</p>
  </li>`;
}

function stateBadge(state: Incident['state']): Markup {
  const [look, sign] = LOOKS[state];
  return html`<span class="badge ${look}"><i aria-hidden="true">${sign}</i> ${state}</span>`;
}
