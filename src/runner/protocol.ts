import { z } from 'zod';
import { ATTRIBUTIONS, REASONS } from '../core/reason.ts';
import { CRITERIA, type Criterion } from '../core/criterion.ts';
import type { Hub } from '../core/hub.ts';
import {
  CRITERION_RESULTS,
  EVIDENCE_KINDS,
  OUTCOMES,
  OWNED_KINDS,
  type Owned,
  STEP_STATUSES,
} from '../core/run.ts';
import type { Sweep } from './runner.ts';

/** Parent to worker. The parent made it, so the worker trusts its shape. */
export type Command =
  | { readonly kind: 'start'; readonly assignment: Assignment }
  | { readonly kind: 'abort'; readonly because: string };

/** Everything a worker needs for one run; secrets travel here and never in arguments or the environment. */
export interface Assignment {
  readonly id: string;
  readonly hub: Hub;
  readonly probes: readonly Criterion[];
  readonly sweep: Sweep | null;
  /** Whether to ask the hub if it still knows of our last failed start. */
  readonly askIfRestarted: boolean;
  readonly credential: { readonly username: string; readonly password: string };
  readonly browser: { readonly executable: string | null; readonly sandbox: 'auto' | 'required' | 'off' };
  /** The run's own temporary folder; the worker may fill it, the parent removes it. */
  readonly folder: string;
  /** Where evidence goes; the worker creates it when there is some. */
  readonly evidenceFolder: string;
  /** Whether to record a trace, and keep it if the run fails. */
  readonly trace: boolean;
  /** URLs that tell whether our own network works. */
  readonly reachability: readonly string[];
}

const Step = z.object({
  criterion: z.enum(CRITERIA),
  name: z.string(),
  status: z.enum(STEP_STATUSES),
  seconds: z.number().nullable(),
  note: z.string().exactOptional(),
});

const Failure = z.object({
  criterion: z.enum(CRITERIA).nullable(),
  step: z.string().nullable(),
  reason: z.enum([...REASONS, 'aborted']),
  attribution: z.enum(ATTRIBUTIONS),
  message: z.string(),
});

const OwnedThing = z.object({ kind: z.enum(OWNED_KINDS), id: z.string() });

/** How the worker saw its run end. */
export const Ending = z.object({
  outcome: z.enum(OUTCOMES),
  failure: Failure.nullable(),
});
export type Ending = z.infer<typeof Ending>;

/** With this the parent finishes the cleanup when the worker is dead. */
export const Custody = z.object({
  /** Ends with `hub/api/`. */
  apiUrl: z.string(),
  user: z.string(),
  token: z.string().nullable(),
  cookies: z.object({ header: z.string(), xsrf: z.string().nullable(), referer: z.string() }).nullable(),
});
export type Custody = z.infer<typeof Custody>;

/** Cookies by their values: each may turn up alone. */
export function secretsIn({ token, cookies }: Custody): readonly string[] {
  const values = cookies?.header.split('; ').map((cookie) => cookie.slice(cookie.indexOf('=') + 1)) ?? [];
  return [token, cookies?.xsrf ?? null, ...values].filter((secret) => secret !== null);
}

/** Worker to parent. */
export const Message = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hub-version'), version: z.string() }),
  z.object({ kind: z.literal('hub-restarted'), restarted: z.boolean() }),
  z.object({ kind: z.literal('step-started'), criterion: z.enum(CRITERIA), step: z.string() }),
  z.object({ kind: z.literal('note'), criterion: z.enum(CRITERIA), step: z.string(), text: z.string() }),
  z.object({
    kind: z.literal('step-finished'),
    step: Step,
    /** Set when the step passed but took longer than this. */
    slowLimitSeconds: z.number().nullable(),
  }),
  z.object({ kind: z.literal('criterion'), criterion: z.enum(CRITERIA), result: z.enum(CRITERION_RESULTS) }),
  z.object({ kind: z.literal('custody'), custody: Custody }),
  z.object({ kind: z.literal('owned'), thing: OwnedThing }),
  /** What was announced as owned was not made after all. */
  z.object({ kind: z.literal('not-made'), thing: OwnedThing }),
  z.object({ kind: z.literal('removed'), thing: OwnedThing }),
  /** The worker could not remove it. */
  z.object({ kind: z.literal('left'), thing: OwnedThing, why: z.string() }),
  z.object({
    kind: z.literal('evidence'),
    file: z.object({ kind: z.enum(EVIDENCE_KINDS), file: z.string() }),
  }),
  z.object({
    kind: z.literal('evidence-dropped'),
    dropped: z.object({ kind: z.enum(EVIDENCE_KINDS), why: z.string() }),
  }),
  z.object({ kind: z.literal('cleaning-up') }),
  /** Nothing new; the worker can still speak. */
  z.object({ kind: z.literal('alive') }),
  z.object({ kind: z.literal('log'), level: z.enum(['info', 'warn']), text: z.string() }),
  z.object({ kind: z.literal('ended'), ending: Ending }),
]);
export type Message = z.infer<typeof Message>;

export function sameThing(a: Owned, b: Owned): boolean {
  return a.kind === b.kind && a.id === b.id;
}
