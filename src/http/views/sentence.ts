import type { Alarm } from '../../core/alarm.ts';
import { CRITERIA, type Criterion } from '../../core/criterion.ts';
import type { Hub } from '../../core/hub.ts';
import type { Verdict, VerdictKind } from '../../core/verdict.ts';
import { does } from './words.ts';

interface Judged {
  readonly hub: Hub;
  readonly verdicts: readonly Verdict[];
}

/** One sentence for all hubs: the worst thing first. */
export function sentence(hubs: readonly Judged[], alarms: readonly Alarm[] = []): {
  readonly tone: 'good' | 'bad' | 'unsure';
  readonly text: string;
} {
  const broken = CRITERIA.map((criterion) => ({ criterion, count: hubs.filter((hub) => is(hub, criterion, 'broken')).length }));
  const worst = broken.filter(({ count }) => count > 0);
  if (worst.length > 0) {
    const parts = worst.map(
      ({ criterion, count }) => `Users can't ${does(criterion)} ${WHERE[criterion]} ${hubCount(count)}`,
    );
    return { tone: 'bad', text: parts.join('. ') };
  }
  if (alarms.length > 0) return { tone: 'unsure', text: trouble(alarms) };
  const unsure = hubs.filter((hub) => !isWell(hub)).length;
  if (unsure > 0) {
    return { tone: 'unsure', text: `${hubCount(unsure)} ${unsure === 1 ? 'is' : 'are'} not known to be well` };
  }
  return { tone: 'good', text: hubs.length === 1 ? 'The hub is well' : `All ${hubs.length} hubs are well` };
}

/** The canary itself is in trouble: that is no hub's fault, and nothing is known of them. */
function trouble(alarms: readonly Alarm[]): string {
  const ours = alarms.find(({ hub }) => hub === null);
  if (ours !== undefined) return 'The canary itself is in trouble: how the hubs are is not known';
  const hubs = new Set(alarms.map(({ hub }) => hub));
  return `The canary cannot tell how ${hubCount(hubs.size)} ${hubs.size === 1 ? 'is' : 'are'}`;
}

export function isBroken({ verdicts }: Pick<Judged, 'verdicts'>): boolean {
  return verdicts.some(({ verdict }) => verdict === 'broken');
}

const WHERE: Readonly<Record<Criterion, string>> = { login: 'to', server: 'on', dask: 'on' };

function hubCount(count: number): string {
  return `${count} ${count === 1 ? 'hub' : 'hubs'}`;
}

/** Where a criterion is being checked or recovers, users can; only what is unknown is not well. */
function isWell({ hub, verdicts }: Judged): boolean {
  return hub.probes.every((criterion) =>
    verdicts.some((verdict) => verdict.criterion === criterion && verdict.verdict !== 'unknown'),
  );
}

function is({ verdicts }: Judged, criterion: Criterion, kind: VerdictKind): boolean {
  return verdicts.some((verdict) => verdict.criterion === criterion && verdict.verdict === kind);
}
