import { REASON_GUIDE } from '../../core/reason-guide.ts';
import type { RunEvent } from '../../core/run-event.ts';
import type { Run, Step } from '../../core/run.ts';
import type { Flight } from '../../queue/queue.ts';
import { type Markup, html } from './html.ts';
import { page } from './layout.ts';
import { does, outcomeBadge, stepSign, time } from './words.ts';

/** One run: its steps as a waterfall, what the hub answered, what was kept. */
export function runPage(run: Run, { evidenceIsOpen }: { readonly evidenceIsOpen: boolean }): string {
  return page(
    `${run.hub}: run ${run.outcome}`,
    html`<p class="crumb"><a href="/hubs/${run.hub}">${run.hub}</a></p>
      <h1>${outcomeBadge(run.outcome)} <span>after ${run.durationSeconds.toFixed(1)} s</span></h1>
      ${failureBox(run)}
      ${run.leftOut === undefined ? null : html`<p class="quiet">Not all was tried: ${run.leftOut}.</p>`}
      <p class="quiet">
        ${run.trigger} run, attempt ${run.attempt}${run.account === null ? '' : html` as ${run.account}`}, started ${time(run.startedAt)}${
          run.hubVersion === null ? '' : `, JupyterHub ${run.hubVersion}`
        }
      </p>
      <h2>Steps</h2>
      ${waterfall(run.steps)}
      <h2>Cleaning up</h2>
      <p>${cleanupSentence(run)}</p>
      ${evidenceList(run, evidenceIsOpen)}`,
  );
}

/** A run that has not ended: the steps so far; the script adds those that come. */
export function flightPage(flight: Flight, events: readonly RunEvent[]): string {
  return page(
    `${flight.request.hub}: run under way`,
    html`<p class="crumb"><a href="/hubs/${flight.request.hub}">${flight.request.hub}</a></p>
      <h1><span class="badge running"><i aria-hidden="true">▶</i> ${flight.state}</span></h1>
      <p class="quiet">${flight.request.trigger} run, asked for ${time(flight.queuedAt)}</p>
      <ol class="steps live" data-events="/runs/${flight.id}/events" aria-live="polite">${stepsSoFar(events)}</ol>
      <noscript><p>The page asks again every 30 seconds until the run has ended.</p></noscript>`,
    { live: true },
  );
}

function stepsSoFar(events: readonly RunEvent[]): readonly Markup[] {
  const rows: Markup[] = [];
  let running: { name: string; note: string } | null = null;
  for (const event of events) {
    if (event.kind === 'step-started') running = { name: event.step, note: '' };
    if (event.kind === 'cleaning-up') running = { name: 'clean up', note: '' };
    if (event.kind === 'note' && running !== null) running = { ...running, note: event.text };
    if (event.kind !== 'step-finished') continue;
    running = null;
    const { name, status, seconds, note } = event.step;
    rows.push(liveRow(stepSign(status), name, seconds === null ? '' : `${seconds.toFixed(1)} s`, note ?? ''));
  }
  return running === null ? rows : [...rows, liveRow(html`▶`, running.name, '', running.note)];
}

function liveRow(sign: Markup, name: string, seconds: string, note: string): Markup {
  return html`<li><span>${sign} ${name}</span><span>${seconds}</span><small>${note}</small></li>`;
}

function failureBox({ failure }: Run): Markup | null {
  if (failure === null) return null;
  const guide = failure.reason === 'aborted' ? null : REASON_GUIDE[failure.reason];
  const where = failure.criterion === null ? '' : does(failure.criterion);
  return html`<section class="failure">
    <p class="said">${failure.message}</p>
    <p>
      <code>${failure.reason}</code> · ${failure.attribution}${where === '' ? '' : ` · ${where}`}${
        failure.step === null ? '' : ` · step “${failure.step}”`
      }
    </p>
    ${guide === null ? null : html`<p class="quiet">${guide.meaning} ${guide.firstGuess}</p>`}
  </section>`;
}

function waterfall(steps: readonly Step[]): Markup {
  const total = Math.max(
    0.001,
    steps.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0),
  );
  let at = 0;
  const rows = steps.map((step) => {
    const start = at;
    at += step.seconds ?? 0;
    const width = Math.max(0.4, ((step.seconds ?? 0) / total) * 100);
    const bar =
      step.seconds === null
        ? null
        : html`<svg class="lane" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
            <rect class="${step.status}" x="${(start / total) * 100}" y="0" width="${width}" height="6"></rect>
          </svg>`;
    return html`<li class="${step.status}">
      <span>${stepSign(step.status)} ${step.name}</span>
      <span class="number">${step.seconds === null ? '' : `${step.seconds.toFixed(1)} s`}</span>
      ${bar}<small>${step.note ?? ''}</small>
    </li>`;
  });
  return html`<ol class="steps">
    ${rows}
  </ol>`;
}

function cleanupSentence({ cleanup }: Run): string {
  if (cleanup.left.length > 0) {
    return `✖ Left behind: ${cleanup.left.map(({ kind, id }) => `${kind} ${id}`.trim()).join(', ')}.`;
  }
  if (cleanup.status === 'leaked') return '? The service died during this run: what it left was never looked at.';
  const kinds = cleanup.removed.map(({ kind }) => kind);
  return kinds.length === 0 ? '✔ There was nothing to clean up.' : `✔ Removed and verified: ${kinds.join(', ')}.`;
}

/** Evidence wants a token where there are tokens: then the script asks for it, and no picture is shown broken. */
function evidenceList({ id, evidence, evidenceDropped = [] }: Run, isOpen: boolean): Markup | null {
  if (evidence.length === 0 && evidenceDropped.length === 0) return null;
  const items = evidence.map(
    ({ kind, file }) =>
      html`<li><a href="/api/v1/runs/${id}/evidence/${file}"${isOpen ? null : html` data-evidence="${file}"`}>${kind}</a> <span class="quiet">${file}${kind === 'trace' ? ', for npx playwright show-trace' : ''}</span></li>`,
  );
  const missing = evidenceDropped.map(
    ({ kind, why }) => html`<li>– ${kind} <span class="quiet">not kept: ${why}</span></li>`,
  );
  const screenshot = isOpen ? evidence.find(({ kind }) => kind === 'screenshot') : undefined;
  return html`<h2>Evidence</h2>
    ${isOpen ? null : html`<p class="quiet">To open it a token with scope “read” is needed.</p>`}
    <ul>${items}${missing}</ul>
    ${
      screenshot === undefined
        ? null
        : html`<img class="screenshot" src="/api/v1/runs/${id}/evidence/${screenshot.file}" alt="what the user would have seen" loading="lazy">`
    }`;
}
