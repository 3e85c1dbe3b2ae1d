import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { refusal } from './answers.ts';
import { GitHubFaults } from './faults.ts';
import { issuePage, issuesPage } from './page.ts';
import { addRoutes } from './routes.ts';
import { type StandInIssue, type StandInRequest, StandInState } from './state.ts';

/** A stand-in for GitHub, spoken to over HTTP by the unmodified client; its faults are the original's. */
export interface GitHubStandIn extends AsyncDisposable {
  /** For `github.apiUrl`; no slash at its end. */
  readonly url: string;
  readonly repository: string;
  readonly token: string;
  readonly faults: GitHubFaults;
  issues(): readonly StandInIssue[];
  /** @throws when there is none. */
  issue(number: number): StandInIssue;
  requests(): readonly StandInRequest[];
  /** What a person does in the browser. */
  readonly human: {
    close(number: number, reason: 'completed' | 'not_planned'): void;
    comment(number: number, body: string): void;
    edit(number: number, body: string): void;
    delete(number: number): void;
  };
  stop(): Promise<void>;
}

export async function startGitHub(options: { readonly repository?: string } = {}): Promise<GitHubStandIn> {
  const repository = options.repository ?? 'demo/infrastructure';
  const token = `ghp_${randomBytes(18).toString('hex')}`;
  const state = new StandInState();
  const faults = new GitHubFaults();
  const app = Fastify({ forceCloseConnections: true, bodyLimit: 4 * 2 ** 20 });
  let url = '';

  app.addHook('onRequest', async (request, reply) => {
    if (!request.url.startsWith('/repos/')) return undefined;
    return (await strike(request, reply)) ?? refuse(request, reply);
  });
  app.addHook('onResponse', async ({ method, url: path }, { statusCode }) => {
    if (path.startsWith('/repos/')) state.requests.push({ method, path, status: statusCode });
  });

  /** Faults that hit every request. */
  async function strike(_: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    void reply
      .header('x-ratelimit-limit', '5000')
      .header('x-ratelimit-remaining', String(5000 - state.requests.length));
    if (faults.isOn('down')) {
      reply.raw.socket?.resetAndDestroy();
      return reply.hijack();
    }
    if (faults.isOn('hang')) return reply.hijack();
    if (faults.isOn('slow')) await pause(faults.settings.slowMs);
    if (faults.isOn('rate-limited')) {
      void reply.header('retry-after', '1');
      return reply.code(403).send(refusal('You have exceeded a secondary rate limit. Please wait.'));
    }
    if (faults.isOn('too-many-requests')) return reply.code(429).send(refusal('Too many requests'));
    return undefined;
  }

  function refuse(request: FastifyRequest, reply: FastifyReply): FastifyReply | undefined {
    const given = request.headers.authorization ?? '';
    const isKnown = given.replace(/^(token|bearer) /i, '') === token;
    if (faults.isOn('revoked-token') || !isKnown) return reply.code(401).send(refusal('Bad credentials'));
    if (!request.url.startsWith(`/repos/${repository}`)) return reply.code(404).send(refusal('Not Found'));
    return undefined;
  }

  addRoutes(app, state, faults, () => ({ url, repository }));
  app.get(`/${repository}/issues`, (_, reply) =>
    reply.type('text/html').send(issuesPage(repository, state.issues)),
  );
  app.get<{ Params: { number: string } }>(`/${repository}/issues/:number`, (request, reply) => {
    const issue = state.issue(Number(request.params.number));
    if (issue === null) return reply.code(404).send('no such issue');
    return reply.type('text/html').send(issuePage(repository, issue));
  });

  function issueOrThrow(number: number): StandInIssue {
    const issue = state.issue(number);
    if (issue === null) throw new Error(`the stand-in has no issue #${number}`);
    return issue;
  }

  url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    repository,
    token,
    faults,
    issues: () => state.issues,
    issue: issueOrThrow,
    requests: () => state.requests,
    human: {
      close: (number, reason) => state.setState(issueOrThrow(number), 'closed', reason),
      comment: (number, body) => void state.comment(issueOrThrow(number), 'maren', body),
      // The browser sends CRLF over the whole body.
      edit: (number, body) => void (issueOrThrow(number).body = body.replace(/\r?\n/g, '\r\n')),
      delete: (number) => void (issueOrThrow(number).deleted = true),
    },
    stop: () => app.close(),
    [Symbol.asyncDispose]: () => app.close(),
  };
}
