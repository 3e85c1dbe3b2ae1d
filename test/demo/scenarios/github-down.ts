import { untilTrue } from '../until.ts';
import { breakLogin, healLogin, untilDeclared, untilIssue, untilOver } from './acts.ts';
import { expectEqual, expectIncidents, expectIssues } from './expect.ts';
import type { Scenario } from './scenario.ts';

export const githubDown: Scenario = {
  sentence:
    'GitHub is down while a hub breaks: page, metrics and webhook tell it, and the issue follows, once',
  wishes: { probes: ['login'], schedule: '*/10 * * * * *', webhook: true },
  async play(stage, watcher, say) {
    const { github, receiver } = stage;
    const ask = async (path: string) => (await fetch(`${stage.service.url}${path}`)).text();
    github.faults.set('down');
    say('GitHub is down: every connection is reset');
    await breakLogin(stage, say);
    const incident = await untilDeclared(watcher, [], say);
    await untilTrue('the webhook to be told', () =>
      receiver.received.some(({ body }) => body.includes("users can't log in")),
    );
    say('the webhook was told');
    await untilTrue('the page to tell it', async () => (await ask('')).includes("users can't log in"));
    say('the page tells it');
    await untilTrue('the metrics to tell it', async () =>
      /^hubcanary_incident_open\{.*criterion="login".*\} 1$/m.test(await ask('metrics')),
    );
    await untilTrue('the metrics to tell that GitHub does not hear us', async () =>
      /^hubcanary_notifier_up\{notifier="github"\} 0$/m.test(await ask('metrics')),
    );
    say('the metrics tell it, and that GitHub does not hear us');
    expectEqual('issues while GitHub is down', github.issues().length, 0);

    github.faults.clear();
    say('GitHub is back');
    const issue = await untilIssue(watcher, incident, say);
    await healLogin(stage, say);
    await untilOver(stage, watcher, { incident, issue }, say);
  },
  check(end) {
    expectIssues(end, [
      { title: "[Incident] demo: users can't log in", state: 'closed', reason: 'completed' },
    ]);
    expectIncidents(end, ['resolved']);
    const told = end.received.map(({ body }) => (body.includes("users can't log in") ? 'broken' : 'well'));
    expectEqual('what the webhook was told, in order', told, ['broken', 'well']);
  },
};
