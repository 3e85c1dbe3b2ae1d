import type { Cost, JudgedRow, Results, Spread, Verdict } from './results.ts';

/** What the numbers belong to. */
export interface Circumstances {
  readonly date: string;
  /** Processor, cores, versions, in words. */
  readonly machine: string;
  /** Rows of the failure table, and of these such as can be judged alike for all. */
  readonly rows: { readonly all: number; readonly alike: number };
}

const OURS = 'hubcanary check';
const SERVICE = 'hubcanary serve, per probe in flight';
const YARDSTICK = 'bare Playwright script';

/** The document, from what was measured. */
export function asMarkdown({ cost, rows }: Results, circumstances: Circumstances): string {
  return [
    introduction(circumstances, cost),
    goals(cost, rows),
    ...[1, 4].map((atOnce) => costTable(costOf(cost, atOnce), atOnce)),
    COST_NOTES,
    rowsTable(rows, circumstances),
    HOW,
  ].join('\n');
}

function introduction({ date, machine }: Circumstances, cost: readonly Cost[]): string {
  const [least, most] = extentOf(cost.map(({ load }) => load));
  return `# Side by side

Hubcanary and what else one could use, on one testbed (a real JupyterHub with JupyterLab and dask-gateway), all going the same
way: log in, start a server, run code, compute on a dask worker, stop everything. Measured ${date} on ${machine}. Meanwhile ${least} to ${most}
processes wanted a core (load average), those of the contestants and of the testbed included.

- **bare Playwright script**: [what somebody would write in an afternoon](../test/bench/bare-journey.ts), without a check, evidence or supervision.
- **playwright test**: the same journey with checks, in Playwright's own runner, with its defaults.
- **@elastic/synthetics**: the same with Elastic's runner of synthetic monitors, with its defaults.
- **jhub-client**: as the largest operator of hubs runs it: over the API with a service's token, no browser, no login, and
  \`validate=False\`: it does not look at what the cells print.
`;
}

function goals(cost: readonly Cost[], rows: readonly JudgedRow[]): string {
  const alone = costOf(cost, 1);
  const [ours, bare, service] = [OURS, YARDSTICK, SERVICE].map((name) => named(alone, name));
  const four = costOf(cost, 4);
  const [ours4, bare4, service4] = [OURS, YARDSTICK, SERVICE].map((name) => named(four, name));
  const names = contestantsOf(rows);
  const right = (name: string) => rows.filter((row) => isRight(row.verdicts[name], row)).length;
  const next = names.filter((name) => name !== OURS).toSorted((a, b) => right(b) - right(a))[0] ?? '';
  const broken = rows.filter(({ criterion }) => criterion !== null);
  const why = (name: string) => broken.filter((row) => isWhy(row.verdicts[name], row)).length;
  const nextWhy = names.filter((name) => name !== OURS).toSorted((a, b) => why(b) - why(a))[0] ?? '';
  const lines = [
    ratioLine('time, warm', ours?.warmSeconds, bare?.warmSeconds, 1.1),
    `| ${REST} | | ${ratioOf(ours?.otherSeconds, bare?.otherSeconds)} | |`,
    ratioLine('time, cold', ours?.coldSeconds, bare?.coldSeconds, 1.25),
    ratioLine('peak memory of a check', ours?.peakMiB, bare?.peakMiB, 1.2),
    ratioLine('peak memory per probe in flight', service?.peakMiB, bare?.peakMiB, 1.2),
    ratioLine('peak memory of a check, 4 at once', ours4?.peakMiB, bare4?.peakMiB, 1.2),
    ratioLine('peak memory per probe in flight, 4 at once', service4?.peakMiB, bare4?.peakMiB, 1.2),
    ratioLine('time, 4 at once', ours4?.warmSeconds, bare4?.warmSeconds, 1.1),
    `| ${REST} | | ${ratioOf(ours4?.otherSeconds, bare4?.otherSeconds)} | |`,
    ...(service?.peakMiB === undefined || service.peakMiB === null
      ? []
      : [
          `| peak memory per probe in flight, absolute | at most 600 MiB | ${service.peakMiB.most.toFixed(0)} MiB at most | ${verdictOn(service.peakMiB.most <= 600)} |`,
        ]),
    ...(rows.length === 0
      ? []
      : [
          `| rows that it gets right | all | ${right(OURS)} of ${rows.length} | ${verdictOn(right(OURS) === rows.length)} |`,
          `| rows that the next best gets right | less than half | ${right(next)} (${next}) | ${verdictOn(right(next) < rows.length / 2)} |`,
          `| the same, counting only faults of which the cause can be told as well | less than half | ${why(nextWhy)} of ${broken.length} (${nextWhy}), Hubcanary ${why(OURS)} | ${verdictOn(why(nextWhy) < broken.length / 2)} |`,
        ]),
  ];
  const starts = extentOf(alone.map(({ hubStartSeconds }) => hubStartSeconds));
  return `## Against the goals

| | goal | measured | |
|---|---|---|---|
${lines.join('\n')}

Ratios of medians. A start takes the hub between ${starts.join(' and ')} s, whoever asks for it, because it waits at random, and longer and longer,
between two looks at the starting server. Its own word on how long each start took is written down, so that the rest can be
compared by itself. The processor time of a
check is ${ratioOf(ours?.cpuSeconds, bare?.cpuSeconds)} × the bare script's alone and ${ratioOf(ours4?.cpuSeconds, bare4?.cpuSeconds)} × 4 at once: it has two processes of Node to start, listens to every
request for secrets, and watches over itself.
`;
}

