import { spawn } from 'node:child_process';
import { join } from 'node:path';
import xterm from '@xterm/headless';
import { waitFor } from '../testbed/wait-for.ts';

/** A command in a terminal that somebody looks at. */
export interface Watched {
  /** What is to be seen now, without empty lines at the end. */
  screen(): Promise<readonly string[]>;
  /** All that scrolled away and all that is to be seen. */
  everything(): Promise<readonly string[]>;
  /** Every byte that was written. */
  raw(): string;
  /** Waits until the screen shows this. */
  shows(what: RegExp): Promise<void>;
  resize(columns: number, rows: number): void;
  /** Ctrl-C. */
  interrupt(): void;
  readonly ended: Promise<number>;
}

/** Runs a command in a real pseudo-terminal; what it writes is shown by a real terminal emulator. */
export function watch(
  command: readonly string[],
  options: { columns?: number; rows?: number; env?: Readonly<Record<string, string>> } = {},
): Watched {
  const { columns = 100, rows = 30, env = {} } = options;
  const emulator = new xterm.Terminal({ cols: columns, rows, scrollback: 5_000, allowProposedApi: true });
  const child = spawn(
    'python3',
    [join(import.meta.dirname, 'in_a_terminal.py'), `${columns}`, `${rows}`, ...command],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: process.env['HOME'] ?? '',
        TERM: 'xterm-256color',
        ...env,
      },
    },
  );
  let raw = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    raw += chunk;
    emulator.write(chunk);
  });
  const ended = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)));
  // What was written is drawn a moment later.
  const drawn = () => new Promise<void>((resolve) => emulator.write('', resolve));

  async function lines(from: number): Promise<readonly string[]> {
    await drawn();
    const { active } = emulator.buffer;
    const all = Array.from(
      { length: active.length },
      (_, row) => active.getLine(row)?.translateToString(true) ?? '',
    );
    const last = all.findLastIndex((line) => line !== '');
    return all.slice(from, last + 1);
  }
  const screen = async () => {
    await drawn();
    return lines(emulator.buffer.active.baseY);
  };
  return {
    screen,
    everything: () => lines(0),
    raw: () => raw,
    shows: (what) =>
      waitFor(`the screen to show ${what}`, async () => what.test((await screen()).join('\n')), 60_000),
    resize(newColumns, newRows) {
      emulator.resize(newColumns, newRows);
      child.stdin.write(`resize ${newColumns} ${newRows}\n`);
    },
    interrupt: () => child.stdin.write('interrupt\n'),
    ended,
  };
}
