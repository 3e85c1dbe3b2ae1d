import type { Hub, SecretReference } from '../core/hub.ts';
import type { Criteria } from '../core/criteria.ts';
import type { MaintenanceWindow } from '../core/maintenance.ts';

export type { MaintenanceWindow };

/** The whole configuration, checked, with every default applied. Durations are milliseconds, sizes are bytes. */
export interface Config {
  readonly service: Service;
  readonly hubs: readonly Hub[];
  readonly criteria: Criteria;
  readonly maintenance: readonly MaintenanceWindow[];
  /** Null: incidents are kept and shown, and no issue is opened. */
  readonly github: GitHubSettings | null;
  /** Who else is told. */
  readonly notify: readonly WebhookSettings[];
}

export const WEBHOOK_FORMATS = ['json', 'slack'] as const;
export type WebhookFormat = (typeof WEBHOOK_FORMATS)[number];

export interface WebhookSettings {
  readonly kind: 'webhook';
  readonly name: string;
  readonly url: SecretReference;
  readonly format: WebhookFormat;
  /** Signs what is sent; null: it is not signed. */
  readonly secret: SecretReference | null;
}

export interface Service {
  readonly listen: { readonly host: string; readonly port: number };
  /** For links in issues; ends with a slash. Null: links are left out. */
  readonly publicUrl: string | null;
  readonly store: { readonly kind: 'sqlite'; readonly path: string };
  /** Runs in flight at once. */
  readonly concurrency: number;
  /** Confirming runs in flight at once; of these, on hubs of one cluster. */
  readonly confirmations: {
    readonly atOnce: number;
    readonly atOncePerCluster: number;
    /** Each begins up to this much later. */
    readonly spreadMs: number;
  };
  readonly memoryPerRunBytes: number;
  /** How long records of runs are kept. */
  readonly runs: { readonly maxAgeMs: number };
  readonly evidence: { readonly directory: string; readonly maxAgeMs: number; readonly maxSizeBytes: number };
  readonly browser: { readonly executable: string | null; readonly sandbox: 'auto' | 'required' | 'off' };
  readonly tokens: readonly ApiToken[];
  readonly reachability: readonly string[];
}

export const SCOPES = ['read', 'run', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

export interface ApiToken {
  readonly name: string;
  readonly secret: SecretReference;
  readonly scopes: readonly Scope[];
}

export interface GitHubSettings {
  /** `owner/name`. */
  readonly repository: string;
  readonly apiUrl: string;
  readonly auth:
    | { readonly token: SecretReference }
    | {
        readonly app: {
          readonly id: number;
          readonly installation: number;
          readonly privateKey: SecretReference;
        };
      };
  readonly labels: readonly string[];
}
