import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import { keyHeaders } from './ask.ts';
import { fetch } from './fetch.ts';
import type { Session } from './session.ts';

/** One line of a server's start, as the hub tells it to the waiting user. */
export const ProgressEvent = z.object({
  progress: z.number().nullish(),
  message: z.string().default(''),
  ready: z.boolean().default(false),
  failed: z.boolean().default(false),
});
export type ProgressEvent = z.infer<typeof ProgressEvent>;

/**
 * Follows the progress stream of a starting server until it ends. The stream is a courtesy: proxies buffer and cut it,
 * so whoever follows it asks the user model as well.
 * https://jupyterhub.readthedocs.io/en/stable/reference/rest-api.html
 */
export async function followProgress(
  session: Session,
  serverUrl: string,
  signal: AbortSignal,
  onEvent: (event: ProgressEvent) => void,
): Promise<void> {
  const response = await fetch(`${serverUrl}/progress`, {
    headers: { ...keyHeaders(session.key), accept: 'text/event-stream' },
    signal,
  });
  if (!response.ok || response.body === null) return;
  const parser = createParser({
    onEvent: ({ data }) => {
      const event = parseProgress(data);
      if (event !== null) onEvent(event);
    },
  });
  const decoder = new TextDecoder();
  for await (const chunk of response.body) parser.feed(decoder.decode(chunk, { stream: true }));
}

function parseProgress(data: string): ProgressEvent | null {
  try {
    const parsed = ProgressEvent.safeParse(JSON.parse(data));
    return parsed.success ? parsed.data : null;
  } catch {
    // A cut or foreign line says nothing; the user model still decides.
    return null;
  }
}
