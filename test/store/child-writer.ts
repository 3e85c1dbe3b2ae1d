import { ulid } from 'ulid';
import { openStore } from '../../src/store/index.ts';
import { anEventOf, anIncident, anOpenIssueFor } from '../build/incident.ts';
import { aFailedRun } from '../build/run.ts';

/** Commits declarations for ever and prints the run id of each that was acknowledged; meant to be killed. */
const store = await openStore({ kind: 'sqlite', path: process.argv[2] ?? '' });
for (;;) {
  const run = aFailedRun('server', 'spawn-failed', { id: ulid() });
  const incident = anIncident({
    scope: { kind: 'hub', id: run.id },
    firstRun: run.id,
    lastFailedRun: run.id,
  });
  await store.commit({
    run,
    verdicts: [],
    incidents: [incident],
    events: [anEventOf(incident)],
    effects: [anOpenIssueFor(incident)],
    proven: null,
  });
  await new Promise((resolve) => process.stdout.write(`${run.id}\n`, resolve));
}
