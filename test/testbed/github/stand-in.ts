import { randomBytes } from 'node:crypto';
import Fastify from 'fastify';
import { type Clock, WALL_CLOCK } from './clock.ts';
import { GitHubFaults } from './faults.ts';
import { addGate } from './gate.ts';
import { type Human, humanIn } from './human.ts';
import { Limits } from './limits.ts';
import { addPages } from './page.ts';
import { addAppTokenRoute } from './routes/app-token.ts';
import { addAssigneeRoutes } from './routes/assignees.ts';
import { addCommentRoutes } from './routes/comments.ts';
import { addIssueRoutes } from './routes/issues.ts';
import { addLabelRoutes } from './routes/labels.ts';
import { addRepositoryRoutes } from './routes/repository.ts';
import { type StandInIssue, type StandInLabel, type StandInRequest, StandInState } from './state.ts';
import { NOBODY, type Witness } from './witness.ts';
import { type World, spelledByName } from './world.ts';

/** A stand-in for GitHub, spoken to over HTTP by the unmodified client; its faults are the original's. */
export interface GitHubStandIn extends AsyncDisposable {
  /** For `github.apiUrl`; no slash at its end. */
  readonly url: string;
  readonly repository: string;
  /** A second repository that the token may use: where a human moves issues to. */
  readonly otherRepository: string;
  readonly token: string;
  readonly faults: GitHubFaults;
  /** Of the repository, oldest first; the deleted ones too. */
  issues(): readonly StandInIssue[];
  /** @throws when there is none. */
  issue(number: number, repository?: string): StandInIssue;
  labels(): readonly StandInLabel[];
  /** All that arrived, in order, also those that are still under way. */
  requests(): readonly StandInRequest[];
  /** Requests that came although we had been told to wait. */
  ignoredWaits(): number;
  /** Requests left in this hour. */
  remaining(): number;
  /** Somebody else makes a request with our token. */
  spend(): void;
  /** What a person does in the browser. */
  readonly human: Human;
  stop(): Promise<void>;
}

export interface StandInOptions {
  readonly repository?: string;
  readonly clock?: Clock;
  readonly witness?: Witness;
  /** Whether the secondary limits on what is created are kept too; the primary one always is. */
  readonly countsCreations?: boolean;
}

export async function startGitHub(options: StandInOptions = {}): Promise<GitHubStandIn> {
  const repository = options.repository ?? 'demo/infrastructure';
  const otherRepository = 'demo/elsewhere';
  const token = `ghp_${randomBytes(18).toString('hex')}`;
  const clock = options.clock ?? WALL_CLOCK;
  const ids = { last: 0 };
  const state = new StandInState(clock, ids);
  const repositories = new Map([
    [repository, state],
    [otherRepository, new StandInState(clock, ids)],
  ]);
  const faults = new GitHubFaults();
  const requests: StandInRequest[] = [];
  const limits = new Limits(clock);
  let url = '';
  const world: World = {
    repositories,
    renamed: new Map(),
    faults,
    clock,
    limits,
    countsCreations: options.countsCreations ?? false,
    witness: options.witness ?? NOBODY,
    url: () => url,
  };
  const app = Fastify({
    forceCloseConnections: true,
    bodyLimit: 4 * 2 ** 20,
    rewriteUrl: (request) => spelledByName(world, request.url ?? '/'),
  });

  addGate(app, world, { token, requests });
  addRepositoryRoutes(app, world);
  addIssueRoutes(app, world);
  addCommentRoutes(app, world);
  addLabelRoutes(app, world);
  addAssigneeRoutes(app, world);
  addAppTokenRoute(app, token, clock);
  addPages(app, world);

  function issue(number: number, where = repository): StandInIssue {
    const found = (where === repository ? state : repositories.get(where))?.issue(number) ?? null;
    if (found === null) throw new Error(`the stand-in has no issue #${number} in ${where}`);
    return found;
  }

  url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    url,
    repository,
    otherRepository,
    token,
    faults,
    issues: () => state.issues,
    issue,
    labels: () => [...state.labels.values()],
    requests: () => requests,
    ignoredWaits: () => limits.ignoredWaits,
    remaining: () => limits.remaining(),
    spend: () => void limits.count(),
    human: humanIn(world, repository, otherRepository),
    stop: () => app.close(),
    [Symbol.asyncDispose]: () => app.close(),
  };
}
