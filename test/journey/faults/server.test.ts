import { serverFaults } from './server.ts';
import { tellEach } from './tell-each.ts';

tellEach('server', serverFaults, { httpTimeoutSeconds: 60 });
