import { Broken } from '../core/broken.ts';
import { oneLine, readableMs } from '../core/text.ts';
import type { Look } from './kernel-verdict.ts';
import { serverGone } from './kernel-verdict.ts';
import type { Trouble } from './page-trouble.ts';

/**
 * A page that has lost a script or raised an error, and then asks for nothing more, will not come up any more.
 * Interfaces come up in spite of a lost extension, so trouble alone decides nothing.
 */
const HOPELESS_AFTER_QUIET_MS = 2_000;

export function isHopeless({ errors, quietForMs }: Trouble): boolean {
  return errors.length > 0 && quietForMs >= HOPELESS_AFTER_QUIET_MS;
}

/** The interface broke before its time was up. */
export function interfaceBroken({ errors }: Trouble): Broken {
  const [first = '', ...more] = errors;
  const rest = more.length === 0 ? '' : ` (and ${more.length} more)`;
  return new Broken('interface-broken', `JupyterLab did not come up: ${oneLine(first)}${rest}`, {
    attribution: 'image',
  });
}

/** Its time is up. A server that answers nothing any more is at fault before its interface. */
export function interfaceLate(withinMs: number, { errors, waitingFor }: Trouble, look: Look): Broken {
  const gone = serverGone(look);
  if (gone !== null) return gone;
  const [request] = waitingFor;
  const [error] = errors;
  const why =
    request !== undefined
      ? `; no answer yet from ${request}`
      : error !== undefined
        ? `; first error: ${oneLine(error)}`
        : '';
  const message = `JupyterLab did not come up within ${readableMs(withinMs)}${why}`;
  return new Broken('interface-broken', message, { attribution: 'image' });
}
