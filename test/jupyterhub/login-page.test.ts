import { describe, expect, it } from 'vitest';
import { Broken } from '../../src/core/broken.ts';
import { OwnFault } from '../../src/core/own-fault.ts';
import type { DocumentAnswer } from '../../src/jupyterhub/page-watch.ts';
import { expectLoginForm, type SeenLoginPage } from '../../src/jupyterhub/login-page.ts';

const nothing: SeenLoginPage = {
  hasForm: false,
  asks: false,
  providers: [],
  isHubPage: false,
  words: 'Welcome',
};
const form: SeenLoginPage = { ...nothing, hasForm: true, isHubPage: true };

function told(answer: Partial<DocumentAnswer>, seen: SeenLoginPage) {
  const whole = {
    method: 'GET',
    url: 'https://hub.example.org/hub/login',
    status: 200,
    hubVersion: '5.5.4',
    retryAfter: null,
    at: '',
    ...answer,
  };
  try {
    expectLoginForm(whole, seen, 'https://hub.example.org/');
    return 'go on';
  } catch (error) {
    return error instanceof Broken || error instanceof OwnFault ? error.reason : error;
  }
}

describe('what stands in the place of the login page', () => {
  it.each([
    ['the form', {}, form, 'go on'],
    ['the form behind a proxy that takes headers away', { hubVersion: null }, form, 'go on'],
    ['a page of the hub without a form', {}, { ...nothing, isHubPage: true }, 'login-page-broken'],
    ['a page of nobody knows whom', { hubVersion: null }, nothing, 'hub-down'],
    ['the button of a provider', {}, { ...nothing, providers: ['Sign in with GitHub'] }, 'login-unsupported'],
    ['an error of the hub', { status: 500 }, nothing, 'hub-error'],
    ["an error of a proxy, with the hub's form cached", { status: 503, hubVersion: null }, form, 'hub-down'],
    [
      'a provider',
      { url: 'https://id.example.com/auth', hubVersion: null },
      { ...nothing, asks: true },
      'login-unsupported',
    ],
    [
      "a provider below the hub's own name",
      { url: 'https://auth.hub.example.org/login', hubVersion: null },
      { ...nothing, asks: true },
      'login-unsupported',
    ],
    [
      'a provider in trouble',
      { url: 'https://id.example.com/auth', hubVersion: null, status: 503 },
      nothing,
      'identity-provider-error',
    ],
    [
      'a maintenance page of another name',
      { url: 'https://maintenance.hub.example.org/', hubVersion: null },
      nothing,
      'hub-down',
    ],
    ['the hub under its new name', { url: 'https://new.example.org/hub/login' }, form, 'go on'],
  ] as const)('%s', (_, answer, seen, reason) => {
    expect(told(answer, seen)).toBe(reason);
  });
});
