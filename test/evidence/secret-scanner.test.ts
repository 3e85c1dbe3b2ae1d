import { gzipSync } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { SPELLINGS } from '../build/spellings.ts';
import { findSecrets } from './secret-scanner.ts';

const SECRET = 'p4ss/"w<+r d&é';
const text = (content: string) => new TextEncoder().encode(content);
const found = (bytes: Uint8Array) => findSecrets(bytes, ['another one', SECRET], 'a file');

/** The scanner that the other tests rely on does find what is there. */
describe('looking for secrets', () => {
  it.each(SPELLINGS)('finds one that is written %s', (_name, spell) => {
    expect(found(text(`before ${spell(SECRET)} after`))).toMatchObject([{ secret: SECRET }]);
  });

  it.each([0, 1, 2, 3, 4, 5])('finds one in base64 behind %i other bytes', (before) => {
    const encoded = Buffer.from('x'.repeat(before) + SECRET + 'yz').toString('base64');

    expect(found(text(`{"a":"${encoded}"}`))).toHaveLength(1);
  });

  it.each([
    ['a zip', (content: string) => zipSync({ 'a/b.txt': strToU8(content) })],
    ['the name of a file in a zip', (content: string) => zipSync({ [content]: strToU8('x') })],
    ['gzip', (content: string) => gzipSync(content)],
    ['gzip in gzip in a zip', (content: string) => zipSync({ a: gzipSync(gzipSync(content)) })],
    ['gzip in the middle of something', (content: string) => Buffer.concat([text('head'), gzipSync(content)])],
    ['base64 of gzip in JSON', (content: string) =>
      text(JSON.stringify({ blob: gzipSync(content).toString('base64') }))],
    ['base64 of JSON of base64', (content: string) =>
      text(btoa(JSON.stringify({ a: Buffer.from(content).toString('base64') })))],
  ] as const)('finds one in %s', (_name, pack) => {
    expect(found(pack(SECRET))).toHaveLength(1);
  });

  it('says where', () => {
    const [first] = found(zipSync({ 'log.txt': strToU8(`x ${encodeURIComponent(SECRET)}`) }));

    expect(first?.where).toBe('a file › log.txt › percent');
  });

  it('finds nothing where there is none', () => {
    expect(found(text('p4ss/"w<+r d&e and [secret], PK and H4sI, %41&amp;\\u0041'))).toEqual([]);
  });
});
