import type { Migration } from 'kysely/migration';
import { up as first } from './001-first.ts';
import { up as incidentLifecycle } from './002-incident-lifecycle.ts';
import { up as lanes } from './003-lanes.ts';
import { up as leftovers } from './004-leftovers.ts';

/** Every change of the tables, one line each; names sort in the order they are applied. Never change one that was released. */
export const migrations: Readonly<Record<string, Migration>> = {
  '001-first': { up: first },
  '002-incident-lifecycle': { up: incidentLifecycle },
  '003-lanes': { up: lanes },
  '004-leftovers': { up: leftovers },
};
