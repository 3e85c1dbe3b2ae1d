import type { Hub } from './hub.ts';

/** What an incident is about. Ladder of scopes: each contains the ones before it. */
export const SCOPE_KINDS = ['hub', 'cluster', 'identity-provider', 'fleet'] as const;
export type ScopeKind = (typeof SCOPE_KINDS)[number];

export interface Scope {
  readonly kind: ScopeKind;
  /** Name of the hub, cluster or identity provider; `fleet` for all hubs. */
  readonly id: string;
}

export const FLEET: Scope = { kind: 'fleet', id: 'fleet' };

export function isSameScope(one: Scope, other: Scope): boolean {
  return one.kind === other.kind && one.id === other.id;
}

export function isWider(one: Scope, other: Scope): boolean {
  return SCOPE_KINDS.indexOf(one.kind) > SCOPE_KINDS.indexOf(other.kind);
}

/** Whether a hub lies in a scope, by the configuration. */
export function contains({ kind, id }: Scope, hub: Hub): boolean {
  switch (kind) {
    case 'hub':
      return hub.name === id;
    case 'cluster':
      return hub.cluster === id;
    case 'identity-provider':
      return hub.identityProvider === id;
    case 'fleet':
      return true;
  }
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
