import type { Incident, IncidentEvent } from '../../core/incident.ts';
import { html } from './html.ts';
import { page } from './layout.ts';
import { does, since, time } from './words.ts';

/** An incident's event log as a timeline. */
export function incidentPage(incident: Incident, events: readonly IncidentEvent[], now: Date): string {
  const { scope, criterion, state, severity, startedAt, resolvedAt, issue, firstRun } = incident;
  const isOver = resolvedAt !== null;
  const rows = events.map(
    ({ at, kind, because, data }) =>
      html`<li class="${kind}">
        ${time(at)} <b>${kind.replace('-', ' ')}</b> <span>${because}</span>${
          data.run === undefined ? null : html` <a href="/runs/${data.run}">run</a>`
        }
      </li>`,
  );
  return page(
    `${scope.id}: users can't ${does(criterion)}`,
    html`<p><a href="/hubs/${scope.id}">${scope.id}</a></p>
      <h1>
        ${isOver ? `Users could not ${does(criterion)}` : `Users can't ${does(criterion)}`}
      </h1>
      <p>
        <span class="badge ${isOver ? 'healthy' : state === 'recovering' ? 'recovering' : 'broken'}"
          ><i aria-hidden="true">${isOver ? '✔' : state === 'recovering' ? '↻' : '✖'}</i> ${state}</span
        >
        ${severity} severity, ${since(startedAt, isOver ? new Date(resolvedAt) : now)}
        ${issue === null ? null : html`· <a href="${issue.url}">issue #${issue.number}</a>`} ·
        <a href="/runs/${firstRun}">first failed run</a>
      </p>
      <h2>Timeline</h2>
      <ol class="timeline">
        ${rows}
      </ol>`,
  );
}
