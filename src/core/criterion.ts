/** The three objective criteria, in the order a user meets them. */
export const CRITERIA = ['login', 'server', 'dask'] as const;
export type Criterion = (typeof CRITERIA)[number];

/** What users cannot do while a criterion is broken; completes "users can't …". */
export const USERS_CANNOT: Readonly<Record<Criterion, string>> = {
  login: 'log in',
  server: 'start a server',
  dask: 'start dask workers',
};
