import type { AppDeps } from '../deps.ts';
import type { EventStreams } from '../event-stream.ts';
import type { TypedApp } from '../typed-app.ts';

/** Several runs that start or end together are one reason to look again. */
const TOGETHER_MS = 250;
/** What changes by itself: a verdict grows old, a window ends, an issue gets its number. */
const LOOK_AGAIN_MS = 30_000;

/** Tells an open page when there is something new to show; what that is, the page itself says. */
export function addPageEventRoutes(app: TypedApp, deps: AppDeps, streams: EventStreams): void {
  app.get('/events', { exposeHeadRoute: false, schema: { hide: true } }, (_, reply) => {
    let soon: NodeJS.Timeout | null = null;
    let leave: (() => void) | null = null;
    const stream = streams.open(reply, () => leave?.());
    const tell = () => {
      soon = null;
      stream.send({ kind: 'changed' });
    };
    const leaveQueue = deps.queue.onChange(() => {
      soon ??= setTimeout(tell, TOGETHER_MS);
    });
    const ticking = setInterval(tell, LOOK_AGAIN_MS);
    leave = () => {
      leaveQueue();
      clearInterval(ticking);
      if (soon !== null) clearTimeout(soon);
    };
    return reply;
  });
}
