import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createMetrics, metricDefinitions } from '../../src/metrics/metrics.ts';
import { metricsTable } from '../../src/metrics/metrics-table.ts';
import { anIncident, anEventOf, anOpenIssueFor } from '../build/incident.ts';
import { aFailedRun, aRun, anErroredRun } from '../build/run.ts';
import { aVerdict } from '../build/verdict.ts';
import { NOW, aHub, aWorld, nothing } from '../http/world.ts';

async function after<Value>(wait: Promise<void>, value: Value): Promise<Value> {
  await wait;
  return value;
}

async function turnsLater<Value>(turns: number, work: () => Promise<Value>): Promise<Value> {
  for (let taken = 0; taken < turns; taken += 1) await turn();
  return work();
}

async function exposition(world: Awaited<ReturnType<typeof aWorld>>): Promise<string> {
  return (await world.metrics.text(false)).body;
}

/** The value of one series; null when it is absent. */
function valueOf(text: string, series: string): number | null {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? null : Number(line.slice(series.length));
}

const LABEL = String.raw`\w+="(?:[^"\\]|\\[\\"n])*"`;
const SAMPLE = new RegExp(
  `^(\\w+(?:\\{${LABEL}(?:,${LABEL})*\\})?) ([-+]?(?:[\\d.]+(?:e[-+]?\\d+)?|Inf)|NaN)$`,
  'i',
);
const SUFFIX: Readonly<Record<string, RegExp>> = { histogram: /_(bucket|sum|count)$/, counter: /_total$/ };

