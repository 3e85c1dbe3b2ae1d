import type { Criterion } from './criterion.ts';

/** What a broken criterion means to the people who use the hub. */
export const IMPACT: Readonly<Record<Criterion, string>> = {
  login:
    "Nobody who is not logged in already can get into the hub. Servers that are running may go on working until their users' sessions end.",
  server:
    'Users can log in, but they get no server to work in: no notebooks, no files. Servers that are running may go on working.',
  dask: 'Users can log in and work in their servers, but computations that need dask workers do not start.',
};
