import type { Fault } from '../../testbed/faults.ts';
import type { CheckChanges } from '../check-hub.ts';
import { at, isBrowser, isRenderer, isWorker, killAt, starve } from '../kill-at.ts';
import { folderOn, mountSmallDisk } from '../small-disk.ts';
import { workerFault } from '../worker-fault.ts';
import { freePort } from '../../testbed/free-port.ts';
import type { Arranged, Row, Stage } from './row.ts';

const login: CheckChanges = { probes: ['login'] };
const server: CheckChanges = { probes: ['login', 'server'] };
const ours = { outcome: 'errored', attribution: 'probe' } as const;
const SUBMIT = 'submit the login form';
const LAB = 'open JupyterLab';

function given(what: string, changes: CheckChanges): Arranged {
  return { what, arrange: async () => changes };
}

/** What anybody's check can be given. */
function givenAll(what: string, changes: Pick<CheckChanges, 'browser' | 'credentialError'>): Arranged {
  return { ...given(what, changes), alike: true };
}

/** The run's own files on a file system that takes so many of them, its root counted. */
function fewFiles(what: string, files: number): Arranged {
  return {
    what,
    async arrange({ onEnd }: Stage) {
      const disk = mountSmallDisk(`nr_inodes=${files}`);
      onEnd(() => disk[Symbol.dispose]());
      return { runsFolder: folderOn(disk, 'runs') };
    },
  };
}

/** As the fault, while the room of the file system with the run's own files is used up from a step on. */
function fullDisk(what: string, step: string, fault: Fault): Arranged {
  return {
    what,
    async arrange({ testbed, onEnd }: Stage) {
      const disk = mountSmallDisk('size=256m');
      onEnd(() => disk[Symbol.dispose]());
      await testbed.faults.break(fault);
      return {
        runsFolder: folderOn(disk, 'runs'),
        onEvent(event) {
          if (event.kind === 'step-started' && event.step === step) disk.fill();
        },
      };
    },
  };
}

/** The hub's address does not answer, and `reachability` says whether anything else does. */
function hubGone(what: string, canaryUrl: (stage: Stage) => Promise<string>): Arranged {
  return {
    what,
    alike: true,
    async arrange(stage) {
      const hub = { url: `http://127.0.0.1:${await freePort()}/` };
      return { hub, reachability: [await canaryUrl(stage)] };
    },
  };
}

