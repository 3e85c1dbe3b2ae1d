import { labFaults } from './lab.ts';
import { tellEach } from './tell-each.ts';

tellEach('lab', labFaults, { startTimeoutSeconds: 60, httpTimeoutSeconds: 60 });
