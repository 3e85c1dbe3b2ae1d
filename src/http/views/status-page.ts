import { CRITERIA, type Criterion } from '../../core/criterion.ts';
import type { Hub } from '../../core/hub.ts';
import type { Incident } from '../../core/incident.ts';
import type { Run } from '../../core/run.ts';
import type { Verdict } from '../../core/verdict.ts';
import type { Flight } from '../../queue/queue.ts';
import { bars } from './bars.ts';
import { type Markup, html } from './html.ts';
import { page } from './layout.ts';
import { ago, does, inFuture, lasting, since, verdictBadge } from './words.ts';

/** All that is known of one hub. */
export interface HubState {
  readonly hub: Hub;
  readonly verdicts: readonly Verdict[];
  readonly runs: readonly Run[];
  readonly nextRun: Date | null;
  readonly flight: Flight | null;
}

export function statusPage(hubs: readonly HubState[], incidents: readonly Incident[], now: Date): string {
  const { tone, text } = sentence(hubs);
  return page(
    text,
    html`<h1 class="sentence ${tone}">${text}</h1>
      ${incidents.length === 0 ? null : incidentList(incidents, now)}
      <section class="cards" aria-label="hubs">${hubs.map((state) => hubCard(state, now))}</section>`,
  );
}

/** One sentence for all: the worst thing first. */
export function sentence(hubs: readonly Pick<HubState, 'hub' | 'verdicts'>[]): {
  readonly tone: 'good' | 'bad' | 'unsure';
  readonly text: string;
} {
  const withVerdict = (criterion: Criterion, verdict: Verdict['verdict']) =>
    hubs.filter(({ verdicts }) => verdicts.some((is) => is.criterion === criterion && is.verdict === verdict));
  const broken = CRITERIA.map((criterion) => [criterion, withVerdict(criterion, 'broken').length] as const);
  const worst = broken.filter(([, count]) => count > 0);
  if (worst.length > 0) {
    const parts = worst.map(([criterion, count]) => `Users can't ${does(criterion)} ${WHERE[criterion]} ${hubCount(count)}`);
    return { tone: 'bad', text: parts.join('. ') };
  }
  const unknown = hubs.filter(({ hub, verdicts }) => !isWell(hub, verdicts));
  if (unknown.length === 0) {
    return { tone: 'good', text: hubs.length === 1 ? 'The hub is well' : `All ${hubs.length} hubs are well` };
  }
  return { tone: 'unsure', text: `${hubCount(unknown.length)} ${unknown.length === 1 ? 'is' : 'are'} not known to be well` };
}

const WHERE: Readonly<Record<Criterion, string>> = { login: 'to', server: 'on', dask: 'on' };

function hubCount(count: number): string {
  return `${count} ${count === 1 ? 'hub' : 'hubs'}`;
}

/** Being checked or recovering users can still do it; only what is unknown is not well. */
function isWell(hub: Hub, verdicts: readonly Verdict[]): boolean {
  return hub.probes.every((criterion) =>
    verdicts.some((verdict) => verdict.criterion === criterion && verdict.verdict !== 'unknown'),
  );
}

export function incidentList(incidents: readonly Incident[], now: Date): Markup {
  const rows = incidents.map(
    ({ id, scope, criterion, state, startedAt, issue, severity }) =>
      html`<li class="incident ${state}">
        <b><i aria-hidden="true">${state === 'recovering' ? '↻' : '✖'}</i> ${scope.id}</b>
        <span>users can't ${does(criterion)} ${since(startedAt, now)}</span>
        <span class="quiet">${state}, ${severity} severity</span>
        <span class="links"
          ><a href="/incidents/${id}">timeline</a>${
            issue === null
              ? html` <span class="quiet">issue on its way</span>`
              : html` <a href="${issue.url}">issue #${issue.number}</a>`
          }</span
        >
      </li>`,
  );
  return html`<section aria-labelledby="incidents">
    <h2 id="incidents">Open incidents</h2>
    <ul class="incidents">
      ${rows}
    </ul>
  </section>`;
}

function hubCard({ hub, verdicts, runs, nextRun, flight }: HubState, now: Date): Markup {
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
  const underWay = flight === null ? null : html`<a class="badge running" href="/runs/${flight.id}"><i aria-hidden="true">▶</i> ${flight.state}</a>`;
  return html`<article class="card">
    <header>
      <h2><a href="/hubs/${hub.name}">${hub.name}</a></h2>
      ${underWay}${hub.tier === 'staging' ? html`<span class="badge">staging</span>` : null}
    </header>
    <p class="quiet"><a href="${hub.url}" rel="noreferrer">${hub.url}</a></p>
    <ul class="criteria">
      ${rows}
    </ul>
    ${runs.length === 0 ? html`<p class="quiet">no run yet</p>` : bars(runs)}
    <footer>
      <span>last run ${ago(runs[0]?.finishedAt ?? null, now)}, next ${inFuture(nextRun, now)}</span>
      <button type="button" data-run="${hub.name}" hidden>Run now</button>
    </footer>
  </article>`;
}
