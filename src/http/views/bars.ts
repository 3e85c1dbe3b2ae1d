import type { Run } from '../../core/run.ts';
import { type Markup, html } from './html.ts';

const SHOWN = 60;
const PITCH = 8;
const HEIGHT = 40;
const SHORTEST = 4;

/**
 * The last runs as bars, oldest first: height is duration, the title says outcome and reason. What did not pass is a link;
 * what passed is not, or going through a page by keyboard would mean hundreds of stops. Attributes are short because there
 * are sixty bars for every hub: the style sheet has the rest, and turns the picture so that bars stand on their feet.
 */
export function bars(newestFirst: readonly Run[]): Markup {
  const runs = newestFirst.slice(0, SHOWN).toReversed();
  const longest = Math.max(1, ...runs.map((run) => run.durationSeconds));
  const offset = SHOWN - runs.length;
  const drawn = runs.map((run, index) => {
    const height = Math.max(SHORTEST, Math.round((run.durationSeconds / longest) * HEIGHT));
    const x = (offset + index) * PITCH;
    if (run.outcome === 'passed') return html`<path d=M${x + PITCH / 2},0v${height}><title>${saying(run)}</title></path>`;
    return html`<a href="/runs/${run.id}" aria-label="${saying(run)}"><rect class=${run.outcome} x=${x + 1} height=${height}><title>${saying(run)}</title></rect></a>`;
  });
  return html`<svg class="bars" viewBox="0 0 ${SHOWN * PITCH} ${HEIGHT}" role="group" aria-label="${summary(runs)}">${drawn}</svg>`;
}

function saying({ startedAt, outcome, durationSeconds, failure }: Run): string {
  const why = failure === null ? '' : ` ${failure.reason}`;
  return `${startedAt.slice(11, 16)} ${outcome}${why} ${Math.round(durationSeconds)} s`;
}

function summary(runs: readonly Run[]): string {
  const passed = runs.filter(({ outcome }) => outcome === 'passed').length;
  return `${passed} of the last ${runs.length} runs passed`;
}
