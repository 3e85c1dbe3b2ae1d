import { styleText } from 'node:util';
import type { Paint } from './report.ts';

/** What a command may touch of the world around it. */
export interface Terminal {
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
}

/** Colours where the stream shows them: `styleText` knows NO_COLOR, FORCE_COLOR and pipes. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  return (style, text) => styleText(style, text, { stream });
}

/** Aborts at the first Ctrl-C or SIGTERM so that cleanup can run; the second one exits at once. */
export function interruptSignal(): AbortSignal {
  const interrupted = new AbortController();
  const onSignal = (name: NodeJS.Signals) => {
    if (interrupted.signal.aborted) process.exit(4);
    interrupted.abort(new Error(`stopped by ${name}`));
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return interrupted.signal;
}
