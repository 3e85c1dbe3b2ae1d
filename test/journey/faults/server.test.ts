import { sentenceOf } from './row.ts';
import { serverFaults } from './server.ts';
import { tellEach } from './tell-each.ts';

/** A hub killed in the middle of a start may answer 500 to the stop of that server afterwards: nobody comes after it. */
const LAST = 'the hub is killed while a server starts';

const isLast = (row: (typeof serverFaults)[number]) => sentenceOf(row).startsWith(LAST);

tellEach('server', [...serverFaults.filter((row) => !isLast(row)), ...serverFaults.filter(isLast)], {
  httpTimeoutSeconds: 60,
});
