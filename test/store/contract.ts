import { describe } from 'vitest';
import type { Open } from './contract/fixture.ts';
import { anySequenceContract } from './contract/any-sequence.ts';
import { hubsContract } from './contract/hubs.ts';
import { incidentsContract } from './contract/incidents.ts';
import { lanesContract } from './contract/lanes.ts';
import { leaseContract } from './contract/lease.ts';

import { leftoversContract } from './contract/leftovers.ts';
import { outboxContract } from './contract/outbox.ts';
import { runsContract } from './contract/runs.ts';

const parts: Readonly<Record<string, (open: Open) => void>> = {
  runs: runsContract,
  'what is known of hubs': hubsContract,
  incidents: incidentsContract,
  'the outbox': outboxContract,
  'the lanes of the notifiers': lanesContract,
  'the right to send': leaseContract,
  'what runs left behind': leftoversContract,
  'any sequence of commits and deliveries': anySequenceContract,
};

/** What every store must do; `open` opens the database of a name, again or for the first time; each test finds none. */
export function storeContract(name: string, open: Open): void {
  for (const [part, contract] of Object.entries(parts)) {
    describe(`${name}: ${part}`, () => {
      contract(open);
    });
  }
}
