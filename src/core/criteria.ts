/** When a broken criterion becomes an incident, and when it is over. Durations are milliseconds. */
export interface Criteria {
  readonly declare: {
    /** After a first failed run, confirming runs start this long after it; empty for none. */
    readonly confirmAfterMs: readonly number[];
    /** This many scheduled runs in a row failing is enough by itself. */
    readonly consecutive: number;
  };
  readonly recover: {
    /** This many runs in a row have to pass. */
    readonly passes: number;
    /** And the first of them has to lie this far back. */
    readonly quietForMs: number;
  };
  /** A fault that comes back within this time belongs to the same incident. */
  readonly reopenWithinMs: number;
  readonly group: { readonly waitMs: number; readonly hubs: number; readonly share: number };
}
