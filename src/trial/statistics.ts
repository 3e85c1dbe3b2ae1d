/**
 * The value below which this share of them lies, between the two nearest ones by how near they are; null for none.
 * @param share from 0 to 1: 0.5 for the median
 */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((one, other) => one - other);
  const place = share * (sorted.length - 1);
  const low = sorted[Math.floor(place)];
  const high = sorted[Math.ceil(place)];
  if (low === undefined || high === undefined) return null;
  return low + (high - low) * (place - Math.floor(place));
}

/**
 * Between which means a count like this is to be expected: outside of them it, or one further off, would come about in
 * less than 5 of 100 cases. The exact limits for what happens at random moments (Garwood).
 */
export function poissonRange(count: number): { readonly low: number; readonly high: number } {
  return {
    low: count === 0 ? 0 : meanAt((mean) => 1 - atMost(count - 1, mean) < 0.025, count),
    high: meanAt((mean) => atMost(count, mean) > 0.025, count),
  };
}

/** The mean up to which this holds, to a ten-thousandth of it. */
function meanAt(isBelow: (mean: number) => boolean, count: number): number {
  let [low, high] = [0, 2 * count + 10];
  while (high - low > high / 10_000) {
    const middle = (low + high) / 2;
    if (isBelow(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** How likely so many events or fewer are, when `mean` are to be expected. */
function atMost(count: number, mean: number): number {
  let [logTerm, sum] = [-mean, Math.exp(-mean)];
  for (let index = 1; index <= count; index += 1) {
    logTerm += Math.log(mean / index);
    sum += Math.exp(logTerm);
  }
  return sum;
}
