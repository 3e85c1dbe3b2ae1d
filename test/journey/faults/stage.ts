import { type Front, startFront } from '../../testbed/front.ts';
import type { Testbed } from '../../testbed/testbed.ts';
import type { Row, Stage } from './row.ts';
import type { CheckChanges } from '../check-hub.ts';

/** A row's fault in force; disposing of it heals everything. */
export interface SetStage extends AsyncDisposable {
  readonly changes: CheckChanges;
  /** Remembers what the canary user was answered. */
  readonly front: Front;
}

/** Brings a row's fault about. Every visit goes through a front, so that what was answered is known independently of the probe. */
export async function setStage(testbed: Testbed, row: Row): Promise<SetStage> {
  const undo = new AsyncDisposableStack();
  undo.defer(() => testbed.faults.healAll());
  let front: Front | null = null;
  const stage: Stage = {
    testbed,
    async front(options = {}) {
      front = undo.use(await startFront({ target: testbed.hubUrl, ...options }));
      return front;
    },
    onEnd: (heal) =>
      undo.defer(async () => {
        await heal();
      }),
  };
  try {
    const arranged = typeof row.fault === 'string' ? undefined : await row.fault.arrange(stage);
    if (typeof row.fault === 'string') await testbed.faults.break(row.fault);
    const used = front ?? (await stage.front());
    const hub = { url: used.url, ...row.changes?.hub, ...arranged?.hub };
    return {
      changes: { ...row.changes, ...arranged, hub },
      front: used,
      [Symbol.asyncDispose]: () => undo.disposeAsync(),
    };
  } catch (error) {
    await undo.disposeAsync();
    throw error;
  }
}
