import type { Criterion } from '../../src/core/criterion.ts';
import type { Fault } from '../testbed/faults.ts';

/** The fault of the testbed by which the demo breaks each criterion. */
export const FAULT_OF: Readonly<Record<Criterion, Fault>> = {
  login: 'login-raises',
  server: 'spawn-raises',
  dask: 'gateway-down',
};
