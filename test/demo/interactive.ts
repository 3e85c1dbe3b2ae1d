import { once } from 'node:events';
import { emitKeypressEvents } from 'node:readline';
import { CRITERIA, type Criterion, USERS_CANNOT } from '../../src/core/criterion.ts';
import { FAULT_OF } from './breakable.ts';
import type { Stage } from './stage.ts';
import type { DemoEvent } from './watch.ts';
import { Watcher } from './watch.ts';

const KEYS = new Map<string, Criterion>(CRITERIA.map((criterion, index) => [String(index + 1), criterion]));

/** Breaks and heals by key, shows the runs' steps and the incidents as they come, until `q`. */
export async function playInteractively(stage: Stage, say: (line: string) => void): Promise<void> {
  const stop = new AbortController();
  const watcher = new Watcher(stage.service.url);
  const broken = new Set<Criterion>();
  say('');
  for (const [key, criterion] of KEYS)
    say(`press ${key} to break or heal: users can ${USERS_CANNOT[criterion]}`);
  say('press q to leave');
  say('');

  const watching = Promise.all([
    watcher.followRuns('demo', stop.signal, (event) => say(lineOf(event))),
    tellIncidents(watcher, stop.signal, say),
  ]);
  emitKeypressEvents(process.stdin);
  if (process.stdin.isTTY) process.stdin.setRawMode(true);
  process.stdin.resume();
  process.stdin.on('keypress', (_, key: { name?: string; ctrl?: boolean; sequence?: string }) => {
    const criterion = KEYS.get(key.sequence ?? '');
    if (criterion !== undefined) void toggle(stage, criterion, broken, say);
    if (key.name === 'q' || (key.ctrl === true && key.name === 'c')) stop.abort();
  });
  process.stdin.on('end', () => stop.abort());
  process.once('SIGTERM', () => stop.abort());
  if (!stop.signal.aborted) await once(stop.signal, 'abort');
  if (process.stdin.isTTY) process.stdin.setRawMode(false);
  process.stdin.pause();
  await watching;
}

async function toggle(
  stage: Stage,
  criterion: Criterion,
  broken: Set<Criterion>,
  say: (line: string) => void,
) {
  const fault = FAULT_OF[criterion];
  try {
    if (broken.delete(criterion)) {
      say(`… healing ${fault}`);
      await stage.testbed.faults.heal(fault);
      return say(`♥ healed: users can ${USERS_CANNOT[criterion]} again; the next runs will notice`);
    }
    broken.add(criterion);
    await stage.testbed.faults.break(fault);
    say(`⚡ broken: users can't ${USERS_CANNOT[criterion]}; the next run will notice`);
  } catch (error) {
    say(`the fault ${fault} could not be switched: ${String(error)}`);
  }
}

async function tellIncidents(
  watcher: Watcher,
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<void> {
  const told = new Map<string, string>();
  while (!signal.aborted) {
    const incidents = await watcher.incidents().catch(() => []);
    for (const { id, criterion, state, issue } of incidents) {
      const now = `${state}${issue === null ? '' : ` ${issue.url}`}`;
      if (told.get(id) === now) continue;
      told.set(id, now);
      say(`■ incident, users can't ${USERS_CANNOT[criterion]}: ${now}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

function lineOf(event: DemoEvent): string {
  switch (event.kind) {
    case 'started':
      return `▶ run ${event.run}`;
    case 'step-finished': {
      const { name, status, seconds, note } = event.step;
      const sign = { passed: '✔', failed: '✖' }[status] ?? '–';
      const took = seconds === null ? '' : `${seconds.toFixed(1)} s`;
      return `    ${sign} ${name.padEnd(40)} ${took.padStart(7)}  ${note ?? ''}`.trimEnd();
    }
    case 'finished': {
      const { outcome, durationSeconds, failure } = event.run;
      return `  ${outcome} after ${durationSeconds.toFixed(1)} s${failure === null ? '' : `: ${failure.message}`}`;
    }
  }
}
