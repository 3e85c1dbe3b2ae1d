import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Base, refusal } from './answers.ts';
import type { Clock } from './clock.ts';
import type { GitHubFaults } from './faults.ts';
import type { Limits } from './limits.ts';
import type { StandInIssue, StandInState } from './state.ts';
import type { Witness } from './witness.ts';

/** What the routes work on: the repositories by `owner/name`, and the faults that are on. */
export interface World {
  readonly repositories: Map<string, StandInState>;
  /** Repositories that have another name now, by the old one. */
  readonly renamed: Map<string, string>;
  readonly faults: GitHubFaults;
  readonly clock: Clock;
  readonly limits: Limits;
  /** Whether the secondary limits on what is created are kept too. */
  readonly countsCreations: boolean;
  readonly witness: Witness;
  readonly url: () => string;
}

const RepositoryParams = z.object({ owner: z.string(), repo: z.string() });
const NumberParam = z.object({ number: z.coerce.number() });

/** The repository that a request is about; null after it was answered that there is none, or where it is now. */
export function repositoryOf(
  world: World,
  request: FastifyRequest,
  reply: FastifyReply,
): { readonly state: StandInState; readonly base: Base } | null {
  const { owner, repo } = RepositoryParams.parse(request.params);
  const repository = `${owner}/${repo}`;
  const state = world.repositories.get(repository);
  if (state !== undefined) return { state, base: { url: world.url(), repository } };
  const now = world.renamed.get(repository);
  if (now === undefined) void reply.code(404).send(refusal('Not Found'));
  else sendRenamed(world, request, reply, { repository, now });
  return null;
}

/** A renamed repository forwards everything, to an address by its number that does not change. */
function sendRenamed(
  world: World,
  request: FastifyRequest,
  reply: FastifyReply,
  { repository, now }: { readonly repository: string; readonly now: string },
): void {
  const rest = request.url.slice(`/repos/${repository}`.length);
  const location = `${world.url()}/repositories/${repositoryId(world, now)}${rest}`;
  const [status, said] = request.method === 'GET' ? [301, 'Moved Permanently'] : [307, 'Temporary Redirect'];
  void reply
    .code(Number(status))
    .header('location', location)
    .send({ ...refusal(String(said)), url: location });
}

/** `/repositories/ID/…` means `/repos/OWNER/NAME/…`. */
export function spelledByName(world: World, url: string): string {
  const [, id = '', rest = ''] = /^\/repositories\/(\d+)(.*)$/.exec(url) ?? [];
  const name = [...world.repositories.keys()].find((name) => `${repositoryId(world, name)}` === id);
  return name === undefined ? url : `/repos/${name}${rest}`;
}

function repositoryId({ repositories }: World, repository: string): number {
  return repositories.get(repository)?.id ?? 0;
}

/** The issue that a request is about; null after the request was answered without it. */
export function issueOf(
  world: World,
  request: FastifyRequest,
  reply: FastifyReply,
): { readonly state: StandInState; readonly base: Base; readonly issue: StandInIssue } | null {
  const place = repositoryOf(world, request, reply);
  if (place === null) return null;
  const { number } = NumberParam.parse(request.params);
  const issue = place.state.issue(number);
  if (issue === null) void reply.code(404).send(refusal('Not Found'));
  else if (world.faults.isOn('issues-off'))
    void reply.code(410).send(refusal('Issues are disabled for this repo'));
  else if (issue.deleted) void reply.code(410).send(refusal('This issue was deleted'));
  else if (issue.movedTo !== null) sendMoved(world, request, reply, issue.movedTo);
  else return { ...place, issue };
  return null;
}

/** A moved issue forwards; what is below it does not. */
function sendMoved(
  world: World,
  request: FastifyRequest,
  reply: FastifyReply,
  { repository, number }: NonNullable<StandInIssue['movedTo']>,
): void {
  const isItself = /\/issues\/\d+$/.test(new URL(request.url, 'http://any').pathname);
  if (!isItself) {
    void reply.code(404).send(refusal('Not Found'));
    return;
  }
  const location = `${world.url()}/repos/${repository}/issues/${number}`;
  void reply.code(301).header('location', location).send(refusal('Moved Permanently'));
}

/** The body as the schema reads it; null after the request was refused as invalid. */
export function bodyOf<T>(
  schema: z.ZodType<T>,
  request: FastifyRequest,
  reply: FastifyReply,
  resource: string,
): T | null {
  const parsed = schema.safeParse(request.body);
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
