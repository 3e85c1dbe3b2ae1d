import { daskFaults } from './dask.ts';
import { kernelFaults } from './kernel.ts';
import { labFaults } from './lab.ts';
import { loginFaults } from './login.ts';
import { ownFaults } from './own-side.ts';
import type { Row } from './row.ts';
import { serverFaults } from './server.ts';

/** The failure table, by subject in the order of a visit. Each subject is run by the test file of the same name. */
export const failureTable = {
  login: loginFaults,
  server: serverFaults,
  lab: labFaults,
  kernel: kernelFaults,
  dask: daskFaults,
  'own side': ownFaults,
} satisfies Record<string, readonly Row[]>;
