export interface Fit {
  readonly slope: number;
  /** Standard error of the slope. */
  readonly slopeError: number;
  readonly mean: number;
}

/** Least squares through points of x and y; at least three, not all at one x. */
export function linearFit(points: readonly (readonly [x: number, y: number])[]): Fit {
  const count = points.length;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / count;
  const mean = points.reduce((sum, [, y]) => sum + y, 0) / count;
  const spreadX = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - mean), 0) / spreadX;
  const residual = points.reduce((sum, [x, y]) => sum + (y - mean - slope * (x - meanX)) ** 2, 0);
  return { slope, slopeError: Math.sqrt(residual / (count - 2) / spreadX), mean };
}
