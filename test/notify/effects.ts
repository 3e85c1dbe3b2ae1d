import { ulid } from 'ulid';
import { type Effect, ISSUES } from '../../src/core/effect.ts';
import type { Incident } from '../../src/core/incident.ts';

const AT = '2026-11-24T09:05:00.000Z';

/** An effect that brings the `status` block up to date. */
export function anEditOf(incident: Incident, kind: 'update-issue' | 'close-issue', status: string): Effect {
  const blocks = { status };
  const head = { id: ulid(), incident: incident.id, revision: 2, createdAt: AT, notifier: ISSUES, blocks };
  return kind === 'update-issue'
    ? { ...head, kind }
    : { ...head, kind, reason: 'completed', duplicateOf: null };
}
