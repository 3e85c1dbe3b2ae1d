import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { issueAnswer } from '../answers.ts';
import { commit } from '../commit.ts';
import { type World, bodyOf, issueOf, repositoryOf } from '../world.ts';

/** Who may be asked to do something here. */
export const ASSIGNABLE: readonly string[] = ['maren', 'ana'];

const NewAssignees = z.object({ assignees: z.array(z.string()) });

/** https://docs.github.com/rest/issues/assignees */
export function addAssigneeRoutes(app: FastifyInstance, world: World): void {
  const root = '/repos/:owner/:repo';

  app.get<{ Params: { login: string } }>(`${root}/assignees/:login`, async (request, reply) => {
    if (repositoryOf(world, request, reply) === null) return reply;
    return reply.code(ASSIGNABLE.includes(request.params.login) ? 204 : 404).send();
  });

  // Who can't be assigned is left out without a word.
  app.post(`${root}/issues/:number/assignees`, async (request, reply) => {
    const found = issueOf(world, request, reply);
    const fields = found === null ? null : bodyOf(NewAssignees, request, reply, 'Issue');
    if (found === null || fields === null) return reply;
    const { state, issue, base } = found;
    const taken = world.faults.isOn('assignee-drop')
      ? []
      : fields.assignees.filter((login) => ASSIGNABLE.includes(login));
    return commit(reply, world, 201, () => {
      state.change(issue, { assignees: [...new Set([...issue.assignees, ...taken])] });
      return issueAnswer(base, issue, state.labels);
    });
  });
}
