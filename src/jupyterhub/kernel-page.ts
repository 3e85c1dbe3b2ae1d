/**
 * Runs inside a page of the user's server (`page.evaluate`), so that requests carry what a user's carry: every function
 * here must stand alone. Messages are the legacy text frames, which every Jupyter server speaks when no subprotocol is offered.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html
 */

/** An answer of the server, or of whoever stands in its place. */
export interface ServerAnswer {
  readonly kind: 'answer';
  readonly status: number;
  /** `X-JupyterHub-Version`: hub and single-user server send it, proxies do not. */
  readonly hubVersion: string | null;
  readonly text: string;
}
/** Nothing came: the connection broke, or the time was up. `error` is the browser's own word. */
export interface NoAnswer {
  readonly kind: 'no-answer';
  readonly error: string;
}
export type Answered = ServerAnswer | NoAnswer;

export type StartedKernel =
  | { readonly kind: 'started'; readonly id: string; readonly lastActivity: string }
  | { readonly kind: 'missing'; readonly offered: readonly string[] }
  | { readonly kind: 'refused'; readonly answer: Answered };

/** How the opening of a kernel's WebSocket ended. */
export type SocketEnd = 'open' | 'refused' | 'late';

export type KernelAnswer =
  | { readonly kind: 'done'; readonly output: string }
  | { readonly kind: 'raised'; readonly name: string; readonly value: string }
  | { readonly kind: 'died'; readonly state: string }
  | { readonly kind: 'closed'; readonly code: number }
  | { readonly kind: 'late' };

/** Asks the server for a kernel. */
export async function startKernelInPage(options: {
  serverUrl: string;
  name: string;
  /** For all of it together. */
  withinMs: number;
}): Promise<StartedKernel> {
  const over = AbortSignal.timeout(options.withinMs);
  const xsrf = /(?:^|; )_xsrf=([^;]*)/.exec(document.cookie)?.[1] ?? '';
  const headers = { 'X-XSRFToken': decodeURIComponent(xsrf), 'content-type': 'application/json' };
  async function ask(path: string, init: RequestInit): Promise<Answered> {
    try {
      const response = await fetch(options.serverUrl + path, { ...init, headers, signal: over });
      const hubVersion = response.headers.get('x-jupyterhub-version');
      return { kind: 'answer', status: response.status, hubVersion, text: await response.text() };
    } catch (error) {
      return { kind: 'no-answer', error: String(error) };
    }
  }
  /** Null when it is no JSON: then it was not the server that answered. */
  function parsed(text: string): { kernelspecs?: object; id?: unknown; last_activity?: unknown } | null {
    try {
      const value: unknown = JSON.parse(text);
      return typeof value === 'object' ? value : null;
    } catch {
      return null;
    }
  }

  const specs = await ask('api/kernelspecs', {});
  if (specs.kind === 'no-answer') return { kind: 'refused', answer: specs };
  const offered = Object.keys(parsed(specs.text)?.kernelspecs ?? {});
  if (specs.status === 200 && !offered.includes(options.name)) return { kind: 'missing', offered };
  const started = await ask('api/kernels', { method: 'POST', body: JSON.stringify({ name: options.name }) });
  const kernel = started.kind === 'answer' && started.status < 300 ? parsed(started.text) : null;
  if (typeof kernel?.id !== 'string') return { kind: 'refused', answer: started };
  return { kind: 'started', id: kernel.id, lastActivity: String(kernel.last_activity) };
}

/** Opens a kernel's WebSocket and keeps it at `window.hubcanarySocket` for the statements that follow. */
export function openSocketInPage(options: {
  serverUrl: string;
  id: string;
  withinMs: number;
}): Promise<SocketEnd> {
  const path = `api/kernels/${options.id}/channels?session_id=${crypto.randomUUID()}`;
  const address = new URL(options.serverUrl + path);
  address.protocol = address.protocol.replace('http', 'ws');
  const socket = new WebSocket(address);
  Reflect.set(window, 'hubcanarySocket', socket);
  return new Promise((resolve) => {
    const timer = setTimeout(() => end('late'), options.withinMs);
    function end(how: SocketEnd): void {
      clearTimeout(timer);
      resolve(how);
    }
    socket.addEventListener('open', () => end('open'));
    socket.addEventListener('close', () => end('refused'));
  });
}

