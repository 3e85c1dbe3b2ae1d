import { pino, stdTimeFunctions } from 'pino';
import type { DestinationStream, Level, Logger } from 'pino';
import { redactLine } from './log-line.ts';
import type { Redactor } from './redact.ts';

export interface LoggerOptions {
  readonly level: Level | 'silent';
  /** Knows the secrets that no line may hold; it may learn of more later. */
  readonly redactor: Redactor;
  /** Where lines go; standard output as JSON by default. */
  readonly stream?: DestinationStream;
}

/** A logger whose every line, those of its children included, has passed the redactor. */
export function createLogger({ level, redactor, stream = pino.destination(1) }: LoggerOptions): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      hooks: { streamWrite: (line) => redactLine(line, redactor.redact) },
    },
    stream,
  );
}

/** Standard output (1) or standard error (2) for log lines: readable on a terminal, JSON everywhere else. */
export async function openLogStream(fd: 1 | 2): Promise<DestinationStream> {
  const { isTTY } = fd === 1 ? process.stdout : process.stderr;
  if (!isTTY) return pino.destination(fd);
  try {
    const { build } = await import('pino-pretty');
    return build({ destination: fd, colorize: true, sync: true });
  } catch {
    // Only a convenience of development: it is not installed in production, and JSON is readable enough.
    return pino.destination(fd);
  }
}
