import { type Markup, html } from './html.ts';

const WIDTH = 160;
const HEIGHT = 24;

/** A line through the values, oldest first, from 0 up: what changed shows, without an axis. */
export function sparkline(values: readonly number[]): Markup | null {
  if (values.length < 2) return null;
  const highest = Math.max(0.001, ...values);
  const points = values.map((value, index) => {
    const x = Math.round((index / (values.length - 1)) * WIDTH);
    const y = HEIGHT - 1 - (value / highest) * (HEIGHT - 3);
    return `${x},${y.toFixed(1)}`;
  });
  return html`<svg class="spark" viewBox="0 0 ${WIDTH} ${HEIGHT}" aria-hidden="true"><polyline points="${points.join(' ')}"></polyline></svg>`;
}
