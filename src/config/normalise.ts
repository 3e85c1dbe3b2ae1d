import type { z } from 'zod';
import { CRITERIA } from '../core/criterion.ts';
import type { Criteria } from '../core/criteria.ts';
import type { Hub } from '../core/hub.ts';
import type { GitHubSettings, MaintenanceWindow, Service, WebhookSettings } from './config.ts';
import { explain } from './explain.ts';
import { configJsonSchema } from './json-schema.ts';
import { mergeHub } from './merge-hub.ts';
import type { Parsed, Placed } from './parse.ts';
import type { Finding } from './problem.ts';
import { CompleteHub } from './schema/hub.ts';
import { defaultDeadlineMs } from './time-limits.ts';

/** The configuration as far as it is known; whole when nothing was found. */
export interface Draft {
  readonly service: Service | null;
  readonly criteria: Criteria | null;
  readonly github: GitHubSettings | null;
  readonly hubs: readonly Placed<Hub>[];
  readonly maintenance: readonly Placed<MaintenanceWindow>[];
  readonly notify: readonly Placed<WebhookSettings>[];
}

/** Applies defaults, and turns what is convenient to write into what is convenient to use. */
export function normalise(parsed: Parsed): { draft: Draft; findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const hubs = parsed.hubs.flatMap(({ path, value }): Placed<Hub>[] => {
    const merged = mergeHub(parsed.defaults, value);
    const result = CompleteHub.safeParse(merged);
    if (result.success) return [{ path, value: toHub(result.data) }];
    const schema = configJsonSchema();
    findings.push(
      ...result.error.issues.flatMap((issue) => explain(issue, path, merged, schema)).map(orInDefaults),
    );
    return [];
  });
  const draft = {
    service: parsed.service === null ? null : toService(parsed.service),
    criteria: parsed.criteria === null ? null : toCriteria(parsed.criteria),
    github:
      parsed.github === null ? null : { ...parsed.github, apiUrl: parsed.github.apiUrl.replace(/\/+$/, '') },
    hubs,
    maintenance: parsed.maintenance,
    notify: parsed.notify.map(({ path, value }) => ({
      path,
      value: { ...value, secret: value.secret ?? null },
    })),
  };
  return { draft, findings };
}

/** After merging, the only thing a hub can lack is something the defaults could have given. */
function orInDefaults(finding: Finding): Finding {
  return { ...finding, fix: `${finding.fix}, here or under defaults` };
}

function toHub(hub: z.output<typeof CompleteHub>): Hub {
  const { startTimeout, slowAfter, interfaceTimeout, kernelTimeout, ...server } = hub.server;
  const limited: Omit<Hub, 'deadlineMs'> = {
    name: hub.name,
    url: withSlash(hub.url),
    cluster: hub.cluster,
    identityProvider: hub.identityProvider,
    canary: hub.canary,
    tier: hub.tier,
    login: hub.login,
    secondAccount: hub.secondAccount,
    probes: CRITERIA.filter((criterion) => hub.probes.includes(criterion)),
    schedule: hub.schedule,
    jitterMs: hub.jitter,
    maxLoginsPerHour: hub.maxLoginsPerHour,
    answerTimeoutMs: hub.answerTimeout,
    tls: hub.tls,
    cleanupTimeoutMs: hub.cleanupTimeout,
    server: {
      ...server,
      startTimeoutMs: startTimeout,
      slowAfterMs: slowAfter,
      interfaceTimeoutMs: interfaceTimeout,
      kernelTimeoutMs: kernelTimeout,
    },
    dask: {
      workers: hub.dask.workers,
      clusterOptions: hub.dask.clusterOptions,
      startTimeoutMs: hub.dask.startTimeout,
      workerTimeoutMs: hub.dask.workerTimeout,
      requestTimeoutMs: hub.dask.requestTimeout,
      computeTimeoutMs: hub.dask.computeTimeout,
    },
  };
  return { ...limited, deadlineMs: hub.deadline ?? defaultDeadlineMs(limited) };
}

function toService(service: NonNullable<Parsed['service']>): Service {
  const { memoryPerRun, runs, evidence, publicUrl, confirmations, ...rest } = service;
  return {
    ...rest,
    publicUrl: publicUrl === null ? null : withSlash(publicUrl),
    confirmations: {
      atOnce: confirmations.atOnce,
      atOncePerCluster: confirmations.atOncePerCluster,
      spreadMs: confirmations.spread,
    },
    memoryPerRunBytes: memoryPerRun,
    runs: { maxAgeMs: runs.maxAge },
    evidence: { directory: evidence.directory, maxAgeMs: evidence.maxAge, maxSizeBytes: evidence.maxSize },
  };
}

function toCriteria(criteria: NonNullable<Parsed['criteria']>): Criteria {
  const { declare, recover, reopenWithin, flapping, group } = criteria;
  return {
    declare: {
      confirmAfterMs: declare.confirmAfter,
      consecutive: declare.consecutive,
      persistForMs: declare.persistFor,
    },
    recover: { passes: recover.passes, quietForMs: recover.quietFor },
    reopenWithinMs: reopenWithin,
    flapping: { cycles: flapping.cycles, withinMs: flapping.within, steadyForMs: flapping.steadyFor },
    group: { waitMs: group.wait, hubs: group.hubs, share: group.share },
  };
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
