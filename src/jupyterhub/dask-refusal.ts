import { z } from 'zod';
import { Broken } from '../core/broken.ts';
import { DASK_REASONS, type HubReason } from '../core/reason.ts';
import { oneLine, readableMs } from '../core/text.ts';

/** A stage in the notebook that did not end well: the exception's class and words, and the HTTP status it carries. */
export const Refusal = z.object({
  ok: z.literal(false),
  /** `Late` when the stage did not end in time. */
  error: z.string(),
  message: z.string(),
  status: z.number().nullish(),
});
export type Refusal = z.infer<typeof Refusal>;

/** What a stage's failure means. `withinMs` is the limit that it had. */
export type Meaning = (refusal: Refusal, withinMs: number) => Broken;

/** Importing the client: whatever goes wrong, users with this image can't do it either. */
export const clientMissing: Meaning = (refusal, withinMs) => {
  const options = { attribution: 'image' } as const;
  if (refusal.error === 'Late') {
    const message = `importing dask_gateway did not end within ${readableMs(withinMs)}`;
    return new Broken('client-missing', message, options);
  }
  const message = `the image's Python can't import dask_gateway: ${words(refusal)}`;
  return new Broken('client-missing', message, options);
};

/** What each exception of the dask-gateway client means when the gateway is asked something. */
export const gatewayRefused: Meaning = (refusal, withinMs) => {
  const { error, status } = refusal;
  if (status === 401 || status === 403) {
    return broken('gateway-refused', 'the gateway does not accept the user', refusal);
  }
  if ([404, 502, 503, 504].includes(status ?? 0)) {
    return broken('gateway-unreachable', 'a proxy answered in the place of the gateway', refusal);
  }
  if (error === 'Late') {
    return new Broken('gateway-unreachable', `the gateway did not answer in time (${readableMs(withinMs)})`);
  }
  if (/Connect|Timeout|Disconnected|OSError|URL/.test(error)) {
    return broken('gateway-unreachable', 'the gateway did not answer', refusal);
  }
  if (/ContentType|JSON|^(KeyError|AttributeError|TypeError)$/.test(error)) {
    return broken('gateway-unreachable', 'something else answered at the address of the gateway', refusal);
  }
  // The client knows 404 and a missing address by this class alone.
  if (error === 'ValueError') {
    return broken('gateway-unreachable', 'there is no gateway at its address', refusal);
  }
  return broken('gateway-error', 'the gateway answered with an error', refusal);
};

/**
 * The first question that needs to know who asks, to a gateway that has just told its version: a 502 is its own then,
 * for a hub that did not tell it who the user is. Its words for that are lost on the way.
 */
export const userUnknown: Meaning = (refusal, withinMs) =>
  refusal.status === 502
    ? broken('gateway-error', 'the gateway could not ask the hub who the user is', refusal)
    : gatewayRefused(refusal, withinMs);

/** A new cluster: the client knows 422 by its class alone, limits and options that are not allowed. */
export const clusterRefused: Meaning = (refusal, withinMs) => {
  if (refusal.error === 'ValueError' || refusal.error === 'GatewayClusterError') {
    return broken('cluster-refused', 'the gateway refused the cluster', refusal);
  }
  return gatewayRefused(refusal, withinMs);
};

/** The scheduler did not answer. `status` is what the gateway says of its cluster at that moment. */
export function schedulerLost(status: string, what: string): Broken {
  if (status === 'RUNNING') {
    return new Broken('scheduler-unreachable', `the cluster runs, but its scheduler ${what}`);
  }
  return new Broken('cluster-failed', `the cluster ended (${status}); its scheduler ${what}`);
}

export const computeFailed: Meaning = (refusal) =>
  broken('compute-failed', 'the workers could not compute', refusal);

/** How many workers a cut-down wish leaves, by the gateway's own sentence; null when it says something else. */
export function allowedBy(warning: string): number | null {
  const said = /Scaling to (\d+) instead/.exec(warning)?.[1];
  return said === undefined ? null : Number(said);
}

/** Where users meet dask, a lost server is a kernel that died under them. */
export function asDaskReason(error: unknown): unknown {
  if (!(error instanceof Broken) || DASK_REASONS.some((reason) => reason === error.reason)) return error;
  return new Broken('kernel-died', error.message, { attribution: error.attribution, cause: error });
}

function broken(reason: HubReason, what: string, refusal: Refusal): Broken {
  return new Broken(reason, `${what}: ${words(refusal)}`);
}

/** The exception as a person reads it; pages of proxies come as a whole document. */
export function words({ error, message }: Refusal): string {
  return oneLine(`${error} ${message.replace(/<[^>]*>/g, ' ')}`);
}
