import type { Message } from '../../src/runner/protocol.ts';

/**
 * Loaded into a worker before its own code (`node --import`): a real fault of the process, once its visit comes to a step.
 * The address says which: `worker-fault.ts?fault=blocks&step=submit the login form`.
 */
const asked = new URL(import.meta.url).searchParams;

const FAULTS: Readonly<Record<string, () => void>> = {
  blocks() {
    for (;;);
  },
  exits: () => process.exit(7),
  'eats-memory'() {
    const kept: unknown[] = [];
    for (;;) kept.push({ number: Math.random() });
  },
  'clock-back': () => setClock(-3_600_000),
  'clock-forward': () => setClock(3_600_000),
};

/** As when somebody sets the clock on the wall; the monotonic one goes on. */
function setClock(byMs: number): void {
  const Real = Date;
  globalThis.Date = new Proxy(Real, {
    construct: (target, args: [], self) =>
      Reflect.construct(target, args.length === 0 ? [Real.now() + byMs] : args, self),
    get: (target, name) => (name === 'now' ? () => Real.now() + byMs : Reflect.get(target, name)),
  });
}

const send = process.send?.bind(process);
process.send = (message: Message, ...rest: unknown[]) => {
  const isSent = Reflect.apply(send ?? (() => false), process, [message, ...rest]);
  if (message.kind === 'step-started' && message.step === asked.get('step')) {
    // Not before the message has gone its way.
    setTimeout(() => FAULTS[asked.get('fault') ?? '']?.(), 20);
  }
  return isSent;
};

/** What to give the worker's Node. */
export function workerFault(fault: string, step: string): readonly string[] {
  const url = new URL(import.meta.url);
  url.search = String(new URLSearchParams({ fault, step }));
  return ['--import', url.href];
}
