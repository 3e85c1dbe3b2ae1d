import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Webhook } from '../../src/notify/index.ts';
import { createNotifiers } from '../../src/notify/index.ts';
import type { Notifier } from '../../src/notify/notifier.ts';
import { webhookHeaders } from '../../src/notify/webhook/sign.ts';
import { anAnnouncementFor, anIncident, anOpenIssueFor } from '../build/incident.ts';
import { type Receiver, isSigned, startReceiver } from '../testbed/webhook/receiver.ts';
import { deliver, failureOf } from './desk.ts';

const KEY = Buffer.from('a secret that nobody must see');
const SECRET = `whsec_${KEY.toString('base64')}`;
let receiver: Receiver;
beforeEach(async () => void (receiver = await startReceiver()));
afterEach(() => receiver[Symbol.asyncDispose]());

function webhook(changes: Partial<Webhook> = {}, answerWithinMs = 5_000): Notifier {
  const chat = {
    name: 'chat',
    format: 'json' as const,
    address: async () => receiver.url,
    secret: async () => SECRET,
    ...changes,
  };
  const [, notifier] = createNotifiers({
    github: null,
    auth: async () => Promise.reject(new Error('not asked for')),
    webhooks: [chat],
    userAgent: 'hubcanary/test',
    onRateLimit: () => {},
    now: () => new Date('2026-11-25T12:00:00.900Z'),
    log: () => {},
    answerWithinMs,
  });
  if (notifier === undefined) throw new Error('there is no webhook');
  return notifier;
}

const incident = anIncident({ issue: { number: 7, url: 'https://github.example.org/o/r/issues/7' } });
const effect = anAnnouncementFor(incident);
const [post] = [() => receiver.received[0]];

describe('the event as data', () => {
  it('says what happened, when, and to which incident', async () => {
    expect(await deliver(webhook(), incident, effect)).toEqual({ adopted: false });

    expect(post()?.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'hubcanary/test',
      'webhook-id': effect.id,
      'webhook-timestamp': '1795608000',
    });
    expect(JSON.parse(post()?.body ?? '')).toEqual({
      type: 'incident.declared',
      timestamp: effect.createdAt,
      data: {
        title: "staging: users can't start a server",
        text: 'All confirming runs failed.',
        fields: { Since: '2026-11-24 09:00 UTC' },
        incident: {
          id: incident.id,
          revision: 1,
          scope: incident.scope,
          criterion: 'server',
          severity: 'high',
          state: incident.state,
          startedAt: incident.startedAt,
          declaredAt: incident.declaredAt,
          resolvedAt: null,
          hubs: ['staging'],
          issue: incident.issue,
        },
      },
    });
  });

  it('is signed so that a receiver can tell who sent it, and that nobody changed it', async () => {
    await deliver(webhook(), incident, effect);

    const [received] = receiver.received;
    if (received === undefined) throw new Error('nothing arrived');
    expect(isSigned(received, KEY)).toBe(true);
    expect(isSigned({ ...received, body: received.body.replace('server', 'login') }, KEY)).toBe(false);
    expect(isSigned(received, Buffer.from('another'))).toBe(false);
  });

  it('is signed as the standard has it: its own example', () => {
    const message = {
      id: 'msg_loFOjxBNrRLzqYUf',
      at: new Date(1_731_705_121_000),
      body: '{"event_type":"ping","data":{"success":true}}',
    };

    expect(webhookHeaders(message, 'whsec_plJ3nmyCDGBKInavdOK15jsl')).toEqual({
      'webhook-id': message.id,
      'webhook-timestamp': '1731705121',
      'webhook-signature': 'v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=',
    });
  });

  it('is signed with any text as well, and not at all without a secret', async () => {
    await deliver(webhook({ secret: async () => 'any text' }), incident, effect);
    await deliver(webhook({ secret: async () => null }), incident, effect);

    const [plain, unsigned] = receiver.received;
    if (plain === undefined) throw new Error('nothing arrived');
    expect(isSigned(plain, Buffer.from('any text'))).toBe(true);
    expect(unsigned?.headers['webhook-signature']).toBeUndefined();
    expect(unsigned?.headers['webhook-id']).toBe(effect.id);
  });

  it('carries the same id when it is sent again, so that it counts once', async () => {
    const notifier = webhook();
    await deliver(notifier, incident, effect);
    await deliver(notifier, incident, effect, { maybeDone: true, firstAttemptAt: new Date() });

    expect(receiver.received).toHaveLength(2);
    expect(receiver.once()).toHaveLength(1);
  });
});

