import type { Incident } from '../../core/incident.ts';
import type { Run, Step } from '../../core/run.ts';
import { bars } from './bars.ts';
import { type Markup, html } from './html.ts';
import { page } from './layout.ts';
import { type HubState, incidentList } from './status-page.ts';
import { ago, does, outcomeBadge, since, verdictBadge } from './words.ts';

/** The history of one hub. */
export function hubPage(state: HubState, incidents: readonly Incident[], now: Date): string {
  const { hub, verdicts, runs } = state;
  const criteria = hub.probes.map((criterion) => {
    const found = verdicts.find((verdict) => verdict.criterion === criterion);
    const counted = runs.filter((run) => ['passed', 'failed'].includes(run.criteria[criterion] ?? ''));
    const passed = counted.filter((run) => run.criteria[criterion] === 'passed').length;
    const share = counted.length === 0 ? 'no run yet' : `${passed} of the last ${counted.length} runs passed`;
    return html`<tr>
      <th scope="row">users ${does(criterion)}</th>
      <td>${verdictBadge(found?.verdict ?? 'unknown')}</td>
      <td>${found === undefined ? null : since(found.since, now)}</td>
      <td>${share}</td>
      <td class="quiet">${found?.because ?? ''}</td>
    </tr>`;
  });
  return page(
    hub.name,
    html`<h1>${hub.name}</h1>
      <p><a href="${hub.url}" rel="noreferrer">${hub.url}</a>${hub.cluster === null ? null : html` on ${hub.cluster}`}</p>
      ${incidents.length === 0 ? null : incidentList(incidents, now)}
      <table>
        ${criteria}
      </table>
      ${runs.length === 0 ? null : bars(runs)} ${stepTable(runs)}
      <h2>Runs</h2>
      ${runTable(runs, now)}`,
  );
}

function runTable(runs: readonly Run[], now: Date): Markup {
  const rows = runs.map(
    (run) =>
      html`<tr>
        <td><a href="/runs/${run.id}">${ago(run.startedAt, now)}</a></td>
        <td>${outcomeBadge(run.outcome)}</td>
        <td class="number">${run.durationSeconds.toFixed(1)} s</td>
        <td>${run.trigger}</td>
        <td>${run.failure === null ? null : html`<code>${run.failure.reason}</code> ${run.failure.message}`}</td>
      </tr>`,
  );
  return html`<div class="scroll"><table>${rows}</table></div>`;
}

/** How long each step takes as a rule, and took last. */
function stepTable(runs: readonly Run[]): Markup | null {
  const latest = runs.find(({ outcome }) => outcome === 'passed');
  if (latest === undefined) return null;
  const rows = latest.steps.map((step) => {
    const all = secondsOf(runs, step).toSorted((a, b) => a - b);
    const median = all[Math.floor(all.length / 2)] ?? 0;
    return html`<tr>
      <th scope="row">${step.name}</th>
      <td class="number">${(step.seconds ?? 0).toFixed(1)} s</td>
      <td class="number">${median.toFixed(1)} s</td>
      <td class="number">${(all.at(-1) ?? 0).toFixed(1)} s</td>
    </tr>`;
  });
  return html`<h2>How long the steps take</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th scope="col">step</th>
            <th scope="col">last</th>
            <th scope="col">median of ${runs.length} runs</th>
            <th scope="col">longest</th>
          </tr>
        </thead>
        ${rows}
      </table>
    </div>`;
}

function secondsOf(runs: readonly Run[], { criterion, name }: Step): readonly number[] {
  return runs.flatMap(({ steps }) =>
    steps.flatMap((step) =>
      step.criterion === criterion && step.name === name && step.status === 'passed' && step.seconds !== null
        ? [step.seconds]
        : [],
    ),
  );
}
