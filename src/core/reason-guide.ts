import type { Reason } from './reason.ts';

/** What a reason means, and where to look first. Shown in the issue and in the operator's guide. */
export interface ReasonNote {
  /** What was seen, as a sentence about the hub. */
  readonly meaning: string;
  /** The likeliest cause and the first thing to look at; a guess, and said to be one. */
  readonly firstGuess: string;
}

export const REASON_GUIDE: Readonly<Record<Reason, ReasonNote>> = {
  'hub-unreachable': {
    meaning:
      'No connection to the hub came about: its name did not resolve, the port did not answer, or TLS failed.',
    firstGuess:
      'The DNS record, the load balancer in front of the ingress, or a certificate that has run out.',
  },
  'hub-down': {
    meaning:
      "A proxy answered in the place of the hub: the ingress or the hub's own proxy runs, the hub behind it does not.",
    firstGuess:
      'The hub pod: is it restarting, waiting for its database volume, or refusing its configuration after a deploy?',
  },
  'hub-error': {
    meaning: 'The hub itself answered with a server error (5xx).',
    firstGuess:
      'The log of the hub pod at this moment; often its database, a hook in its configuration, or an upgrade half done.',
  },
  'hub-timeout': {
    meaning: 'The hub took the connection and then did not answer in time.',
    firstGuess:
      'A hub process that is overloaded or blocked: its CPU, its database, and slow calls to the Kubernetes API.',
  },
  'login-page-broken': {
    meaning: 'The login page came up without what a person needs to log in.',
    firstGuess: 'Customised page templates or an authenticator that was changed by the last deploy.',
  },
  'login-rejected': {
    meaning: 'The hub refused the user name and password of an account that has worked before.',
    firstGuess:
      'The account was removed or its password changed; else the authenticator has lost its user database or allow-list.',
  },
  'login-error': {
    meaning: 'The authenticator failed while it handled a login; it did not say that the password was wrong.',
    firstGuess:
      "An exception in the log of the hub pod: the authenticator's own backend, or its configuration.",
  },
  'not-authorized': {
    meaning: 'The login was recognised, but the account is not allowed into the hub.',
    firstGuess:
      'The allow-list, groups or organisation check of the authenticator, or a token for checking them that has run out.',
  },
  xsrf: {
    meaning: 'The hub refused the login form because its protection against forged requests did not match.',
    firstGuess:
      'Cookies lost between page and form: a proxy that rewrites hosts or paths, two hubs on one domain, or a version mismatch after an upgrade.',
  },
  'redirect-loop': {
    meaning: 'The hub sent the browser in a circle.',
    firstGuess:
      "A wrong base path, http and https mixed up behind a proxy, or a server that does not accept the hub's cookies.",
  },
  'identity-provider-unreachable': {
    meaning: 'The hub sent the browser to its identity provider, which could not be reached.',
    firstGuess:
      'An outage of the provider; look at its status page. Every hub with the same provider is affected.',
  },
  'identity-provider-error': {
    meaning: 'The identity provider answered with an error of its own.',
    firstGuess:
      'The client id, secret or redirect address registered with the provider, or an outage on its side.',
  },
  'identity-provider-challenge': {
    meaning:
      'The identity provider asked for something that only a person can give: a captcha, consent or a second factor.',
    firstGuess:
      'The provider distrusts the account or has changed its terms; log in once by hand with the canary account.',
  },
  'callback-error': {
    meaning: 'The identity provider accepted the login, and the hub then failed to take it over.',
    firstGuess: "The client secret, or the hub's way out to the provider; the log of the hub pod says which.",
  },
  'spawn-refused': {
    meaning: 'The hub refused the wish for a server outright.',
    firstGuess:
      "A limit on servers or users, a hook that runs before the start, or an error in the spawner's configuration.",
  },
  'spawn-throttled': {
    meaning: 'The hub said that too many servers are starting already, or that it is full (429).',
    firstGuess:
      'Many users at once: the limit on concurrent starts, or starts that hang and do not make room.',
  },
  'options-form-broken': {
    meaning: 'The form on which users choose their server could not be used or sent.',
    firstGuess: 'The profile list as it was last changed, or a custom form template.',
  },
  'profile-missing': {
    meaning: 'The profile that the canary is told to start is not on offer.',
    firstGuess:
      "It was renamed or removed, or the account has lost the group that may see it. If that was meant, change the canary's configuration.",
  },
  'spawn-failed': {
    meaning: 'The hub began to start the server and then said that it had failed.',
    firstGuess:
      "The events of the user pod: image that can't be pulled, volume that can't be mounted, quota, or no fitting node.",
  },
  'spawn-timeout': {
    meaning: 'The server did not become ready within the time it may take.',
    firstGuess:
      'A pod that waits: for a node that does not come, a large image, or a volume. Its last event is below.',
  },
  'stop-stuck': {
    meaning: 'An earlier server of the canary is stuck while stopping, so that no new one can start.',
    firstGuess:
      'A pod that does not terminate, mostly because of its volume or a lost node; users in this state are stuck likewise.',
  },
  'server-unreachable': {
    meaning:
      "The hub says that the server is ready, but it can't be reached: it answers no more, a proxy answers in its place, or its WebSockets are not let through.",
    firstGuess:
      "The proxy's routes, its settings for WebSockets, and the network policies between proxy and user pods; else a server that was killed or hangs.",
  },
  'server-error': {
    meaning: "The user's server answered with an error of its own.",
    firstGuess:
      'The log of the user pod: an extension that fails, a home directory that is full or read-only.',
  },
  'interface-broken': {
    meaning: 'The server runs, but the interface in which users work did not come up in the browser.',
    firstGuess:
      'An extension in the image, or files of the interface that are blocked or missing; the console is in the evidence.',
  },
  'kernel-missing': {
    meaning: 'The kernel that users work with is not installed in the server.',
    firstGuess: 'The image was rebuilt without it, or it has another name now.',
  },
  'kernel-failed': {
    meaning: 'The kernel could not be started.',
    firstGuess:
      'The image: packages that do not fit together; or a home directory that is full. Try to start the kernel by hand in a server of this profile.',
  },
  'kernel-died': {
    meaning: 'The kernel started and ended by itself while it computed.',
    firstGuess: 'Too little memory in the profile, or a package that crashes.',
  },
  'kernel-timeout': {
    meaning: 'The kernel did not answer in time.',
    firstGuess:
      'A slow home directory, a node that is overloaded, a kernel that is started again and again, or a proxy that holds WebSockets back.',
  },
  'wrong-result': {
    meaning: 'Code ran, and the answer was not the right one.',
    firstGuess:
      'Something between browser and kernel alters or mixes up messages; look at the image and at what was deployed last.',
  },
  'client-missing': {
    meaning:
      "The package with which users reach dask can't be imported: it is not in the image, or broken there.",
    firstGuess: 'The image was rebuilt without them, or the wrong profile is being probed.',
  },
  'gateway-unreachable': {
    meaning: "The dask gateway could not be reached from the user's server.",
    firstGuess: "The gateway's own pods, the address in the image's configuration, and network policies.",
  },
  'gateway-error': {
    meaning: 'The dask gateway answered with an error of its own, or could not ask the hub who the user is.',
    firstGuess:
      "The log of the gateway's api pod; often a hook on cluster options or a version mismatch after an upgrade.",
  },
  'gateway-refused': {
    meaning: "The dask gateway did not accept the user's token (401, 403).",
    firstGuess:
      "The gateway's registration as a service of the hub: its token, and the scopes users have for it.",
  },
  'cluster-refused': {
    meaning:
      'The dask gateway refused to start a cluster, because of a limit or of an option that it does not take.',
    firstGuess:
      "Limits on clusters, cores or memory per user (clusters that were left running count), or cluster options that were changed; if that was meant, change the canary's configuration.",
  },
  'cluster-failed': {
    meaning: 'A dask cluster was begun and then failed.',
    firstGuess: "The events of its scheduler pod, and the log of the gateway's controller.",
  },
  'cluster-timeout': {
    meaning: 'A dask cluster did not start in time.',
    firstGuess: 'A scheduler pod that waits for a node or an image, or a controller that does not run.',
  },
  'scheduler-unreachable': {
    meaning: 'The cluster runs, but its scheduler could not be reached.',
    firstGuess:
      "The gateway's proxy, its certificates, and network policies; or versions of dask that differ between image and cluster.",
  },
  'workers-timeout': {
    meaning: 'The cluster is there, but no worker came in time.',
    firstGuess:
      'Capacity: node pools for workers at their maximum, quotas, or no spot machines to be had. Look at the pending worker pods.',
  },
  'compute-failed': {
    meaning: 'A computation on dask workers failed.',
    firstGuess: "Versions of Python or packages that differ between the user's server and the workers.",
  },
  'compute-timeout': {
    meaning: 'A computation on dask workers did not end in time.',
    firstGuess: 'Workers that come and go: preempted machines, or too little memory for each.',
  },
  'browser-missing': {
    meaning: 'The canary has no browser to work with; this says nothing about the hub.',
    firstGuess: 'The image or machine that Hubcanary runs in.',
  },
  'browser-crashed': {
    meaning: "The canary's browser crashed; this says nothing about the hub.",
    firstGuess: 'Memory and shared memory of the machine that Hubcanary runs on.',
  },
  'out-of-memory': {
    meaning: 'The canary used more memory than it may; this says nothing about the hub.',
    firstGuess: 'The memory per run in the configuration, or an interface that needs unusually much.',
  },
  'disk-full': {
    meaning:
      "The canary could not write its own files, such as the browser's profile; this says nothing about the hub.",
    firstGuess: 'The size of the temporary folder where Hubcanary runs, and what else fills it.',
  },
  'network-down': {
    meaning: "The canary's own network was down: nothing else could be reached either.",
    firstGuess: 'The way out of the machine that Hubcanary runs on.',
  },
  'credential-missing': {
    meaning: "The canary's password for this hub is not where the configuration says.",
    firstGuess: "The secret's file or environment variable.",
  },
  'login-unsupported': {
    meaning:
      'Users log in to this hub in another way than the canary is told to; this says nothing about the hub.',
    firstGuess:
      "The hub's authenticator was changed, meant or not; if it was meant, change the canary's login in the configuration.",
  },
  deadline: {
    meaning: "The run took longer than it may before the hub's own limits were reached.",
    firstGuess: 'A deadline that is shorter than the limits of the steps together.',
  },
  internal: {
    meaning: 'Something unforeseen went wrong in the canary itself.',
    firstGuess: 'A bug in Hubcanary; its log says more.',
  },
};
