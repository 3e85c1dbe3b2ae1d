import { describe, expect, it } from 'vitest';
import { interfaceBroken, interfaceLate, isHopeless } from '../../src/jupyterhub/interface-verdict.ts';

const calm = { errors: [], waitingFor: [], quietForMs: 60_000 };
const lost = { ...calm, errors: ['404 at https://hub/user/x/static/lab/main.js', 'Error: y'] };

describe('an interface that does not come up', () => {
  it.each([
    ['with an error, and nothing asked for any more', lost, true],
    ['with an error, while something is still asked for', { ...lost, quietForMs: 0 }, false],
    ['with an error, a moment ago', { ...lost, quietForMs: 1_900 }, false],
    ['without any error, however quiet', calm, false],
  ])('%s', (_, trouble, hopeless) => {
    expect(isHopeless(trouble)).toBe(hopeless);
  });

  it('names the first error and counts the others', () => {
    expect(interfaceBroken(lost)).toMatchObject({
      reason: 'interface-broken',
      attribution: 'image',
      message: 'JupyterLab did not come up: 404 at https://hub/user/x/static/lab/main.js (and 1 more)',
    });
  });

  it.each([
    [
      'what it waits for',
      { ...lost, waitingFor: ['https://hub/api'] },
      /within 90 s; no answer yet from https:/,
    ],
    ['its first error', lost, /within 90 s; first error: 404/],
    ['nothing', calm, /within 90 s$/],
  ])('says with %s that its time is up', (_, trouble, says) => {
    const well = { kind: 'answer', status: 200, hubVersion: '5', text: '{}' } as const;
    const broken = interfaceLate(90_000, trouble, well);

    expect(broken).toMatchObject({ reason: 'interface-broken', attribution: 'image' });
    expect(broken.message).toMatch(says);
  });

  it('is not at fault when its server answers no more', () => {
    const silence = { kind: 'no-answer', error: 'TimeoutError' } as const;

    expect(interfaceLate(90_000, calm, silence)).toMatchObject({
      reason: 'server-unreachable',
      attribution: 'hub',
    });
  });
});
