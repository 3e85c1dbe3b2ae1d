import type { Incident } from '../../core/incident.ts';
import { hubCard } from './hub-card.ts';
import type { HubState } from './hub-state.ts';
import { html } from './html.ts';
import { incidentList } from './incident-list.ts';
import { page } from './layout.ts';
import { isBroken, sentence } from './sentence.ts';

/** All hubs on one page: what is wrong comes first. */
export function statusPage(hubs: readonly HubState[], incidents: readonly Incident[], now: Date): string {
  const { tone, text } = sentence(hubs);
  const inOrder = [...hubs.filter(isBroken), ...hubs.filter((hub) => !isBroken(hub))];
  return page(
    text,
    html`<h1 class="sentence ${tone}">${text}</h1>
      ${incidentList(incidents, now)}
      <section class="cards" aria-label="hubs">${inOrder.map((state) => hubCard(state, now))}</section>`,
    { live: true },
  );
}
