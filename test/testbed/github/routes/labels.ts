import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { labelAnswer, refusal } from '../answers.ts';
import { commit } from '../commit.ts';
import { sendPage } from '../list.ts';
import type { StandInState } from '../state.ts';
import { type StandInIssue } from '../state.ts';
import { type World, bodyOf, issueOf, repositoryOf } from '../world.ts';

const NewLabel = z.object({
  name: z.string().min(1).max(50),
  color: z
    .string()
    .regex(/^[0-9a-f]{6}$/i)
    .default('ededed'),
  description: z.string().max(100).nullable().default(null),
});
const NewLabels = z.object({ labels: z.array(z.string()) });

/** https://docs.github.com/rest/issues/labels */
export function addLabelRoutes(app: FastifyInstance, world: World): void {
  const { faults } = world;
  const root = '/repos/:owner/:repo';
  const serverError = (reply: FastifyReply) => reply.code(500).send(refusal('Server Error'));
  const labelsOf = (state: StandInState, issue: StandInIssue) =>
    issue.labels.map((name) =>
      labelAnswer(state.labels.get(name) ?? { name, color: 'ededed', description: null }),
    );

  app.get(`${root}/labels`, async (request, reply) => {
    const place = repositoryOf(world, request, reply);
    if (place === null) return reply;
    return sendPage(request, reply, world, [...place.state.labels.values()], labelAnswer);
  });

  app.get<{ Params: { name: string } }>(`${root}/labels/:name`, async (request, reply) => {
    const place = repositoryOf(world, request, reply);
    if (place === null) return reply;
    const label = place.state.labels.get(request.params.name);
    return label === undefined ? reply.code(404).send(refusal('Not Found')) : labelAnswer(label);
  });

  app.post(`${root}/labels`, async (request, reply) => {
    const place = repositoryOf(world, request, reply);
    const label = place === null ? null : bodyOf(NewLabel, request, reply, 'Label');
    if (place === null || label === null) return reply;
    if (faults.isOn('label-error')) return serverError(reply);
    if (!place.state.addLabel(label)) {
      const errors = [{ resource: 'Label', code: 'already_exists', field: 'name' }];
      return reply.code(422).send(refusal('Validation Failed', errors));
    }
    return reply.code(201).send(labelAnswer(label));
  });

  app.post(`${root}/issues/:number/labels`, async (request, reply) => {
    const found = issueOf(world, request, reply);
    const fields = found === null ? null : bodyOf(NewLabels, request, reply, 'Label');
    if (found === null || fields === null) return reply;
    if (faults.isOn('label-error')) return serverError(reply);
    const { state, issue } = found;
    return commit(reply, world, 200, () => {
      if (!faults.isOn('label-drop')) {
        state.nameLabels(fields.labels);
        state.change(issue, { labels: [...new Set([...issue.labels, ...fields.labels])] });
      }
      return labelsOf(state, issue);
    });
  });

  app.delete<{ Params: { name: string } }>(`${root}/issues/:number/labels/:name`, async (request, reply) => {
    const found = issueOf(world, request, reply);
    if (found === null) return reply;
    const { state, issue } = found;
    if (!issue.labels.includes(request.params.name))
      return reply.code(404).send(refusal('Label does not exist'));
    return commit(reply, world, 200, () => {
      state.change(issue, { labels: issue.labels.filter((label) => label !== request.params.name) });
      return labelsOf(state, issue);
    });
  });
}
