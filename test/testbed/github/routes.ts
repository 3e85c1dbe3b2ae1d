import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Base, commentAnswer, issueAnswer, refusal } from './answers.ts';
import type { GitHubFaults } from './faults.ts';
import type { StandInIssue, StandInState } from './state.ts';

const MOST_CHARACTERS = 65_536;
const text = z.string().max(MOST_CHARACTERS);

const NewIssue = z.object({
  title: text.min(1),
  body: text.default(''),
  labels: z.array(z.string()).default([]),
});
const IssueChange = z.object({
  title: text.min(1).optional(),
  body: text.optional(),
  state: z.enum(['open', 'closed']).optional(),
  state_reason: z.enum(['completed', 'not_planned', 'reopened']).nullish(),
  labels: z.array(z.string()).optional(),
});
const NewComment = z.object({ body: text.min(1) });
const NewLabel = z.object({
  name: z.string().min(1).max(50),
  color: z
    .string()
    .regex(/^[0-9a-f]{6}$/i)
    .default('ededed'),
  description: z.string().max(100).nullable().default(null),
});
const Page = z.object({
  per_page: z.coerce.number().default(30),
  page: z.coerce.number().default(1),
  since: z.string().optional(),
  state: z.enum(['open', 'closed', 'all']).default('open'),
  direction: z.enum(['asc', 'desc']).default('desc'),
});

/** The part of https://docs.github.com/rest/issues that is in use, for one repository. */
export function addRoutes(
  app: FastifyInstance,
  state: StandInState,
  faults: GitHubFaults,
  base: () => Base,
): void {
  const root = '/repos/:owner/:repo';
  const show = (issue: StandInIssue) => issueAnswer(base(), issue, state.labels);

  app.get(root, async () => ({
    full_name: base().repository,
    has_issues: true,
    archived: false,
    permissions: { admin: false, push: true, pull: true },
  }));

  app.get(`${root}/issues`, async (request, reply) => {
    const query = Page.parse(request.query);
    const seen = visible(state.issues, faults).filter(
      (issue) => !issue.deleted && (query.state === 'all' || issue.state === query.state),
    );
    const sorted = query.direction === 'desc' ? seen.toReversed() : seen;
    return paged(request, reply, sorted.map(show), query);
  });

  app.post(`${root}/issues`, async (request, reply) => {
    const fields = checked(NewIssue, request.body, reply, 'Issue');
    if (fields === null) return reply;
    const labels = faults.isOn('label-drop') ? [] : fields.labels;
    return commit(reply, faults, 201, () => show(state.createIssue({ ...fields, labels })));
  });

  app.get(`${root}/issues/:number`, async (request, reply) => {
    const issue = found(state, request, reply);
    return issue === null ? reply : show(issue);
  });

  app.patch(`${root}/issues/:number`, async (request, reply) => {
    const issue = found(state, request, reply);
    const change = issue === null ? null : checked(IssueChange, request.body, reply, 'Issue');
    if (issue === null || change === null) return reply;
    return commit(reply, faults, 200, () => {
      if (change.title !== undefined) issue.title = change.title;
      if (change.body !== undefined) issue.body = change.body;
      if (change.labels !== undefined) issue.labels = [...change.labels];
      if (change.state !== undefined) state.setState(issue, change.state, change.state_reason ?? null);
      issue.updated_at = new Date().toISOString();
      return show(issue);
    });
  });

  app.get(`${root}/issues/:number/comments`, async (request, reply) => {
    const issue = found(state, request, reply);
    if (issue === null) return reply;
    const query = Page.parse(request.query);
    const since = query.since ?? '';
    const comments = visible(issue.comments, faults).filter(({ created_at }) => created_at >= since);
    return paged(
      request,
      reply,
      comments.map((comment) => commentAnswer(base(), issue, comment)),
      query,
    );
  });

  app.post(`${root}/issues/:number/comments`, async (request, reply) => {
    const issue = found(state, request, reply);
    const fields = issue === null ? null : checked(NewComment, request.body, reply, 'IssueComment');
    if (issue === null || fields === null) return reply;
    return commit(reply, faults, 201, () =>
      commentAnswer(base(), issue, state.comment(issue, 'hubcanary[bot]', fields.body)),
    );
  });

  app.post(`${root}/issues/:number/labels`, async (request, reply) => {
    const issue = found(state, request, reply);
    const fields =
      issue === null
        ? null
        : checked(z.object({ labels: z.array(z.string()) }), request.body, reply, 'Label');
    if (issue === null || fields === null) return reply;
    return commit(reply, faults, 200, () => {
      if (!faults.isOn('label-drop')) issue.labels = [...new Set([...issue.labels, ...fields.labels])];
      return show(issue).labels;
    });
  });

  app.post(`${root}/labels`, async (request, reply) => {
    const label = checked(NewLabel, request.body, reply, 'Label');
    if (label === null) return reply;
    if (!state.addLabel(label)) {
      const errors = [{ resource: 'Label', code: 'already_exists', field: 'name' }];
      return reply.code(422).send(refusal('Validation Failed', errors));
    }
    return reply.code(201).send(label);
  });
}

function found(state: StandInState, request: FastifyRequest, reply: FastifyReply): StandInIssue | null {
  const { number } = z.object({ number: z.coerce.number() }).parse(request.params);
  const issue = state.issue(number);
  if (issue === null) void reply.code(404).send(refusal('Not Found'));
  else if (issue.deleted) void reply.code(410).send(refusal('This issue was deleted'));
  else return issue;
  return null;
}

function checked<T>(schema: z.ZodType<T>, body: unknown, reply: FastifyReply, resource: string): T | null {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map(({ path, message }) => ({
    resource,
    code: 'invalid',
    field: path.join('.'),
    message,
  }));
  void reply.code(422).send(refusal('Validation Failed', errors));
  return null;
}

/** Everything that changes something goes through here, so that faults strike before, in or after it. */
function commit(
  reply: FastifyReply,
  faults: GitHubFaults,
  status: number,
  change: () => unknown,
): FastifyReply {
  if (faults.isOn('error-before-commit')) return reply.code(502).send(refusal('Server Error'));
  if (faults.isOn('late-commit')) {
    setTimeout(change, faults.settings.lateMs);
    return reply.code(502).send(refusal('Server Error'));
  }
  const answer = change();
  if (faults.isOn('error-after-commit')) return reply.code(502).send(refusal('Server Error'));
  if (faults.isOn('reset-after-commit')) {
    reply.raw.socket?.resetAndDestroy();
    return reply.hijack();
  }
  if (faults.isOn('body-cut')) {
    const body = JSON.stringify(answer);
    reply.hijack();
    reply.raw.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
    reply.raw.end(body.slice(0, body.length / 2));
    return reply;
  }
  return reply.code(status).send(answer);
}

function visible<T extends { readonly created_at: string }>(
  things: readonly T[],
  faults: GitHubFaults,
): readonly T[] {
  if (!faults.isOn('stale-list')) return things;
  const newest = Date.now() - faults.settings.staleMs;
  return things.filter(({ created_at }) => Date.parse(created_at) <= newest);
}

function paged(
  request: FastifyRequest,
  reply: FastifyReply,
  all: readonly unknown[],
  { page, per_page }: { readonly page: number; readonly per_page: number },
): readonly unknown[] {
  if (page * per_page < all.length) {
    const next = new URL(request.url, `http://${request.host}`);
    next.searchParams.set('page', String(page + 1));
    void reply.header('link', `<${next.href}>; rel="next"`);
  }
  return all.slice((page - 1) * per_page, page * per_page);
}
