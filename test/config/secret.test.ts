import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { checkSecrets, createSecretReader } from '../../src/config/secret-reader.ts';
import { resolveSecret, SecretError } from '../../src/config/secret.ts';
import { wantedSecrets } from '../../src/config/wanted-secrets.ts';
import { aConfig, aFolder } from './config-files.ts';

describe('resolveSecret', () => {
  it('reads the environment it is given', async () => {
    expect(await resolveSecret({ env: 'A' }, { A: ' s3cret ' })).toBe(' s3cret ');
  });

  it('reads a file again each time, without its last newline', async () => {
    const file = join(aFolder({ secret: 'before\n' }), 'secret');

    const before = await resolveSecret({ file }, {});
    writeFileSync(file, 'two\nlines\r\n');
    const after = await resolveSecret({ file }, {});

    expect([before, after]).toEqual(['before', 'two\nlines']);
  });

  it.each([
    [{ env: 'A' }, 'environment variable A is not set'],
    [{ env: 'EMPTY' }, 'environment variable EMPTY is empty'],
    [{ file: 'missing' }, 'file missing does not exist'],
    [{ file: 'blank' }, 'file blank is empty'],
    [{ file: 'folder' }, 'folder is not a regular file'],
  ])('says of %j that %s', async (reference, message) => {
    const folder = aFolder({ blank: '\n' });
    mkdirSync(join(folder, 'folder'));
    const absolute = 'file' in reference ? { file: join(folder, reference.file) } : reference;

    const failure = resolveSecret(absolute, { EMPTY: '' });

    await expect(failure).rejects.toThrow(SecretError);
    await expect(failure.catch((error: Error) => error.message.replace(`${folder}/`, ''))).resolves.toBe(
      message,
    );
  });
});

describe('createSecretReader', () => {
  it('tells of each secret before it is used', async () => {
    const { config } = loadConfig(aConfig());
    const learned: string[] = [];
    const read = createSecretReader(config, { STAGING_PASSWORD: 's3cret' }, (secret) => learned.push(secret));

    expect(await read({ env: 'STAGING_PASSWORD' })).toBe('s3cret');
    expect(learned).toEqual(['s3cret']);
  });

  it('names the place that wants a missing secret', async () => {
    const { config } = loadConfig(aConfig());
    const read = createSecretReader(config, {}, () => {});

    await expect(read({ env: 'STAGING_PASSWORD' })).rejects.toThrow(
      'hubs[0] (staging) login.password: environment variable STAGING_PASSWORD is not set',
    );
  });
});

describe('checkSecrets', () => {
  const sections = [
    '  - {name: b, url: https://b.example.org, login: {kind: password, username: u, password: {env: STAGING_PASSWORD}}, secondAccount: {username: v, password: {env: KEY}}}',
    'service: {tokens: [{name: ci, secret: {file: /nonexistent/ci}, scopes: [read]}]}',
    'github: {repository: owner/name, auth: {app: {id: 1, installation: 2, privateKey: {env: KEY}}}}',
  ].join('\n');

  it('tells of every place once', async () => {
    const { config } = loadConfig(aConfig({ sections }));

    expect(await checkSecrets(config, { KEY: 'k' })).toEqual([
      {
        path: ['service', 'tokens', 0, 'secret'],
        message: 'file /nonexistent/ci does not exist',
        fix: 'put the secret, and nothing else, into /nonexistent/ci',
      },
      {
        path: ['hubs', 0, 'login', 'password'],
        message: 'environment variable STAGING_PASSWORD is not set (wanted in 1 other place too)',
        fix: 'set STAGING_PASSWORD in the environment of this process',
      },
    ]);
  });

  it('looks at all there are', () => {
    const { config } = loadConfig(aConfig({ sections }));

    expect(wantedSecrets(config).map(({ label }) => label)).toEqual([
      'service.tokens[0] (ci) secret',
      'hubs[0] (staging) login.password',
      'hubs[1] (b) login.password',
      'hubs[1] (b) secondAccount.password',
      'github (owner/name) auth.app.privateKey',
    ]);
  });
});
