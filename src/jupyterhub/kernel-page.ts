/**
 * Runs inside a page of the user's server (`page.evaluate`), so that requests carry what a user's carry: every function
 * here must stand alone. Messages are the legacy text frames, which every Jupyter server speaks when no subprotocol is offered.
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html
 */

export type OpenedKernel =
  | { readonly kind: 'open'; readonly id: string }
  | { readonly kind: 'missing'; readonly offered: readonly string[] }
  | { readonly kind: 'refused'; readonly status: number; readonly text: string }
  | { readonly kind: 'no-socket' };

export type KernelAnswer =
  | { readonly kind: 'done'; readonly output: string }
  | { readonly kind: 'raised'; readonly name: string; readonly value: string }
  | { readonly kind: 'died'; readonly state: string }
  | { readonly kind: 'closed'; readonly code: number }
  | { readonly kind: 'late' };

/** Starts a kernel and keeps its open socket at `window.hubcanarySocket` for the statements that follow. */
export async function openKernelInPage(options: { serverUrl: string; name: string }): Promise<OpenedKernel> {
  const xsrf = /(?:^|; )_xsrf=([^;]*)/.exec(document.cookie)?.[1] ?? '';
  const headers = { 'X-XSRFToken': decodeURIComponent(xsrf), 'content-type': 'application/json' };
  const ask = (path: string, init: RequestInit) =>
    fetch(options.serverUrl + path, { ...init, headers, signal: AbortSignal.timeout(60_000) });

  const specs = await ask('api/kernelspecs', {});
  if (specs.ok) {
    const offered = Object.keys((await specs.json()).kernelspecs ?? {});
    if (!offered.includes(options.name)) return { kind: 'missing', offered };
  }
  const started = await ask('api/kernels', { method: 'POST', body: JSON.stringify({ name: options.name }) });
  if (!started.ok)
    return { kind: 'refused', status: started.status, text: (await started.text()).slice(0, 500) };
  const { id } = await started.json();

  const address = new URL(`${options.serverUrl}api/kernels/${id}/channels?session_id=${crypto.randomUUID()}`);
  address.protocol = address.protocol.replace('http', 'ws');
  const socket = new WebSocket(address);
  const open = await new Promise<boolean>((resolve) => {
    socket.addEventListener('open', () => resolve(true));
    socket.addEventListener('close', () => resolve(false));
  });
  if (!open) return { kind: 'no-socket' };
  Reflect.set(window, 'hubcanarySocket', socket);
  return { kind: 'open', id };
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
