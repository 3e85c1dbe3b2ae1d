import type { Attribution, HubReason } from './reason.ts';

/** The hub's side broke its promise: this is evidence. */
export class Broken extends Error {
  override readonly name = 'Broken';
  readonly reason: HubReason;
  readonly attribution: Attribution;

  constructor(
    reason: HubReason,
    message: string,
    options: { attribution?: Attribution; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.reason = reason;
    this.attribution = options.attribution ?? 'hub';
  }
}
