import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { issueAnswer, refusal } from '../answers.ts';
import { commit } from '../commit.ts';
import { ListQuery, listed, sendPage } from '../list.ts';
import { type World, bodyOf, issueOf, repositoryOf } from '../world.ts';

const MOST_CHARACTERS = 65_536;
const MOST_IN_TITLE = 256;

const NewIssue = z.object({
  title: z.string().min(1).max(MOST_IN_TITLE),
  body: z.string().max(MOST_CHARACTERS).default(''),
  labels: z.array(z.string()).default([]),
});

const IssueChange = z.object({
  title: z.string().min(1).max(MOST_IN_TITLE).optional(),
  body: z.string().max(MOST_CHARACTERS).optional(),
  state: z.enum(['open', 'closed']).optional(),
  state_reason: z.enum(['completed', 'not_planned', 'reopened']).nullish(),
  labels: z.array(z.string()).optional(),
});

/** https://docs.github.com/rest/issues/issues */
export function addIssueRoutes(app: FastifyInstance, world: World): void {
  const { faults } = world;
  const root = '/repos/:owner/:repo/issues';

  app.get(root, async (request, reply) => {
    const place = repositoryOf(world, request, reply);
    if (place === null) return reply;
    const query = ListQuery.parse(request.query);
    const key = query.sort === 'updated' ? 'updated_at' : 'created_at';
    const seen = listed(place.state.issues, faults)
      .filter((issue) => !issue.deleted && issue.movedTo === null)
      .filter(({ state }) => query.state === 'all' || state === query.state)
      .filter(() => query.creator === undefined || query.creator === 'hubcanary[bot]')
      .toSorted((one, other) => one[key].localeCompare(other[key]) || one.number - other.number);
    if (query.direction === 'desc') seen.reverse();
    const shown = seen.map((issue) => issueAnswer(place.base, issue, place.state.labels));
    return sendPage(request, reply, faults, shown);
  });

  app.post(root, async (request, reply) => {
    const place = repositoryOf(world, request, reply);
    if (place === null) return reply;
    if (faults.isOn('issues-off')) return reply.code(410).send(refusal('Issues are disabled for this repo'));
    const fields = bodyOf(NewIssue, request, reply, 'Issue');
    if (fields === null) return reply;
    if (faults.isOn('label-refusal') && fields.labels.length > 0) {
      const errors = [{ resource: 'Label', code: 'invalid', field: 'name', value: fields.labels[0] }];
      return reply.code(422).send(refusal('Validation Failed', errors));
    }
    const labels = faults.isOn('label-drop') ? [] : fields.labels;
    return commit(reply, faults, 201, () => {
      const issue = place.state.createIssue({ ...fields, labels });
      return issueAnswer(place.base, issue, place.state.labels);
    });
  });

  app.get(`${root}/:number`, async (request, reply) => {
    const found = issueOf(world, request, reply);
    return found === null ? reply : issueAnswer(found.base, found.issue, found.state.labels);
  });

  app.patch(`${root}/:number`, async (request, reply) => {
    const found = issueOf(world, request, reply);
    const change = found === null ? null : bodyOf(IssueChange, request, reply, 'Issue');
    if (found === null || change === null) return reply;
    const { state, issue, base } = found;
    return commit(reply, faults, 200, () => {
      if (change.title !== undefined) issue.title = change.title;
      if (change.body !== undefined) issue.body = change.body;
      if (change.labels !== undefined) issue.labels = [...change.labels];
      if (change.state !== undefined) state.setState(issue, change.state, change.state_reason ?? null);
      issue.updated_at = new Date().toISOString();
      return issueAnswer(base, issue, state.labels);
    });
  });
}
