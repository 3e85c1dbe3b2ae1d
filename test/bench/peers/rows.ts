import type { Row } from '../../journey/faults/row.ts';
import { sentenceOf } from '../../journey/faults/row.ts';
import { setStage } from '../../journey/faults/stage.ts';
import type { Contestant } from './contestants.ts';
import { measure } from './meter.ts';
import type { JudgedRow } from './results.ts';
import { type World, aVisit, leaveNothing } from './world.ts';

/** Whoever has not said anything by then is ended. */
const WITHIN_MS = 180_000;

/** Each fault once for each contestant: is it noticed at all, is the right criterion blamed, and how long does it take? */
export async function* judgeRows(
  world: World,
  chosen: readonly Contestant[],
  rows: readonly Row[],
): AsyncGenerator<JudgedRow> {
  for (const row of rows) {
    if (row.criterion === null || row.outcome === 'errored') continue;
    const verdicts: Record<string, JudgedRow['verdicts'][string]> = {};
    for (const contestant of chosen) {
      verdicts[contestant.name] = await judge(world, contestant, row);
      const { detected, blamed, seconds } = verdicts[contestant.name] ?? {};
      world.say(
        `${sentenceOf(row)}: ${contestant.name}: ${detected === true ? `blames ${blamed}` : 'not noticed'} after ${seconds?.toFixed(1)} s`,
      );
    }
    yield { fault: sentenceOf(row), criterion: row.criterion, verdicts };
  }
}

async function judge(world: World, contestant: Contestant, row: Row): Promise<JudgedRow['verdicts'][string]> {
  await leaveNothing(world);
  await using stage = await setStage(world.testbed, row);
  const { hub, password } = stage.changes;
  const visit = await aVisit(world, {
    hubUrl: hub?.url ?? stage.front.url,
    limits: limitsOf(row),
    ...(password === undefined ? {} : { password }),
  });
  const measured = await measure(contestant.command(visit, world.places), WITHIN_MS);
  const detected = !measured.timedOut && measured.status !== 0;
  return {
    detected,
    blamed: detected ? contestant.blames(measured) : null,
    seconds: measured.wallSeconds,
    timedOut: measured.timedOut,
  };
}

/** As a configuration would say it. */
function limitsOf({ changes }: Row): Readonly<Record<string, unknown>> {
  const dask = changes?.hub?.dask;
  return {
    ...(changes?.probes === undefined ? {} : { probes: changes.probes }),
    ...(dask === undefined
      ? {}
      : {
          dask: {
            workers: dask.workers,
            startTimeout: `${dask.startTimeoutMs / 1000}s`,
            workerTimeout: `${dask.workerTimeoutMs / 1000}s`,
          },
        }),
  };
}
