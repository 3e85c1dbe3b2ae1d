const WITHIN_MS = 5_000;

/** Whether any of these addresses answers, whatever it says; null when there is none to ask. */
export async function canReach(urls: readonly string[]): Promise<boolean | null> {
  if (urls.length === 0) return null;
  const asked = urls.map((url) => fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(WITHIN_MS) }));
  return Promise.any(asked).then(
    () => true,
    () => false,
  );
}

/** True when there are canary URLs and none of them answers at all; any answer proves the network. */
export async function networkIsDown(urls: readonly string[]): Promise<boolean> {
  return (await canReach(urls)) === false;
}
