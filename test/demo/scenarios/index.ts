import { clusterOutage } from './cluster-outage.ts';
import { flapping } from './flapping.ts';
import { githubDown } from './github-down.ts';
import { notPlanned } from './not-planned.ts';
import { oneHub } from './one-hub.ts';
import type { Scenario } from './scenario.ts';
import { sigkill } from './sigkill.ts';

/** By the name that `npm run demo -- --scenario` takes. */
export const SCENARIOS: ReadonlyMap<string, Scenario> = new Map([
  ['one-hub', oneHub],
  ['flapping', flapping],
  ['cluster-outage', clusterOutage],
  ['github-down', githubDown],
  ['sigkill', sigkill],
  ['not-planned', notPlanned],
]);
