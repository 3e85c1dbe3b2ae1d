import type { Incident } from '../../core/incident.ts';
import type { MonthOfCriterion } from '../reliability.ts';
import { bars } from './bars.ts';
import type { HubState } from './hub-state.ts';
import { type Markup, html } from './html.ts';
import { incidentList } from './incident-list.ts';
import { page } from './layout.ts';
import { reliabilityTable } from './reliability-table.ts';
import { runTable } from './run-table.ts';
import { stepTable } from './step-table.ts';
import { ago, does, inFuture, since, verdictBadge } from './words.ts';

/** The history of one hub. */
export function hubPage(
  state: HubState,
  months: readonly MonthOfCriterion[],
  incidents: readonly Incident[],
  now: Date,
): string {
  const { hub, runs, nextRun, flight } = state;
  return page(
    hub.name,
    html`<div class="title">
        <h1>${hub.name}</h1>
        <button type="button" data-run="${hub.name}" hidden>Run now</button>
      </div>
      <p class="quiet">
        <a href="${hub.url}" rel="noreferrer">${hub.url}</a>${hub.cluster === null ? '' : ` on ${hub.cluster}`}, ${hub.tier}.
        Last run ${ago(runs[0]?.finishedAt ?? null, now)}, next ${inFuture(nextRun, now)}.
        ${flight === null ? null : html`<a href="/runs/${flight.id}">One is ${flight.state} now.</a>`}
      </p>
      ${incidentList(incidents, now)}
      <h2>What users can do</h2>
      ${verdictTable(state, now)} ${runs.length === 0 ? null : html`<div class="tall">${bars(runs)}</div>`}
      ${reliabilityTable(hub, months)} ${stepTable(runs)}
      <h2>Runs</h2>
      ${runs.length === 0 ? html`<p>no run yet</p>` : runTable(runs, now)}`,
    { live: true },
  );
}

function verdictTable({ hub, verdicts }: HubState, now: Date): Markup {
  const rows = hub.probes.map((criterion) => {
    const found = verdicts.find((verdict) => verdict.criterion === criterion);
    return html`<tr>
      <th scope="row">${does(criterion)}</th>
      <td>${verdictBadge(found?.verdict ?? 'unknown')}</td>
      <td>${found === undefined ? null : since(found.since, now)}</td>
      <td class="quiet wide">${found?.because ?? 'no run yet'}</td>
    </tr>`;
  });
  return html`<div class="scroll" tabindex="0" role="region" aria-label="verdicts"><table><tbody>${rows}</tbody></table></div>`;
}
