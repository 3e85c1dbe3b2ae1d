import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createLogger } from '../../src/log.ts';
import { createRedactor } from '../../src/redact.ts';

const SECRET = 'p4ss"w\\rd/é';

function aLogger(...secrets: readonly string[]) {
  const redactor = createRedactor();
  secrets.forEach(redactor.add);
  let written = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written += String(chunk);
      done();
    },
  });
  const logger = createLogger({ level: 'info', redactor, stream });
  const lines = () =>
    written
      .split('\n')
      .filter((line) => line !== '')
      .map((line): unknown => JSON.parse(line));
  return { logger, redactor, lines, text: () => written };
}

describe('log', () => {
  it('writes one line of JSON with an ISO time, a level and nothing of the machine', () => {
    const { logger, lines } = aLogger();

    logger.child({ hub: 'staging' }).info({ seconds: 1.5 }, 'run finished');

    expect(lines()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        hub: 'staging',
        seconds: 1.5,
        msg: 'run finished',
      },
    ]);
  });

  it.each([
    ['the message', (logger: ReturnType<typeof aLogger>['logger']) => logger.info(`it is ${SECRET}`)],
    [
      'a nested field',
      (logger: ReturnType<typeof aLogger>['logger']) => logger.info({ a: { b: [{ c: SECRET }] } }, 'x'),
    ],
    [
      'the name of a field',
      (logger: ReturnType<typeof aLogger>['logger']) => logger.info({ [SECRET]: 1 }, 'x'),
    ],
    [
      'a field of a child',
      (logger: ReturnType<typeof aLogger>['logger']) => logger.child({ url: SECRET }).info('x'),
    ],
    [
      'an error, its stack and its cause',
      (logger: ReturnType<typeof aLogger>['logger']) =>
        logger.error(new Error(`fill("${SECRET}")`, { cause: new Error(SECRET) })),
    ],
    [
      'a URL',
      (logger: ReturnType<typeof aLogger>['logger']) =>
        logger.info({ url: `/?p=${encodeURIComponent(SECRET)}` }),
    ],
    [
      'a body that is JSON itself',
      (logger: ReturnType<typeof aLogger>['logger']) => logger.info({ body: JSON.stringify({ p: SECRET }) }),
    ],
  ])('keeps a known secret out of %s', (_where, log) => {
    const { logger, lines, text } = aLogger(SECRET);

    log(logger);

    expect(text()).toContain('[secret]');
    expect(text()).not.toContain('p4ss');
    expect(lines()).toHaveLength(1);
  });

  it('writes such a secret when it does not know it', () => {
    const { logger, text } = aLogger();

    logger.info(`it is ${SECRET}`);

    expect(text()).toContain('p4ss');
  });

  it.each(['password', 'token', 'authorization', 'Authorization', 'cookie', 'set-cookie', 'accessToken'])(
    'never shows the value of %s, at any depth and without knowing it',
    (key) => {
      const { logger, lines } = aLogger();

      logger.info(
        { a: { b: { c: { [key]: 'un"known' } } }, list: [{ [key]: ['one', 'two]'] }, { [key]: 12 }] },
        'x',
      );

      expect(lines()).toMatchObject([
        { a: { b: { c: { [key]: '[secret]' } } }, list: [{ [key]: '[secret]' }, { [key]: '[secret]' }] },
      ]);
    },
  );

  it('shows where a secret is', () => {
    const { logger, lines } = aLogger();

    logger.info({ login: { password: { env: 'STAGING_PASSWORD' } } }, 'x');

    expect(lines()).toMatchObject([{ login: { password: { env: 'STAGING_PASSWORD' } } }]);
  });

  it.each([
    ['a number', '1234', { answer: 1234, text: 'at 1234' }, { answer: '[secret]', text: 'at [secret]' }],
    ['a piece of JSON', '"b":', { a: 1, b: 2 }, { a: 1, b: 2 }],
    ['a word of every line', 'level', { text: 'level' }, { text: '[secret]' }],
  ])('stays JSON where a secret looks like %s', (_what, secret, fields, expected) => {
    const { logger, lines } = aLogger(secret);

    logger.info(fields, 'x');

    expect(lines()).toMatchObject([expected]);
  });

  it('learns secrets as it goes', () => {
    const { logger, redactor, text } = aLogger();
    const child = logger.child({});

    redactor.add('later-secret');
    child.info('later-secret');

    expect(text()).not.toContain('later-secret');
  });
});
