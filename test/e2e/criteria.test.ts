import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CRITERIA } from '../../src/core/criterion.ts';
import { playOnce } from '../demo/once.ts';
import { type Stage, setStage } from '../demo/stage.ts';

describe('the service over a real hub', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage(() => {});
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  it.each(CRITERIA)(
    'declares one incident when %s breaks and resolves it when it is well',
    async (criterion) => {
      const told: string[] = [];

      await playOnce(stage, criterion, (line) => told.push(line));

      expect(told.at(-1)).toMatch(/issue #\d+ closed/);
    },
  );

  it('wrote issues from which an engineer knows what happened', () => {
    const [login, server, dask] = stage.github.issues();

    expect(login?.title).toBe("[Incident] demo: users can't log in");
    expect(server?.body).toMatch(/spawn-failed/);
    expect(dask?.body).toMatch(/gateway-unreachable/);
    for (const issue of stage.github.issues()) {
      expect(issue.labels).toContain('type: Hub Incident');
      expect(issue.body.split('\n')[0]).toMatch(/^<!-- hubcanary:incident id=\w+ -->$/);
      for (const section of [
        'Summary',
        'Impact on users',
        'Important information',
        'Tasks and updates',
        'Timeline',
      ]) {
        expect(issue.body).toContain(section);
      }
      expect(issue.body).not.toContain(stage.testbed.password);
    }
  });

  it('left nothing on the hub', async () => {
    await stage.service.stop();

    await expect
      .poll(() => stage.testbed.leftovers(), { timeout: 60_000 })
      .toEqual({ servers: [], tokens: [], processes: [] });
  });
});
