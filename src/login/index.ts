import type { Login } from '../core/hub.ts';
import type { LoginMethod } from './login.ts';
import { password } from './password.ts';

/** Every way to log in, one line each. */
export const logins = { password } satisfies Record<Login['kind'], LoginMethod>;
