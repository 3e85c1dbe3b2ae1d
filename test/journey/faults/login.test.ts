import { loginFaults } from './login.ts';
import { tellEach } from './tell-each.ts';

tellEach('login', loginFaults);
