import type { Effect } from '../../core/effect.ts';
import type { Incident } from '../../core/incident.ts';
import { slackMessage } from './slack.ts';

export type Announcement = Extract<Effect, { readonly kind: 'announce' }>;
export type WebhookFormat = 'json' | 'slack';

/** The body for one announcement. */
export function payloadOf(format: WebhookFormat, effect: Announcement, incident: Incident): string {
  return JSON.stringify(
    format === 'slack' ? slackMessage(effect, incident.issue?.url ?? null) : eventOf(effect, incident),
  );
}

/** Type, time and data, as Standard Webhooks advises; the incident is told as it is when this is sent. */
function eventOf(effect: Announcement, incident: Incident): unknown {
  const { what, title, text, fields, revision, createdAt } = effect;
  const { id, scope, criterion, severity, state, startedAt, declaredAt, resolvedAt, members, issue } =
    incident;
  return {
    type: `incident.${what}`,
    timestamp: createdAt,
    data: {
      title,
      text,
      fields,
      incident: {
        id,
        revision,
        scope,
        criterion,
        severity,
        state,
        startedAt,
        declaredAt,
        resolvedAt,
        hubs: members.map(({ hub }) => hub),
        issue,
      },
    },
  };
}
