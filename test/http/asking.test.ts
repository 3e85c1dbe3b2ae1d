import { describe, expect, it } from 'vitest';
import type { Run } from '../../src/core/run.ts';
import type { Execute } from '../../src/queue/queue.ts';
import { aRun } from '../build/run.ts';
import { held } from './held.ts';
import { NOW, aWorld, local, nothing } from './world.ts';

describe('asking for a run', () => {
  const ask = { method: 'POST', url: '/api/v1/hubs/staging/runs', payload: {}, headers: local } as const;

  it('is accepted with its address, and the second asker is sent to the same run', async () => {
    await using world = await aWorld({ execute: held().execute });

    const first = await world.app.inject(ask);
    const second = await world.app.inject(ask);

    expect(first.statusCode).toBe(202);
    expect(first.headers.location).toBe(`/api/v1/runs/${first.json().id}`);
    expect(second).toMatchObject({ statusCode: 303, headers: { location: first.headers.location } });
    const shown = await world.app.inject({ url: `/api/v1/runs/${first.json().id}`, headers: local });
    expect(shown.json()).toMatchObject({ status: 'running', hub: 'staging' });
  });

  it('waits as long as is preferred', async () => {
    const runs = held();
    await using world = await aWorld({ execute: runs.execute });

    const answered = world.app.inject({ ...ask, headers: { ...local, prefer: 'wait=30' } });
    await expect.poll(() => world.queue.flights().length).toBe(1);
    runs.finish();
    const answer = await answered;

    expect(answer).toMatchObject({ statusCode: 200, headers: { 'preference-applied': 'wait=30' } });
    expect(answer.json()).toMatchObject({ outcome: 'passed', hub: 'staging' });
  });

  it('answers with a run that ended before there was anything to wait for', async () => {
    const recorded: { commit?: (run: Run) => Promise<unknown> } = {};
    const execute: Execute = async ({ id, request }) => {
      const run = aRun({ id, hub: request.hub });
      await recorded.commit?.(run);
      return run;
    };
    await using world = await aWorld({ execute });
    recorded.commit = (run) => world.store.commit({ ...nothing, run });
    const headers = { ...local, prefer: 'wait=2', 'idempotency-key': 'k' };

    // While its key is noted, the run comes to its end.
    const { findIdempotencyKey, bindIdempotencyKey } = world.store;
    world.store.bindIdempotencyKey = async (binding) => {
      await expect.poll(() => world.queue.flights().length).toBe(0);
      return bindIdempotencyKey(binding);
    };
    const answer = await world.app.inject({ ...ask, headers });

    expect(answer.statusCode).toBe(200);
    expect(await findIdempotencyKey({ key: `${ask.url} k`, now: NOW })).toBe(answer.json().id);
  });

  it('answers with the run under way when the wait is over', async () => {
    await using world = await aWorld({ execute: held().execute });

    const answer = await world.app.inject({ ...ask, headers: { ...local, prefer: 'wait=1' } });

    expect(answer).toMatchObject({ statusCode: 202 });
    expect(answer.json()).toMatchObject({ status: 'running' });
  });

  it('is done once per idempotency key', async () => {
    const runs = held();
    await using world = await aWorld({ execute: runs.execute });
    const keyed = { ...ask, headers: { ...local, 'idempotency-key': 'k1' } };

    const first = await world.app.inject(keyed);
    runs.finish();
    await expect.poll(() => world.queue.flights().length).toBe(0);
    const again = await world.app.inject(keyed);

    expect(again).toMatchObject({ statusCode: 303, headers: { location: first.headers.location } });
    expect(world.queue.flights()).toEqual([]);
  });

  it('is refused while the service stops', async () => {
    await using world = await aWorld({});
    await world.queue.close();

    expect((await world.app.inject(ask)).json()).toMatchObject({
      status: 503,
      detail: expect.stringMatching(/stops/),
    });
  });

  it('needs no body', async () => {
    await using world = await aWorld({});

    const answer = await world.app.inject({ method: 'POST', url: ask.url, headers: local });

    expect(answer.statusCode).toBe(202);
    expect(world.queue.flights()[0]?.request.probes).toBeNull();
  });

  it('is refused when asked for all the time', async () => {
    await using world = await aWorld({});
    const answers = [];
    for (let asked = 0; asked <= 60; asked += 1) answers.push(await world.app.inject(ask));

    expect(answers.at(-1)?.json()).toMatchObject({ status: 429, title: 'Too many requests' });
  });

  it('by an alert is refused while the service stops, so that it is sent again', async () => {
    await using world = await aWorld({});
    await world.queue.close();
    const payload = { version: '4', alerts: [{ status: 'firing', labels: { hub: 'staging' } }] };

    const answer = await world.app.inject({ method: 'POST', url: '/api/v1/alerts', headers: local, payload });

    expect(answer.statusCode).toBe(503);
  });

  it('comes from alerts too, by the label hub', async () => {
    await using world = await aWorld({ execute: held().execute });
    const alert = (hub: string, status = 'firing') => ({ status, labels: { alertname: 'x', hub } });

    const answer = await world.app.inject({
      method: 'POST',
      url: '/api/v1/alerts',
      headers: local,
      payload: { version: '4', alerts: [alert('staging'), alert('nobody'), alert('research', 'resolved')] },
    });

    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toMatchObject({ runs: [{ hub: 'staging' }], unknownHubs: ['nobody'] });
    expect(world.queue.flights().map(({ request }) => request.trigger)).toEqual(['alert']);
  });
});
