import type { Verdict } from '../../src/core/verdict.ts';

export function aVerdict(changes: Partial<Verdict> = {}): Verdict {
  return {
    hub: 'staging',
    criterion: 'server',
    verdict: 'broken',
    since: '2026-11-24T09:00:00.000Z',
    runs: [],
    because: '',
    toldAt: null,
    triedAt: null,
    failure: null,
    ...changes,
  };
}
