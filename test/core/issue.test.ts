import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applyEvent } from '../../src/core/incident-log.ts';
import type { IncidentEvent } from '../../src/core/incident.ts';
import { issueBody } from '../../src/core/issue.ts';
import { REASONS } from '../../src/core/reason.ts';
import { REASON_GUIDE } from '../../src/core/reason-guide.ts';
import type { Run } from '../../src/core/run.ts';
import { aMember } from '../build/incident.ts';
import { type Circumstances, live } from './books.ts';
import { CRITERIA_IN_TESTS, at, history } from './history.ts';
import { hub } from './hub.ts';

/** A failed run with everything a run can have. */
function failedRun(change: Partial<Run> = {}): Run {
  const [run] = history('F:spawn-timeout@10');
  if (run === undefined) throw new Error('no run');
  return {
    ...run,
    steps: [
      { criterion: 'login', name: 'open the login page', status: 'passed', seconds: 0.21 },
      {
        criterion: 'server',
        name: 'wait until it is ready',
        status: 'failed',
        seconds: 600,
        note: '0/3 nodes are available: 3 Insufficient memory.',
      },
      { criterion: 'server', name: 'open JupyterLab', status: 'skipped', seconds: null },
    ],
    evidence: [
      { kind: 'screenshot', file: 'a.png' },
      { kind: 'spawn-events', file: 'b.json' },
    ],
    ...change,
  };
}

const STORY = [...history('cF:spawn-timeout@11.5 cF:spawn-timeout@13'), failedRun(), ...history('P')];

function opened(circumstances: Circumstances = {}, runs: readonly Run[] = STORY) {
  const [effect] = live(runs, circumstances).effects;
  if (effect?.kind !== 'open-issue') throw new Error('no issue was opened');
  return effect;
}

