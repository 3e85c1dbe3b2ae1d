/** What an incident is about. Ladder of scopes: each contains the ones before it. */
export const SCOPE_KINDS = ['hub', 'cluster', 'identity-provider', 'fleet'] as const;
export type ScopeKind = (typeof SCOPE_KINDS)[number];

export interface Scope {
  readonly kind: ScopeKind;
  /** Name of the hub, cluster or identity provider; `fleet` for all hubs. */
  readonly id: string;
}

/** `staging`, `cluster gke-1`, `identity provider github`, `the fleet`: as titles and sentences name it. */
export function scopeName({ kind, id }: Scope): string {
  switch (kind) {
    case 'hub':
      return id;
    case 'cluster':
      return `cluster ${id}`;
    case 'identity-provider':
      return `identity provider ${id}`;
    case 'fleet':
      return 'the fleet';
  }
}
