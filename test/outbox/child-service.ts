import { openStore } from '../../src/store/index.ts';
import { aCommentFor, anEventOf, anIncident, anOpenIssueFor } from '../build/incident.ts';
import { anEffectOf } from '../notify/effects.ts';
import { QUICK, notifierFor, senderFor } from './sender.ts';

/**
 * The part of the service that declares, with no hub and no browser: decides on incidents up to a number, tells them, prints
 * `done` when nothing is left. Meant to be killed at any moment and started again.
 */
const [path = '', url = '', repository = '', token = '', wanted = '0'] = process.argv.slice(2);
const store = await openStore({ kind: 'sqlite', path });
// Longer than the stand-in takes over a request, however busy the machine is.
const backoff = { ...QUICK, quarantineMs: 200 };
const sender = senderFor(store, notifierFor({ url, repository, token }), `pid ${process.pid}`, { backoff });
const stop = new AbortController();
const sending = sender.run(stop.signal);

// One hub per incident, so that each is declared for itself.
for (let number = (await store.incidents({ limit: 1_000 })).length; number < Number(wanted); number += 1) {
  const incident = anIncident({ scope: { kind: 'hub', id: `hub-${number}` } });
  const close = { kind: 'close-issue', blocks: {}, reason: 'completed', duplicateOf: null } as const;
  const effects = [
    anOpenIssueFor(incident),
    aCommentFor(incident),
    { ...anEffectOf(incident, close), revision: 1 },
  ];
  const events = [anEventOf(incident)];
  await store.commit({ run: null, verdicts: [], incidents: [incident], events, effects, proven: null });
  sender.wake();
  while ((await store.outbox.status()).pending > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}
while ((await store.outbox.status()).pending > 0) await new Promise((resolve) => setTimeout(resolve, 5));
process.stdout.write('done\n');
stop.abort();
await sending;
await store.close();
