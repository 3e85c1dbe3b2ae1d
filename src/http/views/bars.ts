import type { Run } from '../../core/run.ts';
import { type Markup, html } from './html.ts';

const SHOWN = 60;
const WIDTH = 6;
const GAP = 2;
const HEIGHT = 40;

/** The last runs as bars, oldest first: height is duration, the link's title says outcome and reason. */
export function bars(newestFirst: readonly Run[]): Markup {
  const runs = newestFirst.slice(0, SHOWN).toReversed();
  const longest = Math.max(1, ...runs.map((run) => run.durationSeconds));
  const width = SHOWN * (WIDTH + GAP);
  const offset = width - runs.length * (WIDTH + GAP);
  const drawn = runs.map((run, index) => {
    const height = Math.max(4, (run.durationSeconds / longest) * HEIGHT);
    const x = offset + index * (WIDTH + GAP);
    return html`<a href="/runs/${run.id}" aria-label="${saying(run)}"
      ><title>${saying(run)}</title
      ><rect class="bar ${run.outcome}" x="${x}" y="${HEIGHT - height}" width="${WIDTH}" height="${height}" rx="1.5"></rect
    ></a>`;
  });
  return html`<svg class="bars" viewBox="0 0 ${width} ${HEIGHT}" role="group" aria-label="the last ${runs.length} runs">
    ${drawn}
  </svg>`;
}

function saying({ startedAt, outcome, durationSeconds, failure }: Run): string {
  const why = failure === null ? '' : `, ${failure.reason}`;
  return `${startedAt.slice(0, 16).replace('T', ' ')}: ${outcome}${why}, ${durationSeconds.toFixed(1)} s`;
}
