#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// The one file that is no TypeScript: Node loads its compiler for the first that is, unless it finds it compiled already.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/hubcanary', import.meta.url)));
await import('../src/main.ts');
