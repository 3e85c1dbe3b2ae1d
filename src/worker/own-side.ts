import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser } from 'playwright';
import { z } from 'zod';
import { type OwnSide, blame, mayBeOurs } from '../core/blame.ts';
import type { Assignment, Ending } from '../runner/protocol.ts';
import { networkIsDown } from '../reachability.ts';
import { messageOf } from '../core/text.ts';

/** What a browser writes for a small page; less room than that and it goes wrong in ways of its own. */
const ROOM_BYTES = 256 * 1024;

/** Looks at our own side where an ending could come from there, and says whose it is. */
export async function settleBlame(
  ending: Ending,
  { reachability, folder }: Pick<Assignment, 'reachability' | 'folder'>,
  crash: string | null,
): Promise<Ending> {
  if (!mayBeOurs(ending)) return ending;
  const own: OwnSide = {
    networkIsDown: ending.outcome === 'failed' && (await networkIsDown(reachability)),
    diskTrouble: await diskTrouble(folder),
    crash,
  };
  return blame(ending, own);
}

async function diskTrouble(folder: string): Promise<string | null> {
  const file = join(folder, 'room');
  try {
    await writeFile(file, Buffer.alloc(ROOM_BYTES));
    return null;
  } catch (error) {
    return messageOf(error);
  } finally {
    await rm(file, { force: true }).catch(() => {});
  }
}

const Crashed = z.object({ status: z.string(), errorCode: z.number() });

/** Hears from the browser how a page's process ended. `how` is null until one has. */
export async function watchCrashes(browser: Browser): Promise<{ readonly how: () => string | null }> {
  let how: string | null = null;
  const session = await browser.newBrowserCDPSession();
  session.on('Target.targetCrashed', (event) => {
    const { status, errorCode } = Crashed.parse(event);
    how ??= `${status} by signal ${errorCode}${hint(errorCode)}`;
  });
  await session.send('Target.setDiscoverTargets', { discover: true });
  return { how: () => how };
}

/** Chromium ends a process that gets no more memory by SIGTRAP, as it does after a failed check of its own. */
function hint(signal: number): string {
  if (signal === 5) return ' (as when it gets no more memory)';
  if (signal === 9) return ' (by somebody else, as the system does when memory runs out)';
  return '';
}
