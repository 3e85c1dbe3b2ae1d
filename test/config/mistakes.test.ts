import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { loadConfig } from '../../src/config/load.ts';
import { count } from '../../src/config/message.ts';
import { EXPECTED } from './expected-mistakes.ts';

const FOLDER = 'test/config/mistakes';

function mistakesOf(path: string): string {
  try {
    loadConfig(path);
    return 'nothing is wrong';
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message;
  }
}

/** Two lines for each problem, the second indented, then how many there are. */
function rendered(lines: readonly string[]): string {
  const text = lines.map((line, index) => (index % 2 === 0 ? `${FOLDER}/${line}` : `    ${line}`));
  return ['the configuration cannot be used', ...text, count(lines.length / 2, 'problem')].join('\n');
}

describe('mistakes in the configuration', () => {
  it.each(Object.entries(EXPECTED))('%s is explained', (name, lines) => {
    const said = mistakesOf(`${FOLDER}/${name}`).replace(/ is written in .*\//, ' is written in ');

    expect(said).toBe(rendered(lines));
  });

  it('are all in the table', () => {
    expect(Object.keys(EXPECTED).toSorted()).toEqual(readdirSync(FOLDER).toSorted());
  });

  it('never repeat what may be a secret', () => {
    const said = readdirSync(FOLDER).map((name) => mistakesOf(`${FOLDER}/${name}`));

    expect(said.join('\n')).not.toMatch(/hunter|12345678/);
  });

  it.each(['no-such-folder', 'no-such-file.yaml', 'mistakes/empty.yaml/below.yaml'])(
    'include a path like %s',
    (name) => {
      expect(mistakesOf(`test/config/${name}`)).toBe(
        [
          'the configuration cannot be used',
          `test/config/${name}  there is no such file or folder`,
          '    name a YAML file or a folder of them',
          '1 problem',
        ].join('\n'),
      );
    },
  );
});
