import { describe, expect, it } from 'vitest';
import { configCheck, configSchema } from '../../src/cli/config.ts';
import type { Env } from '../../src/config/secret.ts';
import { aConfig } from './config-files.ts';

async function check(path: string, env: Env) {
  let [out, err] = ['', ''];
  const status = await configCheck({
    path,
    env,
    stdout: { write: (text) => (out += text) },
    stderr: { write: (text) => (err += text) },
  });
  return { status, out, err };
}

const ENV = { STAGING_PASSWORD: 's3cret', T: 't0ken' };

describe('config check', () => {
  it('counts what is watched when all is well', async () => {
    const sections = [
      'github: {repository: owner/name, auth: {token: {env: T}}}',
      'service: {reachability: [https://example.org/]}',
      'maintenance: [{hubs: [staging], from: 2026-12-01T09:00Z, to: 2026-12-01T11:00Z, reason: upgrade}]',
    ].join('\n');

    expect(await check(aConfig({ sections }), ENV)).toEqual({
      status: 0,
      out: 'ok: 1 hub, 2 probes, 2 secrets, 1 maintenance window; incidents become issues in owner/name\n',
      err: '',
    });
  });

  it('warns and goes on', async () => {
    const path = aConfig({ sections: 'criteria: {declare: {consecutive: 1}}' });

    const { status, out, err } = await check(path, ENV);

    expect(status).toBe(0);
    expect(out).toBe('ok: 1 hub, 2 probes, 1 secret; no issue is opened (no github section)\n');
    expect(err).toContain(`${path}:5  warning: criteria.declare.consecutive: `);
  });

  it('tells of every mistake', async () => {
    const path = aConfig({ hub: 'tier: prod', sections: 'service: {concurrency: 0}' });

    expect(await check(path, ENV)).toEqual({
      status: 2,
      out: '',
      err: [
        `${path}:5  hubs[0].tier: "prod" is not one of production, staging`,
        '    known: production, staging',
        `${path}:6  service.concurrency: must be at least 1`,
        '    for example 2',
        '2 problems\n',
      ].join('\n'),
    });
  });

  it('tells of missing secrets', async () => {
    const path = aConfig();

    expect(await check(path, {})).toEqual({
      status: 2,
      out: '',
      err: [
        `${path}:4  hubs[0].login.password: environment variable STAGING_PASSWORD is not set`,
        '    set STAGING_PASSWORD in the environment of this process',
        '1 problem\n',
      ].join('\n'),
    });
  });
});

describe('config schema', () => {
  it('is one JSON document', () => {
    let out = '';

    const status = configSchema({ stdout: { write: (text) => (out += text) } });

    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema' });
  });
});
