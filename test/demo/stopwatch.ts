/** Starts now. @returns what it shows, in seconds: `12 s` */
export function stopwatch(): () => string {
  const startedAt = performance.now();
  return () => `${((performance.now() - startedAt) / 1000).toFixed(0)} s`;
}
