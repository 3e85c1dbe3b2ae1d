const HOUR_MS = 3_600_000;

/**
 * When an account may log in again, under a ceiling of logins in any hour; null for now.
 * @param logins of this account, in any order
 */
export function nextLogin(logins: readonly Date[], ceiling: number, now: Date): Date | null {
  const recent = logins
    .map((login) => login.getTime())
    .filter((login) => login > now.getTime() - HOUR_MS)
    .toSorted((one, other) => one - other);
  if (recent.length < ceiling) return null;
  const freed = recent[recent.length - ceiling] ?? now.getTime();
  return new Date(freed + HOUR_MS);
}
