import type { RunEvent } from '../../src/core/run-event.ts';
import { progressFor } from '../../src/cli/progress.ts';
import { hub } from '../core/hub.ts';

/**
 * Shows runs as `check` does. Argument: JSON with the names of the hubs and what happens, one after the other, until the last
 * of it stays on the screen; it ends when it is told to stop.
 */
export interface Happenings {
  readonly hubs: readonly string[];
  readonly events: readonly (readonly [hub: string, event: RunEvent])[];
  /** Something else that is said meanwhile. */
  readonly said?: string;
}

const { hubs, events, said }: Happenings = JSON.parse(process.argv[2] ?? '');
const { stdout, stderr, env } = process;
const known = hubs.map((name) => hub({ name, url: `https://${name}.example.org/` }));
const progress = await progressFor({ stdout, stderr, env }, known);
for (const [name, event] of events) {
  const found = known.find((one) => one.name === name);
  if (found !== undefined) progress.of(found)(event);
}
if (said !== undefined) progress.print(said);
process.on('SIGINT', () => {
  progress.close();
  stdout.write('the report\n');
  process.exit(0);
});
setInterval(() => {}, 1_000);
