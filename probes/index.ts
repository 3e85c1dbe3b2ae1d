import type { Criterion } from '../src/core/criterion.ts';
import type { Probe } from '../src/probe.ts';
import { dask } from './dask.ts';
import { login } from './login.ts';
import { server } from './server.ts';

/** Every probe, one line each, in the order a user would go. */
export const probes = { login, server, dask } satisfies Record<Criterion, Probe>;
