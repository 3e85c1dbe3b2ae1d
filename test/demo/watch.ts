import { setTimeout as pause } from 'node:timers/promises';
import { createParser } from 'eventsource-parser';
import { z } from 'zod';
import { CRITERIA, type Criterion } from '../../src/core/criterion.ts';

/** What the demo reads of the service's answers: the same HTTP interface that everybody has. */
const Incident = z.object({
  id: z.string(),
  scope: z.object({ kind: z.string(), id: z.string() }),
  criterion: z.enum(CRITERIA),
  state: z.string(),
  isFlapping: z.boolean(),
  issue: z.object({ number: z.number(), url: z.string() }).nullable(),
  members: z.array(z.object({ hub: z.string(), wellSince: z.string().nullable() })),
  previous: z.string().nullable(),
});
export type Incident = z.infer<typeof Incident>;

const Incidents = z.object({ incidents: z.array(Incident) });
const Runs = z.object({ runs: z.array(z.unknown()) });
const Flight = z.object({ lastRun: z.unknown(), run: z.object({ id: z.string() }).nullish() });

const Event = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('started'), run: z.string(), hub: z.string() }),
  z.object({
    kind: z.literal('step-finished'),
    step: z.object({
      criterion: z.enum(CRITERIA),
      name: z.string(),
      status: z.string(),
      seconds: z.number().nullable(),
      note: z.string().optional(),
    }),
  }),
  z.object({
    kind: z.literal('finished'),
    run: z.object({
      outcome: z.string(),
      durationSeconds: z.number(),
      trigger: z.string(),
      failure: z.object({ message: z.string() }).nullable(),
    }),
  }),
]);
export type DemoEvent = z.infer<typeof Event>;

/** The running service, seen from outside. */
export class Watcher {
  readonly #url: string;

  constructor(serviceUrl: string) {
    this.#url = `${serviceUrl}api/v1/`;
  }

  /** The newest incident of a criterion that is not in `known`. */
  async newIncident(criterion: Criterion, known: ReadonlySet<string>): Promise<Incident | null> {
    const all = await this.incidents();
    return all.find((incident) => incident.criterion === criterion && !known.has(incident.id)) ?? null;
  }

  async incidents(): Promise<readonly Incident[]> {
    return Incidents.parse(await this.#get('incidents')).incidents;
  }

  async incident(id: string): Promise<Incident> {
    return Incident.parse(await this.#get(`incidents/${id}`));
  }

  /** Null until its issue is known. */
  async withIssue(id: string): Promise<(Incident & { issue: NonNullable<Incident['issue']> }) | null> {
    const { issue, ...incident } = await this.incident(id);
    return issue === null ? null : { ...incident, issue };
  }

  /** How many runs of a hub have ended so, of the latest. */
  async runsThat(outcome: 'passed' | 'failed', hub: string): Promise<number> {
    const { runs } = Runs.parse(await this.#get(`runs?hub=${hub}&outcome=${outcome}&limit=500`));
    return runs.length;
  }

  /** Follows the hub's runs, one after the other, until the signal. */
  async followRuns(hub: string, signal: AbortSignal, onEvent: (event: DemoEvent) => void): Promise<void> {
    let last = '';
    while (!signal.aborted) {
      const id = await this.#runInFlight(hub, signal).catch(() => null);
      if (id !== null && id !== last) {
        last = id;
        await this.#followRun(id, signal, onEvent).catch(() => {
          // The service was stopped in the middle; the next look says more.
        });
      }
      await pause(200, undefined, { signal }).catch(() => {});
    }
  }

  async #runInFlight(hub: string, signal: AbortSignal): Promise<string | null> {
    return Flight.parse(await this.#get(`hubs/${hub}`, signal)).run?.id ?? null;
  }

  async #followRun(id: string, signal: AbortSignal, onEvent: (event: DemoEvent) => void): Promise<void> {
    const response = await fetch(`${this.#url}runs/${id}/events`, { signal });
    if (response.body === null) return;
    const parser = createParser({
      onEvent({ data }) {
        const event = Event.safeParse(JSON.parse(data));
        if (event.success) onEvent(event.data);
      },
    });
    const decoder = new TextDecoder();
    for await (const chunk of response.body) parser.feed(decoder.decode(chunk, { stream: true }));
  }

  async #get(path: string, signal: AbortSignal = AbortSignal.timeout(10_000)): Promise<unknown> {
    const response = await fetch(this.#url + path, { signal });
    if (!response.ok) throw new Error(`${path} was answered ${response.status}`);
    return response.json();
  }
}
