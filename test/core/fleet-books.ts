import { isDeepStrictEqual } from 'node:util';
import { assess } from '../../src/core/assess.ts';
import type { Criteria } from '../../src/core/criteria.ts';
import type { Effect } from '../../src/core/effect.ts';
import { type FleetDecision, decideFleet } from '../../src/core/fleet.ts';
import type { Hub } from '../../src/core/hub.ts';
import { type Incident, type IncidentEvent, isActive, isLive } from '../../src/core/incident.ts';
import { replay } from '../../src/core/incident-log.ts';
import { type MaintenanceWindow, mutedUntil } from '../../src/core/maintenance.ts';
import { isBroken } from '../../src/core/members.ts';
import type { Run } from '../../src/core/run.ts';
import { type IssueSighting, actsAmong } from '../../src/core/sighting.ts';
import { tell } from '../../src/core/tell.ts';
import { type Verdict, updated } from '../../src/core/verdict.ts';
import { CRITERIA_IN_TESTS, at, history, situation } from './history.ts';

export interface FleetWishes {
  readonly hubs: readonly Hub[];
  readonly criteria?: Partial<Criteria>;
  readonly maintenance?: readonly MaintenanceWindow[];
  readonly channels?: readonly string[];
}

/** The monitor and the store in miniature, for several hubs: what the pure core makes of runs, time and humans. */
export class FleetBooks {
  readonly hubs: Hub[];
  readonly criteria: Criteria;
  readonly maintenance: readonly MaintenanceWindow[];
  readonly channels: readonly string[];
  reachable: boolean | null = null;
  readonly rows = new Map<string, Incident>();
  readonly logs = new Map<string, IncidentEvent[]>();
  readonly effects: Effect[] = [];
  verdicts: readonly Verdict[] = [];
  last: FleetDecision | null = null;
  private readonly runs = new Map<string, readonly Run[]>();
  private ids = 0;

  constructor({ hubs, criteria = {}, maintenance = [], channels = [] }: FleetWishes) {
    this.hubs = [...hubs];
    this.criteria = { ...CRITERIA_IN_TESTS, ...criteria };
    this.maintenance = maintenance;
    this.channels = channels;
  }

  /** Runs in short, of one hub, each taken at its end: see `history`. */
  live(hub: string, text: string, criterion: 'login' | 'server' = 'login', change: Partial<Run> = {}): void {
    for (const run of history(text, criterion, hub).toReversed()) this.take({ ...run, ...change });
  }

  /** Runs of several hubs, in the order of their ends. */
  liveAll(stories: Readonly<Record<string, string>>, criterion: 'login' | 'server' = 'login'): void {
    const runs = Object.entries(stories).flatMap(([hub, text]) => history(text, criterion, hub));
    for (const run of runs.toSorted((one, other) => (one.finishedAt < other.finishedAt ? -1 : 1))) {
      this.take(run);
    }
  }

  take(run: Run): void {
    this.runs.set(run.hub, [run, ...(this.runs.get(run.hub) ?? [])]);
    this.settle(new Date(run.finishedAt), [run.hub]);
  }

  /** As once a minute: all hubs are judged. */
  look(minute: number): void {
    this.settle(
      new Date(at(minute)),
      this.hubs.map(({ name }) => name),
    );
  }

  human(sighting: Partial<IssueSighting> & { readonly incident: string; readonly at: string }): void {
    const incident = this.rows.get(sighting.incident);
    if (incident === undefined || incident.issue === null)
      throw new Error(`there is no issue of ${sighting.incident}`);
    const seen: IssueSighting = {
      ...incident.issue,
      state: isActive(incident) ? 'open' : 'closed',
      stateReason: null,
      assignees: incident.assignees,
      locked: false,
      gone: false,
      ...sighting,
    };
    this.record(actsAmong([...this.rows.values()], [{ incident, sighting: seen }]), new Date(seen.at));
  }

