import { bars } from './bars.ts';
import type { HubState } from './hub-state.ts';
import { type Markup, html } from './html.ts';
import { ago, does, inFuture, lasting, verdictBadge } from './words.ts';

/** One hub at a glance. */
export function hubCard({ hub, verdicts, runs, nextRun, flight }: HubState, now: Date): Markup {
  const rows = hub.probes.map((criterion) => {
    const found = verdicts.find((verdict) => verdict.criterion === criterion);
    return html`<li>
      <span>${does(criterion)}</span>
      <span
        >${verdictBadge(found?.verdict ?? 'unknown')}
        ${found === undefined ? null : html`<small title="${found.because}">${lasting(found.since, now)}</small>`}</span
      >
    </li>`;
  });
  const underWay =
    flight === null
      ? null
      : html`<a class="badge running" href="/runs/${flight.id}"><i aria-hidden="true">▶</i> ${flight.state}</a>`;
  return html`<article class="card">
    <header>
      <h2><a href="/hubs/${hub.name}">${hub.name}</a></h2>
      ${underWay}${hub.tier === 'staging' ? html`<span class="badge">staging</span>` : null}
    </header>
    <p><a href="${hub.url}" rel="noreferrer">${hub.url}</a></p>
    <ul class="criteria">${rows}</ul>
    ${runs.length === 0 ? html`<p>no run yet</p>` : bars(runs)}
    <footer>
      <span>last run ${ago(runs[0]?.finishedAt ?? null, now)}<br>next ${inFuture(nextRun, now)}</span>
      <button type="button" data-run="${hub.name}" aria-label="Run ${hub.name} now" hidden>Run now</button>
    </footer>
  </article>`;
}
