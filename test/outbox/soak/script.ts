import { ulid } from 'ulid';
import { type Effect, ISSUES, type Telling } from '../../../src/core/effect.ts';
import { applyEvent } from '../../../src/core/incident-log.ts';
import type { Incident, IncidentEvent } from '../../../src/core/incident.ts';
import { effectMarker, incidentMarker, wrapBlock } from '../../../src/core/markers.ts';
import { Conflict } from '../../../src/store/store.ts';
import { anEventOf, anIncident } from '../../build/incident.ts';
import type { SenderStore } from '../mortal.ts';

/** The story of one incident, as the monitor decides it step by step: declared, broken again in between, resolved. */
const STORY = ['declared', 'mitigated', 'regressed', 'mitigated', 'resolved'] as const;

export interface Scripted {
  readonly id: string;
  /** All that was decided to be told, in order. */
  readonly effects: Effect[];
  /** Next step, and when; null when the story is over. */
  step: number;
  dueAt: number;
}

export interface Script {
  readonly channel: string;
  readonly random: () => number;
}

/** Decides the next step and commits it with its effects. @returns whether there is more to come */
export async function decideNext(
  store: SenderStore,
  scripted: Scripted,
  now: Date,
  { channel, random }: Script,
): Promise<boolean> {
  const kind = STORY[scripted.step];
  if (kind === undefined) return false;
  for (;;) {
    const { incident, event } =
      kind === 'declared'
        ? declaration(scripted.id, now)
        : happening(await read(store, scripted.id), kind, now);
    const effects = tellingsOf(kind, incident).map(([notifier, telling], index) =>
      effectFor(incident, notifier ?? channel, telling, new Date(now.getTime() + index)),
    );
    try {
      await store.commit({
        run: null,
        verdicts: [],
        incidents: [incident],
        events: [event],
        effects,
        proven: null,
      });
    } catch (error) {
      if (error instanceof Conflict) continue;
      throw error;
    }
    scripted.effects.push(...effects);
    scripted.step += 1;
    scripted.dueAt = now.getTime() + 60_000 + random() * 20 * 60_000;
    return scripted.step < STORY.length;
  }
}

async function read(store: SenderStore, id: string): Promise<Incident> {
  const incident = await store.incident(id);
  if (incident === null) throw new Error(`incident ${id} was lost`);
  return incident;
}

function declaration(id: string, now: Date) {
  const at = now.toISOString();
  const incident = anIncident({ id, scope: { kind: 'hub', id: `hub-${id}` }, startedAt: at, declaredAt: at });
  const event = anEventOf(incident, { at });
  return { incident: applyEvent(null, event), event };
}

function happening(before: Incident, kind: Exclude<(typeof STORY)[number], 'declared'>, now: Date) {
  const event: IncidentEvent = {
    incident: before.id,
    revision: before.revision + 1,
    at: now.toISOString(),
    kind,
    because: kind,
    data: {},
  };
  return { incident: applyEvent(before, event), event };
}

type Told = readonly [notifier: string | null, telling: (effect: string) => Telling];

/** Null: the channel. */
function tellingsOf(kind: (typeof STORY)[number], incident: Incident): readonly Told[] {
  const status = `${kind} at revision ${incident.revision}`;
  const blocks = { status };
  const comment = (effect: string): Telling => ({
    kind: 'comment',
    body: `${effectMarker(effect)}\n${status}`,
  });
  const announce = (): Telling => ({ kind: 'announce', what: kind, title: status, text: kind, fields: {} });
  switch (kind) {
    case 'declared':
      return [
        [
          ISSUES,
          () => ({
            kind: 'open-issue',
            title: `[Incident] ${incident.scope.id}`,
            labels: ['support', 'criterion: server'],
            body: `${incidentMarker(incident.id)}\n\n${wrapBlock('status', status)}`,
          }),
        ],
        [null, announce],
      ];
    case 'mitigated':
      return incident.revision > 4 ? [] : [[ISSUES, () => ({ kind: 'update-issue', blocks })]];
    case 'regressed':
      return [[ISSUES, comment]];
    case 'resolved':
      return [
        [ISSUES, comment],
        [ISSUES, () => ({ kind: 'close-issue', blocks, reason: 'completed', duplicateOf: null })],
        [null, announce],
      ];
  }
}

function effectFor(incident: Incident, notifier: string, telling: Told[1], now: Date): Effect {
  const id = ulid(now.getTime());
  const head = { id, incident: incident.id, revision: incident.revision, createdAt: now.toISOString() };
  return { ...head, notifier, ...telling(id) };
}
