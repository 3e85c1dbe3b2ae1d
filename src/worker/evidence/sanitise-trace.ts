import { type Unzipped, strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { Doubtful } from './doubtful.ts';
import { withoutBodies } from './trace-network.ts';
import { withoutValues } from './trace-event.ts';
import { type TraceRecord, isRecord } from './trace-record.ts';

const LARGEST_BYTES = 100 * 2 ** 20;

export interface Censor {
  /** The value with every string in it redacted. */
  readonly deep: (value: unknown) => unknown;
  readonly text: (text: string) => string;
  readonly holdsSecret: (text: string) => boolean;
}

/**
 * A Playwright trace that may be shown: what happened, the pages as they were, who answered what. What was typed, cookies,
 * authorization and all bodies but style sheets are left out; the rest is redacted piece by piece and looked at once more.
 * It opens in Playwright's trace viewer. @throws Doubtful
 */
export function sanitiseTrace(zip: Uint8Array, censor: Censor): Uint8Array {
  if (zip.length > LARGEST_BYTES) throw new Doubtful(`the trace is too large to be looked through`);
  const parts = unzipSync(zip, { filter: ({ name }) => /\.(?:trace|network)$/.test(name) });
  const kept: Record<string, string> = {};
  const styleSheets = new Set<string>();
  for (const [name, bytes] of Object.entries(parts)) {
    const records = strFromU8(bytes).split('\n').filter(Boolean).map(asRecord);
    const safe = name.endsWith('.network')
      ? records.flatMap((record) => withoutBodies(record, (file) => styleSheets.add(file)))
      : records.flatMap(withoutValues);
    kept[name] = safe.map((record) => `${JSON.stringify(censor.deep(record))}\n`).join('');
  }
  for (const [name, bytes] of Object.entries(pick(zip, styleSheets))) kept[name] = censor.text(strFromU8(bytes));
  // Redaction works on pieces; this looks at what is written.
  if (Object.values(kept).some(censor.holdsSecret)) throw new Doubtful('the trace might still hold a secret');
  return zipSync(Object.fromEntries(Object.entries(kept).map(([name, text]) => [name, strToU8(text)])));
}

function pick(zip: Uint8Array, names: ReadonlySet<string>): Unzipped {
  return unzipSync(zip, { filter: ({ name }) => names.has(name) });
}

function asRecord(line: string): TraceRecord {
  const record: unknown = JSON.parse(line);
  if (!isRecord(record)) throw new Doubtful('the trace has a line of a kind we do not know');
  return record;
}
