import { breakLogin, healLogin, untilDeclared, untilIssue, untilOver, untilState } from './acts.ts';
import { commentsThat, expectEqual, expectIncidents, expectIssues } from './expect.ts';
import type { Scenario } from './scenario.ts';

const TIMES = 3;

export const flapping: Scenario = {
  sentence:
    'one hub breaks again and again: one issue stays open and says so once, until it has been well for long',
  wishes: {
    probes: ['login'],
    schedule: '*/5 * * * * *',
    criteria: {
      declare: { confirmAfter: ['1s'], consecutive: 2 },
      recover: { passes: 1, quietFor: '1s' },
      flapping: { cycles: TIMES, within: '30m', steadyFor: '20s' },
    },
  },
  async play(stage, watcher, say) {
    await breakLogin(stage, say);
    const incident = await untilDeclared(watcher, [], say);
    const issue = await untilIssue(watcher, incident, say);
    for (let time = 2; time <= TIMES; time += 1) {
      await healLogin(stage, say);
      await untilState(watcher, incident, ['mitigated', 'resolved'], say);
      await breakLogin(stage, say);
      await untilState(watcher, incident, ['declared'], say);
    }
    expectEqual('whether it is flapping', (await watcher.incident(incident.id)).isFlapping, true);
    say('it is flapping');
    await healLogin(stage, say);
    await untilState(watcher, incident, ['mitigated'], say);
    expectEqual('its issue while it is not steady yet', stage.github.issue(issue).state, 'open');
    await untilOver(stage, watcher, { incident, issue }, say);
  },
  check(end) {
    expectIssues(end, [
      { title: "[Incident] demo: users can't log in", state: 'closed', reason: 'completed' },
    ]);
    expectIncidents(end, ['resolved']);
    expectEqual(
      'comments that say that it comes and goes',
      commentsThat(/on and off|comes and goes|flapping/i, end),
      1,
    );
  },
};
