import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runsOfActiveIncidents } from '../../src/monitor/needed-evidence.ts';
import { openStore } from '../../src/store/index.ts';
import type { Store } from '../../src/store/store.ts';
import { aMember, anEventOf, anIncident } from '../build/incident.ts';
import { aFailedRun } from '../build/run.ts';
import { nothing } from '../http/world.ts';

describe('evidence that is still needed', () => {
  let folder: string;
  let store: Store;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'needed-'));
    store = await openStore({ kind: 'sqlite', path: join(folder, 'a.db') });
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is that of the runs an open incident is made of, and of no other', async () => {
    const run = (startedAt: string, criterion: 'server' | 'login' = 'server', hub = 'staging') =>
      aFailedRun(criterion, 'hub-error', { startedAt: `2026-11-24T${startedAt}:00.000Z`, hub });
    const [before, first, middle] = [run('08:00'), run('09:00'), run('09:02')];
    const [otherCriterion, otherHub] = [run('09:03', 'login'), run('09:04', 'server', 'research')];
    for (const one of [before, first, middle, otherCriterion, otherHub]) {
      await store.commit({ ...nothing, run: one });
    }
    const ofMember = { firstRun: first.id, lastFailedRun: first.id };
    const open = anIncident({
      ...ofMember,
      startedAt: first.startedAt,
      members: [aMember({ ...ofMember, since: first.startedAt })],
    });
    const over = anIncident({
      criterion: 'login',
      state: 'resolved',
      resolvedAt: '2026-11-24T10:00:00.000Z',
      firstRun: otherCriterion.id,
      lastFailedRun: otherCriterion.id,
    });
    for (const incident of [open, over]) {
      await store.commit({ ...nothing, incidents: [incident], events: [anEventOf(incident)] });
    }

    expect([...(await runsOfActiveIncidents(store))].toSorted()).toEqual([first.id, middle.id].toSorted());
  });
});
