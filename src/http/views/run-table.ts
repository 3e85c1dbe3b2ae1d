import type { Run } from '../../core/run.ts';
import { type Markup, html } from './html.ts';
import { ago, outcomeBadge } from './words.ts';

export function runTable(runs: readonly Run[], now: Date): Markup {
  const rows = runs.map(
    (run) =>
      html`<tr>
        <td><a href="/runs/${run.id}">${ago(run.startedAt, now)}</a></td>
        <td>${outcomeBadge(run.outcome)}</td>
        <td class="number">${run.durationSeconds.toFixed(1)} s</td>
        <td class="quiet">${run.trigger}</td>
        <td class="wide">${run.failure === null ? null : html`<code>${run.failure.reason}</code> ${run.failure.message}`}</td>
      </tr>`,
  );
  return html`<div class="scroll" tabindex="0" role="region" aria-label="the last runs">
    <table>
      <thead>
        <tr>
          <th scope="col">started</th>
          <th scope="col">outcome</th>
          <th scope="col" class="number">took</th>
          <th scope="col">asked for by</th>
          <th scope="col">why</th>
        </tr>
      </thead>
      <tbody>${rows}</tbody>
    </table>
  </div>`;
}