const REST = 'of it all but what the hub took to start the server';

/** From the least to the most of several measurements, without decimals. */
function extentOf(spreads: readonly (Spread | null)[]): readonly [least: string, most: string] {
  const known = spreads.filter((spread) => spread !== null);
  const least = Math.min(...known.map((spread) => spread.least));
  const most = Math.max(...known.map((spread) => spread.most));
  return [least.toFixed(0), most.toFixed(0)];
}

function ratioOf(ours: Spread | null | undefined, bare: Spread | null | undefined): string {
  return ours && bare ? (ours.median / bare.median).toFixed(2) : '–';
}

function ratioLine(
  what: string,
  ours: Spread | null | undefined,
  bare: Spread | null | undefined,
  most: number,
): string {
  if (!ours || !bare) return `| ${what} | at most ${most} × the bare script's | not measured | |`;
  const ratio = ours.median / bare.median;
  return `| ${what} | at most ${most} × the bare script's | ${ratio.toFixed(2)} | ${verdictOn(ratio <= most)} |`;
}

function verdictOn(isMet: boolean): string {
  return isMet ? 'met' : '**not met**';
}

function costOf(cost: readonly Cost[], atOnce: number): readonly Cost[] {
  return cost.filter((one) => one.atOnce === atOnce);
}

function named(cost: readonly Cost[], name: string): Cost | undefined {
  return cost.find(({ contestant }) => contestant === name);
}

function costTable(cost: readonly Cost[], atOnce: number): string {
  if (cost.length === 0) return '';
  const number = (spread: Spread | null, digits = 1) => {
    if (spread === null) return '–';
    const [median, least, most] = [spread.median, spread.least, spread.most].map((one) =>
      one.toFixed(digits),
    );
    return least === most ? median : `${median} (${least}–${most})`;
  };
  const lines = cost.map((one) => {
    const cells = [
      number(one.coldSeconds),
      number(one.warmSeconds),
      number(one.hubStartSeconds),
      number(one.otherSeconds),
      number(one.cpuSeconds),
      number(one.peakMiB, 0),
    ];
    return `| ${one.contestant} | ${cells.join(' | ')} | ${one.runs} | ${one.failed} |`;
  });
  return `## A healthy check, ${atOnce === 1 ? 'alone' : `${atOnce} at once`}

| contestant | cold s | warm s | of it the hub's start | all else | CPU s each | peak MiB each | warm runs | failed |
|---|---|---|---|---|---|---|---|---|
${lines.join('\n')}
`;
}

const COST_NOTES = `Medians, and in brackets the least and the most. Turns are taken one after the other, so that a slow minute hits all alike.
Time is that of a whole process, from its start to its end; of the service, from the wish for a run to its record. Processor
time is that of the process and all that came of it (control group), of the service all of it. Memory is the highest
proportional set size, looked at four times a second: what processes share counts once, divided among all on the machine that
share it, other people's browsers too. Per probe in flight that is the worker and its browser; the service itself is there once.
Cold are the first turns, with nothing that Hubcanary compiled before. Lines of a table with the same number of warm runs were
measured together; the goals compare others in memory only, which hardly varies. On a
busy machine processor time is the steadiest of these numbers, and a difference of a fifth in the others says little.
`;

function contestantsOf(rows: readonly JudgedRow[]): readonly string[] {
  return [...new Set(rows.flatMap(({ verdicts }) => Object.keys(verdicts)))];
}

/** Noticed, and the right criterion named; where users have no trouble, none named. */
function isRight(verdict: Verdict | undefined, { criterion }: JudgedRow): boolean {
  if (verdict === undefined) return false;
  if (criterion === null) return verdict.blamed === null && !verdict.timedOut;
  return verdict.noticed && verdict.blamed === criterion;
}

/** Right, and the cause can be told as well. */
function isWhy(verdict: Verdict | undefined, row: JudgedRow): boolean {
  return verdict !== undefined && isRight(verdict, row) && verdict.tellsWhy;
}

