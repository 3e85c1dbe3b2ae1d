/** What one healthy check costs a contestant; medians of the warm runs. */
export interface Cost {
  readonly contestant: string;
  readonly atOnce: number;
  readonly runs: number;
  /** Runs that did not pass although the hub was well. */
  readonly failed: number;
  readonly coldSeconds: number | null;
  readonly warmSeconds: number | null;
  readonly cpuSeconds: number | null;
  readonly peakMiB: number | null;
}

/** What a contestant made of a row. */
export interface Verdict {
  /** It said that something was wrong with the hub. */
  readonly noticed: boolean;
  /** The criterion that can be read from what it said. */
  readonly blamed: string | null;
  /** Of the whole process. */
  readonly seconds: number;
  /** It was ended before it said anything. */
  readonly timedOut: boolean;
}

/** What came of one row of the failure table. */
export interface JudgedRow {
  readonly fault: string;
  /** Null where nothing is wrong for users, whatever it looks like. */
  readonly criterion: string | null;
  readonly reason: string | null;
  readonly verdicts: Readonly<Record<string, Verdict>>;
}

export interface Results {
  readonly cost: readonly Cost[];
  readonly rows: readonly JudgedRow[];
}

/** What was measured last takes the place of what was measured before. */
export function merged(before: Results, now: Results): Results {
  const cost = before.cost.filter(
    (old) => !now.cost.some((one) => one.contestant === old.contestant && one.atOnce === old.atOnce),
  );
  const rows = new Map(before.rows.map((row) => [row.fault, row]));
  for (const row of now.rows) {
    rows.set(row.fault, { ...row, verdicts: { ...rows.get(row.fault)?.verdicts, ...row.verdicts } });
  }
  return { cost: [...cost, ...now.cost], rows: [...rows.values()] };
}

/** The document, from what was measured. */
export function asMarkdown({ cost, rows }: Results): string {
  return [
    INTRODUCTION,
    ...[1, 4].map((atOnce) =>
      costTable(
        cost.filter((one) => one.atOnce === atOnce),
        atOnce,
      ),
    ),
    rowsTable(rows),
    HOW,
  ].join('\n');
}

const INTRODUCTION = `# Side by side

Hubcanary and what else one could use, on one testbed (a real JupyterHub with JupyterLab and dask-gateway), all going the same
way: log in, start a server, run code, compute on a dask worker, stop everything. A whole process is measured, from its start to
its end: wall time, processor time of it and all its descendants (control group), and the highest proportional set size (memory
that processes share counts once), looked at four times a second. Two cores; **the machine was shared** with other work, so times
vary from turn to turn, and only contestants of the same table compare.
`;

function costTable(cost: readonly Cost[], atOnce: number): string {
  if (cost.length === 0) return '';
  const number = (value: number | null, digits = 1) => (value === null ? '–' : value.toFixed(digits));
  const lines = cost.map(
    (one) =>
      `| ${one.contestant} | ${number(one.coldSeconds)} | ${number(one.warmSeconds)} | ${number(one.cpuSeconds)} | ${number(one.peakMiB, 0)} | ${one.runs} | ${one.failed} |`,
  );
  return `## A healthy check, ${atOnce === 1 ? 'alone' : `${atOnce} at once`}

| contestant | cold s | warm s (median) | CPU s | peak MiB each | warm runs | failed |
|---|---|---|---|---|---|---|
${lines.join('\n')}
`;
}

function rowsTable(rows: readonly JudgedRow[]): string {
  if (rows.length === 0) return '';
  const names = [...new Set(rows.flatMap(({ verdicts }) => Object.keys(verdicts)))];
  const cell = (row: JudgedRow, name: string) => {
    const verdict = row.verdicts[name];
    if (verdict === undefined) return '';
    const after = `${verdict.seconds.toFixed(0)} s`;
    if (!verdict.noticed) return verdict.timedOut ? `nothing said in ${after}` : `**passed**, ${after}`;
    return verdict.blamed === row.criterion
      ? `✔ ${after}`
      : `blames ${verdict.blamed ?? 'nothing'}, ${after}`;
  };
  const lines = rows.map(
    (row) => `| ${row.fault} | ${row.criterion} | ${names.map((name) => cell(row, name)).join(' | ')} |`,
  );
  const share = (test: (verdict: JudgedRow['verdicts'][string], row: JudgedRow) => boolean) =>
    names.map((name) => {
      const judged = rows.filter(({ verdicts }) => verdicts[name] !== undefined);
      const good = judged.filter((row) => {
        const verdict = row.verdicts[name];
        return verdict !== undefined && test(verdict, row);
      });
      return `${good.length} of ${judged.length}`;
    });
  return `## Faults

Each of these faults was brought about once for each contestant: ✔ means that it was noticed and that the right criterion can
be read from what was said (of scripts, from the part in which they stopped). The time is that of the whole process.

| fault | criterion | ${names.join(' | ')} |
|---|---|${names.map(() => '---|').join('')}
${lines.join('\n')}
| noticed | | ${share(({ noticed }) => noticed).join(' | ')} |
| right criterion | | ${share(({ blamed }, { criterion }) => blamed === criterion).join(' | ')} |

Of the contestants only Hubcanary says why (a reason from a closed list) and whose side it is on.
`;
}

const HOW = `## How to repeat it

\`\`\`console
npm run bench:peers -- cost --turns 5          # add --at-once 4, or --only hubcanary,bare
npm run bench:peers -- rows --rows authenticator,start
npm run bench:peers -- doc                     # writes this document from all that was measured
\`\`\`

The peers are installed into \`.cache/peers\` at the first use. \`list\` names the rows. Everybody uses the same browser, the one
that Hubcanary finds. jhub-client runs as the largest operator of hubs runs it: with a service's token over the API, without a
login, without validating what the cells print.
`;
