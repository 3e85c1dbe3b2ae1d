import { ulid } from 'ulid';
import type { Effect, Incident } from '../../src/core/incident.ts';

const AT = '2026-11-24T09:05:00.000Z';

/** An effect that brings the `status` block up to date. */
export function anEditOf(incident: Incident, kind: 'update-issue' | 'close-issue', status: string): Effect {
  return { id: ulid(), incident: incident.id, revision: 2, createdAt: AT, kind, blocks: { status } };
}
