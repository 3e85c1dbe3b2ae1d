import type { Criterion } from './criterion.ts';
import type { PageStep } from './page-step.ts';

/** One JupyterHub under watch, with every default applied. Durations are milliseconds. */
export interface Hub {
  readonly name: string;
  /** Ends with a slash; may carry a base path. */
  readonly url: string;
  /** Hubs of one cluster are grouped into one incident. */
  readonly cluster: string | null;
  /** Who its users log in with, when that is somebody else than the hub: `github`, `cilogon`; null when not known. */
  readonly identityProvider: string | null;
  /** Known to be good: when nearly all hubs fail at once, it says whether the fault is our own. */
  readonly canary: boolean;
  readonly tier: 'production' | 'staging';
  readonly login: Login;
  /** Confirming runs log in as this user too, so that evidence says whether one account fails or both; null: there is none. */
  readonly secondAccount: Account | null;
  /** Logins of one account in any hour, where a provider limits them; null: as many as are wanted. */
  readonly maxLoginsPerHour: number | null;
  /** In the order of CRITERIA. */
  readonly probes: readonly Criterion[];
  /** node-cron expression, UTC. */
  readonly schedule: string;
  readonly jitterMs: number;
  /** One run may take this long, cleanup not counted. */
  readonly deadlineMs: number;
  /** How long a page or an answer may take where the hub has no limit of its own. */
  readonly answerTimeoutMs: number;
  readonly tls: TlsSettings;
  /** What cleaning up after a run may take; what is left by then is tried again later. */
  readonly cleanupTimeoutMs: number;
  readonly server: ServerSettings;
  readonly dask: DaskSettings;
}

/** A user of the hub who is ours alone. */
export interface Account {
  readonly username: string;
  readonly password: SecretReference;
}

/** Which of a hub's accounts: that of its `login`, or its second one. */
export type WhichAccount = 'first' | 'second';

/** The first where there is no second. */
export function accountOf({ login, secondAccount }: Hub, which: WhichAccount = 'first'): Account {
  const { username, password } = login;
  return which === 'second' && secondAccount !== null ? secondAccount : { username, password };
}

export interface TlsSettings {
  /** Path of the certificates (PEM) of an authority to be trusted for this hub besides the public ones; null for none. */
  readonly ca: string | null;
}

export type Login = PasswordLogin;

export interface PasswordLogin {
  readonly kind: 'password';
  readonly username: string;
  readonly password: SecretReference;
  readonly selectors: LoginSelectors;
  /** What to do on the login page before name and password are sent. */
  readonly steps: readonly PageStep[];
}

/** Where things are on the login page; JupyterHub's own ids unless the page is the operator's own. */
export interface LoginSelectors {
  readonly username: string;
  readonly password: string;
  readonly submit: string;
  /** Shown exactly when a login was refused. */
  readonly error: string;
}

/** The same from JupyterHub 1.0 to 6. */
export const HUBS_OWN_LOGIN_PAGE: LoginSelectors = {
  username: '#username_input',
  password: '#password_input',
  submit: '#login_submit',
  error: 'p.login_error',
};

/** Where a secret is; secrets are never literal. */
export type SecretReference = { readonly env: string } | { readonly file: string };

export interface ServerSettings {
  readonly profile: string | null;
  readonly profileOptions: Readonly<Record<string, string>>;
  /** What to do on the options form before it is sent. */
  readonly form: readonly PageStep[];
  /** Options in the address, past the form (`/hub/spawn?profile=small`); empty: none. */
  readonly query: Readonly<Record<string, string>>;
  /** Empty for the default server. */
  readonly name: string;
  /** Kernelspec name. */
  readonly kernel: string;
  readonly startTimeoutMs: number;
  /** The hub exits after this many failed starts in a row, whoever asked for them; 0: it does not. */
  readonly failureLimit: number;
  /** A start that takes longer is reported as slow, not as failed. */
  readonly slowAfterMs: number;
  /** From the server being ready to its interface being up. */
  readonly interfaceTimeoutMs: number;
  /** For a kernel to start, and again for each answer of it. */
  readonly kernelTimeoutMs: number;
}

export interface DaskSettings {
  readonly workers: number;
  readonly clusterOptions: Readonly<Record<string, string | number | boolean>>;
  readonly startTimeoutMs: number;
  readonly workerTimeoutMs: number;
  /** For each answer of the gateway, and for reaching a scheduler. */
  readonly requestTimeoutMs: number;
  readonly computeTimeoutMs: number;
}
