import { fileURLToPath } from 'node:url';

/**
 * Where Node keeps modules as it compiled them, types taken off: every run starts a process of its own, and without this each
 * of them would begin by compiling. `bin/hubcanary.js` names the same folder. It belongs to whoever may write the program itself,
 * because what is in it is executed. Where nothing can be written, Node compiles as ever.
 */
export const COMPILE_CACHE = fileURLToPath(new URL('../node_modules/.cache/hubcanary', import.meta.url));