/** Faults on our own side: never evidence against the hub. */
export const ownFaults: readonly Row[] = [
  {
    fault: givenAll('no browser is installed', { browser: '/nowhere/chromium' }),
    criterion: null,
    reason: 'browser-missing',
    says: 'no browser at /nowhere/chromium (service.browser.executable)',
    changes: login,
    ...ours,
  },
  {
    fault: givenAll('the browser does not start', { browser: '/bin/false' }),
    criterion: null,
    reason: 'browser-crashed',
    says: /^the browser did not start: /,
    changes: login,
    ...ours,
  },
  {
    fault: given('the browser is killed while JupyterLab comes up', { onEvent: killAt(LAB, isBrowser) }),
    criterion: 'server',
    reason: 'browser-crashed',
    says: /./,
    changes: server,
    ...ours,
  },
  {
    fault: given("the page's process crashes", { onEvent: killAt(LAB, isRenderer, 'SIGSEGV') }),
    criterion: 'server',
    reason: 'browser-crashed',
    says: /^the page's process ended: crashed by signal 11/,
    changes: server,
    ...ours,
  },
  {
    fault: given("the page's process gets no more memory", { onEvent: at(LAB, isRenderer, starve) }),
    criterion: 'server',
    reason: 'browser-crashed',
    says: /^the page's process ended: \w+ by signal \d+/,
    changes: server,
    ...ours,
  },
  {
    fault: 'lab-eats-memory',
    criterion: 'server',
    reason: 'out-of-memory',
    says: /^the run used \d+ MiB of the 700 MiB it may have and was killed$/,
    changes: { ...server, memoryPerRunBytes: 700 * 2 ** 20 },
    ...ours,
  },
  {
    fault: given('the worker process is killed', { onEvent: killAt(SUBMIT, isWorker) }),
    criterion: 'login',
    reason: 'internal',
    says: 'the worker process ended by SIGKILL in the middle of the run',
    changes: login,
    ...ours,
  },
  {
    fault: given('the worker process ends by itself', { nodeOptions: workerFault('exits', SUBMIT) }),
    criterion: 'login',
    reason: 'internal',
    says: 'the worker process ended with status 7 in the middle of the run',
    changes: login,
    ...ours,
  },
  {
    fault: given('the worker process runs in a circle', {
      nodeOptions: workerFault('blocks', SUBMIT),
      silentForMs: 5_000,
    }),
    criterion: 'login',
    reason: 'internal',
    says: 'the worker process did nothing more for 5 s and was killed',
    changes: login,
    silent: true,
    ...ours,
  },
  {
    fault: given('the worker process has used up its memory', {
      nodeOptions: ['--max-old-space-size=120', ...workerFault('eats-memory', SUBMIT)],
    }),
    criterion: 'login',
    reason: 'out-of-memory',
    says: /^the worker process ended by SIGABRT in the middle of the run/,
    changes: login,
    ...ours,
  },
  {
    fault: fewFiles("the disk has no room for the run's folder", 2),
    criterion: null,
    reason: 'disk-full',
    says: /^the run could not be made: .*ENOSPC/,
    changes: login,
    needs: 'mounts',
    ...ours,
  },
  {
    fault: fewFiles("the disk has no room for the browser's profile", 3),
    criterion: null,
    reason: 'disk-full',
    says: /^the run's own files can't be written \(ENOSPC.*\): the browser did not start/,
    changes: login,
    needs: 'mounts',
    ...ours,
  },
  {
    fault: fullDisk('JupyterLab does not come up in a browser on a full disk', LAB, 'lab-assets-missing'),
    criterion: 'server',
    reason: 'disk-full',
    says: /^the run's own files can't be written \(ENOSPC/,
    changes: server,
    needs: 'mounts',
    ...ours,
  },
  // What the hub itself has said stands.
  {
    fault: fullDisk('the authenticator fails, and our disk is full', SUBMIT, 'login-raises'),
    criterion: 'login',
    reason: 'login-error',
    says: /500: its authenticator or its database failed/,
    changes: login,
    needs: 'mounts',
  },
  {
    fault: hubGone('nothing can be reached from here', async () => `http://127.0.0.1:${await freePort()}/`),
    criterion: 'login',
    reason: 'network-down',
    says: /^the probe's own network is down, nothing else can be reached either: /,
    changes: login,
    ...ours,
  },
  {
    fault: hubGone(
      'the hub can not be reached from here, and everything else can',
      async ({ testbed }) => testbed.hubUrl,
    ),
    criterion: 'login',
    reason: 'hub-unreachable',
    says: /ERR_CONNECTION_REFUSED/,
    changes: login,
  },
  {
    fault: {
      what: 'the hub says no, and after that nothing can be reached from here',
      alike: true,
      async arrange({ testbed }) {
        await testbed.faults.break('login-raises');
        return { reachability: [`http://127.0.0.1:${await freePort()}/`] };
      },
    },
    criterion: 'login',
    reason: 'login-error',
    says: /500: its authenticator or its database failed/,
    changes: login,
  },
  {
    fault: givenAll('the password is not where the configuration says', {
      credentialError: new Error('login.password: environment variable PASSWORD is not set'),
    }),
    criterion: null,
    reason: 'credential-missing',
    says: 'login.password: environment variable PASSWORD is not set',
    changes: login,
    ...ours,
  },
  {
    fault: {
      what: "the run's deadline is over before the hub's own limit",
      async arrange({ testbed }) {
        await testbed.faults.break('spawn-hangs');
        return {};
      },
    },
    criterion: 'server',
    reason: 'deadline',
    says: "the run's own deadline (8 s) is over",
    changes: { ...server, hub: { deadlineMs: 8_000 } },
    silent: true,
    ...ours,
  },
  {
    fault: given('the clock of the machine is set back', { nodeOptions: workerFault('clock-back', SUBMIT) }),
    criterion: null,
    reason: null,
    says: '',
    changes: login,
  },
  {
    fault: given('the clock of the machine is set forward', {
      nodeOptions: workerFault('clock-forward', SUBMIT),
    }),
    criterion: null,
    reason: null,
    says: '',
    changes: login,
  },
];
