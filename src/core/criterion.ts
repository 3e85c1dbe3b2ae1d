/** The three objective criteria, in the order a user meets them. */
export const CRITERIA = ['login', 'server', 'dask'] as const;
export type Criterion = (typeof CRITERIA)[number];

/** What users cannot do while a criterion is broken; completes "users can't …". */
export const USERS_CANNOT: Readonly<Record<Criterion, string>> = {
  login: 'log in',
  server: 'start a server',
  dask: 'start dask workers',
};

/** The wanted criteria and all that must hold before them: users log in before they start a server, and compute in one. */
export function withPrerequisites(wanted: readonly Criterion[]): readonly Criterion[] {
  const last = Math.max(...wanted.map((criterion) => CRITERIA.indexOf(criterion)));
  return CRITERIA.slice(0, last + 1);
}
