import { kernelFaults } from './kernel.ts';
import { tellEach } from './tell-each.ts';

tellEach('kernel', kernelFaults, { startTimeoutSeconds: 60, httpTimeoutSeconds: 60 });
