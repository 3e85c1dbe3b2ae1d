import { untilTrue } from '../until.ts';
import { breakLogin, healLogin, untilDeclared, untilIssue, untilOver } from './acts.ts';
import { expectIncidents, expectIssues } from './expect.ts';
import type { Scenario } from './scenario.ts';

export const sigkill: Scenario = {
  sentence: 'Hubcanary is killed while it opens the issue, and started again: still one issue',
  wishes: { probes: ['login'], schedule: '*/10 * * * * *' },
  async play(stage, watcher, say) {
    const { github } = stage;
    github.faults.set('hang-after-commit');
    await breakLogin(stage, say);
    const incident = await untilDeclared(watcher, [], say);
    await untilTrue('GitHub to have the issue', () => github.issues().length > 0);
    say('GitHub has the issue, and its answer does not come');
    await stage.killService();
    say('Hubcanary was killed with SIGKILL: it does not know that there is an issue');
    github.faults.clear();
    await stage.startAgain();
    say('started again over the same store: it looks before it repeats itself, a minute later');
    const issue = await untilIssue(watcher, incident, say);
    await healLogin(stage, say);
    await untilOver(stage, watcher, { incident, issue }, say);
  },
  check(end) {
    expectIssues(end, [
      { title: "[Incident] demo: users can't log in", state: 'closed', reason: 'completed' },
    ]);
    expectIncidents(end, ['resolved']);
  },
};
