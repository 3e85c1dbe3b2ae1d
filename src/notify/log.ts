import type { Notifier } from './notifier.ts';

/** Where no GitHub is configured: effects end in the log, incidents live on the page and in the metrics. */
export function createLogNotifier(
  log: (text: string, fields: Readonly<Record<string, unknown>>) => void,
): Notifier {
  return {
    name: 'log',
    async deliver({ effect }) {
      log('no github is configured: this is only logged', { effect: effect.kind, incident: effect.incident });
      return { adopted: false };
    },
    check: async () => ({ ok: true }),
    sightings: async () => [],
    sweep: async () => ({ duplicates: [], moved: [] }),
  };
}
