import type { Hub } from '../../core/hub.ts';
import type { MonthOfCriterion } from '../reliability.ts';
import { type Markup, html } from './html.ts';
import { does } from './words.ts';

/** A month per row, a criterion per column: how many of the scheduled runs found that users could. */
export function reliabilityTable(hub: Hub, months: readonly MonthOfCriterion[]): Markup | null {
  if (months.length === 0) return null;
  const rows = [...new Set(months.map(({ month }) => month))].map((month) => {
    const cells = hub.probes.map((criterion) => {
      const found = months.find((each) => each.month === month && each.criterion === criterion);
      return html`<td>${found === undefined ? '–' : share(found)}</td>`;
    });
    return html`<tr><th scope="row">${month}</th>${cells}</tr>`;
  });
  const heads = hub.probes.map((criterion) => html`<th scope="col">${does(criterion)}</th>`);
  return html`<h2>How reliable it is</h2>
    <div class="scroll" tabindex="0" role="region" aria-label="reliability per month">
      <table>
        <thead><tr><th scope="col">month</th>${heads}</tr></thead>
        <tbody>${rows}</tbody>
      </table>
    </div>`;
}

/** Rounded down: what is not all is never shown as 100 %. */
function share({ passed, tried }: MonthOfCriterion): Markup {
  const percent = Math.floor((passed / tried) * 1000) / 10;
  return html`${percent.toFixed(1)} % <span class="quiet">${passed} of ${tried} scheduled runs</span>`;
}
