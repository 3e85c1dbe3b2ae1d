import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { oneLine } from '../core/text.ts';
import type { Answer, Ask } from './ask.ts';

const ServerModel = z.object({
  ready: z.boolean(),
  pending: z.string().nullish(),
  url: z.string().nullish(),
});
export type ServerModel = z.infer<typeof ServerModel>;

const UserModel = z.object({ name: z.string(), servers: z.record(z.string(), ServerModel).default({}) });
const Tokens = z.object({ api_tokens: z.array(z.object({ id: z.string(), note: z.string().nullish() })) });
const MintedToken = z.object({ id: z.string(), token: z.string() });

/** The hub answered, but not what its API promises. */
export class HubApiError extends Error {
  override readonly name = 'HubApiError';
  readonly status: number;
  /** The hub knows nobody by what we asked with: that token or session does not exist any more. */
  readonly isOfNobody: boolean;
  /** The hub knows who asks, and its roles do not let them do this. */
  readonly isForbidden: boolean;

  constructor(what: string, answer: Answer) {
    const who = [502, 503, 504].includes(answer.status) ? "a proxy in the hub's place" : 'the hub';
    super(`${what}: ${who} answered ${answer.status} ${oneLine(answer.text)}`);
    this.status = answer.status;
    // The hub's own words from 2.0 to 6 (scopes.py); a 403 of somebody else, or for want of `_xsrf`, says neither.
    const isNo = [401, 403].includes(answer.status);
    this.isOfNobody = isNo && answer.text.includes('Missing or invalid credentials');
    this.isForbidden = isNo && answer.text.includes('not authorized with current scopes');
  }
}

/** JupyterHub's REST API, as far as one user needs it for their own account. https://jupyterhub.readthedocs.io → REST API */
export class HubApi {
  /** Ends with `hub/api/`. */
  readonly url: string;
  readonly ask: Ask;

  constructor(url: string, ask: Ask) {
    this.url = url;
    this.ask = ask;
  }

  async whoAmI(signal: AbortSignal): Promise<string> {
    const answer = await this.ask({ method: 'GET', url: `${this.url}user`, signal });
    return this.#parse('ask who I am', answer, UserModel).name;
  }

  /** The user's server of that name ('' is the default one); null when there is none. */
  async server(user: string, name: string, signal: AbortSignal): Promise<ServerModel | null> {
    const answer = await this.ask({ method: 'GET', url: this.#userUrl(user), signal });
    return this.#parse('ask for the user', answer, UserModel).servers[name] ?? null;
  }

  /** @throws HubApiError with status 403 where the hub's roles forbid tokens. */
  async mintToken(
    user: string,
    options: { note: string; expiresInSeconds: number; signal: AbortSignal },
  ): Promise<{ id: string; token: string }> {
    const answer = await this.ask({
      method: 'POST',
      url: `${this.#userUrl(user)}/tokens`,
      body: { note: options.note, expires_in: options.expiresInSeconds },
      signal: options.signal,
    });
    return this.#parse('mint a token', answer, MintedToken);
  }

  /** The user's tokens that have not run out, without their secrets. */
  async tokens(
    user: string,
    signal: AbortSignal,
  ): Promise<readonly { readonly id: string; readonly note?: string | null | undefined }[]> {
    const answer = await this.ask({ method: 'GET', url: `${this.#userUrl(user)}/tokens`, signal });
    return this.#parse('ask for the tokens', answer, Tokens).api_tokens;
  }

  /** A token that is gone already counts as revoked; a token may revoke itself. */
  async revokeToken(user: string, id: string, signal: AbortSignal): Promise<void> {
    const url = `${this.#userUrl(user)}/tokens/${encodeURIComponent(id)}`;
    const answer = await this.ask({ method: 'DELETE', url, signal });
    if ([204, 404].includes(answer.status)) return;
    const error = new HubApiError('revoke the token', answer);
    if (!error.isOfNobody) throw error;
  }

  /**
   * Whether the hub's process still knows that the last start of this server failed: it forgets when it is replaced. Null
   * when it says neither. Since JupyterHub 1.0 its progress tells a failure again to whoever asks later.
   */
  async remembersFailedStart(user: string, name: string, signal: AbortSignal): Promise<boolean | null> {
    const answer = await this.ask({ method: 'GET', url: `${this.serverUrl(user, name)}/progress`, signal });
    if (answer.status === 200 && /"failed":\s*true/.test(answer.text)) return true;
    return answer.status === 400 ? false : null;
  }

  /**
   * Stops a server and waits until the hub says that it does not run: a slow stop answers 202 and goes on,
   * a pending spawn cannot be interrupted before JupyterHub 5.1 (400) and is waited for. A named server stays in the user's
   * list: to delete it would be to let KubeSpawner delete its storage, which others of the user's servers may share.
   */
  async stopServer(user: string, name: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      const server = await this.server(user, name, signal);
      if (server === null) return;
      const isDone = server.pending !== 'stop' && (await this.#deleteServer(user, name, signal));
      await pause(isDone ? 20 : 250, undefined, { signal });
    }
  }

  /** @returns whether it is stopped already; otherwise the hub is at it, or not yet able to. */
  async #deleteServer(user: string, name: string, signal: AbortSignal): Promise<boolean> {
    const answer = await this.ask({
      method: 'DELETE',
      url: this.serverUrl(user, name),
      signal,
    });
    if (answer.status === 202 || /pending/.test(answer.text)) return false;
    if (answer.status === 204 || answer.status === 404) return true;
    throw new HubApiError('stop the server', answer);
  }

  /** Where a server is asked for, stopped and followed (`…/progress`). */
  serverUrl(user: string, name: string): string {
    return name === ''
      ? `${this.#userUrl(user)}/server`
      : `${this.#userUrl(user)}/servers/${encodeURIComponent(name)}`;
  }

  #userUrl(user: string): string {
    return `${this.url}users/${encodeURIComponent(user)}`;
  }

  #parse<T>(what: string, answer: Answer, schema: z.ZodType<T>): T {
    if (answer.status < 200 || answer.status > 299) throw new HubApiError(what, answer);
    const parsed = schema.safeParse(jsonOf(answer.text));
    if (!parsed.success) throw new HubApiError(`${what} (unexpected answer)`, answer);
    return parsed.data;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema then says that this is not what was expected, with the text.
    return undefined;
  }
}
