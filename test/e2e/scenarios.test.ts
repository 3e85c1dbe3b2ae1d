import { describe, expect, it } from 'vitest';
import { playScenario } from '../demo/play-scenario.ts';
import { SCENARIOS } from '../demo/scenarios/index.ts';

/** What `--once` plays already. */
const PLAYED_ELSEWHERE = ['one-hub'];
/** So much of their time goes by with waiting that several can be played at once. */
const MOSTLY_WAIT = ['github-down', 'sigkill', 'not-planned', 'flapping'];

const played = [...SCENARIOS].filter(([name]) => !PLAYED_ELSEWHERE.includes(name));
const waiting = played.filter(([name]) => MOSTLY_WAIT.includes(name));
const busy = played.filter(([name]) => !MOSTLY_WAIT.includes(name));

describe('the demo plays', { timeout: 600_000 }, () => {
  const ends = async (scenario: Parameters<typeof playScenario>[0]) => {
    const said: string[] = [];
    await playScenario(scenario, (line) => said.push(line)).catch((error: unknown) => {
      throw new Error([...said, String(error)].join('\n'), { cause: error });
    });
  };

  it.concurrent.each(waiting)('%s, which ends as it has to', async (_, scenario) => {
    await expect(ends(scenario)).resolves.toBeUndefined();
  });

  it.each(busy)('%s, which ends as it has to', async (_, scenario) => {
    await expect(ends(scenario)).resolves.toBeUndefined();
  });
});
