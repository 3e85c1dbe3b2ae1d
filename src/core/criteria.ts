/** When a broken criterion becomes an incident, and when it is over. Durations are milliseconds. */
export interface Criteria {
  readonly declare: {
    /** After a first failed run, confirming runs start this long after it; empty for none. */
    readonly confirmAfterMs: readonly number[];
    /** This many scheduled runs in a row failing is enough by itself. */
    readonly consecutive: number;
    /** What may pass by itself (no room, too many starts at once) is broken only when every run of this long failed. */
    readonly persistForMs: number;
  };
  readonly recover: {
    /** This many runs in a row have to pass. */
    readonly passes: number;
    /** And the first of them has to lie this far back. */
    readonly quietForMs: number;
  };
  /** A fault that comes back within this time belongs to the same incident. */
  readonly reopenWithinMs: number;
  readonly flapping: {
    /** Broken this many times */
    readonly cycles: number;
    /** within this long is flapping; */
    readonly withinMs: number;
    /** well for this long is steady again. */
    readonly steadyForMs: number;
  };
  readonly group: { readonly waitMs: number; readonly hubs: number; readonly share: number };
}
