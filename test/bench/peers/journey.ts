/** What every contestant does in the same words. */

/** Where Debian and Ubuntu put the small browser. */
export const BROWSER_PATH = '/usr/bin/chromium-headless-shell';

export const DASK_CODE = `
from dask_gateway import Gateway
gateway = Gateway()
cluster = gateway.new_cluster()
client = cluster.get_client(set_as_default=False)
cluster.scale(1)
client.wait_for_workers(1)
print(client.submit(sum, list(range(1000))).result())
gateway.stop_cluster(cluster.name)
`;

/** Runs in a page of the hub: stops the user's server and waits until it is gone. */
export async function stopServerInPage(name: string): Promise<void> {
  const xsrf = Reflect.get(Reflect.get(window, 'jhdata'), 'xsrf_token');
  const headers = { 'X-XSRFToken': xsrf };
  await fetch(`api/users/${name}/server`, { method: 'DELETE', headers });
  for (;;) {
    const { servers } = await (await fetch(`api/users/${name}`, { headers })).json();
    if (Object.keys(servers).length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
