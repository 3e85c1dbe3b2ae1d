import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

/**
 * Where Node keeps modules as it compiled them, types taken off: every run starts a process of its own, and without this each
 * of them would begin by compiling. It belongs to whoever may write the program itself, because what is in it is executed.
 * Where nothing can be written, Node compiles as ever.
 */
export const COMPILE_CACHE = fileURLToPath(new URL('../node_modules/.cache/hubcanary', import.meta.url));

/** For all that this process imports from now on. */
export function keepCompiled(): void {
  enableCompileCache(COMPILE_CACHE);
}
