/** Every fault that can be switched on in a running testbed, with what it does, as the demo shows it. */
export const FAULTS = {
  'login-raises': 'the authenticator fails at every login',
  'login-refuses': 'the authenticator refuses every login',
  'login-hangs': 'the authenticator never answers',
  'spawn-raises': 'every start fails at once',
  'spawn-forbidden': 'every start is refused: quota exceeded',
  'spawn-hangs': 'no start ever ends',
  'server-unready': 'the started process is no server',
  'server-dies': 'the server is killed as soon as it is ready',
  'stop-hangs': 'no server can be stopped',
  'kernelspec-missing': 'the image has no Python kernel',
  'kernel-dies': 'the kernel is killed by the first statement',
  'kernel-hangs': 'the kernel never answers a statement',
  'kernel-answers-wrong': 'the kernel prints something else than it was asked for',
  'dask-client-missing': "the image's Python has no dask_gateway",
  'gateway-refuses': 'the gateway lets nobody in',
  'gateway-raises': 'the gateway answers every request with an error',
  'cluster-fails': 'no dask scheduler starts',
  'cluster-hangs': 'a dask cluster stays pending for ever',
  'workers-never-come': 'no dask worker starts',
  'hub-stopped': 'the hub process is killed',
  'hub-frozen': 'the hub process is frozen',
  'proxy-gone': 'the proxy in front of the hub is killed',
  'gateway-down': 'the dask-gateway is killed',
  'gateway-frozen': 'the dask-gateway is frozen',
} as const;

export type Fault = keyof typeof FAULTS;

/** Switches that flip a running testbed; each returns when the fault is really in force, or really gone. */
export interface FaultSwitches {
  break(fault: Fault): Promise<void>;
  heal(fault: Fault): Promise<void>;
  healAll(): Promise<void>;
  on(): readonly Fault[];
}
