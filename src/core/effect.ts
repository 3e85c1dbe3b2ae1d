import type { EventKind, Issue } from './incident.ts';

/**
 * Something to be told to the outside, delivered from the outbox exactly once, in order within its incident.
 * Texts are rendered when the decision is made, so that what is told is what was decided.
 */
export type Effect = EffectHead & Telling;
export type EffectKind = Telling['kind'];

/** The notifier that keeps the issues; the others take announcements only. */
export const ISSUES = 'github';

interface EffectHead {
  /** ULID, also the marker by which a delivery is found again. */
  readonly id: string;
  readonly incident: string;
  /** (incident, revision, kind, notifier) is unique. */
  readonly revision: number;
  readonly createdAt: string;
  /** Who is to tell it: `github`, or `webhook:NAME`. */
  readonly notifier: string;
}

type Blocks = Readonly<Record<string, string>>;

export type Telling =
  | {
      readonly kind: 'open-issue';
      readonly title: string;
      readonly labels: readonly string[];
      readonly body: string;
    }
  /** Brings the bot-owned blocks of the issue's body up to date, by block name; a human's words stay. */
  | {
      readonly kind: 'update-issue';
      readonly blocks: Blocks;
      /** Changed only if it still is `from`: a human's title stays. */
      readonly title?: { readonly from: string; readonly to: string };
      readonly addLabels?: readonly string[];
      readonly removeLabels?: readonly string[];
    }
  | { readonly kind: 'comment'; readonly body: string }
  | {
      readonly kind: 'close-issue';
      readonly blocks: Blocks;
      readonly reason: 'completed' | 'duplicate';
      /** The issue that goes on; null when it is not known yet, or when this is no duplicate. */
      readonly duplicateOf: Issue | null;
    }
  | { readonly kind: 'reopen-issue'; readonly blocks: Blocks }
  /** For people who do not look at the issues: one per event that is news. Plain text. */
  | {
      readonly kind: 'announce';
      readonly what: EventKind;
      readonly title: string;
      readonly text: string;
      readonly fields: Readonly<Record<string, string>>;
    };
