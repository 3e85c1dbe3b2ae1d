import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Effect } from '../../src/core/effect.ts';
import type { Incident } from '../../src/core/incident.ts';
import { openStore } from '../../src/store/index.ts';
import type { Store } from '../../src/store/store.ts';
import { anEventOf } from '../build/incident.ts';
import { type GitHubStandIn, type StandInOptions, startGitHub } from '../testbed/github/stand-in.ts';

/** A real store and a stand-in for GitHub, for one test. */
export interface Desk extends AsyncDisposable {
  readonly store: Store;
  readonly github: GitHubStandIn;
  declare(incident: Incident, effects: readonly Effect[]): Promise<void>;
}

export async function openDesk(options: StandInOptions = {}): Promise<Desk> {
  const closers = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'outbox-'));
  closers.defer(() => rm(folder, { recursive: true, force: true }));
  const store = await openStore({ kind: 'sqlite', path: join(folder, 'a.db') });
  closers.defer(() => store.close());
  const github = await startGitHub(options);
  closers.defer(() => github.stop());
  return {
    store,
    github,
    async declare(incident, effects) {
      const events = [anEventOf(incident)];
      await store.commit({ run: null, verdicts: [], incidents: [incident], events, effects, proven: null });
    },
    [Symbol.asyncDispose]: () => closers.disposeAsync(),
  };
}
