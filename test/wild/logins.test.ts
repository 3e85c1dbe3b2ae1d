import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Hub, PasswordLogin } from '../../src/core/hub.ts';
import { hubOf } from '../journey/check-hub.ts';
import { type Testbed, startTestbed } from '../testbed/testbed.ts';
import { failingVisit, checkPasses } from './visit.ts';

const OWN_PAGE = {
  selectors: {
    username: '#campus [name=username]',
    password: '#campus [name=password]',
    submit: 'role=button[name="Weiter"]',
    error: '.campus-problem',
  },
  steps: [{ do: 'check', on: '#regeln' }],
} as const;

function withLogin(testbed: Testbed, user: string, login: Partial<PasswordLogin>): { hub: Partial<Hub> } {
  return { hub: { login: { ...hubOf(testbed, user).login, ...login } } };
}

const onlyLogin = { probes: ['login'] } as const;

describe('JupyterHub’s login page with terms to agree to', () => {
  it('is passed', async () => {
    await using testbed = await startTestbed({ gateway: false, quirks: { loginPage: 'terms' } });

    await checkPasses(testbed, 'canary', onlyLogin);
  });
});

describe('a login page of the operator’s own, with a page of welcome after it', () => {
  let testbed: Testbed;
  beforeAll(async () => {
    testbed = await startTestbed({ gateway: false, quirks: { loginPage: 'own', welcomePage: true } });
  });
  afterAll(() => testbed.stop());

  it('is passed where it is described', async () => {
    await checkPasses(testbed, 'canary', { ...onlyLogin, ...withLogin(testbed, 'canary', OWN_PAGE) });
  });

  it('refuses a wrong password in words of its own', async () => {
    const login = withLogin(testbed, 'canary', OWN_PAGE);
    const { failure } = await failingVisit(testbed, 'canary', { ...onlyLogin, ...login, password: 'wrong' });

    expect(failure).toMatchObject({ criterion: 'login', reason: 'login-rejected' });
  });

  it('names what it wants besides', async () => {
    const login = withLogin(testbed, 'canary', { ...OWN_PAGE, steps: [] });
    const { failure } = await failingVisit(testbed, 'canary', { ...onlyLogin, ...login });

    expect(failure).toMatchObject({ criterion: 'login', reason: 'login-page-broken' });
    expect(failure?.message).toMatch(/wants more before it can be sent \(login\.steps\): regeln/);
  });

  it('that is not described has no form for us', async () => {
    const { failure } = await failingVisit(testbed, 'canary', onlyLogin);

    expect(failure).toMatchObject({ criterion: 'login', reason: 'login-page-broken' });
  });
});

describe('a login page that forgets where its user wanted to go', () => {
  it('starts a server by the login itself, which is stopped again', async () => {
    await using testbed = await startTestbed({ gateway: false, quirks: { loginPage: 'own' } });

    const run = await checkPasses(testbed, 'canary', {
      ...onlyLogin,
      ...withLogin(testbed, 'canary', OWN_PAGE),
    });

    expect(run.cleanup.removed.map(({ kind }) => kind)).toEqual(['server', 'token']);
  });
});