/** The kind of every metric of ours that has a sample. @throws at the first line that breaks the format or comes twice */
function kindsIn(exposition: string): ReadonlyMap<string, string> {
  const kinds = new Map<string, string>();
  const seen = new Set<string>();
  let family = '';
  let kind = '';
  for (const line of exposition.trimEnd().split('\n')) {
    if (line.startsWith('# TYPE ')) [family = '', kind = ''] = line.slice('# TYPE '.length).split(' ');
    if (line.startsWith('#') || line === '') continue;
    const series = SAMPLE.exec(line)?.[1] ?? '';
    const name = series.replace(/\{.*/, '');
    const suffix = SUFFIX[kind] ?? /$^/;
    if (series === '' || seen.has(series) || name.replace(suffix, '') !== family.replace(suffix, '')) {
      throw new Error(`not a sample of the ${kind} ${family}: ${line}`);
    }
    seen.add(series);
    // What Node's own metrics say comes and goes, as with the first garbage collection.
    if (name.startsWith('hubcanary_')) kinds.set(kind === 'histogram' ? family : name, kind);
  }
  return kinds;
}

function runsThat(outcome: string): string {
  return `hubcanary_runs_total{hub="staging",trigger="schedule",outcome="${outcome}"}`;
}

const recently = new Date(NOW.getTime() - 60_000).toISOString();
const verdict = aVerdict({ since: recently });

describe('alarm', () => {
  it('is 1 for what is raised, and 0 for all that could be', async () => {
    const alarms = [
      { kind: 'no-evidence', hub: 'staging', because: '' },
      { kind: 'no-decision', hub: null, because: '' },
    ] as const;
    await using world = await aWorld({});
    const { store } = world;
    const rest = { flights: () => [], intervalMs: () => 600_000, now: () => NOW, version: '' };
    const metrics = createMetrics({ hubs: [aHub('staging')], store, ...rest, alarms: () => alarms });

    const { body } = await metrics.text(false);

    const of = (hub: string, kind: string) => valueOf(body, `hubcanary_alarm{hub="${hub}",kind="${kind}"}`);
    expect(of('staging', 'no-evidence')).toBe(1);
    expect(of('', 'no-decision')).toBe(1);
    expect(of('staging', 'no-decision')).toBe(0);
    expect(of('staging', 'no-runs')).toBe(0);
    expect(of('', 'self-check')).toBe(0);
    expect(of('', 'no-runs')).toBeNull();
  });
});

describe('criterion_up', () => {
  it.each([
    ['healthy', 1],
    ['suspect', 1],
    ['recovering', 1],
    ['broken', 0],
    ['unknown', null],
  ] as const)('of a %s criterion is %s', async (kind, value) => {
    await using world = await aWorld({});
    await world.store.commit({
      ...nothing,
      run: aRun({ finishedAt: recently }),
      verdicts: [{ ...verdict, verdict: kind }],
    });

    expect(valueOf(await exposition(world), 'hubcanary_criterion_up{hub="staging",criterion="server"}')).toBe(
      value,
    );
  });

  it('is absent when the last run is older than three intervals', async () => {
    await using world = await aWorld({});
    const old = new Date(NOW.getTime() - 31 * 60_000).toISOString();
    await world.store.commit({ ...nothing, run: aRun({ finishedAt: old }), verdicts: [verdict] });

    expect(
      valueOf(await exposition(world), 'hubcanary_criterion_up{hub="staging",criterion="server"}'),
    ).toBeNull();
  });

  it('is absent for a hub that is no longer configured', async () => {
    await using world = await aWorld({ hubs: [aHub('other')] });
    await world.store.commit({ ...nothing, run: aRun({ finishedAt: recently }), verdicts: [verdict] });

    expect(await exposition(world)).not.toContain('hub="staging"');
  });
});

describe('run_last_success_timestamp_seconds', () => {
  it('is not that of a run which left out what kept failing', async () => {
    await using world = await aWorld({});
    const before = new Date(NOW.getTime() - 600_000).toISOString();
    const whole = aRun({ id: '01A', startedAt: before, finishedAt: before });
    const short = aRun({ id: '01B', finishedAt: recently, leftOut: '3 starts in a row of ours failed' });
    for (const run of [whole, short]) await world.store.commit({ ...nothing, run, verdicts: [] });

    expect(
      valueOf(await exposition(world), 'hubcanary_run_last_success_timestamp_seconds{hub="staging"}'),
    ).toBe(Date.parse(before) / 1000);
  });
});

describe('counting runs', () => {
  it('by outcome and reason, starting from 0', async () => {
    await using world = await aWorld({});
    const { observer } = world.metrics;
    observer.runFinished(aFailedRun('server', 'spawn-failed'));
    observer.runFinished(anErroredRun('browser-crashed'));

    const text = await exposition(world);

    expect(valueOf(text, runsThat('failed'))).toBe(1);
    expect(valueOf(text, runsThat('passed'))).toBe(0);
    expect(valueOf(text, 'hubcanary_run_failures_total{hub="staging",criterion="login",reason="xsrf"}')).toBe(
      0,
    );
    expect(
      valueOf(text, 'hubcanary_run_failures_total{hub="staging",criterion="server",reason="spawn-failed"}'),
    ).toBe(1);
    expect(valueOf(text, 'hubcanary_probe_errors_total{reason="browser-crashed"}')).toBe(1);
  });

  it('says what was left behind and what waits to be told', async () => {
    await using world = await aWorld({});
    const cleanup = {
      status: 'leaked',
      left: [{ kind: 'server', id: '' }],
      removed: [],
      seconds: 1,
    } as const;
    const incident = anIncident();
    await world.store.commit({
      ...nothing,
      run: aRun({ cleanup }),
      incidents: [incident],
      events: [anEventOf(incident)],
      effects: [anOpenIssueFor(incident)],
    });

    const text = await exposition(world);

    expect(valueOf(text, 'hubcanary_leaked_resources{hub="staging",kind="server"}')).toBe(1);
    expect(valueOf(text, 'hubcanary_outbox_pending{notifier="github"}')).toBe(1);
    expect(valueOf(text, 'hubcanary_incident_open{hub="staging",criterion="server",severity="high"}')).toBe(
      1,
    );
    expect(valueOf(text, 'hubcanary_credential_unproven{hub="staging"}')).toBe(1);
  });
});

describe('the exposition', () => {
  it('is OpenMetrics when asked for', async () => {
    await using world = await aWorld({});

    const answer = await world.app.inject({
      url: '/metrics',
      headers: { accept: 'application/openmetrics-text' },
    });

    expect(answer.headers['content-type']).toContain('application/openmetrics-text');
    expect(answer.body.endsWith('# EOF\n')).toBe(true);
  });

  it.each([
    [false, false],
    [false, true],
    [true, true],
    [true, false],
  ])('is well-formed and the same to every scraper (OpenMetrics: %s, then %s)', async (first, second) => {
    await using world = await aWorld({});
    world.metrics.observer.runFinished(aFailedRun('server', 'spawn-failed'));

    const once = kindsIn((await world.metrics.text(first)).body);
    const again = kindsIn((await world.metrics.text(second)).body);

    expect(again).toEqual(once);
    expect(once.get('hubcanary_runs_total')).toBe('counter');
    for (const { name, kind } of metricDefinitions().filter(({ kind }) => kind !== 'gauge')) {
      expect(once.get(name)).toBe(kind);
    }
  });

  it('has exactly the metrics of the README', async () => {
    const path = join(import.meta.dirname, '../../README.md');
    const marked = /(?<=<!-- metrics -->\n\n)[^]*?(?=\n\n<!-- \/metrics -->)/;
    const readme = await readFile(path, 'utf8');
    if (process.env['UPDATE_DOCS'] !== undefined) await writeFile(path, readme.replace(marked, metricsTable));

    // Out of step? `UPDATE_DOCS=1 npx vitest run test/metrics` writes it again, and then passes the second time.
    expect(marked.exec(readme)?.[0]).toBe(metricsTable());
  });

  it('is whole for each of two scrapers, whenever the second one comes', async () => {
    const hubs = Array.from({ length: 20 }, (_, index) => aHub(`hub-${index}`));
    await using world = await aWorld({});
    const { outbox, activeIncidents, leftovers, credentialProven } = world.store;
    const run = aRun({ finishedAt: recently });
    // Answers from elsewhere, as a database server gives them: other work gets in between.
    const store = {
      outbox,
      activeIncidents,
      credentialProven,
      leftovers,
      verdicts: async () =>
        after(
          turn(),
          hubs.map(({ name }) => ({ ...verdict, hub: name })),
        ),
      runs: async () => after(turn(), [run]),
    };
    const parts = { hubs, store, flights: () => [], intervalMs: () => 600_000, now: () => NOW, version: '' };
    const { text } = createMetrics(parts);

    for (let turns = 0; turns < 30; turns += 1) {
      const scrapes = [text(false), turnsLater(turns, () => text(false))];

      for (const { body } of await Promise.all(scrapes)) {
        expect(body.match(/^hubcanary_criterion_up\{/gm)).toHaveLength(20);
      }
    }
  });

  it('says less, and that it does, while the store cannot be read', async () => {
    await using world = await aWorld({});
    await world.store.close();

    const text = await exposition(world);

    expect(valueOf(text, 'hubcanary_store_errors_total')).toBe(1);
    expect(valueOf(text, 'hubcanary_outbox_pending{notifier="github"}')).toBeNull();
    expect(valueOf(text, 'hubcanary_runs_in_flight')).toBe(0);
  });

  it.each(['notifier_up{notifier="github"}', 'github_ratelimit_remaining', 'uncommitted_runs'])(
    'keeps silent about %s until somebody knows',
    async (name) => {
      await using world = await aWorld({});

      expect(valueOf(await exposition(world), `hubcanary_${name}`)).toBeNull();
    },
  );
});
