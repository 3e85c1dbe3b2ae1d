const WITHIN_MS = 5_000;

/** True when there are canary URLs and none of them answers at all; any answer proves the network. */
export async function networkIsDown(urls: readonly string[]): Promise<boolean> {
  if (urls.length === 0) return false;
  const asked = urls.map((url) => fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(WITHIN_MS) }));
  return Promise.any(asked).then(
    () => false,
    () => true,
  );
}
