import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { issueAnswer, refusal } from '../answers.ts';
import { commit } from '../commit.ts';
import { ListQuery, listedIssues, sendPage } from '../list.ts';
import type { StandInIssue } from '../state.ts';
import { ASSIGNABLE } from './assignees.ts';
import { type World, bodyOf, issueOf, repositoryOf } from '../world.ts';

const MOST_CHARACTERS = 65_536;
const MOST_IN_TITLE = 256;

const NewIssue = z.object({
  title: z.string().min(1).max(MOST_IN_TITLE),
  body: z.string().max(MOST_CHARACTERS).default(''),
  labels: z.array(z.string()).default([]),
  assignees: z.array(z.string()).default([]),
});

const IssueChange = z.object({
  title: z.string().min(1).max(MOST_IN_TITLE).optional(),
  body: z.string().max(MOST_CHARACTERS).optional(),
  state: z.enum(['open', 'closed']).optional(),
  state_reason: z.enum(['completed', 'not_planned', 'duplicate', 'reopened']).nullish(),
  duplicate_issue_id: z.number().optional(),
  labels: z.array(z.string()).optional(),
  assignees: z.array(z.string()).optional(),
});

/** https://docs.github.com/rest/issues/issues */
export function addIssueRoutes(app: FastifyInstance, world: World): void {
  const { faults } = world;
  const root = '/repos/:owner/:repo/issues';

  app.get(root, async (request, reply) => {
    const place = repositoryOf(world, request, reply);
    if (place === null) return reply;
    const query = ListQuery.parse(request.query);
    const seen = listedIssues(place.state.issues, world)
      .filter((issue) => !issue.deleted && issue.movedTo === null)
      .filter(({ state }) => query.state === 'all' || state === query.state)
      .filter(({ updated_at }) => query.since === undefined || updated_at >= query.since)
      .filter(() => query.creator === undefined || query.creator === 'hubcanary[bot]');
    // They are kept in the order in which they were created.
    const sorted = query.sort === 'updated' ? seen.toSorted(byUpdate) : [...seen];
    if (query.direction === 'desc') sorted.reverse();
    return sendPage(request, reply, world, sorted, (issue) =>
      issueAnswer(place.base, issue, place.state.labels),
    );
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
    const assignees = faults.isOn('assignee-drop') ? [] : fields.assignees;
    const stranger = assignees.find((login) => !ASSIGNABLE.includes(login));
    if (stranger !== undefined) {
      const errors = [{ resource: 'Issue', code: 'invalid', field: 'assignees', value: stranger }];
      return reply.code(422).send(refusal('Validation Failed', errors));
    }
    return commit(reply, world, 201, () => {
      const issue = place.state.createIssue({ ...fields, labels, assignees });
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
    const { title, body, labels, assignees, state: open, state_reason, duplicate_issue_id } = change;
    if (state_reason === 'duplicate' && faults.isOn('no-duplicate-reason')) {
      const errors = [{ resource: 'Issue', code: 'invalid', field: 'state_reason', value: state_reason }];
      return reply.code(422).send(refusal('Validation Failed', errors));
    }
    return commit(reply, world, 200, () => {
      state.change(issue, {
        ...(title === undefined ? {} : { title }),
        ...(body === undefined ? {} : { body }),
        ...(labels === undefined ? {} : { labels }),
        ...(assignees === undefined ? {} : { assignees }),
        ...(open === undefined ? {} : { state: open, state_reason: state_reason ?? null }),
        ...(duplicate_issue_id === undefined ? {} : { duplicateOf: duplicate_issue_id }),
      });
      return issueAnswer(base, issue, state.labels);
    });
  });
}

function byUpdate(one: StandInIssue, other: StandInIssue): number {
  return Date.parse(one.updated_at) - Date.parse(other.updated_at) || one.number - other.number;
}
