import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunEvent } from '../../src/core/run-event.ts';
import { aFailedRun, aRun } from '../build/run.ts';
import type { Happenings } from './child-watching.ts';
import { type Watched, watch } from './terminal.ts';

const CHILD = join(import.meta.dirname, 'child-watching.ts');

function show(happenings: Happenings, options: Parameters<typeof watch>[1] = {}): Watched {
  return watch([process.execPath, CHILD, JSON.stringify(happenings)], options);
}

const started: RunEvent = { kind: 'started', run: '01K', hub: 'staging', at: '2026-11-24T09:00:00Z' };
const step = (name: string, note?: string): RunEvent => ({
  kind: 'step-finished',
  step: {
    criterion: 'server',
    name,
    status: 'passed',
    seconds: 0.2,
    ...(note === undefined ? {} : { note }),
  },
});
const waits = (text: string): readonly RunEvent[] => [
  { kind: 'step-started', criterion: 'server', step: 'wait until it is ready' },
  { kind: 'note', criterion: 'server', step: 'wait until it is ready', text },
];
const starting = (text: string): Happenings => ({
  hubs: ['staging'],
  events: [started, step('ask for a server'), ...waits(text)].map((event) => ['staging', event]),
});

describe('watching a check on a terminal', () => {
  it('shows the steps that are done, the one that runs, its time and the last word of the hub', async () => {
    const terminal = show(starting('Pulled image'));

    await terminal.shows(/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] wait until it is ready {2}[1-9]\.\d s {2}Pulled image/);
    expect(await terminal.screen()).toEqual([
      'staging   https://staging.example.org/',
      expect.stringMatching(/^ {6}✔ ask for a server +0\.2 s$/),
      expect.stringMatching(/wait until it is ready/),
    ]);

    terminal.interrupt();
    expect(await terminal.ended).toBe(0);
    // All of it makes way for the report, Ctrl-C's echo apart.
    expect((await terminal.everything()).filter((line) => line !== '^C')).toEqual(['the report']);
  });

  it('cuts what does not fit on a narrow terminal, and leaves nothing behind', async () => {
    const terminal = show(starting('a long word of the hub '.repeat(10)), { columns: 40, rows: 10 });

    await terminal.shows(/wait until it is ready {2}[1-9]/);
    const screen = await terminal.screen();
    expect(screen).toHaveLength(3);
    expect(Math.max(...screen.map((line) => line.length))).toBeLessThan(40);

    terminal.interrupt();
    await terminal.ended;
    expect((await terminal.everything()).filter((line) => line !== '^C')).toEqual(['the report']);
  });

  it('draws anew when the terminal gets another size', async () => {
    const terminal = show(starting('a long word of the hub '.repeat(10)), { columns: 60, rows: 10 });
    await terminal.shows(/wait until it is ready/);

    terminal.resize(120, 20);
    await terminal.shows(/(?:a long word of the hub ?){2}/);

    const screen = await terminal.screen();
    expect(screen.filter((line) => line.includes('wait until'))).toHaveLength(1);
    expect(Math.max(...screen.map((line) => line.length))).toBeGreaterThan(60);
    terminal.interrupt();
    await terminal.ended;
    expect((await terminal.everything()).filter((line) => line !== '^C')).toEqual(['the report']);
  });

  it('shows the last steps where there are more than rows', async () => {
    const events = Array.from({ length: 30 }, (_, index): [string, RunEvent] => [
      'staging',
      step(`step ${index}`),
    ]);
    const terminal = show({ hubs: ['staging'], events: [['staging', started], ...events] }, { rows: 8 });

    await terminal.shows(/step 29/);

    expect(await terminal.screen()).toHaveLength(7);
    expect((await terminal.everything())[0]).toMatch(/^staging /);
    terminal.interrupt();
    await terminal.ended;
  });

  it('lets nothing that a hub says move the cursor, colour the screen or begin a line', async () => {
    const terminal = show(starting('\u001b[2J\u001b[31mred\u0007\r\nnext \u009b1A up\u001b]0;title\u0007'));

    await terminal.shows(/red next .*up/);

    expect(await terminal.screen()).toHaveLength(3);
    terminal.interrupt();
    await terminal.ended;
  });

  it('shows many hubs side by side, a line each', async () => {
    const failed = aFailedRun('server', 'spawn-timeout', { hub: 'research', durationSeconds: 71.2 });
    const terminal = show({
      hubs: ['staging', 'research', 'teaching', 'library'],
      events: [
        ...[started, ...waits('Pulled image')].map((event): [string, RunEvent] => ['staging', event]),
        ['research', started],
        ['research', { kind: 'finished', run: failed }],
        ['teaching', started],
        ['teaching', { kind: 'finished', run: aRun({ durationSeconds: 12 }) }],
      ],
    });

    await terminal.shows(/staging {3,}\d/);

    expect(await terminal.screen()).toEqual([
      expect.stringMatching(/^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] staging +\d\.\d s {2}wait until it is ready {2}Pulled image$/),
      "✖ research  failed after 71.2 s  users can't start a server: spawn-timeout",
      '✔ teaching  passed after 12.0 s',
      '– library   waits for its turn',
    ]);
    terminal.interrupt();
    await terminal.ended;
  });

  it('shows those to look at where there are more hubs than rows', async () => {
    const hubs = Array.from({ length: 30 }, (_, index) => `hub-${index}`);
    const finished = (hub: string, run: RunEvent): [string, RunEvent][] => [
      [hub, started],
      [hub, run],
    ];
    const terminal = show(
      {
        hubs,
        events: [
          ...hubs.slice(0, 20).flatMap((hub) => finished(hub, { kind: 'finished', run: aRun() })),
          ...finished('hub-3', { kind: 'finished', run: aFailedRun('login', 'hub-down') }),
          ...[started, ...waits('x')].map((event): [string, RunEvent] => ['hub-29', event]),
        ],
      },
      { rows: 6 },
    );

    await terminal.shows(/… and/);

    const screen = await terminal.screen();
    expect(screen).toHaveLength(5);
    expect(screen.join('\n')).toMatch(/✖ hub-3 [\s\S]*hub-29 .*wait until[\s\S]*… and 7 waiting, 19 passed/);
    terminal.interrupt();
    await terminal.ended;
  });

  it('says something else above what it draws', async () => {
    const terminal = show({ ...starting('Pulled image'), said: 'a warning' });

    await terminal.shows(/Pulled image/);

    expect((await terminal.screen())[0]).toBe('a warning');
    terminal.interrupt();
    await terminal.ended;
    expect((await terminal.everything()).filter((line) => line !== '^C')).toEqual([
      'a warning',
      'the report',
    ]);
  });

  it('has colours, and none with NO_COLOR', async () => {
    const [coloured, plain] = [show(starting('x')), show(starting('x'), { env: { NO_COLOR: '1' } })];
    for (const terminal of [coloured, plain]) await terminal.shows(/wait until/);

    expect(coloured.raw()).toContain('\u001b[32m✔');
    expect(plain.raw()).not.toContain('\u001b[32m');
    expect(plain.raw()).not.toContain('\u001b[2m');
    expect((await plain.screen()).join('\n')).toMatch(/✔ ask for a server/);
    for (const terminal of [coloured, plain]) {
      terminal.interrupt();
      await terminal.ended;
    }
  });

  it.each([{ CI: 'true' }, { TERM: 'dumb' }])('is one line per step with %j', async (env) => {
    const terminal = show(starting('x'), { env });

    await terminal.shows(/ask for a server/);

    expect(await terminal.screen()).toEqual(['staging: server: ask for a server: passed 0.2 s']);
    expect(terminal.raw()).not.toContain('\u001b[');
    terminal.interrupt();
    await terminal.ended;
  });
});
