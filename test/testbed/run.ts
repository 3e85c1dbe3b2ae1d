import { createInterface } from 'node:readline';
import { FAULTS, type Fault } from './faults.ts';
import { startTestbed } from './testbed.ts';

/** A testbed for work by hand: prints where it is, then obeys `break NAME`, `heal NAME`, `left`, `stop` on stdin. */
await using testbed = await startTestbed({ onProgress: (line) => process.stderr.write(`${line}\n`) });
const { hubUrl, users, password, folder } = testbed;
console.log(JSON.stringify({ hubUrl, users, password, folder }));

function isFault(name: string): name is Fault {
  return name in FAULTS;
}

for await (const line of createInterface({ input: process.stdin })) {
  const [verb, name = ''] = line.trim().split(' ');
  if (verb === 'stop') break;
  if (verb === 'left') console.log(JSON.stringify(await testbed.leftovers()));
  else if ((verb === 'break' || verb === 'heal') && isFault(name)) {
    await testbed.faults[verb](name);
    console.log(`ok: ${testbed.faults.on().join(', ')}`);
  } else console.log(`break|heal ${Object.keys(FAULTS).join('|')}, left or stop`);
}
