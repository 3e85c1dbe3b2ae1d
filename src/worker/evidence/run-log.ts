import type { Message } from '../../runner/protocol.ts';

const KEPT_LINES = 2_000;

/** The run as it went, one line for each thing that happened, with the seconds since its start. */
export class RunLog {
  readonly #startedAt = performance.now();
  #lines: string[] = [];

  add(message: Message): void {
    const said = wordsFor(message);
    if (said === null) return;
    const seconds = ((performance.now() - this.#startedAt) / 1000).toFixed(3);
    this.#lines.push(`${seconds.padStart(9)}  ${said}`);
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
  }

  get text(): string {
    return `${this.#lines.join('\n')}\n`;
  }
}

function wordsFor(message: Message): string | null {
  switch (message.kind) {
    case 'hub-version':
      return `the hub says it is JupyterHub ${message.version}`;
    case 'step-started':
      return `${message.criterion}: ${message.step}`;
    case 'note':
      return `${message.criterion}: ${message.step}: ${message.text}`;
    case 'step-finished':
      return `${message.step.criterion}: ${message.step.name}: ${message.step.status}`;
    case 'criterion':
      return `${message.criterion}: ${message.result}`;
    case 'owned':
      return `made: ${message.thing.kind} ${message.thing.id}`;
    case 'removed':
      return `removed: ${message.thing.kind} ${message.thing.id}`;
    case 'left':
      return `left: ${message.thing.kind} ${message.thing.id}: ${message.why}`;
    case 'evidence':
      return `kept: ${message.file.file}`;
    case 'evidence-dropped':
      return `not kept: ${message.dropped.kind}: ${message.dropped.why}`;
    case 'cleaning-up':
      return 'cleaning up';
    case 'log':
      return `${message.level}: ${message.text}`;
    case 'ended':
      return `${message.ending.outcome}${message.ending.failure === null ? '' : `: ${message.ending.failure.message}`}`;
    default:
      return null;
  }
}
