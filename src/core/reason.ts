/** Why a run did not pass: a closed list, because every member is a metric label value and has a paragraph in the guide. */
export const LOGIN_REASONS = [
  'hub-unreachable',
  'hub-down',
  'hub-error',
  'hub-timeout',
  'login-page-broken',
  'login-rejected',
  'login-error',
  'not-authorized',
  'xsrf',
  'redirect-loop',
  'identity-provider-unreachable',
  'identity-provider-error',
  'identity-provider-challenge',
  'callback-error',
] as const;

export const KERNEL_REASONS = [
  'kernel-missing',
  'kernel-failed',
  'kernel-died',
  'kernel-timeout',
  'wrong-result',
] as const;

export const SERVER_REASONS = [
  'spawn-refused',
  'spawn-throttled',
  'options-form-broken',
  'profile-missing',
  'spawn-failed',
  'spawn-timeout',
  'stop-stuck',
  'server-unreachable',
  'server-error',
  'redirect-loop',
  'interface-broken',
  ...KERNEL_REASONS,
] as const;

export const DASK_REASONS = [
  'client-missing',
  'gateway-unreachable',
  'gateway-error',
  'gateway-refused',
  'cluster-refused',
  'cluster-failed',
  'cluster-timeout',
  'scheduler-unreachable',
  'workers-timeout',
  'compute-failed',
  'compute-timeout',
  ...KERNEL_REASONS,
] as const;

/** Our own faults: never evidence against a hub. */
export const PROBE_REASONS = [
  'browser-missing',
  'browser-crashed',
  'out-of-memory',
  'disk-full',
  'network-down',
  'credential-missing',
  'login-unsupported',
  'deadline',
  'internal',
] as const;

export type ProbeReason = (typeof PROBE_REASONS)[number];
/** A reason on the hub's side. */
export type HubReason =
  (typeof LOGIN_REASONS)[number] | (typeof SERVER_REASONS)[number] | (typeof DASK_REASONS)[number];
export type Reason = HubReason | ProbeReason;

export const REASONS: readonly Reason[] = [
  ...new Set<Reason>([...LOGIN_REASONS, ...SERVER_REASONS, ...DASK_REASONS, ...PROBE_REASONS]),
];

/** Whose side a failure is on. */
export const ATTRIBUTIONS = ['hub', 'identity-provider', 'capacity', 'image', 'probe'] as const;
export type Attribution = (typeof ATTRIBUTIONS)[number];