describe('the issue', () => {
  it('is titled and labelled as the team does it', () => {
    expect(opened()).toMatchObject({
      title: "[Incident] staging: users can't start a server",
      labels: ['type: Hub Incident', 'support', 'criterion: server'],
    });
  });

  it('begins with the marker of its incident', () => {
    const effect = opened();

    expect(effect.body.split('\n')[0]).toBe(`<!-- hubcanary:incident id=${effect.incident} -->`);
  });

  it("has the sections of the team's template, in order", () => {
    const headings = opened()
      .body.split('\n')
      .filter((line) => /^#{1,3} |details>|<summary>/.test(line));

    expect(headings).toEqual([
      '### Summary',
      '### Impact on users',
      '### Important information',
      '### Tasks and updates',
      '<details>',
      '<summary>After-action report template</summary>',
      '# After-action report',
      '## Timeline',
      '## What went wrong',
      '## Where we got lucky',
      '## Follow-up actions',
      '### Process improvements',
      '### Documentation improvements',
      '### Technical improvements',
      '</details>',
    ]);
  });

  it.each<[what: string, text: string]>([
    [
      'what users can not do, and since when',
      "Users of **staging** (cluster gke-1) can't start a server since 2026-03-01 10:10 UTC.",
    ],
    ['the hub', '- Hub URL: https://staging.example.org/\n'],
    ['where to note the ticket', '\n- Support ticket ref:\n'],
    ['how it stands', "| **Status** | 🔴 broken: users can't start a server |"],
    ['when it was declared', '| **Declared** | 2026-03-01 10:13 UTC |'],
    ['how severe it is', '| **Severity** | high |'],
    [
      'what will close it',
      '| **Ends when** | 3 runs in a row pass and the first of them lies 15 min back; this issue is then closed. The canary starts servers rarely once several starts have failed: ask it for a run when the hub is repaired, and that is seen at once |',
    ],
    ['where to read more', '(https://canary.example.org/incidents/'],
    ['the failed step', '- **Failed step:** wait until it is ready'],
    [
      'the reason and its meaning',
      `- **Reason:** \`spawn-timeout\`. ${REASON_GUIDE['spawn-timeout'].meaning}`,
    ],
    ['a first guess', `- **A first guess:** ${REASON_GUIDE['spawn-timeout'].firstGuess}`],
    ['whose side it is', '- **Whose side:** the hub'],
    ['what came back', '```text\na server was asked for, nothing came back\n```'],
    ['the steps', '| ✔ passed | open the login page | 0.2 s |  |'],
    [
      'the last word of the hub',
      '| ✖ failed | wait until it is ready | 10 min | `0/3 nodes are available: 3 Insufficient memory.` |',
    ],
    ['what was not reached', '| – skipped | open JupyterLab |  |  |'],
    ['how often it was tried', 'The canary tried and failed 3 times to start a server:'],
    [
      'every try with its run',
      '- 2026-03-01 10:11 UTC, to confirm, [run RUN000000690](https://canary.example.org/runs/RUN000000690): `spawn-timeout`',
    ],
    [
      'the evidence that was kept',
      '[run RUN000000600](https://canary.example.org/runs/RUN000000600): [screenshot](https://canary.example.org/api/v1/runs/RUN000000600/evidence/a.png), [spawn-events](https://canary.example.org/api/v1/runs/RUN000000600/evidence/b.json).',
    ],
    ['the version', 'JupyterHub `5.4.0`'],
    [
      'the timeline',
      '- 2026-03-01 10:10 UTC - first failed run began\n- 2026-03-01 10:13 UTC - declared: users can',
    ],
  ])('tells %s', (_, text) => {
    expect(opened().body).toContain(text);
  });

  it('does without links when the service has no public address', () => {
    const { body } = opened({ publicUrl: null });

    expect(body).not.toContain('](');
    expect(body).toContain('to confirm, run RUN000000690: `spawn-timeout`');
  });

  it('shows the last steps when there are very many', () => {
    const many = Array.from({ length: 60 }, (_, index) => ({
      criterion: 'server' as const,
      name: `step ${index}`,
      status: 'passed' as const,
      seconds: 1,
    }));

    const { body } = opened({}, STORY.with(2, failedRun({ steps: many })));

    expect(body.match(/^\| ✔ passed/gm)).toHaveLength(40);
    expect(body).toContain('| step 59 |');
  });

  it('bounds what a flapping hub makes of it', () => {
    const content = flapping(400);

    const body = issueBody(content);

    expect(body).toContain('- … 751 more');
    expect(body.length).toBeLessThan(20_000);
  });
});

describe('an issue about 200 hubs', () => {
  const names = Array.from({ length: 200 }, (_, index) => `hub-${index}.${'x'.repeat(40)}.example.org`);
  const base = flapping(0);
  const members = names.map((name) => aMember({ hub: name, since: at(10) }));
  const body = issueBody({
    ...base,
    incident: { ...base.incident, scope: { kind: 'cluster', id: 'north' }, members },
    hubs: names.map((name) => hub({ name, url: `https://${name}/` })),
  });

  it('fits into GitHub with room for what people write', () => {
    expect(body.length).toBeLessThan(50_000);
  });

  it('names each of them, those without room in the table by name alone, and says how many these are', () => {
    const [, count, listed = ''] = /And (\d+) more: (.*)/.exec(body) ?? [];
    const rows = body.split('\n').filter((line) => line.startsWith('| ') && line.includes('hub-'));

    expect(rows.length + Number(count)).toBe(200);
    expect(rows.length).toBeGreaterThan(50);
    expect(listed.split(', ').length).toBeGreaterThan(50);
  });
});

describe('comments and updates', () => {
  it('says how long it was down and how many runs failed when it is well again', () => {
    const comment = live(history('F F E P P P')).effects.find(({ kind }) => kind === 'comment');

    expect(comment).toMatchObject({
      body: expect.stringContaining(
        '🟢 Well again since 2026-03-01 10:30 UTC: users can start a server. It was down for 30 min; 2 runs failed.',
      ),
    });
    expect(comment).toMatchObject({
      body: expect.stringMatching(`^<!-- hubcanary:effect id=${comment?.id} -->`),
    });
  });

  it('counts the runs of its own incident only', () => {
    const comments = live(history('F F F P P P P F F P P P')).effects.filter(
      ({ kind }) => kind === 'comment',
    );

    expect(comments).toMatchObject([
      { body: expect.stringContaining('; 3 runs failed.') },
      { body: expect.stringContaining('It is back') },
      { body: expect.stringContaining('; 2 runs failed.') },
    ]);
  });

  it('says what broke when it breaks again', () => {
    const comment = live(history('F F P F:spawn-refused')).effects.find(({ kind }) => kind === 'comment');

    expect(comment).toMatchObject({
      body: expect.stringContaining("🔴 Broken again: users can't start a server, says [run RUN000001800]"),
    });
    expect(comment).toMatchObject({ body: expect.stringContaining(REASON_GUIDE['spawn-refused'].meaning) });
    expect(comment).toMatchObject({
      body: expect.stringMatching(`^<!-- hubcanary:effect id=${comment?.id} -->`),
    });
  });

  it('brings its own blocks up to date', () => {
    const { effects } = live(history('F F P F:spawn-refused P P P'));
    const blocks = effects.flatMap((effect) =>
      effect.kind === 'update-issue' || effect.kind === 'close-issue' ? [effect.blocks] : [],
    );

    expect(blocks.map((each) => Object.keys(each).toSorted())).toEqual([
      ['hubs', 'status', 'summary', 'timeline'],
      ['evidence', 'hubs', 'status', 'summary', 'timeline'],
      ['hubs', 'status', 'summary', 'timeline'],
      ['hubs', 'status', 'summary', 'timeline'],
    ]);
    expect(blocks[0]?.['status']).toContain('🟡 recovering');
    expect(blocks[1]?.['evidence']).toContain(`\`spawn-refused\`. ${REASON_GUIDE['spawn-refused'].meaning}`);
    expect(blocks[3]?.['status']).toContain('🟢 resolved: users can start a server');
    expect(blocks[3]?.['status']).toContain('| **Well since** | 2026-03-01 10:40 UTC, after 40 min |');
    expect(blocks[3]?.['timeline']?.split('\n')).toHaveLength(6);
  });
});

describe('whatever a hub says', () => {
  const foreign = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 3_000 }),
    fc.constantFrom(
      '<!-- hubcanary:end evidence -->',
      '@octocat fixes #1',
      '![x](https://x.test/?leak)',
      '</details><script>',
      '```\n# mine\n```',
      'x'.repeat(100_000),
      '🦜'.repeat(50_000),
      '|'.repeat(10_000),
    ),
  );

  it('the issue keeps its form and fits into GitHub', () => {
    const bare = shape(opened().body);
    fc.assert(
      fc.property(foreign, foreign, foreign, (message, note, version) => {
        const steps = Array.from({ length: 200 }, () => ({
          criterion: 'server' as const,
          name: message,
          status: 'failed' as const,
          seconds: 1,
          note,
        }));
        const failure = {
          criterion: 'server',
          step: message,
          reason: 'hub-error',
          attribution: 'hub',
          message,
        } as const;
        const hostile = failedRun({ steps, failure, hubVersion: version });
        const { body } = opened({}, STORY.with(2, hostile));

        expect(body.length).toBeLessThanOrEqual(65_536);
        expect(shape(body)).toEqual(bare);
        for (const word of ['@octocat', '![x]', '<script>']) {
          expect(outsideCode(body)).not.toContain(word);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('the guide to reasons', () => {
  it.each(REASONS)('explains %s in whole sentences', (reason) => {
    expect(REASON_GUIDE[reason].meaning).toMatch(/^[A-Z].{20,}\.$/);
    expect(REASON_GUIDE[reason].firstGuess).toMatch(/^[A-Z].{20,}[.?]$/);
  });
});

/** Markers, headings and fences in order: what a hub's words must not add to. */
function shape(body: string): readonly string[] {
  return body
    .split('\n')
    .filter((line) => /^(<!--|#|```|<\/?details|<\/?summary)/.test(line))
    .map((line) => line.replace(/id=\S+/, 'id='));
}

function outsideCode(body: string): string {
  return body.replace(/```text\n.*\n```/g, '').replace(/`[^`\n]*`/g, '');
}

function flapping(times: number) {
  const base = { incident: 'i', at: at(20), because: "users can't start a server: 2 runs in a row failed" };
  const events: IncidentEvent[] = [
    {
      ...base,
      revision: 1,
      kind: 'declared',
      data: {
        run: 'r',
        scope: { kind: 'hub', id: 'staging' },
        criterion: 'server',
        severity: 'high',
        startedAt: at(10),
        members: [aMember({ since: at(10) })],
      },
    },
  ];
  for (let i = 0; i < times; i += 1) {
    events.push({ ...base, revision: 2 * i + 2, kind: 'mitigated', data: {} });
    events.push({ ...base, revision: 2 * i + 3, kind: 'regressed', data: {} });
  }
  const [first, ...rest] = events;
  if (first === undefined) throw new Error('no events');
  return {
    incident: rest.reduce(applyEvent, applyEvent(null, first)),
    hubs: [hub()],
    others: [],
    events,
    failures: history('F '.repeat(200)).toReversed(),
    mayBeMore: true,
    criteria: CRITERIA_IN_TESTS,
    publicUrl: 'https://canary.example.org/',
  };
}
