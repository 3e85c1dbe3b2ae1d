import type { Message } from '../runner/protocol.ts';

/** Fields with foreign words in them; all others are words of ours, which a password may well look like. */
const FOREIGN = new Set(['text', 'note', 'message', 'version', 'why', 'id']);

/** No text leaves the worker with a secret in it; custody is the one message whose business is a secret. */
export function redactMessage(message: Message, redact: (text: string) => string): Message {
  if (message.kind === 'custody') return message;
  const safe = (name: string, value: unknown) =>
    typeof value === 'string' && FOREIGN.has(name) ? redact(value) : value;
  // Texts stay texts, so what comes back has the message's shape.
  return JSON.parse(JSON.stringify(message, safe));
}
