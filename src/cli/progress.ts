import type { Hub } from '../core/hub.ts';
import type { RunEvent } from '../core/run-event.ts';
import type { openBoard } from './board.ts';
import { printable } from './printable.ts';
import { RunView } from './run-view.ts';
import { type Terminal, paintFor } from './terminal.ts';

/** Shows runs while they are under way. */
export interface Progress {
  /** How a run of this hub is followed. */
  of(hub: Hub): (event: RunEvent) => void;
  /** Says something else meanwhile. */
  print(line: string): void;
  close(): void;
}

/** Live on a terminal that somebody looks at; elsewhere one line per step. */
export async function progressFor(terminal: Terminal, hubs: readonly Hub[]): Promise<Progress> {
  const { stderr, env } = terminal;
  const isWatched = stderr.isTTY && !env['CI'] && env['TERM'] !== 'dumb';
  if (!isWatched) return plain((line) => stderr.write(`${line}\n`));
  // What measures the width of characters takes a quarter of the time that all the rest takes to load.
  const board = await import('./board.ts');
  return live(terminal, hubs, board.openBoard);
}

/**
 * One hub with all its steps, several with a line each. At the end all of it goes when the report that follows says it again,
 * and stays when that goes elsewhere.
 */
function live({ stdout, stderr }: Terminal, hubs: readonly Hub[], open: typeof openBoard): Progress {
  const views = new Map(hubs.map((hub) => [hub.name, new RunView(hub)]));
  const paint = paintFor(stderr);
  const all = [...views.values()];
  const width = Math.max(...all.map(({ hub }) => hub.name.length));
  const board = open(stderr, (frame, rows) => {
    const [only] = all;
    if (only === undefined) return [];
    if (all.length > 1) return fitting(all, rows, (view) => view.inOneLine(frame, width, paint));
    const [head = '', ...steps] = only.inFull(frame, paint);
    return rows < 2 ? steps.slice(-1) : [head, ...steps.slice(1 - rows)];
  });
  return {
    of: (hub) => (event) => views.get(hub.name)?.hear(event),
    print: (line) => board.print(line),
    close: () => board.close({ keep: !stdout.isTTY }),
  };
}

const MOST_TELLING_FIRST = ['running', 'failed', 'errored', 'aborted', 'waiting', 'passed'] as const;

/** Where there are more hubs than rows, those to look at, and how many more there are. */
function fitting(
  views: readonly RunView[],
  rows: number,
  line: (view: RunView) => string,
): readonly string[] {
  if (views.length <= rows) return views.map(line);
  const telling = views.toSorted(
    (a, b) => MOST_TELLING_FIRST.indexOf(a.state) - MOST_TELLING_FIRST.indexOf(b.state),
  );
  const shown = new Set(telling.slice(0, rows - 1));
  const hidden = views.filter((view) => !shown.has(view));
  const counts = MOST_TELLING_FIRST.flatMap((state) => {
    const count = hidden.filter((view) => view.state === state).length;
    return count === 0 ? [] : [`${count} ${state}`];
  });
  return [...views.filter((view) => shown.has(view)).map(line), `… and ${counts.join(', ')}`];
}

function plain(print: (line: string) => void): Progress {
  return {
    of: (hub) => (event) => {
      if (event.kind !== 'step-finished' || event.step.status === 'skipped') return;
      const { criterion, name, status, seconds, note } = event.step;
      const took = seconds === null ? '' : ` ${seconds.toFixed(1)} s`;
      const last = note === undefined ? '' : ` (${printable(note)})`;
      print(`${hub.name}: ${criterion}: ${name}: ${status}${took}${last}`);
    },
    print,
    close() {},
  };
}
