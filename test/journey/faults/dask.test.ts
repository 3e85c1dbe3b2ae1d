import { daskFaults } from './dask.ts';
import { tellEach } from './tell-each.ts';

tellEach('dask', daskFaults);
