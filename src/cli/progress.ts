import { createLogUpdate } from 'log-update';
import type { RunEvent } from '../core/run-event.ts';
import { type Paint, stepLine } from './report.ts';

/** Shows a run while it is under way. */
export interface Progress {
  onEvent(event: RunEvent): void;
  close(): void;
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/**
 * On a terminal: finished steps stay, the running one turns and shows the hub's last word. At the end all of it goes when the
 * report that follows says it again, and stays when that goes elsewhere.
 */
export function liveProgress(stream: NodeJS.WriteStream, paint: Paint, reportFollows: boolean): Progress {
  const update = createLogUpdate(stream);
  const done: string[] = [];
  let running: { readonly name: string; readonly since: number; note: string } | null = null;
  let frame = 0;
  const draw = () => {
    frame += 1;
    update([...done, ...(running === null ? [] : [turning(running, frame, paint)])].join('\n'));
  };
  const begin = (name: string) => {
    running = { name, since: performance.now(), note: '' };
  };
  const timer = setInterval(draw, 100);
  return {
    onEvent(event) {
      if (event.kind === 'step-started') begin(event.step);
      if (event.kind === 'note' && running !== null) running.note = event.text;
      if (event.kind === 'cleaning-up') begin('clean up');
      if (event.kind === 'finished') running = null;
      if (event.kind !== 'step-finished') return;
      running = null;
      done.push(stepLine(event.step, paint));
    },
    close() {
      clearInterval(timer);
      draw();
      if (reportFollows) update.clear();
      update.done();
    },
  };
}

function turning(
  { name, since, note }: { name: string; since: number; note: string },
  frame: number,
  paint: Paint,
): string {
  const seconds = ((performance.now() - since) / 1000).toFixed(1);
  return `      ${paint('yellow', FRAMES[frame % FRAMES.length] ?? '')} ${name}  ${seconds} s  ${paint('dim', note)}`;
}

/** Elsewhere, and for several hubs at once: one line per step. */
export function plainProgress(write: (line: string) => void, hub: string): Progress {
  return {
    onEvent(event) {
      if (event.kind !== 'step-finished' || event.step.status === 'skipped') return;
      const { criterion, name, status, seconds, note } = event.step;
      const took = seconds === null ? '' : ` ${seconds.toFixed(1)} s`;
      write(`${hub}: ${criterion}: ${name}: ${status}${took}${note === undefined ? '' : ` (${note})`}`);
    },
    close() {},
  };
}