describe('a message for a chat', () => {
  const slack = () => webhook({ format: 'slack', secret: async () => null });

  it('has a text for the notification and blocks to read', async () => {
    await deliver(slack(), incident, effect);

    expect(JSON.parse(post()?.body ?? '')).toEqual({
      text: "staging: users can't start a server: All confirming runs failed.",
      blocks: [
        {
          type: 'header',
          text: { type: 'plain_text', text: "staging: users can't start a server", emoji: false },
        },
        { type: 'section', text: { type: 'mrkdwn', text: 'All confirming runs failed.' } },
        { type: 'section', fields: [{ type: 'mrkdwn', text: '*Since*\n2026-11-24 09:00 UTC' }] },
        {
          type: 'context',
          elements: [{ type: 'mrkdwn', text: '<https://github.example.org/o/r/issues/7|Open the issue>' }],
        },
      ],
    });
  });

  it('mentions nobody and links nowhere, whatever a hub answered', async () => {
    const text = '<!channel> <https://evil.example|here> & *loud* `code` ~gone~';
    await deliver(slack(), incident, { ...effect, title: text, text, fields: { [text]: text } });

    const body = post()?.body ?? '';
    const { text: plain, blocks } = JSON.parse(body);
    expect(plain).toContain('&lt;!channel&gt;');
    expect(JSON.stringify(blocks.slice(1, 3))).not.toMatch(/<|>|(?<!\u200B)`|(?<!\u200B)~/);
  });

  it('keeps within what the chat takes', async () => {
    const long = 'x'.repeat(10_000);
    const fields = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`f${index}`, long]));
    await deliver(slack(), incident, { ...effect, title: long, text: long, fields });

    const { text, blocks } = JSON.parse(post()?.body ?? '');
    expect(text.length).toBeLessThanOrEqual(3_000);
    expect(blocks[0].text.text.length).toBeLessThanOrEqual(150);
    expect(blocks[1].text.text.length).toBeLessThanOrEqual(3_000);
    expect(blocks[2].fields).toHaveLength(10);
    expect(Math.max(...blocks[2].fields.map((field: { text: string }) => field.text.length))).toBe(2_000);
  });
});

describe('a failed delivery', () => {
  it.each([
    [{ kind: 'answer', status: 500 }, 'unknown', 'effect', null, /failed \(500\)/],
    [{ kind: 'answer', status: 502, body: 'bad gateway' }, 'unknown', 'effect', null, /502: bad gateway/],
    [{ kind: 'answer', status: 503, headers: { 'retry-after': '90' } }, 'unknown', 'notifier', 90_000, /503/],
    [{ kind: 'answer', status: 429, headers: { 'retry-after': '30' } }, 'nothing', 'notifier', 30_000, /429/],
    [{ kind: 'answer', status: 429 }, 'nothing', 'notifier', null, /fewer messages/],
    [
      { kind: 'answer', status: 400, body: 'invalid_blocks' },
      'nothing',
      'effect',
      null,
      /400: invalid_blocks/,
    ],
    [{ kind: 'answer', status: 401 }, 'nothing', 'notifier', null, /does not let us in .* notify \(chat\)/],
    [{ kind: 'answer', status: 403, body: 'invalid_token' }, 'nothing', 'notifier', null, /invalid_token/],
    [{ kind: 'answer', status: 404, body: 'no_service' }, 'nothing', 'notifier', null, /is not there/],
    [{ kind: 'answer', status: 410 }, 'nothing', 'notifier', 3_600_000, /gone for good/],
    [{ kind: 'reset' }, 'unknown', 'effect', null, /did not answer/],
  ] as const)(
    'with %j: done is %s, concerns the %s, again after %s',
    async (behaviour, done, concerns, retryAfterMs, message) => {
      receiver.behave(behaviour);

      const failure = await failureOf(deliver(webhook(), incident, effect));

      expect(failure).toMatchObject({
        done,
        concerns,
        retryAfterMs,
        message: expect.stringMatching(message),
      });
      expect(inspect(failure, { depth: 10 })).not.toMatch(/s3cr3t|whsec|nobody must see/);
    },
  );

  it('follows no redirect: what is secret stays where it was sent', async () => {
    await using elsewhere = await startReceiver();
    receiver.behave({ kind: 'answer', status: 307, headers: { location: elsewhere.url } });

    const failure = await failureOf(deliver(webhook(), incident, effect));

    expect(failure).toMatchObject({ done: 'nothing', message: expect.stringContaining('not followed') });
    expect(elsewhere.received).toEqual([]);
  });

  it('is certain that nothing arrived where nobody listens', async () => {
    const { url } = receiver;
    await receiver[Symbol.asyncDispose]();
    const failure = await failureOf(deliver(webhook({ address: async () => url }), incident, effect));
    receiver = await startReceiver();

    expect(failure).toMatchObject({ done: 'nothing', message: expect.stringContaining('ECONNREFUSED') });
    expect(inspect(failure, { depth: 10 })).not.toContain('s3cr3t');
  });

  it('waits no longer than it may', async () => {
    receiver.behave({ kind: 'hang' });

    const failure = await failureOf(deliver(webhook({}, 100), incident, effect));

    expect(failure).toMatchObject({ done: 'unknown', message: expect.stringContaining('in time') });
  });

  it('names a missing secret, and an address that is none, without repeating it', async () => {
    const missing = async () => Promise.reject(new Error('notify[0] (chat) url: file x does not exist'));
    expect((await failureOf(deliver(webhook({ address: missing }), incident, effect))).message).toContain(
      'file x does not exist',
    );
    const failure = await failureOf(
      deliver(webhook({ address: async () => 'ftp://s3cr3t' }), incident, effect),
    );
    expect(failure.message).toMatch(/notify \(chat\) url is not an http or https address/);
    expect(inspect(failure)).not.toContain('s3cr3t');
  });

  it('does not repeat what the receiver echoes of the secrets', async () => {
    receiver.behave({ kind: 'answer', status: 400, body: `no: ${receiver.url} ${SECRET}` });

    expect((await failureOf(deliver(webhook(), incident, effect))).message).toMatch(/no: … …/);

    receiver.behave({ kind: 'answer', status: 400, body: `${'x'.repeat(100)} ${receiver.url}` });
    expect((await failureOf(deliver(webhook(), incident, effect))).message).not.toMatch(/http|services/);
  });
});

describe('asking whether all is well', () => {
  const check = (notifier: Notifier) => notifier.check(AbortSignal.timeout(1_000));

  it('posts nothing, and knows what the last answer said', async () => {
    const notifier = webhook();
    expect(await check(notifier)).toEqual({ ok: true });
    expect(receiver.received).toEqual([]);

    receiver.behave({ kind: 'answer', status: 410 });
    await failureOf(deliver(notifier, incident, effect));
    expect(await check(notifier)).toMatchObject({ ok: false, refused: true });

    receiver.behaveWell();
    await deliver(notifier, incident, effect);
    expect(await check(notifier)).toEqual({ ok: true });
  });

  it('names a missing secret', async () => {
    const missing = async () => Promise.reject(new Error('notify[0] (chat) url: file x does not exist'));
    expect(await check(webhook({ address: missing }))).toMatchObject({ refused: true });
  });
});

it('is told nothing but announcements', async () => {
  expect(await deliver(webhook(), incident, anOpenIssueFor(incident))).toEqual({ adopted: true });
  expect(receiver.received).toEqual([]);
});
