#!/usr/bin/env node
import { keepCompiled } from './compile-cache.ts';

// All the rest is imported after that, and so comes compiled.
keepCompiled();
await import('./cli/commands.ts');
