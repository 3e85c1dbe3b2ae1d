import { randomBytes } from 'node:crypto';
import Fastify from 'fastify';
import { GitHubFaults } from './faults.ts';
import { addGate } from './gate.ts';
import { type Human, humanIn } from './human.ts';
import { addPages } from './page.ts';
import { addAppTokenRoute } from './routes/app-token.ts';
import { addCommentRoutes } from './routes/comments.ts';
import { addIssueRoutes } from './routes/issues.ts';
import { addLabelRoutes } from './routes/labels.ts';
import { addRepositoryRoutes } from './routes/repository.ts';
import { type StandInIssue, type StandInLabel, type StandInRequest, StandInState } from './state.ts';
import type { World } from './world.ts';

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
  /** What a person does in the browser. */
  readonly human: Human;
  stop(): Promise<void>;
}

export async function startGitHub(options: { readonly repository?: string } = {}): Promise<GitHubStandIn> {
  const repository = options.repository ?? 'demo/infrastructure';
  const otherRepository = 'demo/elsewhere';
  const token = `ghp_${randomBytes(18).toString('hex')}`;
  const state = new StandInState();
  const repositories = new Map([
    [repository, state],
    [otherRepository, new StandInState()],
  ]);
  const faults = new GitHubFaults();
  const requests: StandInRequest[] = [];
  const app = Fastify({ forceCloseConnections: true, bodyLimit: 4 * 2 ** 20 });
  let url = '';
  const world: World = { repositories, faults, url: () => url };

  addGate(app, { faults, token, requests });
  addRepositoryRoutes(app, world);
  addIssueRoutes(app, world);
  addCommentRoutes(app, world);
  addLabelRoutes(app, world);
  addAppTokenRoute(app, token);
  addPages(app, world);

  function issue(number: number, where = repository): StandInIssue {
    const found = repositories.get(where)?.issue(number) ?? null;
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
    human: humanIn(repositories, repository, otherRepository),
    stop: () => app.close(),
    [Symbol.asyncDispose]: () => app.close(),
  };
}
