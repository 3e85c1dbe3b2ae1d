import { expect, it } from 'vitest';
import { type Open, NOW, eachStore, later } from './fixture.ts';

export function leaseContract(open: Open): void {
  const at = eachStore(open);

  it('has one holder at a time, and the next one when it is over', async () => {
    const { outbox } = at.store;

    expect(await outbox.lease('github', 'a', NOW, 1_000)).toBe(true);
    expect(await outbox.lease('github', 'b', NOW, 1_000)).toBe(false);
    expect(await outbox.lease('github', 'a', later(500), 1_000)).toBe(true);
    expect(await outbox.lease('github', 'b', later(1_499), 1_000)).toBe(false);
    expect(await outbox.lease('github', 'b', later(1_500), 1_000)).toBe(true);
  });

  it('is given back by its holder alone', async () => {
    const { outbox } = at.store;
    await outbox.lease('github', 'a', NOW, 1_000);

    await outbox.release('github', 'b');
    expect(await outbox.lease('github', 'b', NOW, 1_000)).toBe(false);

    await outbox.release('github', 'a');
    expect(await outbox.lease('github', 'b', NOW, 1_000)).toBe(true);
  });

  it('is not held for as long as the clock was set back, but outlasts a clock that is a little behind', async () => {
    const { outbox } = at.store;
    await outbox.lease('github', 'a', NOW, 1_000);

    expect(await outbox.lease('github', 'b', later(-3_600_000), 1_000)).toBe(false);
    expect(await outbox.lease('github', 'b', later(-3_600_001), 1_000)).toBe(true);
  });

  it('goes to one of several who ask at the same moment', async () => {
    const asking = ['a', 'b', 'c', 'd'].map((holder) => at.store.outbox.lease('github', holder, NOW, 1_000));

    expect((await Promise.all(asking)).filter((given) => given)).toHaveLength(1);
  });
}
