import type { Observer } from '../../src/monitor/observer.ts';

/** Hears everything and makes nothing of it. */
export const NOBODY: Observer = {
  runFinished() {},
  runSkipped() {},
  scheduleLag() {},
  verdicts() {},
  declared() {},
  issueVisible() {},
  delivery() {},
  duplicate() {},
  cleanedUp() {},
  storeError() {},
};
