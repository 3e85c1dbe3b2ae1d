import { openSqliteStore } from './sqlite.ts';
import type { Store } from './store.ts';

/** Every kind of store, one line each. */
const stores = {
  sqlite: ({ path }: { readonly path: string }) => openSqliteStore(path),
} satisfies Record<string, (settings: never) => Promise<Store>>;

export type StoreSettings = { readonly kind: 'sqlite'; readonly path: string };

/** @throws StoreError with what to do. */
export function openStore(settings: StoreSettings): Promise<Store> {
  return stores[settings.kind](settings);
}
