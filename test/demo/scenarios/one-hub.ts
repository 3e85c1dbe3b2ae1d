import { playOnce } from '../once.ts';
import { expectIncidents, expectIssues } from './expect.ts';
import type { Scenario } from './scenario.ts';

export const oneHub: Scenario = {
  sentence: "one hub can't start servers and is healed: one issue, closed when it is well",
  wishes: {},
  play: (stage, _watcher, say) => playOnce(stage, 'server', say),
  check(end) {
    expectIssues(end, [
      { title: "[Incident] demo: users can't start a server", state: 'closed', reason: 'completed' },
    ]);
    expectIncidents(end, ['resolved']);
  },
};
