import type { FastifyBaseLogger } from 'fastify';
import type { Scope } from '../config/config.ts';
import type { Alarm } from '../core/alarm.ts';
import type { Hub } from '../core/hub.ts';
import type { Queue } from '../queue/queue.ts';
import type { Store } from '../store/store.ts';

/** What the HTTP side reads and asks. */
export interface AppDeps {
  readonly hubs: readonly Hub[];
  /** The tokens as they are now: their secrets may be rotated. None: reads are open, writes come from loopback only. */
  readonly tokens: () => Promise<readonly ResolvedToken[]>;
  readonly store: Store;
  readonly queue: Queue;
  readonly nextRun: (hub: string) => Date | null;
  /** What keeps us from knowing how hubs are. */
  readonly alarms: () => readonly Alarm[];
  readonly metrics: { text(openMetrics: boolean): Promise<{ contentType: string; body: string }> };
  readonly health: {
    live(): Promise<readonly HealthCheck[]>;
    ready(): Promise<readonly HealthCheck[]>;
  };
  /** Absolute; holds one folder per run. */
  readonly evidenceFolder: string;
  readonly log: FastifyBaseLogger;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly version: string;
}

export interface ResolvedToken {
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly sha256: Buffer;
}

export interface HealthCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly why?: string;
}
