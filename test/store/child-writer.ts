import { openStore } from '../../src/store/index.ts';
import { aRun } from '../build/run.ts';

/** Commits runs for ever and prints the id of each that was acknowledged; meant to be killed. */
const store = await openStore({ kind: 'sqlite', path: process.argv[2] ?? '' });
for (;;) {
  const run = aRun();
  await store.commit({ run, verdicts: [], incidents: [], events: [], effects: [], proven: null });
  await new Promise((resolve) => process.stdout.write(`${run.id}\n`, resolve));
}
