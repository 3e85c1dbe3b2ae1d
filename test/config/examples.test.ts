import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { configJsonSchema, schemaAt } from '../../src/config/json-schema.ts';
import type { JsonSchema } from '../../src/config/json-schema.ts';
import { loadConfig } from '../../src/config/load.ts';

function accepts(document: unknown): boolean {
  return new Ajv2020({ strict: true, allowUnionTypes: true }).compile(configJsonSchema())(document);
}

/** Every key that may be written, with what editors show for it. */
function keysOf(schema: JsonSchema, path: string): readonly (readonly [string, JsonSchema])[] {
  const children = Object.entries(schema.properties ?? {}).flatMap(([key, child]): [string, JsonSchema][] =>
    typeof child === 'object' ? [[`${path}.${key}`, child]] : [],
  );
  const inside = [
    ...Object.values(schema.properties ?? {}),
    schema.items,
    ...(schema.anyOf ?? []),
    ...(schema.oneOf ?? []),
  ];
  return [
    ...children,
    ...inside.flatMap((child) =>
      typeof child === 'object' && !Array.isArray(child) ? keysOf(child, path) : [],
    ),
  ];
}

describe('the examples in config/', () => {
  it('load without a warning', () => {
    const { config, warnings } = loadConfig('config');

    expect(warnings).toEqual([]);
    expect(config.hubs.map(({ name, probes }) => [name, probes])).toEqual([
      ['staging', ['login', 'server', 'dask']],
    ]);
    expect(config.github?.repository).toBe('owner/infrastructure');
  });

  it.each(readdirSync('config'))('%s fits the JSON Schema', (name) => {
    expect(accepts(parse(readFileSync(`config/${name}`, 'utf8')))).toBe(true);
  });
});

describe('the JSON Schema', () => {
  it.each([
    ['an unknown key', { service: { port: 8080 } }],
    ['a number for a duration', { defaults: { deadline: 900 } }],
    ['a literal secret', { defaults: { login: { password: 'hunter2' } } }],
    ['an unknown probe', { defaults: { probes: ['logins'] } }],
  ])('refuses %s', (_what, document) => {
    expect(accepts(document)).toBe(false);
  });

  it('describes every key', () => {
    const silent = keysOf(configJsonSchema(), '').filter(([, schema]) => schema.description === undefined);

    expect(silent.map(([path]) => path)).toEqual([]);
  });

  it.each([
    ['cleanupTimeout', '2m'],
    ['schedule', '*/10 * * * *'],
    ['probes', ['login', 'server']],
  ])('knows the default of %s', (key, value) => {
    expect(schemaAt(configJsonSchema(), ['hubs', 0, key])?.default).toEqual(value);
  });
});
