import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { refusal } from './answers.ts';
import type { StandInIssue } from './state.ts';
import type { World } from './world.ts';

const MOST_PER_PAGE = 100;

export const ListQuery = z.object({
  per_page: z.coerce
    .number()
    .default(30)
    .transform((wanted) => Math.min(wanted, MOST_PER_PAGE)),
  page: z.coerce.number().default(1),
  since: z.string().optional(),
  state: z.enum(['open', 'closed', 'all']).default('open'),
  sort: z.enum(['created', 'updated', 'comments']).default('created'),
  direction: z.enum(['asc', 'desc']).default('desc'),
  creator: z.string().optional(),
});

/** What a list shows: with a stale one not yet what is too new. */
export function listed<T extends { readonly created_at: string }>(
  things: readonly T[],
  { faults, clock }: World,
): readonly T[] {
  if (!faults.isOn('stale-list')) return things;
  const newest = clock.now() - faults.settings.staleMs;
  return things.filter(({ created_at }) => Date.parse(created_at) <= newest);
}

/** The same for issues, whose last change a stale list does not show either. */
export function listedIssues(issues: readonly StandInIssue[], world: World): readonly StandInIssue[] {
  const shown = listed(issues, world);
  if (!world.faults.isOn('stale-list')) return shown;
  const newest = world.clock.now() - world.faults.settings.staleMs;
  return shown.map((issue) =>
    Date.parse(issue.updated_at) <= newest ? issue : { ...issue, ...issue.before },
  );
}

/** One page, with the link to the next. */
export function sendPage<T>(
  request: FastifyRequest,
  reply: FastifyReply,
  { faults }: World,
  all: readonly T[],
  show: (thing: T) => unknown,
): FastifyReply {
  if (faults.isOn('list-conflict')) return reply.code(409).send(refusal('Conflict'));
  if (faults.isOn('list-cut')) return reply.type('application/json; charset=utf-8').send('');
  const { page, per_page } = ListQuery.parse(request.query);
  if (page * per_page < all.length) {
    const next = new URL(request.url, `http://${request.host}`);
    next.searchParams.set('page', String(page + 1));
    void reply.header('link', `<${next.href}>; rel="next"`);
  }
  return reply.send(all.slice((page - 1) * per_page, page * per_page).map(show));
}
