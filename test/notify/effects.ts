import { ulid } from 'ulid';
import { type Effect, ISSUES, type Telling } from '../../src/core/effect.ts';
import type { Incident } from '../../src/core/incident.ts';

const AT = '2026-11-24T09:05:00.000Z';

/** An effect that is told on the incident's issue, at its second revision. */
export function anEffectOf(incident: Incident, telling: Telling): Effect {
  return { id: ulid(), incident: incident.id, revision: 2, createdAt: AT, notifier: ISSUES, ...telling };
}

/** An effect that brings the `status` block up to date. */
export function anEditOf(
  incident: Incident,
  kind: 'update-issue' | 'close-issue' | 'reopen-issue',
  status: string,
): Effect {
  const blocks = { status };
  return anEffectOf(
    incident,
    kind === 'close-issue' ? { kind, blocks, reason: 'completed', duplicateOf: null } : { kind, blocks },
  );
}
