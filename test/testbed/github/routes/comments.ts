import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { commentAnswer, refusal } from '../answers.ts';
import { commit } from '../commit.ts';
import { ListQuery, listed, sendPage } from '../list.ts';
import type { StandInComment } from '../state.ts';
import { type World, bodyOf, issueOf, repositoryOf } from '../world.ts';

const NewComment = z.object({ body: z.string().min(1).max(65_536) });

/** https://docs.github.com/rest/issues/comments */
export function addCommentRoutes(app: FastifyInstance, world: World): void {
  const { faults } = world;
  const root = '/repos/:owner/:repo/issues';
  /** `since` is about the last change. */
  const recent = (comments: readonly StandInComment[], query: unknown) => {
    const since = Date.parse(ListQuery.parse(query).since ?? '1970-01-01');
    return listed(comments, faults).filter(({ updated_at }) => Date.parse(updated_at) >= since);
  };

  app.get(`${root}/:number/comments`, async (request, reply) => {
    const found = issueOf(world, request, reply);
    if (found === null) return reply;
    const { issue, base } = found;
    const shown = recent(issue.comments, request.query).map((comment) => commentAnswer(base, issue, comment));
    return sendPage(request, reply, faults, shown);
  });

  app.get(`${root}/comments`, async (request, reply) => {
    const place = repositoryOf(world, request, reply);
    if (place === null) return reply;
    const shown = place.state.issues.flatMap((issue) =>
      recent(issue.comments, request.query).map((comment) => commentAnswer(place.base, issue, comment)),
    );
    return sendPage(request, reply, faults, shown);
  });

  app.post(`${root}/:number/comments`, async (request, reply) => {
    const found = issueOf(world, request, reply);
    const fields = found === null ? null : bodyOf(NewComment, request, reply, 'IssueComment');
    if (found === null || fields === null) return reply;
    const { state, issue, base } = found;
    return commit(reply, faults, 201, () =>
      commentAnswer(base, issue, state.comment(issue, 'hubcanary[bot]', fields.body)),
    );
  });

  app.patch<{ Params: { id: string } }>(`${root}/comments/:id`, async (request, reply) => {
    const place = repositoryOf(world, request, reply);
    const fields = place === null ? null : bodyOf(NewComment, request, reply, 'IssueComment');
    if (place === null || fields === null) return reply;
    const issue = place.state.issues.find(({ comments }) =>
      comments.some(({ id }) => `${id}` === request.params.id),
    );
    const comment = issue?.comments.find(({ id }) => `${id}` === request.params.id);
    if (issue === undefined || comment === undefined) return reply.code(404).send(refusal('Not Found'));
    return commit(reply, faults, 200, () => {
      comment.body = fields.body;
      comment.updated_at = new Date().toISOString();
      return commentAnswer(place.base, issue, comment);
    });
  });
}
