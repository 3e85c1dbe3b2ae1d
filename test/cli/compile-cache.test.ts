import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { COMPILE_CACHE } from '../../src/compile-cache.ts';
import { startWorker } from '../../src/runner/worker-process.ts';

/** Runs in a process and tells on stderr where it keeps what it compiled. */
const TELL = "process.stderr.write(`kept in ${process.getBuiltinModule('module').getCompileCacheDir()}`)";
const module = (source: string) => `data:text/javascript,${encodeURIComponent(source)}`;

it('is where a command keeps what it compiled', () => {
  const main = join(import.meta.dirname, '../../bin/hubcanary.js');
  const tellAtEnd = module(`process.on('exit', () => ${TELL})`);
  const { stderr } = spawnSync(process.execPath, ['--import', tellAtEnd, main, '--version'], {
    encoding: 'utf8',
  });

  expect(stderr).toContain(`kept in ${COMPILE_CACHE}`);
});

it('is where a worker does', async () => {
  const tellAndEnd = module(`${TELL}; process.exit()`);
  const worker = startWorker({
    run: 'test',
    folder: '/tmp',
    nodeOptions: ['--import', tellAndEnd],
    onMessage() {},
  });

  expect((await worker.ended).stderr).toContain(`kept in ${COMPILE_CACHE}`);
});
