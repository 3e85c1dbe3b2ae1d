import { createHmac } from 'node:crypto';

export interface Unsigned {
  /** The same for every attempt: receivers know by it what they have had already. */
  readonly id: string;
  readonly at: Date;
  readonly body: string;
}

/**
 * The headers of Standard Webhooks (https://www.standardwebhooks.com): which message, sent when, and, where there is a
 * secret, by whom: HMAC-SHA256 over `id.timestamp.body`.
 */
export function webhookHeaders(
  { id, at, body }: Unsigned,
  secret: string | null,
): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const named = { 'webhook-id': id, 'webhook-timestamp': timestamp };
  if (secret === null) return named;
  const signature = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { ...named, 'webhook-signature': `v1,${signature}` };
}

/** As the standard writes it, `whsec_` and Base64; any other text is taken as it is. */
function keyOf(secret: string): Buffer {
  const [, encoded] = /^whsec_([A-Za-z0-9+/]+=*)$/.exec(secret) ?? [];
  return encoded === undefined ? Buffer.from(secret, 'utf8') : Buffer.from(encoded, 'base64');
}