function cell(verdict: Verdict | undefined, row: JudgedRow): string {
  if (verdict === undefined) return '';
  const after = `${verdict.seconds.toFixed(0)} s`;
  if (isRight(verdict, row)) return `${isWhy(verdict, row) ? '✔✔' : '✔'} ${after}`;
  if (verdict.timedOut) return `nothing said in ${after}`;
  return verdict.noticed ? `blames ${verdict.blamed ?? 'nothing'}, ${after}` : `**passed**, ${after}`;
}

function rowsTable(rows: readonly JudgedRow[], { rows: { all, alike } }: Circumstances): string {
  if (rows.length === 0) return '';
  const names = contestantsOf(rows);
  const broken = rows.filter(({ criterion }) => criterion !== null);
  const count = (some: readonly JudgedRow[], test: (verdict: Verdict, row: JudgedRow) => boolean) =>
    names.map((name) => {
      const judged = some.flatMap((row) => {
        const verdict = row.verdicts[name];
        return verdict === undefined ? [] : [test(verdict, row)];
      });
      return `${judged.filter(Boolean).length} of ${judged.length}`;
    });
  const median = names.map((name) => {
    const seconds = broken
      .flatMap(({ verdicts }) => verdicts[name] ?? [])
      .filter(({ noticed }) => noticed)
      .map((verdict) => verdict.seconds)
      .toSorted((a, b) => a - b);
    const middle = seconds[Math.floor(seconds.length / 2)];
    return middle === undefined ? '–' : `${middle.toFixed(0)} s`;
  });
  const lines = rows.map(
    (row) =>
      `| ${row.fault} | ${row.criterion ?? 'none'} | ${names.map((name) => cell(row.verdicts[name], row)).join(' | ')} |`,
  );
  return `## Faults

Of the ${all} rows of the [failure table](failure-table.md) ${alike} can be judged alike for all: those whose fault meets whoever visits.
The others happen at a step of Hubcanary's own run or to its own processes, or need a journey written for them (an options
form); all of them are in Hubcanary's own tests. ${rows.length === alike ? `All ${alike}` : `Of the ${alike}, these ${rows.length}`} were judged. All contestants visit the broken hub at the same time, each as a user of
its own. ✔ means that the fault was noticed and that the right criterion can be read from what was said (of scripts, from the
part in which they stopped); where the hub is well for its users, or nothing can be known of it from here, that it was not blamed.
✔✔ means that the cause, too, can be told from what was said, by [words that are looked for in everybody's alike](../test/bench/peers/causes.ts)
and are wide on purpose. The time is that of the whole process.

| fault | criterion | ${names.join(' | ')} |
|---|---|${names.map(() => '---|').join('')}
${lines.join('\n')}
| **right** | | ${count(rows, isRight).join(' | ')} |
| **right, and the cause can be told** | | ${count(broken, isWhy).join(' | ')} |
| faults noticed | | ${count(broken, ({ noticed }) => noticed).join(' | ')} |
| median time to notice | | ${median.join(' | ')} |

- Whoever said nothing within 240 s was ended. jhub-client's own limits of 360 s were cut to 90 s and Hubcanary's for a dask cluster
  and its workers to 60 s, what the others' journeys give.
- Several rows were judged at the same time: the times tell who waits out a limit and who does not, and little more.
- Of Playwright's runner, what the page showed when it failed (its \`error-context.md\`) counts as said.
- The row of the kernel that prints something else is hard on all who compare with a constant: what it prints is what they were
  told to expect of the first statement, so that they fail at the second.
- The journeys for Playwright's runner and Elastic's are ours, and generous: their parts have the names of the criteria, their answers are
  compared, and they talk to the kernel by Hubcanary's own code. So written they notice all that Hubcanary notices, when their time
  limits are over, and take for the hub's what is their own (a browser that is missing, a network that is down). jhub-client
  never logs in, so nothing that happens there reaches it, and it is always read as speaking of the server.
- Of the contestants only Hubcanary says why (a reason from a closed list), whose side it is on, tells a fault of its own
  from one of the hub, and removes what it made after a failure too; that is in its time.
`;
}

const HOW = `## How to repeat it

\`\`\`console
npm run bench:peers -- cost --turns 5          # add --at-once 4, --cold 2, or --only hubcanary,bare
npm run bench:peers -- rows --missing          # goes on where it was stopped; or --rows authenticator,start, or --share 1/2
npm run bench:peers -- doc                     # writes this document from all that was measured
\`\`\`

The peers are installed into \`.cache/peers\` at the first use; what they said of each fault is kept in \`.cache/peers/outputs\`, for
whoever doubts how it was read. \`list\` names the rows. Everybody uses the same browser, the one that Hubcanary finds.
`;
