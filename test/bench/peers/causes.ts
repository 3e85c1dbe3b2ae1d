import type { Reason } from '../../../src/core/reason.ts';

/**
 * By one of these words somebody who knows hubs can tell the cause of a failure. The same for whoever said them, and wide on
 * purpose: a status, the name of an error, the browser's own word or the place at which a page was waited for is enough.
 * Only reasons of rows that are judged are here.
 */
const CAUSES: Readonly<Partial<Record<Reason, RegExp>>> = {
  'hub-unreachable':
    /ERR_(?!TOO_MANY)\w+|refused|cannot connect|name or service|certificate|ssl|disconnected/i,
  'hub-down': /\b(404|502|503|504)\b|maintenance|bad gateway/i,
  'hub-error': /\b500\b|internal server error/i,
  'hub-timeout': /time(d ?)?out|did not answer|did not come/i,
  'login-page-broken': /#username_input|without a form/,
  'login-rejected': /\b403\b|invalid username/i,
  'login-error': /\b500\b|internal server error/i,
  'not-authorized': /\b403\b|locked/i,
  xsrf: /\b403\b|xsrf|form invalid/i,
  'redirect-loop': /redirect|circles/i,
  'identity-provider-unreachable': /localhost:9\b/,
  'identity-provider-error': /localhost:\d+|\b500\b/,
  'spawn-refused': /\b(403|500)\b|internal server error/i,
  'spawn-throttled': /\b429\b|too many|limit exceeded/i,
  'spawn-failed': /spawn failed|on purpose|quota/i,
  'spawn-timeout': /did(n't| not) respond|spawn-pending|still starting|gave up waiting/i,
  'server-unreachable':
    /\b(403|424|502|503)\b|hub\/login|log in once more|did not answer|no more|gone|websocket|refused|closed|late\b/i,
  'server-error': /\b500\b|internal server error/i,
  'interface-broken': /jp-LabShell|did not come up/,
  'kernel-missing': /no kernel|kernel_?spec/i,
  'kernel-failed': /\b500\b|no kernel|no such file|ended before/i,
  'kernel-died': /died|dead|restart/i,
  'kernel-timeout': /time(d ?)?out|\blate\b|websocket|did not answer/i,
  'wrong-result': /received|answered|raised/i,
  'client-missing': /dask_gateway|ModuleNotFound|AttributeError/,
  'gateway-unreachable': /\b50[234]\b|connect|gateway did not answer|time(d ?)?out|something else answered/i,
  'gateway-error': /\b50\d\b|GatewayServerError/,
  'gateway-refused': /\b40[13]\b/,
  'cluster-refused': /\blimit\b|\bcores\b|\bmemory\b/i,
  'cluster-failed': /FAILED|STOPP|failed to start|cluster ended/,
  'cluster-timeout': /cluster did not start|pending/i,
  'scheduler-unreachable': /scheduler|trying to connect/i,
  'workers-timeout': /workers? did not come|wait(ing)? for \d* ?workers/i,
  'compute-failed': /KilledWorker|RuntimeError/,
  'compute-timeout': /did not compute|compute.*time(d ?)?out/i,
};

/** @throws when nobody wrote down by what to tell this reason. */
export function tellsCause(reason: Reason, output: string): boolean {
  const words = CAUSES[reason];
  if (words === undefined) throw new Error(`causes.ts has no words for ${reason}`);
  // Of a status by chance: the decimals of a time.
  return words.test(output.replaceAll(/\d+\.\d+/g, ''));
}
