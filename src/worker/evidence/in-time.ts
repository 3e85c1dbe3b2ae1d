/** A page that hangs blocks its calls until the connection ends: whoever waits for it gives up in time. */
export async function inTime<T>(made: Promise<T>, withinMs: number): Promise<T> {
  const signal = AbortSignal.timeout(withinMs);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error(`not within ${withinMs / 1000} s`)), { once: true });
  });
  late.catch(() => {
    // The race may be over already.
  });
  made.catch(() => {
    // Nor does anybody hear of what fails after its time.
  });
  return Promise.race([made, late]);
}
