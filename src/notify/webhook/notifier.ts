import type { DeliveryRequest, Notifier, NotifierCheck, Receipt } from '../notifier.ts';
import { DeliveryError } from '../notifier.ts';
import { refusalOf, silenceOf } from './answer.ts';
import { type Announcement, type WebhookFormat, payloadOf } from './payload.ts';
import { post } from './post.ts';
import { webhookHeaders } from './sign.ts';
import { messageOf } from '../../core/text.ts';

export interface WebhookParts {
  readonly name: string;
  readonly format: WebhookFormat;
  /** The secrets as they are now. @throws naming what is missing. */
  readonly address: () => Promise<string>;
  readonly secret: () => Promise<string | null>;
  readonly userAgent: string;
  readonly now: () => Date;
  /** How long one request may take. */
  readonly answerWithinMs: number;
}

/** Posts announcements to one address. Receivers tell repetitions by the header `webhook-id`. */
export function createWebhookNotifier(parts: WebhookParts): Notifier {
  const { name } = parts;
  /** Why people have to mend something; null while nothing of the kind is known. */
  let refusal: string | null = null;

  async function send(effect: Announcement, { incident, signal }: DeliveryRequest): Promise<Receipt> {
    const { url, secret } = await secretsOf(parts);
    const body = payloadOf(parts.format, effect, incident);
    const told = { who: `webhook ${name}`, where: `notify (${name})`, now: parts.now() };
    const headers = {
      'user-agent': parts.userAgent,
      ...webhookHeaders({ id: effect.id, at: told.now, body }, secret),
    };
    const answer = await post({ url, body, headers, signal, withinMs: parts.answerWithinMs }).catch(
      (error: unknown) => {
        throw silenceOf(error, told);
      },
    );
    const hidden = { ...answer, said: quote(answer.said, [url, secret]) };
    const refused = refusalOf(hidden, told);
    refusal = refused?.concerns === 'notifier' && answer.status < 429 ? refused.message : null;
    if (refused !== null) throw refused;
    return { adopted: false };
  }

  return {
    name: `webhook:${name}`,
    // Everything else is about the issue, which others keep.
    deliver: async (request) =>
      request.effect.kind === 'announce' ? send(request.effect, request) : { adopted: true },
    async check(): Promise<NotifierCheck> {
      try {
        await secretsOf(parts);
      } catch (error) {
        return { ok: false, refused: true, why: messageOf(error) };
      }
      // Nothing is posted to find out: people would read it.
      return refusal === null ? { ok: true } : { ok: false, refused: true, why: refusal };
    },
    sightings: async () => [],
    sweep: async () => ({ duplicates: [], moved: [] }),
  };
}

/** @throws DeliveryError that names what is missing, and holds no secret */
async function secretsOf({ name, address, secret }: WebhookParts) {
  const failed = (message: string, cause?: unknown) =>
    new DeliveryError(message, { done: 'nothing', concerns: 'notifier', cause });
  try {
    const url = await address();
    if (!URL.canParse(url) || !['http:', 'https:'].includes(new URL(url).protocol))
      throw failed(`the secret behind notify (${name}) url is not an http or https address`);
    return { url, secret: await secret() };
  } catch (error) {
    if (error instanceof DeliveryError) throw error;
    throw failed(messageOf(error), error);
  }
}

const MOST_QUOTED = 120;

/** On one line, for people, and without the secrets that it may repeat; these are taken out first, for fear of halves. */
function quote(text: string, secrets: readonly (string | null)[]): string {
  const kept = secrets.reduce<string>(
    (rest, secret) => (secret === null ? rest : rest.replaceAll(secret, '…')),
    text,
  );
  const line = kept.replace(/\s+/g, ' ').trim();
  return line.length <= MOST_QUOTED ? line : `${line.slice(0, MOST_QUOTED)}…`;
}
