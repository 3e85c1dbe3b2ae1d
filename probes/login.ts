import { defineProbe } from '../src/probe.ts';
import { logins } from '../src/login/index.ts';
import { startsServer } from '../src/jupyterhub/page-watch.ts';
import { openSession } from '../src/jupyterhub/session.ts';

const OPEN = 'open the login page';
const SUBMIT = 'submit the login form';
const ARRIVE = 'arrive at the home page';

/** Users can log in. */
export const login = defineProbe({
  criterion: 'login',
  needs: [],
  steps: () => [OPEN, SUBMIT, ARRIVE],

  async run({ hub, page, watch, credential, run, found, own, entrust, step }) {
    const method = logins[hub.login.kind];
    const withinMs = hub.answerTimeoutMs;

    await step(
      OPEN,
      { withinMs, late: { reason: 'hub-timeout', message: 'the login page did not come' } },
      ({ signal }) => method.open({ page, watch, hub, signal }),
    );

    await step(
      SUBMIT,
      { withinMs, late: { reason: 'hub-timeout', message: 'the hub did not answer the login' } },
      ({ signal }) => method.submit({ page, watch, hub, credential, signal }),
    );

    found.session = await step(
      ARRIVE,
      { withinMs, late: { reason: 'hub-timeout', message: 'the home page did not come up' } },
      ({ signal }) => {
        const announce = (remove: (cleanup: AbortSignal) => Promise<void>) => own('token', run, remove);
        const wish = { run, deadlineMs: hub.deadlineMs, announce };
        return openSession(page, hub.url, wish, signal);
      },
    );

    const { api, user, key } = found.session;
    if (startsServer(watch.answers)) own('server', '', (signal) => api.stopServer(user, '', signal));
    entrust({ apiUrl: api.url, user, ...key });
  },
});
