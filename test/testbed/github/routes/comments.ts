import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { commentAnswer, refusal } from '../answers.ts';
import { commit } from '../commit.ts';
import { ListQuery, listed, sendPage } from '../list.ts';
import type { StandInComment } from '../state.ts';
import { type World, bodyOf, issueOf, repositoryOf } from '../world.ts';

const NewComment = z.object({ body: z.string().min(1).max(65_536) });

/** https://docs.github.com/rest/issues/comments */
export function addCommentRoutes(app: FastifyInstance, world: World): void {
  const root = '/repos/:owner/:repo/issues';
  /** `since` is about the last change. */
  const recent = (comments: readonly StandInComment[], query: unknown) => {
    const since = Date.parse(ListQuery.parse(query).since ?? '1970-01-01');
    return listed(comments, world).filter(({ updated_at }) => Date.parse(updated_at) >= since);
  };

  app.get(`${root}/:number/comments`, async (request, reply) => {
    const found = issueOf(world, request, reply);
    if (found === null) return reply;
    const { issue, base } = found;
    const shown = recent(issue.comments, request.query);
    return sendPage(request, reply, world, shown, (comment) => commentAnswer(base, issue, comment));
  });

  app.get(`${root}/comments`, async (request, reply) => {
    const place = repositoryOf(world, request, reply);
    if (place === null) return reply;
    const shown = place.state.issues
      .filter(({ deleted, movedTo }) => !deleted && movedTo === null)
      .flatMap((issue) => recent(issue.comments, request.query).map((comment) => ({ issue, comment })));
    return sendPage(request, reply, world, shown, ({ issue, comment }) =>
      commentAnswer(place.base, issue, comment),
    );
  });

  app.post(`${root}/:number/comments`, async (request, reply) => {
    const found = issueOf(world, request, reply);
    const fields = found === null ? null : bodyOf(NewComment, request, reply, 'IssueComment');
    if (found === null || fields === null) return reply;
    const { state, issue, base } = found;
    if (issue.locked)
      return reply.code(403).send(refusal('Unable to create comment because issue is locked.'));
    return commit(reply, world, 201, () =>
      commentAnswer(base, issue, state.comment(issue, 'hubcanary[bot]', fields.body)),
    );
  });

  const ofId = (request: FastifyRequest<{ Params: { id: string } }>, reply: FastifyReply) => {
    const place = repositoryOf(world, request, reply);
    if (place === null) return null;
    for (const issue of place.state.issues) {
      const comment = issue.comments.find(({ id }) => `${id}` === request.params.id);
      if (comment !== undefined) return { ...place, issue, comment };
    }
    void reply.code(404).send(refusal('Not Found'));
    return null;
  };

  app.patch<{ Params: { id: string } }>(`${root}/comments/:id`, async (request, reply) => {
    const found = ofId(request, reply);
    const fields = found === null ? null : bodyOf(NewComment, request, reply, 'IssueComment');
    if (found === null || fields === null) return reply;
    const { comment, issue, base } = found;
    return commit(reply, world, 200, () => {
      comment.body = fields.body;
      comment.updated_at = new Date(world.clock.now()).toISOString();
      return commentAnswer(base, issue, comment);
    });
  });

  app.delete<{ Params: { id: string } }>(`${root}/comments/:id`, async (request, reply) => {
    const found = ofId(request, reply);
    if (found === null) return reply;
    const { comment, issue } = found;
    return commit(reply, world, 204, () => {
      issue.comments = issue.comments.filter((other) => other !== comment);
      return undefined;
    });
  });
}