/** Executes one statement: done when both its reply and the kernel's idle have come, in whichever order. */
export function executeInPage(options: { code: string; withinMs: number }): Promise<KernelAnswer> {
  const socket: WebSocket = Reflect.get(window, 'hubcanarySocket');
  const messageId = crypto.randomUUID();
  return new Promise((resolve) => {
    let output = '';
    let idle = false;
    let reply: { status?: string; ename?: string; evalue?: string } | null = null;
    const timer = setTimeout(() => end({ kind: 'late' }), options.withinMs);

    function end(answer: KernelAnswer): void {
      clearTimeout(timer);
      socket.removeEventListener('message', onMessage);
      socket.removeEventListener('close', onClose);
      resolve(answer);
    }
    function onClose(event: CloseEvent): void {
      end({ kind: 'closed', code: event.code });
    }
    function onMessage(event: MessageEvent): void {
      if (typeof event.data !== 'string') return;
      const message = JSON.parse(event.data);
      const type = message.header?.msg_type;
      const state = message.content?.execution_state;
      // A killed kernel says so without a parent and never replies.
      if (type === 'status' && ['restarting', 'autorestarting', 'dead'].includes(state)) {
        return end({ kind: 'died', state });
      }
      if (message.parent_header?.msg_id !== messageId) return;
      if (type === 'stream' && message.content.name === 'stdout') output += message.content.text;
      if (type === 'status' && state === 'idle') idle = true;
      if (type === 'execute_reply') reply = message.content;
      if (!idle || reply === null) return;
      if (reply.status === 'ok') end({ kind: 'done', output });
      else end({ kind: 'raised', name: reply.ename ?? 'unknown', value: reply.evalue ?? '' });
    }
    socket.addEventListener('message', onMessage);
    socket.addEventListener('close', onClose);
    if (socket.readyState !== WebSocket.OPEN) return end({ kind: 'closed', code: 1006 });
    socket.send(
      JSON.stringify({
        channel: 'shell',
        header: {
          msg_id: messageId,
          msg_type: 'execute_request',
          username: '',
          session: messageId,
          version: '5.3',
          date: new Date().toISOString(),
        },
        parent_header: {},
        metadata: {},
        content: {
          code: options.code,
          silent: false,
          store_history: false,
          user_expressions: {},
          allow_stdin: false,
          stop_on_error: true,
        },
        buffers: [],
      }),
    );
  });
}

/** Asks the server for something of its API, such as the state of a kernel. */
export async function askServerInPage(options: { url: string; withinMs: number }): Promise<Answered> {
  // Since JupyterHub 4.1 the user's server checks it for mere questions too.
  const xsrf = /(?:^|; )_xsrf=([^;]*)/.exec(document.cookie)?.[1] ?? '';
  try {
    const response = await fetch(options.url, {
      headers: { 'X-XSRFToken': decodeURIComponent(xsrf) },
      signal: AbortSignal.timeout(options.withinMs),
    });
    const hubVersion = response.headers.get('x-jupyterhub-version');
    return { kind: 'answer', status: response.status, hubVersion, text: await response.text() };
  } catch (error) {
    return { kind: 'no-answer', error: String(error) };
  }
}

/** Asks the server to end the kernel. */
export async function stopKernelInPage(options: {
  serverUrl: string;
  id: string;
}): Promise<{ status: number }> {
  const xsrf = /(?:^|; )_xsrf=([^;]*)/.exec(document.cookie)?.[1] ?? '';
  const response = await fetch(`${options.serverUrl}api/kernels/${options.id}`, {
    method: 'DELETE',
    headers: { 'X-XSRFToken': decodeURIComponent(xsrf) },
    signal: AbortSignal.timeout(10_000),
  });
  return { status: response.status };
}
