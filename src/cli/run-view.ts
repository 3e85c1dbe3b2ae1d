import { USERS_CANNOT } from '../core/criterion.ts';
import type { Hub } from '../core/hub.ts';
import type { RunEvent } from '../core/run-event.ts';
import type { Run, Step } from '../core/run.ts';
import { type Paint, mark, stepLine } from './report.ts';
import { printable } from './printable.ts';

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

interface Running {
  readonly name: string;
  /** Of `performance.now()`. */
  readonly since: number;
  readonly note: string;
}

/** One hub's run as it is watched: what its events have told so far. */
export class RunView {
  readonly hub: Pick<Hub, 'name' | 'url'>;
  #version = '';
  #startedAt: number | null = null;
  #steps: Step[] = [];
  #running: Running | null = null;
  #run: Run | null = null;

  constructor(hub: Pick<Hub, 'name' | 'url'>) {
    this.hub = hub;
  }

  get state(): 'waiting' | 'running' | Run['outcome'] {
    return this.#run?.outcome ?? (this.#startedAt === null ? 'waiting' : 'running');
  }

  hear(event: RunEvent): void {
    if (event.kind === 'started') this.#begin();
    if (event.kind === 'hub-version') this.#version = `   JupyterHub ${printable(event.version)}`;
    if (event.kind === 'step-started') this.#turnTo(event.step);
    if (event.kind === 'cleaning-up') this.#turnTo('clean up');
    if (event.kind === 'note' && this.#running !== null) {
      this.#running = { ...this.#running, note: printable(event.text) };
    }
    if (event.kind === 'step-finished') {
      this.#running = null;
      this.#steps.push(event.step);
    }
    if (event.kind === 'finished') {
      this.#running = null;
      this.#run = event.run;
    }
  }

  /** All steps, one line each: those that are done, and the one that runs. */
  inFull(frame: number, paint: Paint): readonly string[] {
    const head = `${paint('bold', this.hub.name)}   ${this.hub.url}${this.#version}`;
    const steps = this.#steps
      .filter(({ status }) => status !== 'skipped')
      .map((step) => stepLine(step, paint));
    if (this.#running === null) return [head, ...steps];
    const { name, note } = this.#running;
    const turning = `      ${paint('yellow', turn(frame))} ${name}  ${secondsSince(this.#running.since)}  ${paint('dim', note)}`;
    return [head, ...steps, turning];
  }

  /** The whole run in one line; `width` is that of the longest name. */
  inOneLine(frame: number, width: number, paint: Paint): string {
    const name = this.hub.name.padEnd(width);
    if (this.#run !== null) return `${mark(markOf(this.#run), paint)} ${name}  ${ending(this.#run)}`;
    if (this.#startedAt === null)
      return `${paint('dim', '–')} ${name}  ${paint('dim', 'waits for its turn')}`;
    const { name: step = '', note = '' } = this.#running ?? {};
    return `${paint('yellow', turn(frame))} ${name}  ${secondsSince(this.#startedAt).padStart(7)}  ${step}  ${paint('dim', note)}`;
  }

  #begin(): void {
    // A further attempt begins anew.
    this.#startedAt = performance.now();
    this.#steps = [];
    this.#run = null;
  }

  #turnTo(name: string): void {
    this.#running = { name, since: performance.now(), note: '' };
  }
}

function ending(run: Run): string {
  const after = `after ${run.durationSeconds.toFixed(1)} s`;
  if (run.failure === null) return `passed ${after}`;
  const { criterion, reason } = run.failure;
  const what =
    run.outcome === 'failed' && criterion !== null ? `users can't ${USERS_CANNOT[criterion]}: ` : '';
  return `${run.outcome} ${after}  ${what}${reason}`;
}

function markOf({ outcome }: Run) {
  return outcome === 'passed' || outcome === 'failed' ? outcome : 'unknown';
}

function turn(frame: number): string {
  return FRAMES[frame % FRAMES.length] ?? '';
}

function secondsSince(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(1)} s`;
}
