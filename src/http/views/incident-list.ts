import type { Incident } from '../../core/incident.ts';
import { scopeName } from '../../core/scope.ts';
import { type Markup, html } from './html.ts';
import { does, since } from './words.ts';

/** The open incidents, each with its issue and its timeline; nothing when there is none. */
export function incidentList(incidents: readonly Incident[], now: Date): Markup | null {
  if (incidents.length === 0) return null;
  const rows = incidents.map(
    ({ id, scope, criterion, state, startedAt, issue, severity }) =>
      html`<li class="incident ${state}">
        <b><i aria-hidden="true">${state === 'mitigated' ? '↻' : '✖'}</i> ${scopeName(scope)}</b>
        <span>users can't ${does(criterion)} ${since(startedAt, now)}</span>
        <span class="quiet">${state}, ${severity} severity</span>
        <span class="links"
          ><a href="/incidents/${id}" aria-label="timeline of the incident on ${scopeName(scope)}">timeline</a>${
            issue === null
              ? html` <span class="quiet">issue on its way</span>`
              : html` <a href="${issue.url}">issue #${issue.number}</a>`
          }</span
        >
      </li>`,
  );
  return html`<section aria-labelledby="incidents">
    <h2 id="incidents">Open incidents</h2>
    <ul class="incidents">${rows}</ul>
  </section>`;
}
