import type { Alarm } from '../../core/alarm.ts';
import { type Markup, html } from './html.ts';

/** What keeps the canary from doing its work; nothing when all is in order. */
export function alarmList(alarms: readonly Alarm[]): Markup | null {
  if (alarms.length === 0) return null;
  return html`<section aria-labelledby="alarms">
    <h2 id="alarms">Trouble of the canary itself</h2>
    <ul>${alarms.map(({ because }) => html`<li><i aria-hidden="true">!</i> ${because}</li>`)}</ul>
  </section>`;
}
