import { createLogUpdate } from 'log-update';
import type { RunEvent } from '../core/run-event.ts';
import { type Paint, stepLine } from './report.ts';

/** Shows a run while it is under way. */
export interface Progress {
  onEvent(event: RunEvent): void;
  close(): void;
}

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** On a terminal: finished steps stay, the running one turns and shows the hub's last word. */
export function liveProgress(stream: NodeJS.WriteStream, paint: Paint): Progress {
  const update = createLogUpdate(stream);
  const startedAt = { step: performance.now() };
  let running: string | null = null;
  let note = '';
  let frame = 0;
  const draw = () => {
    if (running === null) return;
    const seconds = ((performance.now() - startedAt.step) / 1000).toFixed(1);
    const sign = FRAMES[frame++ % FRAMES.length] ?? '';
    update(`      ${paint('yellow', sign)} ${running}  ${seconds} s  ${paint('dim', note)}`);
  };
  const timer = setInterval(draw, 100);
  return {
    onEvent(event) {
      if (event.kind === 'step-started')
        [running, note, startedAt.step] = [event.step, '', performance.now()];
      if (event.kind === 'note') note = event.text;
      if (event.kind === 'cleaning-up') [running, note, startedAt.step] = ['clean up', '', performance.now()];
      if (event.kind === 'finished') running = null;
      if (event.kind !== 'step-finished') return;
      running = null;
      update.clear();
      update(stepLine(event.step, paint));
      update.done();
    },
    close() {
      clearInterval(timer);
      update.clear();
      update.done();
    },
  };
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
