import type { Incident, IncidentEvent } from '../../core/incident.ts';
import { type Markup, html } from './html.ts';
import { page } from './layout.ts';
import { between, does, since, time } from './words.ts';

const SIGN: Readonly<Record<IncidentEvent['kind'], string>> = {
  declared: '✖',
  'issue-opened': '✉',
  recovering: '↻',
  regressed: '✖',
  resolved: '✔',
};

/** An incident's event log as a timeline. */
export function incidentPage(incident: Incident, events: readonly IncidentEvent[], now: Date): string {
  const { scope, criterion, state, severity, startedAt, resolvedAt, issue, firstRun, lastFailedRun } = incident;
  const isOver = resolvedAt !== null;
  return page(
    `${scope.id}: users can't ${does(criterion)}`,
    html`<p class="crumb"><a href="/hubs/${scope.id}">${scope.id}</a></p>
      <h1>${isOver ? `Users could not ${does(criterion)}` : `Users can't ${does(criterion)}`}</h1>
      <p>
        ${stateBadge(state)} ${severity} severity, ${isOver ? between(startedAt, resolvedAt) : since(startedAt, now)}
      </p>
      <p class="links">
        ${issue === null ? html`<span class="quiet">issue on its way</span>` : html`<a href="${issue.url}">issue #${issue.number}</a>`}
        <a href="/runs/${firstRun}">first failed run</a> <a href="/runs/${lastFailedRun}">latest failed run</a>
      </p>
      <h2>Timeline</h2>
      <ol class="timeline">${events.map(entry)}</ol>`,
    { live: !isOver },
  );
}

function entry({ at, kind, because, data }: IncidentEvent): Markup {
  return html`<li class="${kind}">
    <i aria-hidden="true">${SIGN[kind]}</i>
    <p><b>${kind.replace('-', ' ')}</b> <span class="quiet">${time(at)}</span></p>
    <p>${because}${data.run === undefined ? null : html` <a href="/runs/${data.run}">the run</a>`}</p>
  </li>`;
}

function stateBadge(state: Incident['state']): Markup {
  const [look, sign] = { open: ['broken', '✖'], recovering: ['recovering', '↻'], resolved: ['healthy', '✔'] }[state];
  return html`<span class="badge ${look ?? ''}"><i aria-hidden="true">${sign ?? ''}</i> ${state}</span>`;
}
