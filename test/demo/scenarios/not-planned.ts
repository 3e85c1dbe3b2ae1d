import {
  breakLogin,
  healLogin,
  untilDeclared,
  untilIssue,
  untilMoreRuns,
  untilOver,
  untilState,
} from './acts.ts';
import { expectEqual, expectIncidents, expectIssues } from './expect.ts';
import type { Scenario } from './scenario.ts';

const TITLE = "[Incident] demo: users can't log in";

export const notPlanned: Scenario = {
  sentence: 'a human closes the issue as not planned: nothing more of this fault until it has been well once',
  wishes: { probes: ['login'], schedule: '*/10 * * * * *' },
  async play(stage, watcher, say) {
    const { github } = stage;
    await breakLogin(stage, say);
    const first = await untilDeclared(watcher, [], say);
    const issue = await untilIssue(watcher, first, say);
    github.human.close(issue, 'not_planned');
    say(`a human closed #${issue} as not planned; issues are looked at once a minute`);
    const dismissed = await untilState(watcher, first, ['dismissed'], say);
    await untilMoreRuns(watcher, 'failed', 3);
    expectEqual('issues while it is muted', github.issues().length, 1);
    expectEqual('the issue while it is muted', github.issue(issue).state, 'closed');
    say('three more runs failed, and nobody was told');

    await healLogin(stage, say);
    await untilState(watcher, first, ['closed'], say);
    await breakLogin(stage, say);
    const second = await untilDeclared(watcher, [dismissed], say);
    const another = await untilIssue(watcher, second, say);
    await healLogin(stage, say);
    await untilOver(stage, watcher, { incident: second, issue: another }, say);
  },
  check(end) {
    expectIssues(end, [
      { title: TITLE, state: 'closed', reason: 'not_planned' },
      { title: TITLE, state: 'closed', reason: 'completed' },
    ]);
    expectIncidents(end, ['closed', 'resolved']);
    const [second, first] = end.incidents;
    expectEqual('the incident before the second', second?.previous, first?.id);
  },
};
