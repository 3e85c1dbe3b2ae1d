import type { Page } from 'playwright';
import type { Hub } from '../core/hub.ts';
import type { PageWatch } from '../jupyterhub/page-watch.ts';
import type { Credential } from '../probe.ts';

/** One way to log in. Each method ends where its sentence says, or throws `Broken`. */
export interface LoginMethod {
  /** Ends with the page where the user types or clicks. */
  open(at: { page: Page; watch: PageWatch; hub: Hub; signal: AbortSignal }): Promise<void>;
  /** Ends on the hub's home page, logged in. */
  submit(at: {
    page: Page;
    watch: PageWatch;
    hub: Hub;
    credential: Credential;
    signal: AbortSignal;
  }): Promise<void>;
}

export function defineLogin(method: LoginMethod): LoginMethod {
  return method;
}
