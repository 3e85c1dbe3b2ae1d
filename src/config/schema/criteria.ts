import { z } from 'zod';
import { Duration, DurationOrNone, PositiveInteger, Wait, WaitOrNone } from './fields.ts';

const Declare = z.strictObject({
  confirmAfter: z
    .array(Wait)
    .prefault(['45s', '90s'])
    .meta({
      description:
        'Confirming runs start this long after a first failure; an incident needs all of them to fail.',
      samples: [['45s', '90s']],
    }),
  consecutive: PositiveInteger.prefault(2).describe('Or this many scheduled runs in a row have to fail.'),
  persistFor: DurationOrNone.prefault('30m').describe(
    'What may pass by itself (no room, too many starts at once) counts when every run of this long failed.',
  ),
});

const Recover = z.strictObject({
  passes: PositiveInteger.prefault(3).describe('This many runs in a row have to pass.'),
  quietFor: DurationOrNone.prefault('15m').describe('And the first of them has to lie this far back.'),
});

const Flapping = z.strictObject({
  cycles: z.number().int().min(2).prefault(3).describe('Broken this many times'),
  within: Duration.prefault('24h').describe('within this long is flapping: one incident stays open,'),
  steadyFor: DurationOrNone.prefault('4h').describe('until it has been well for this long.'),
});

const Group = z.strictObject({
  wait: WaitOrNone.prefault('120s').describe('How long to wait for other hubs before declaring.'),
  hubs: PositiveInteger.prefault(2).describe('This many hubs of a cluster make one incident,'),
  share: z.number().min(0).max(1).prefault(0.5).describe('if they are at least this share of the cluster.'),
});

/** `criteria:` when a broken criterion becomes an incident, and when it is over. */
export const CriteriaSection = z
  .strictObject({
    declare: Declare.prefault({}).describe('When a broken criterion becomes an incident.'),
    recover: Recover.prefault({}).describe('When an incident is over.'),
    reopenWithin: DurationOrNone.prefault('24h').describe(
      'A fault that comes back by then is the same incident.',
    ),
    flapping: Flapping.prefault({}).describe('When a fault that comes and goes is one incident.'),
    group: Group.prefault({}).describe('When hubs that break together are one incident.'),
  })
  .describe('When a broken criterion becomes an incident, and when it is over.');
