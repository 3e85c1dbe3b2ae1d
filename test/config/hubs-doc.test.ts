import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';

const examples = [...readFileSync('docs/hubs.md', 'utf8').matchAll(/^```yaml\n(.*?)^```$/gms)].map(
  ([, yaml = '']) => [/name: (\S+)/.exec(yaml)?.[1] ?? '', yaml] as const,
);

describe('the examples of docs/hubs.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'hubs-doc-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are found', () => {
    expect(examples.length).toBeGreaterThan(5);
  });

  it.each(examples)('%s loads without a warning', (name, yaml) => {
    const path = join(folder, `${name}.yaml`);
    writeFileSync(path, yaml);

    const { config, warnings } = loadConfig(path);

    expect(config.hubs.map((hub) => hub.name)).toEqual([name]);
    expect(warnings).toEqual([]);
  });
});
