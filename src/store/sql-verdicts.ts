import type { Kysely } from 'kysely';
import { VerdictRecord, readRecord } from './records.ts';
import type { Tables } from './schema.ts';
import type { Store } from './store.ts';

/** What is known of hubs now: their verdicts, and which accounts have worked. */
export function verdictsIn(db: Kysely<Tables>): Pick<Store, 'verdicts' | 'credentialProven'> {
  return {
    async verdicts() {
      const rows = await db.selectFrom('verdict').selectAll().orderBy('hub').orderBy('criterion').execute();
      return rows.map(({ hub, criterion, record }) =>
        readRecord(VerdictRecord, record, `verdict ${hub} ${criterion}`),
      );
    },
    async credentialProven(hub, username) {
      const row = await db
        .selectFrom('proven_credential')
        .select('hub')
        .where('hub', '=', hub)
        .where('username', '=', username)
        .executeTakeFirst();
      return row !== undefined;
    },
  };
}
