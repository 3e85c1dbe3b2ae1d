import { daskFaults } from './dask.ts';
import { kernelFaults } from './kernel.ts';
import { loginFaults } from './login.ts';
import type { Row } from './row.ts';
import { serverFaults } from './server.ts';

/** The failure table, by subject in the order of a visit. Each subject is run by the test file of the same name. */
export const failureTable = {
  login: loginFaults,
  server: serverFaults,
  kernel: kernelFaults,
  dask: daskFaults,
} satisfies Record<string, readonly Row[]>;
