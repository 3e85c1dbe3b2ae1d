import type { Run, Step } from '../../core/run.ts';
import { type Markup, html } from './html.ts';
import { sparkline } from './sparkline.ts';

/** How long each step takes as a rule, took last, and how that changed. */
export function stepTable(newestFirst: readonly Run[]): Markup | null {
  const latest = newestFirst.find(({ outcome }) => outcome === 'passed');
  if (latest === undefined) return null;
  const rows = latest.steps.map((step) => {
    const all = secondsOf(newestFirst, step);
    const sorted = all.toSorted((a, b) => a - b);
    return html`<tr>
      <th scope="row">${step.name}</th>
      <td class="number">${seconds(all[0])}</td>
      <td class="number">${seconds(sorted[Math.floor(sorted.length / 2)])}</td>
      <td class="number">${seconds(sorted.at(-1))}</td>
      <td>${sparkline(all.toReversed())}</td>
    </tr>`;
  });
  return html`<h2>How long the steps take</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="durations per step">
      <table>
        <thead>
          <tr>
            <th scope="col">step</th>
            <th scope="col" class="number">last</th>
            <th scope="col" class="number">median</th>
            <th scope="col" class="number">longest</th>
            <th scope="col">the last ${newestFirst.length} runs</th>
          </tr>
        </thead>
        <tbody>${rows}</tbody>
      </table>
    </div>`;
}

function seconds(value: number | undefined): string {
  return value === undefined ? '' : `${value.toFixed(1)} s`;
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
