import type { Alarm } from '../../core/alarm.ts';
import type { Incident } from '../../core/incident.ts';
import { alarmList } from './alarm-list.ts';
import { hubCard } from './hub-card.ts';
import type { HubState } from './hub-state.ts';
import { html } from './html.ts';
import { incidentList } from './incident-list.ts';
import { page } from './layout.ts';
import { isBroken, sentence } from './sentence.ts';

/** All hubs on one page: what is wrong comes first. */
export function statusPage(hubs: readonly HubState[], incidents: readonly Incident[], alarms: readonly Alarm[], now: Date): string {
  const { tone, text } = sentence(hubs, alarms);
  const inOrder = [...hubs.filter(isBroken), ...hubs.filter((hub) => !isBroken(hub))];
  return page(
    text,
    html`<h1 class="sentence ${tone}">${text}</h1>
      ${alarmList(alarms)} ${incidentList(incidents, now)}
      <section class="cards" aria-label="hubs">${inOrder.map((state) => hubCard(state, now))}</section>`,
    { live: true },
  );
}
