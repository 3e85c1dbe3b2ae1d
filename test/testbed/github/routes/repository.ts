import type { FastifyInstance } from 'fastify';
import { repositoryAnswer, userAnswer } from '../answers.ts';
import { type World, repositoryOf } from '../world.ts';

/** The repository itself and who may be asked to do something in it. */
export function addRepositoryRoutes(app: FastifyInstance, world: World): void {
  app.get('/user', async () => userAnswer('hubcanary[bot]'));

  app.get('/repos/:owner/:repo', async (request, reply) => {
    const place = repositoryOf(world, request, reply);
    if (place === null) return reply;
    return { ...repositoryAnswer(place.base.repository), has_issues: !world.faults.isOn('issues-off') };
  });
}
