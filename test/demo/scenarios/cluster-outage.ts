import { untilTrue } from '../until.ts';
import { breakLogin, healLogin, untilDeclared, untilIssue, untilOver } from './acts.ts';
import { expectAtMost, expectEqual, expectIncidents, expectIssues } from './expect.ts';
import type { Scenario } from './scenario.ts';

const HUBS = Array.from({ length: 20 }, (_, index) => {
  const number = String(index + 1).padStart(2, '0');
  return { name: `hub-${number}`, user: `canary-${number}` };
});

export const clusterOutage: Scenario = {
  sentence: 'twenty hubs of one cluster go down together: one issue, at most three comments',
  wishes: {
    hubs: HUBS,
    cluster: 'north',
    probes: ['login'],
    schedule: '0 * * * * *',
    jitter: '50s',
    asksOutside: true,
    criteria: {
      declare: { confirmAfter: ['2s'], consecutive: 2 },
      recover: { passes: 1, quietFor: '1s' },
      group: { wait: '15s' },
    },
  },
  async play(stage, watcher, say) {
    await breakLogin(stage, say);
    const incident = await untilDeclared(watcher, [], say);
    const issue = await untilIssue(watcher, incident, say);
    await untilTrue('all twenty hubs to be members', async () => {
      const { members } = await watcher.incident(incident.id);
      return members.length === HUBS.length;
    });
    await untilTrue('all twenty hubs to be named in the issue', () =>
      HUBS.every(({ name }) => stage.github.issue(issue).body.includes(name)),
    );
    say('all twenty hubs are in it');
    await healLogin(stage, say);
    await untilOver(stage, watcher, { incident, issue }, say);
  },
  check(end) {
    expectIssues(end, [
      { title: "[Incident] cluster north: users can't log in", state: 'closed', reason: 'completed' },
    ]);
    expectIncidents(end, ['resolved']);
    const [issue] = end.issues;
    // All of it takes less than the ten minutes for which that is promised.
    expectAtMost('comments on it', issue?.comments.length ?? 0, 3);
    const missing = HUBS.filter(({ name }) => issue?.body.includes(name) !== true);
    expectEqual('hubs that the issue does not name', missing, []);
  },
};
