import { kernelFaults } from './kernel.ts';
import { tellEach } from './tell-each.ts';

tellEach('kernel', kernelFaults);
