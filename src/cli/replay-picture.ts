import { count } from '../config/message.ts';
import type { Hub } from '../core/hub.ts';
import { readableTime } from '../core/time.ts';
import type { Entry } from '../trial/ledger.ts';
import { pictureOf } from '../trial/picture/picture.ts';
import type { Replayed } from './replay.ts';

export function pictureOfReplay(hubs: readonly Hub[], { record, replay, trial }: Replayed): string {
  const { fromMs, toMs, runs, incidents } = record;
  const from = new Date(fromMs).toISOString();
  const of = (entries: readonly Entry[], name: string) =>
    entries.filter(({ incident }) => incident.members.some(({ hub }) => hub === name));
  return pictureOf({
    heading: `What was declared, and what would have been`,
    subheading: `${readableTime(from)} to ${readableTime(new Date(toMs).toISOString())}: ${count(incidents.length, 'incident')} declared, ${trial.length} would have been`,
    fromMs,
    toMs,
    hubs: hubs.map(({ name, cluster, probes }) => ({
      name,
      cluster,
      probes,
      runs: runs.filter(({ hub, startedAt }) => hub === name && startedAt >= from),
      turns: replay.turns.filter(({ hub }) => hub === name),
      actual: of(incidents, name),
      trial: of(trial, name),
      missing: replay.missing.filter(({ hub }) => hub === name),
    })),
  });
}
