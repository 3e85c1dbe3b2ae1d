/** A time in which nothing is declared for some hubs; probing goes on. */
export interface MaintenanceWindow {
  readonly hubs: readonly string[];
  /** ISO 8601 UTC; the end itself lies outside. */
  readonly from: string;
  readonly to: string;
  readonly reason: string;
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
