import { z } from 'zod';
import { CriteriaSection } from './schema/criteria.ts';
import { GitHubSection } from './schema/github.ts';
import { DefaultsSection, HUB_EXAMPLE, HubSection } from './schema/hub.ts';
import { MaintenanceSection } from './schema/maintenance.ts';
import { NotifySection } from './schema/notify.ts';
import { ServiceSection } from './schema/service.ts';

/** Everything that may be written, as it is written; a file of a folder holds some of the keys. */
export const ConfigDocument = z
  .strictObject({
    service: ServiceSection,
    defaults: DefaultsSection,
    hubs: z
      .array(HubSection)
      .min(1)
      .meta({ description: 'The hubs under watch.', samples: [[HUB_EXAMPLE]] }),
    criteria: CriteriaSection,
    maintenance: z.array(MaintenanceSection).describe('Times in which nothing is declared.'),
    github: GitHubSection,
    notify: z.array(NotifySection).describe('Who else is told of incidents.'),
  })
  .partial();
