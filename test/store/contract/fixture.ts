import { afterEach, beforeEach } from 'vitest';
import type { Commit, Store } from '../../../src/store/store.ts';
import type { Incident } from '../../../src/core/incident.ts';
import { anEventOf } from '../../build/incident.ts';

/** Opens the database of this name; without one, the test's own. */
export type Open = (name?: string) => Promise<Store>;

export const nothing: Commit = {
  run: null,
  verdicts: [],
  incidents: [],
  events: [],
  effects: [],
  proven: null,
};

export const NOW = new Date('2026-11-24T10:00:00Z');
export const later = (ms: number) => new Date(NOW.getTime() + ms);

/** The commit that takes an incident to this revision. */
export function aCommitOf(incident: Incident, more: Partial<Commit> = {}): Commit {
  const kind = incident.revision === 1 ? 'declared' : 'mitigated';
  return { ...nothing, incidents: [incident], events: [anEventOf(incident, { kind })], ...more };
}

/** A store for each test, closed after it. */
export function eachStore(open: Open): { store: Store; reopen(): Promise<void> } {
  let current: Store | null = null;
  beforeEach(async () => void (current = await open()));
  afterEach(() => current?.close());
  return {
    get store() {
      if (current === null) throw new Error('the store is open within tests only');
      return current;
    },
    async reopen() {
      await current?.close();
      current = await open();
    },
  };
}
