import type { BrowserContext, Page } from 'playwright';
import { redactDeep } from '../../log-line.ts';
import type { PageWatch } from '../../jupyterhub/page-watch.ts';
import type { Redactor } from '../../redact.ts';
import { hideTellingPairs } from '../../telling-pairs.ts';
import type { Assignment, Message } from '../../runner/protocol.ts';
import { collectEvidence, keep } from './collect.ts';
import { type SecretsLearned, learnSecrets } from './learn-secrets.ts';
import { RunLog } from './run-log.ts';
import type { Censor } from './sanitise-trace.ts';
import { type Trace, startTrace } from './trace.ts';

/** While something is waited for, the same few answers take turns. */
const RECENT_WORDS = 4;

/**
 * Everything about a run's evidence: it listens from the start, learns the secrets that come by, and keeps what shows why
 * the run failed.
 */
export class EvidenceKeeper {
  readonly #censor: Censor;
  readonly #assignment: Assignment;
  readonly #report: (message: Message) => void;
  readonly #log = new RunLog();
  #secrets: SecretsLearned | null = null;
  #trace: Trace | null = null;
  #spawnEvents: string[] = [];
  #gatewayWords: { readonly words: string; times: number }[] = [];
  #askGateway: (() => Promise<string>) | null = null;

  constructor(assignment: Assignment, redactor: Redactor, report: (message: Message) => void) {
    this.#assignment = assignment;
    this.#report = report;
    this.#censor = censorOf(redactor);
  }

  /** From now on what passes through this context is known, and recorded where the run is to be traced. */
  async watch(context: BrowserContext, learn: (secret: string) => void): Promise<void> {
    this.#secrets = learnSecrets(context, learn);
    if (this.#assignment.trace) this.#trace = await startTrace(context, this.#assignment.folder);
  }

  /** Hears every message of the run, after it was redacted. */
  hear(message: Message): void {
    this.#log.add(message);
    if (message.kind === 'note' && message.criterion === 'server') this.#spawnEvents.push(message.text);
  }

  /** What the gateway's client said. */
  gatewaySaid(words: string): void {
    const same = this.#gatewayWords.slice(-RECENT_WORDS).find((said) => said.words === words);
    if (same === undefined) this.#gatewayWords.push({ words, times: 1 });
    else same.times += 1;
  }

  /** How to ask the gateway itself, once it is known with which token. */
  askGatewayWith(ask: () => Promise<string>): void {
    this.#askGateway = ask;
  }

  /** Before anything is said of how the run ended: all secrets that came by are known. */
  async settle(): Promise<void> {
    await this.#secrets?.settled();
  }

  async collect(page: Page, watch: PageWatch): Promise<void> {
    await this.#secrets?.fromPage(page);
    await collectEvidence(
      {
        page,
        watch,
        spawnEvents: this.#spawnEvents,
        gatewayReport: () => this.#gatewayReport(),
        trace: this.#trace,
      },
      this.#keeping(),
    );
    await this.keepLog();
  }

  /** The log of the run, as far as it has come; once more at its end, so that the cleanup is in it. */
  async keepLog(): Promise<void> {
    await keep(this.#keeping(), 'log', 'log.txt', async () => this.#log.text);
  }

  async #gatewayReport(): Promise<string | null> {
    if (this.#gatewayWords.length === 0) return null;
    const clusters = await (this.#askGateway?.() ?? Promise.resolve('not asked: there was no token')).catch(String);
    const said = this.#gatewayWords.map(({ words, times }) => (times === 1 ? words : `${words}   ×${times}`));
    return `${said.join('\n')}\n\nclusters, as the gateway lists them: ${clusters}\n`;
  }

  #keeping() {
    return {
      folder: this.#assignment.evidenceFolder,
      censor: this.#censor,
      onKept: (file: Extract<Message, { kind: 'evidence' }>['file']) => this.#report({ kind: 'evidence', file }),
      onDropped: (dropped: Extract<Message, { kind: 'evidence-dropped' }>['dropped']) =>
        this.#report({ kind: 'evidence-dropped', dropped }),
    };
  }
}

function censorOf(redactor: Redactor): Censor {
  const text = (raw: string) => hideTellingPairs(redactor.redact(raw));
  return { text, deep: (value) => redactDeep(value, text), holdsSecret: (raw) => redactor.finds(raw) };
}
