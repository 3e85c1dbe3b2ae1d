import { describe, expect, it } from 'vitest';
import { Broken } from '../../src/core/broken.ts';
import type { StepLimit } from '../../src/probe.ts';
import type { Message } from '../../src/runner/protocol.ts';
import { StepBook } from '../../src/worker/step-book.ts';

const limit: StepLimit = { withinMs: 10_000, late: { reason: 'hub-timeout', message: 'nothing came' } };

function bookOf(names: readonly string[], signal = new AbortController().signal) {
  const heard: Message[] = [];
  const book = new StepBook({ criterion: 'login', names, signal, report: (message) => heard.push(message) });
  const statuses = () =>
    heard.flatMap((message) =>
      message.kind === 'step-finished' ? [`${message.step.name}: ${message.step.status}`] : [],
    );
  return { book, heard, statuses };
}

/** Never settles, like a page that does not answer. */
function hang(): Promise<never> {
  return new Promise(() => {});
}

describe('a step', () => {
  it('that ends is passed, with its time and its last note', async () => {
    const { book, heard } = bookOf(['open']);

    const value = await book.run('open', limit, async ({ note }) => {
      note('one');
      note('two');
      return 42;
    });

    expect(value).toBe(42);
    const last = heard.at(-1);
    expect(last).toMatchObject({ kind: 'step-finished', step: { status: 'passed', note: 'two' } });
  });

  it('that throws is failed, and what was not reached is skipped', async () => {
    const { book, statuses } = bookOf(['open', 'submit', 'arrive']);
    await book.run('open', limit, async () => {});

    const broken = book.run('submit', limit, async () => {
      throw new Broken('login-error', 'no');
    });

    await expect(broken).rejects.toThrow('no');
    book.skipRest();
    expect(statuses()).toEqual(['open: passed', 'submit: failed', 'arrive: skipped']);
    expect(book.current).toBe('submit');
  });

  it('that hangs ends at its limit with what that means, though its body never settles', async () => {
    const { book } = bookOf(['open']);

    const late = book.run('open', { ...limit, withinMs: 20 }, async ({ note }) => {
      note('Scheduled');
      return hang();
    });

    await expect(late).rejects.toMatchObject({
      reason: 'hub-timeout',
      message: 'nothing came within 0 s; last word: Scheduled',
    });
  });

  it('ends with the reason of the run when the run is told to stop', async () => {
    const stop = new AbortController();
    const { book } = bookOf(['open'], stop.signal);

    const stopped = book.run('open', limit, () => {
      stop.abort(new Error('told to stop'));
      return hang();
    });

    await expect(stopped).rejects.toThrow('told to stop');
  });

  it('that passes slowly is said to be slow, not failed', async () => {
    const { book, heard } = bookOf(['open']);

    await book.run('open', { ...limit, slowAfterMs: -1 }, async () => {});

    expect(heard.at(-1)).toMatchObject({ slowLimitSeconds: -0.001, step: { status: 'passed' } });
  });

  it('is refused when it is not the one that the probe named next', async () => {
    const { book } = bookOf(['open', 'submit']);

    const wrong = book.run('submit', limit, async () => {});

    await expect(wrong).rejects.toThrow('step "submit" is not the next one the probe named: "open"');
  });
});
