import { z } from 'zod';
import { WEBHOOK_FORMATS } from '../config.ts';
import { Name } from './fields.ts';
import { SecretReference } from './secret-reference.ts';

/** The kinds of notifiers besides `github:`. */
const NOTIFIER_KINDS = ['webhook'] as const;

/** One of `notify:` who else is told of incidents. */
export const NotifySection = z
  .strictObject({
    kind: z.enum(NOTIFIER_KINDS).describe('How it is told: webhook posts each event to an address.'),
    name: Name(/^[a-z0-9-]+$/, 'a name of a-z, 0-9 and "-"', 'chat').describe(
      'Unique; in logs, metrics and on the status page.',
    ),
    url: SecretReference.describe(
      'Where to post; a secret, because whoever knows the address of a chat may post there.',
    ),
    format: z
      .enum(WEBHOOK_FORMATS)
      .prefault('json')
      .describe(
        'json: the event as data. slack: text and blocks, for Slack and what understands its messages.',
      ),
    secret: SecretReference.optional().describe(
      'Signs what is sent, as Standard Webhooks does: whsec_ and Base64, or any text.',
    ),
  })
  .describe('Who else is told of incidents, also while GitHub is down.');
