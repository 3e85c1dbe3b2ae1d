import { describe, expect, it } from 'vitest';
import { Broken } from '../../src/core/broken.ts';
import {
  allowedBy,
  asDaskReason,
  clientMissing,
  clusterRefused,
  computeFailed,
  gatewayRefused,
  schedulerLost,
  userUnknown,
} from '../../src/jupyterhub/dask-refusal.ts';

function refusal(error: string, message = '', status: number | null = null) {
  return { ok: false, error, message, status } as const;
}

describe('what a failure in the notebook means', () => {
  it.each([
    ['ModuleNotFoundError', "No module named 'dask_gateway'", /can't import dask_gateway: ModuleNotFound/],
    ['AttributeError', 'no attribute x', /can't import dask_gateway: AttributeError no attribute x/],
    ['Late', '', /importing dask_gateway did not end within 60 s/],
  ])('importing the client: %s', (error, message, says) => {
    const broken = clientMissing(refusal(error, message), 60_000);

    expect(broken).toMatchObject({ reason: 'client-missing', attribution: 'image' });
    expect(broken.message).toMatch(says);
  });

  it.each([
    ['ClientResponseError', 'Unauthorized', 401, 'gateway-refused'],
    ['ClientResponseError', 'Forbidden', 403, 'gateway-refused'],
    ['GatewayServerError', 'boom', null, 'gateway-error'],
    ['ClientResponseError', 'Bad Gateway', 502, 'gateway-unreachable'],
    ['ClientResponseError', 'Service Unavailable', 503, 'gateway-unreachable'],
    ['ClientConnectorError', 'Cannot connect', null, 'gateway-unreachable'],
    ['ServerDisconnectedError', '', null, 'gateway-unreachable'],
    ['TimeoutError', '', null, 'gateway-unreachable'],
    ['Late', '', null, 'gateway-unreachable'],
    ['ContentTypeError', 'unexpected mimetype: text/html', 200, 'gateway-unreachable'],
    ['JSONDecodeError', 'Expecting value', null, 'gateway-unreachable'],
    ['ValueError', 'No dask-gateway address provided', null, 'gateway-unreachable'],
    ['ValueError', '404 page not found', null, 'gateway-unreachable'],
    ['RuntimeError', 'anything else', null, 'gateway-error'],
  ])('asking the gateway: %s %s %s → %s', (error, message, status, reason) => {
    expect(gatewayRefused(refusal(error, message, status), 30_000)).toMatchObject({
      reason,
      attribution: 'hub',
    });
  });

  it.each([
    [502, 'gateway-error'],
    [503, 'gateway-unreachable'],
    [401, 'gateway-refused'],
  ])('asking a gateway that answers who we are: %s → %s', (status, reason) => {
    expect(userUnknown(refusal('ClientResponseError', 'x', status), 30_000).reason).toBe(reason);
  });

  it('leaves the tags of a proxy page out', () => {
    const page = refusal('ValueError', '<html><h1>404</h1>\n<hr>nginx</html>');

    expect(gatewayRefused(page, 1).message).toMatch(/ValueError 404 nginx$/);
  });

  it.each([
    ['ValueError', 'too many clusters', null, 'cluster-refused'],
    ['GatewayClusterError', 'no', null, 'cluster-refused'],
    ['ClientResponseError', 'Forbidden', 403, 'gateway-refused'],
    ['Late', '', null, 'gateway-unreachable'],
  ])('asking for a cluster: %s %s %s → %s', (error, message, status, reason) => {
    expect(clusterRefused(refusal(error, message, status), 30_000).reason).toBe(reason);
  });

  it.each([
    ['RUNNING', 'scheduler-unreachable'],
    ['FAILED', 'cluster-failed'],
    ['STOPPED', 'cluster-failed'],
    ['GONE', 'cluster-failed'],
  ])('losing the scheduler of a cluster that is %s', (status, reason) => {
    expect(schedulerLost(status, 'left').reason).toBe(reason);
  });

  it('computing', () => {
    expect(computeFailed(refusal('KilledWorker', 'x'), 1)).toMatchObject({ reason: 'compute-failed' });
  });
});

describe("the gateway's own cut", () => {
  it.each([
    ['Scale request of 5 workers would exceed resource limit of 4 workers. Scaling to 4 instead.', 4],
    ['Scaling to 0 instead.', 0],
    ['something else', null],
  ])('%s', (warning, allowed) => {
    expect(allowedBy(warning)).toBe(allowed);
  });
});

describe('a reason in the dask probe', () => {
  it('that belongs to servers is a kernel that died, in the same words', () => {
    const lost = asDaskReason(new Broken('server-unreachable', 'the server is gone'));

    expect(lost).toMatchObject({ reason: 'kernel-died', message: 'the server is gone' });
  });

  it.each([new Broken('kernel-timeout', 'x'), new Error('ours')])('stays as it is: %s', (error) => {
    expect(asDaskReason(error)).toBe(error);
  });
});
