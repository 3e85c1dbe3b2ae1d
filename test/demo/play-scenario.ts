import type { End, Say, Scenario } from './scenarios/scenario.ts';
import { type Stage, setStage } from './stage.ts';
import { stopwatch } from './stopwatch.ts';
import { Watcher } from './watch.ts';

/**
 * Plays a scenario on a stage of its own, checks how it ended, and says what is on GitHub then.
 * @throws when it did not end as it has to; log and store of the service are kept then, and it says where
 */
export async function playScenario(scenario: Scenario, say: Say): Promise<void> {
  await using stage = await setStage(say, scenario.wishes);
  const after = stopwatch();
  const timed: Say = (line) => say(`${after().padStart(6)}  ${line}`);
  try {
    const watcher = new Watcher(stage.service.url);
    await scenario.play(stage, watcher, timed);
    const end = await endOf(stage, watcher);
    for (const line of linesOf(end)) say(line);
    scenario.check(end);
  } catch (error) {
    say(`the service's log and store are in ${stage.keepFolder()}`);
    throw error;
  }
}

async function endOf({ github, receiver }: Stage, watcher: Watcher): Promise<End> {
  return { issues: github.issues(), incidents: await watcher.incidents(), received: receiver.once() };
}

function linesOf({ issues }: End): readonly string[] {
  return [
    'on GitHub:',
    ...issues.flatMap(({ number, title, state, state_reason, comments }) => [
      `  #${number} ${title}: ${state}${state_reason === null ? '' : ` as ${state_reason.replaceAll('_', ' ')}`}`,
      ...comments.map(({ body }) => `     – ${firstWords(body)}`),
    ]),
  ];
}

/** A comment's first line that people see. */
function firstWords(body: string): string {
  return body.split('\n').find((line) => line !== '' && !line.startsWith('<!--')) ?? '';
}
