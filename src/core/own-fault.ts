import type { ProbeReason } from './reason.ts';

/** Our own side is at fault or not set up for this hub: never evidence against the hub. */
export class OwnFault extends Error {
  override readonly name = 'OwnFault';
  readonly reason: ProbeReason;

  constructor(reason: ProbeReason, message: string, cause?: unknown) {
    super(message, { cause });
    this.reason = reason;
  }
}
