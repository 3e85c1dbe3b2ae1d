/** A time in which nothing is declared for some hubs; probing goes on. */
export interface MaintenanceWindow {
  readonly hubs: readonly string[];
  /** ISO 8601 UTC; the end itself lies outside. */
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

/**
 * Until when what a hub looks like is no news: the end of the window that ends last, of those that have begun. It may be
 * over; then that goes on until somebody has looked again, since what was seen last was seen while work went on. Null
 * for none. ISO 8601 UTC.
 */
export function mutedUntil(hub: string, now: Date, maintenance: readonly MaintenanceWindow[]): string | null {
  const ends = maintenance.flatMap(({ hubs, from, to }) =>
    hubs.includes(hub) && Date.parse(from) <= now.getTime() ? [Date.parse(to)] : [],
  );
  return ends.length === 0 ? null : new Date(Math.max(...ends)).toISOString();
}

/** The window that mutes a hub at this moment, the one that ends last if there are several; null for none. */
export function mutedBy(
  hub: string,
  now: Date,
  maintenance: readonly MaintenanceWindow[],
): MaintenanceWindow | null {
  const at = now.getTime();
  const muting = maintenance.filter(
    ({ hubs, from, to }) => hubs.includes(hub) && Date.parse(from) <= at && at < Date.parse(to),
  );
  return muting.toSorted((one, other) => Date.parse(other.to) - Date.parse(one.to))[0] ?? null;
}