  /** As the outbox does when GitHub has answered. */
  openIssues(): void {
    for (const incident of this.rows.values()) {
      if (incident.issue !== null) continue;
      const number = this.logs.size;
      const event: IncidentEvent = {
        incident: incident.id,
        revision: incident.revision + 1,
        at: incident.declaredAt,
        kind: 'issue-opened',
        because: `issue #${number} opened`,
        data: { issue: { number, url: `https://github.example.org/o/r/issues/${number}` } },
      };
      this.append([event]);
    }
  }

  incidents(): readonly Incident[] {
    return [...this.rows.values()];
  }

  active(): readonly Incident[] {
    return this.incidents().filter(isActive);
  }

  kinds(incident: Incident | undefined): readonly string[] {
    return (this.logs.get(incident?.id ?? '') ?? []).map(({ kind }) => kind);
  }

  told(kind: Effect['kind']): readonly Effect[] {
    return this.effects.filter((effect) => effect.kind === kind);
  }

  private settle(now: Date, judged: readonly string[]): void {
    const live = this.incidents().filter(isLive);
    const verdicts = judged.flatMap((name) => this.judged(name, now, live));
    const decision = decideFleet({
      hubs: this.hubs,
      verdictsBefore: this.verdicts,
      verdicts: updated(this.verdicts, verdicts),
      live,
      past: this.past(),
      criteria: this.criteria,
      maintenance: this.maintenance,
      reachable: this.reachable,
      now,
      newId: () => this.newId(),
    });
    if (decision.mistakes.length > 0) throw decision.mistakes[0];
    this.last = decision;
    this.verdicts = updated(this.verdicts, verdicts);
    this.record(decision.changes, now);
  }

  private judged(name: string, now: Date, live: readonly Incident[]): readonly Verdict[] {
    const hub = this.hubs.find((each) => each.name === name);
    if (hub === undefined) return [];
    const runs = this.runs.get(name) ?? [];
    return assess(
      situation(runs, {
        hub: name,
        probes: hub.probes,
        criteria: this.criteria,
        previous: this.verdicts.filter((verdict) => verdict.hub === name),
        declared: live
          .filter((incident) =>
            incident.members.some(
              (member) => member.hub === name && (isActive(incident) || isBroken(member)),
            ),
          )
          .map(({ criterion }) => criterion),
        mutedUntil: mutedUntil(name, now, this.maintenance),
        now,
      }),
    ).verdicts;
  }

  private record(changes: FleetDecision['changes'], now: Date): void {
    const others = [
      ...this.incidents().filter(({ id }) => changes.every(({ incident }) => incident.id !== id)),
      ...changes.map(({ incident }) => incident),
    ];
    for (const change of changes) {
      const hubs = change.incident.members.map(({ hub }) => hub);
      const runs = hubs.flatMap((hub) => this.runs.get(hub) ?? []);
      this.effects.push(
        ...tell(change, {
          hubs: this.hubs,
          criteria: this.criteria,
          publicUrl: 'https://canary.example.org/',
          labels: ['support'],
          channels: this.channels,
          log: this.logs.get(change.incident.id) ?? [],
          runs: runs.toSorted((one, other) => (one.id < other.id ? 1 : -1)),
          others,
          now,
          newId: () => this.newId(),
        }),
      );
      this.append(change.added);
      if (!isDeepStrictEqual(this.rows.get(change.incident.id), change.incident)) {
        throw new Error(`the log of ${change.incident.id} does not give the row that was decided`);
      }
    }
  }

  /** The row is what the log gives, and nothing else. */
  private append(added: readonly IncidentEvent[]): void {
    for (const event of added) {
      const log = [...(this.logs.get(event.incident) ?? []), event];
      this.logs.set(event.incident, log);
      const row = replay(log);
      if (row !== null) this.rows.set(row.id, row);
    }
  }

  private past(): readonly Incident[] {
    return this.incidents().filter(({ state }) => state === 'closed');
  }

  private newId(): string {
    this.ids += 1;
    return `ID${String(this.ids).padStart(9, '0')}`;
  }
}
