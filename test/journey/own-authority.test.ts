import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { killProcess } from '../../src/runner/proc.ts';
import { ProcessTree } from '../../src/runner/process-tree.ts';
import { makeCertificates } from '../testbed/certificates.ts';
import { type Front, startFront } from '../testbed/front.ts';
import { type Testbed, startTestbed } from '../testbed/testbed.ts';
import { checkHub } from './check-hub.ts';

describe('a hub whose certificate is from an authority of its own', () => {
  let testbed: Testbed;
  let folder: string;
  let ca: string;
  let front: Front;
  beforeAll(async () => {
    testbed = await startTestbed();
    folder = await mkdtemp(join(tmpdir(), 'authority-'));
    const certificates = await makeCertificates(folder);
    ca = certificates.ca;
    front = await startFront({ target: testbed.hubUrl, tls: await certificates.of('good') });
  });
  afterAll(async () => {
    await front[Symbol.asyncDispose]();
    await testbed.stop();
    await rm(folder, { recursive: true });
  });

  it('is visited over TLS, in the browser and without it', async () => {
    await using checked = await checkHub(testbed, 'canary', {
      probes: ['login', 'server'],
      hub: { url: front.url, tls: { ca } },
    });

    expect(checked.run.failure).toBeNull();
    expect(checked.run.criteria).toEqual({ login: 'passed', server: 'passed' });
    expect(checked.run.cleanup).toMatchObject({ status: 'clean', left: [] });
  });

  it('is cleaned up by the parent when the worker is killed', async () => {
    await using checked = await checkHub(testbed, 'canary', {
      probes: ['login', 'server'],
      hub: { url: front.url, tls: { ca } },
      onEvent(event, order) {
        if (event.kind !== 'step-started' || event.step !== 'wait until it is ready') return;
        for (const pid of new ProcessTree(order.id).pids()) killProcess(pid);
      },
    });

    expect(checked.run.failure).toMatchObject({ reason: 'internal', attribution: 'probe' });
    expect(checked.run.cleanup).toMatchObject({ status: 'clean', left: [] });
  });

  it('is our own fault when the file of the authority is not there', async () => {
    await using checked = await checkHub(testbed, 'canary', {
      probes: ['login'],
      hub: { url: front.url, tls: { ca: '/nowhere/ca.pem' } },
    });

    expect(checked.run).toMatchObject({ outcome: 'errored', failure: { reason: 'credential-missing' } });
    expect(checked.run.failure?.message).toContain("tls.ca: /nowhere/ca.pem can't be used: ENOENT");
  });
});
