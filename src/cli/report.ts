import { USERS_CANNOT, type Criterion } from '../core/criterion.ts';
import type { Hub } from '../core/hub.ts';
import type { Run, Step } from '../core/run.ts';
import { printable } from './printable.ts';

/** Turns text into what the terminal shows: colours where there is one, the text itself elsewhere. */
export type Paint = (style: 'green' | 'red' | 'yellow' | 'dim' | 'bold', text: string) => string;

const WIDTH = 44;

const CAN: Readonly<Record<Criterion, string>> = {
  login: 'users can log in',
  server: 'users can start a server',
  dask: 'users can start dask workers',
};

/** The result of one run as a person reads it and pastes it into a ticket. */
export function reportOf(
  run: Run,
  hub: Pick<Hub, 'name' | 'url'>,
  evidenceFolder: string | null,
  paint: Paint,
): string {
  return [
    headLine(run, hub, paint),
    ...criteriaLines(run, paint),
    cleanupLine(run, paint),
    lastLine(run, evidenceFolder, paint),
  ].join('\n');
}

function headLine(run: Run, hub: Pick<Hub, 'name' | 'url'>, paint: Paint): string {
  const version = run.hubVersion === null ? '' : `   JupyterHub ${printable(run.hubVersion)}`;
  return `${paint('bold', hub.name)}   ${hub.url}${version}`;
}

function criteriaLines(run: Run, paint: Paint): readonly string[] {
  return Object.entries(run.criteria).flatMap(([name, result]) => {
    const criterion = run.steps.find((step) => step.criterion === name)?.criterion ?? asCriterion(name);
    const steps = run.steps.filter((step) => step.criterion === criterion);
    const seconds = steps.reduce((sum, step) => sum + (step.seconds ?? 0), 0);
    const failed = run.failure?.criterion === criterion ? run.failure : null;
    const why = failed === null ? '' : `   ${failed.reason} · ${failed.attribution}`;
    const wasTried = steps.some((step) => step.status !== 'skipped');
    const title = result === 'failed' ? `users can't ${USERS_CANNOT[criterion]}` : CAN[criterion];
    const head = `  ${mark(result, paint)} ${line(result === 'unknown' ? `${title}: not known` : title, wasTried ? seconds : null, WIDTH)}${why}`;
    return [head, ...steps.map((step) => stepLine(step, paint))];
  });
}

/** The keys of a run's criteria are criteria; a record loses that in `Object.entries`. */
function asCriterion(name: string): Criterion {
  if (name === 'login' || name === 'server' || name === 'dask') return name;
  throw new Error(`unknown criterion ${name}`);
}

export function stepLine(step: Step, paint: Paint): string {
  const note = step.note === undefined ? '' : `   ${paint('dim', printable(step.note))}`;
  return `      ${mark(step.status, paint)} ${line(step.name, step.seconds, WIDTH - 4)}${note}`;
}

function line(text: string, seconds: number | null, width: number): string {
  return seconds === null ? text : `${text.padEnd(width)}${`${seconds.toFixed(1)} s`.padStart(7)}`;
}

export function mark(status: Step['status'] | 'unknown', paint: Paint): string {
  switch (status) {
    case 'passed':
      return paint('green', '✔');
    case 'failed':
      return paint('red', '✖');
    case 'skipped':
      return paint('dim', '–');
    case 'unknown':
      return paint('yellow', '?');
  }
}

function cleanupLine({ cleanup }: Run, paint: Paint): string {
  const left = cleanup.left.map(({ kind, id }) => (id === '' ? kind : `${kind} ${id}`));
  if (left.length > 0) return `  ${paint('red', '✖')} left behind: ${left.join(', ')}`;
  const removed = cleanup.removed.map(({ kind }) => kind);
  return `  ${paint('green', '✔')} ${removed.length === 0 ? 'nothing to clean up' : `cleaned up: ${removed.join(', ')}`}`;
}

function lastLine(run: Run, evidenceFolder: string | null, paint: Paint): string {
  const after = `after ${run.durationSeconds.toFixed(1)} s`;
  if (run.failure === null) return paint('green', `passed ${after}`);
  const evidence =
    run.evidence.length === 0 || evidenceFolder === null ? '' : ` Evidence: ${evidenceFolder}/`;
  const dropped = (run.evidenceDropped ?? []).map(({ kind, why }) => `${kind} (${printable(why)})`);
  const missing = dropped.length === 0 ? '' : ` Not kept: ${dropped.join(', ')}.`;
  const said = `${run.outcome} ${after}: ${sentence(printable(run.failure.message))}${evidence}${missing}`;
  return paint(run.outcome === 'failed' ? 'red' : 'yellow', said);
}

function sentence(text: string): string {
  return /[.!?…"]$/.test(text) ? text : `${text}.`;
}
