import { writeFile } from 'node:fs/promises';
import type { Config } from '../config/config.ts';
import { count } from '../config/message.ts';
import { rhythmOf } from '../monitor/interval.ts';
import { openSnapshot } from '../store/snapshot.ts';
import { StoreError } from '../store/store.ts';
import { overAt } from '../trial/compare.ts';
import type { Entry } from '../trial/ledger.ts';
import { type Replay, replay } from '../trial/replay.ts';
import { EXIT } from './exit-status.ts';
import { type Record, readRecord } from './record.ts';
import { pictureOfReplay } from './replay-picture.ts';
import { replayJson, replayReport } from './replay-report.ts';
import { type Terminal, paintFor } from './terminal.ts';

export interface ReplayOptions {
  /** Null: the one that the configuration names. */
  readonly store: string | null;
  /** Null: as far as the record reaches. */
  readonly from: Date | null;
  readonly to: Date | null;
  readonly json: boolean;
  /** File that gets the picture; null for none. */
  readonly picture: string | null;
}

/** What is on record, and what came of trying other criteria on it. */
export interface Replayed {
  readonly record: Record;
  readonly replay: Replay;
  /** Of the replay, what was not over before the time that is asked for. */
  readonly trial: readonly Entry[];
}

/** Tries the configured criteria on recorded runs, and says what would have been declared. @returns the exit status. */
export async function replayRecord(
  config: Config,
  options: ReplayOptions,
  terminal: Terminal,
): Promise<number> {
  const path = options.store ?? config.service.store.path;
  try {
    await using snapshot = await openSnapshot(path);
    const record = await readRecord(snapshot.store, config.hubs, options);
    if (record === null) {
      terminal.stderr.write(`${path} has no run of a configured hub in that time\n`);
      return EXIT.usage;
    }
    warnOfStrangers(record, terminal);
    await tell(config, { record, ...replayed(config, record) }, options, terminal);
    return EXIT.passed;
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    terminal.stderr.write(`${error.message}\n`);
    return error.code === 'missing' || error.code === 'foreign' ? EXIT.usage : EXIT.errored;
  }
}

function replayed({ hubs, criteria, maintenance }: Config, record: Record): Omit<Replayed, 'record'> {
  const { runs, fromMs, toMs, provenAccounts } = record;
  const first = runs.reduce((found, { startedAt }) => Math.min(found, Date.parse(startedAt)), fromMs);
  const settings = {
    hubs: hubs.map((hub) => ({
      hub,
      ...rhythmOf(hub),
      provenAccounts: provenAccounts(hub),
    })),
    criteria,
    maintenance,
    reachable: () => null,
  };
  const result = replay(settings, runs, { fromMs: first, toMs });
  const from = new Date(fromMs).toISOString();
  return {
    replay: { ...result, missing: result.missing.filter(({ at }) => at >= from) },
    trial: result.entries.filter(({ incident }) => (overAt(incident) ?? '9') >= from),
  };
}

async function tell(
  config: Config,
  what: Replayed,
  options: ReplayOptions,
  { stdout }: Terminal,
): Promise<void> {
  if (options.picture !== null) await writeFile(options.picture, pictureOfReplay(config.hubs, what));
  stdout.write(
    options.json ? `${JSON.stringify(replayJson(what), null, 2)}\n` : replayReport(what, paintFor(stdout)),
  );
}

function warnOfStrangers({ strangers }: Record, { stderr }: Terminal): void {
  for (const [hub, runs] of strangers) {
    stderr.write(`${hub} is on record (${count(runs, 'run')}) and not configured: left out\n`);
  }
}
