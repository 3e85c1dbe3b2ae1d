import { type IncomingMessage, type Server, type ServerResponse, createServer, request } from 'node:http';
import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { SPELLINGS } from '../build/spellings.ts';

/**
 * A proxy in front of a hub that hears every secret that passes, and tells them: in every page, in form fields, on the
 * console, in addresses and bodies, in the hub's progress messages, in every spelling. What it heard is what nobody may find.
 */
export interface TattlingProxy extends AsyncDisposable {
  /** The hub as it is seen through the proxy; ends with a slash. */
  readonly url: string;
  /** Passwords, cookies, tokens, `_xsrf`, OAuth codes and states that have passed so far. */
  heard(): readonly string[];
  /** Where they are told from now on. */
  tell(where: TellWhere): void;
}

/** `fields`: in what a page does not show as text. `everywhere`: in its text too. */
export type TellWhere = 'nowhere' | 'fields' | 'everywhere';

const PARAMETERS = ['_xsrf', 'code', 'state', 'password', 'token'];

export async function startTattlingProxy(hubUrl: string, known: readonly string[]): Promise<TattlingProxy> {
  const target = new URL(hubUrl);
  const heard = new Set(known);
  let ofThisVisit = new Set(known);
  let where: TellWhere = 'nowhere';
  const hear = (secret: string | null | undefined) => {
    if (secret !== null && secret !== undefined && secret.length >= 6) {
      heard.add(secret);
      ofThisVisit.add(secret);
    }
  };
  const hearParameters = (text: string) => {
    const parameters = new URLSearchParams(text.slice(text.indexOf('?') + 1));
    for (const name of PARAMETERS) hear(parameters.get(name));
  };

  const server = createServer((question, answer) => {
    void relay(question, answer).catch(() => answer.destroy());
  });

  async function relay(question: IncomingMessage, answer: ServerResponse): Promise<void> {
    // A browser that knows nobody yet: what others were given is none of its business.
    if (question.url?.includes('/hub/login') && question.headers.cookie === undefined)
      ofThisVisit = new Set(known);
    const asked = await bodyOf(question);
    hearParameters(question.url ?? '');
    hearParameters(`?${asked.toString()}`);
    const { authorization, cookie = '' } = question.headers;
    hear(authorization?.split(' ')[1]);
    for (const pair of cookie.split(';')) hear(secretOf(pair));
    const headers = { ...question.headers, 'accept-encoding': 'identity' };
    const { method, url: path } = question;
    const behind = await new Promise<IncomingMessage>((resolve, reject) => {
      const forwarded = request({ host: target.hostname, port: target.port, method, path, headers }, resolve);
      forwarded.once('error', reject);
      question.once('close', () => {
        if (!answer.writableEnded) forwarded.destroy();
      });
      forwarded.end(asked);
    });
    // Of what a script asked for, a page that leaves may never hear; what it did hear it sends back.
    const isDocument = question.headers['sec-fetch-dest'] === 'document';
    for (const set of isDocument ? (behind.headers['set-cookie'] ?? []) : []) hear(secretOf(set.split(';')[0] ?? ''));
    hearParameters(behind.headers.location ?? '');
    const type = behind.headers['content-type'] ?? '';
    if (type.startsWith('text/event-stream') && where !== 'nowhere') {
      answer.writeHead(behind.statusCode ?? 502, behind.headers);
      const message = [...ofThisVisit].join(' and ');
      answer.write(`data: ${JSON.stringify({ progress: 5, message: `Told: ${message}`, ready: false })}\n\n`);
      behind.pipe(answer);
      return;
    }
    const isMint = method === 'POST' && (path ?? '').endsWith('/tokens');
    if (!isMint && !type.startsWith('text/html')) {
      answer.writeHead(behind.statusCode ?? 502, behind.headers);
      behind.pipe(answer);
      return;
    }
    const body = (await bodyOf(behind)).toString();
    if (isMint) hear(/"token": ?"([^"]+)"/.exec(body)?.[1]);
    const given = isDocument ? body : '';
    for (const [, value = ''] of given.matchAll(/xsrf_token: "([^"]+)"|name="_xsrf" value="([^"]+)"/g)) hear(value);
    const { 'content-length': _, 'content-encoding': __, ...kept } = behind.headers;
    answer.writeHead(behind.statusCode ?? 502, kept);
    answer.end(where === 'nowhere' || isMint ? body : tattled(body, [...ofThisVisit], where));
  }

  // WebSockets: the kernel's.
  server.on('upgrade', (question, socket, head) => {
    const behind = connect(Number(target.port), target.hostname, () => {
      const lines = Object.entries(question.headers).map(([name, value]) => `${name}: ${String(value)}`);
      behind.write(`GET ${question.url} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      behind.write(head);
      behind.pipe(socket).pipe(behind);
    });
    behind.on('error', () => socket.destroy());
    socket.on('error', () => behind.destroy());
  });

  const port = await listen(server);
  return {
    url: `http://127.0.0.1:${port}${target.pathname}`,
    heard: () => [...heard],
    tell: (wanted) => (where = wanted),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The page with every secret in it, in every spelling. */
function tattled(page: string, secrets: readonly string[], where: TellWhere): string {
  const spelled = secrets.flatMap((secret) => SPELLINGS.map(([, spell]) => spell(secret)));
  const json = JSON.stringify(spelled).replaceAll('<', '\\u003c');
  const told = `
    <input id="tattle-field" value=""><textarea id="tattle-area"></textarea><input type="hidden" id="tattle-hidden">
    <script>
      (() => {
        const told = ${json};
        for (const id of ['field', 'area', 'hidden']) document.getElementById('tattle-' + id).value = told.join(' ');
        for (const words of told) console.error('told: ' + words);
        const query = encodeURIComponent(told[0]);
        void fetch('/missing-' + query + '?leaked=' + query, { headers: { 'x-leaked': encodeURIComponent(told[0]) } });
        void fetch('/missing', { method: 'POST', body: told.join('\\n') });
        setTimeout(() => { throw new Error(told.join(' ')) });
        if (${where !== 'everywhere'}) return;
        document.body.append(told.join(' '));
      })();
    </script>`;
  // What a hub says where it refuses a login is read in the document as it was sent.
  const refusing = where === 'everywhere' ? page.replace(LOGIN_ERROR, (said) => `${said} Told: ${escaped(spelled.join(' '))}`) : page;
  return refusing.replace('</body>', () => `${told}</body>`);
}

const LOGIN_ERROR = /<p class="login_error">[^<]*/;

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/** The value of a cookie that lets somebody in; others keep a theme or a language. */
function secretOf(pair: string): string | null {
  const [name = '', ...value] = pair.trim().split('=');
  return /jupyterhub|xsrf/.test(name) ? value.join('=').replace(/^"(.*)"$/, '$1') : null;
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk);
  const body = Buffer.concat(chunks);
  return message.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}
