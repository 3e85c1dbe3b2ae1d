import { z } from 'zod';
import { Text, Timestamp } from './fields.ts';

/** One of `maintenance:`. */
export const MaintenanceSection = z
  .strictObject({
    hubs: z
      .array(Text)
      .min(1)
      .meta({ description: 'Names of hubs.', samples: [['staging']] }),
    from: Timestamp.describe('First moment of the window.'),
    to: Timestamp.describe('End of the window, itself outside.'),
    reason: Text.meta({ description: 'Why; people get to read it.', samples: ['upgrade'] }),
  })
  .describe('A time in which nothing is declared for some hubs.');
