// Keeps an open page true: looks again when the service says so, follows a run while it is under way, asks for runs.
const SIGNS = { passed: '✔', failed: '✖', skipped: '–' };

const RECONNECT_AFTER_MS = 5000;
const ANSWER_WITHIN_MS = 15000;

// Something changed while the reader was not to be disturbed.
let missed = false;
// The main part as it came, before the script changed it.
let sent = '';

// One look at a time: an older answer must not take the place of a newer one.
let looking = false;
let lookAgain = false;

async function refresh() {
  lookAgain = true;
  if (looking) return;
  looking = true;
  try {
    while (lookAgain) {
      lookAgain = false;
      await look();
    }
  } finally {
    looking = false;
  }
}

async function look() {
  missed = document.hidden || !getSelection()?.isCollapsed || document.querySelector('dialog[open]') !== null;
  if (missed) return;
  const text = await pageAsItIs();
  const fresh = new DOMParser().parseFromString(text, 'text/html');
  const now = fresh.querySelector('main');
  const freshState = fresh.querySelector('#state');
  // Somebody else may answer in our place, such as a page to sign in.
  const isOurs = now !== null && freshState !== null;
  const state = document.querySelector('#state');
  document.body.classList.toggle('stale', !isOurs);
  if (!isOurs) {
    // A page that stands still must not look like good news.
    state.dataset.since ??= new Date().toISOString().slice(11, 16);
    state.textContent = `The service does not answer: this is as of ${state.dataset.since} UTC.`;
    return;
  }
  delete state.dataset.since;
  state.textContent = freshState.textContent;
  document.title = fresh.title;
  if (now.innerHTML === sent) return;
  const focused = whereFocusIs();
  document.querySelector('main').replaceWith(now);
  prepare();
  if (focused) document.querySelector(focused)?.focus();
}

// Empty when the service does not answer, or not in time.
async function pageAsItIs() {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), ANSWER_WITHIN_MS);
  try {
    const answer = await fetch(location.href, { headers: { accept: 'text/html' }, signal: late.signal });
    return answer.ok ? await answer.text() : '';
  } catch {
    return '';
  } finally {
    clearTimeout(timer);
  }
}

// Once: what follows changes begins again after each break.
function lookWhenReaderIsBack() {
  document.addEventListener('visibilitychange', () => void refresh());
  for (const kind of ['selectionchange', 'close']) {
    document.addEventListener(kind, () => missed && void refresh(), true);
  }
}

// Hears a stream of events by the names of what is heard, for as long as the page is open.
function listen(path, hear) {
  const source = new EventSource(path);
  for (const [kind, heard] of Object.entries(hear)) source.addEventListener(kind, heard);
  source.addEventListener('error', () => {
    // A browser gives up for good when it is answered with anything but a stream, as by a proxy in the place of the service.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => listen(path, hear), RECONNECT_AFTER_MS);
  });
}

function followChanges() {
  const hear = () => void refresh();
  // Whatever happened before, or while there was no connection, is seen now.
  listen('/events', { open: hear, message: hear, error: hear });
}

function whereFocusIs() {
  const { dataset, attributes } = document.activeElement ?? {};
  if (dataset?.run) return `[data-run="${CSS.escape(dataset.run)}"]`;
  const href = attributes?.href?.value;
  return href ? `main a[href="${CSS.escape(href)}"]` : null;
}

function rowOf(sign, name, seconds, note) {
  const item = document.createElement('li');
  for (const [tag, text] of [
    ['span', `${sign} ${name}`],
    ['span', seconds],
    ['small', note ?? ''],
  ]) {
    item.append(Object.assign(document.createElement(tag), { textContent: text }));
  }
  return item;
}

function followRun(list) {
  const state = document.querySelector('#state');
  const usual = state.textContent;
  let current = null;
  listen(list.dataset.events, {
    open() {
      // After a break the service tells all from the beginning.
      list.replaceChildren();
      document.body.classList.remove('stale');
      state.textContent = usual;
    },
    error() {
      // A list that stands still must not look like a run that does.
      document.body.classList.add('stale');
      state.textContent = 'No news of this run at the moment: asked for again.';
    },
    message({ data, currentTarget: source }) {
      const event = JSON.parse(data);
      if (event.kind === 'step-started') list.append((current = rowOf('▶', event.step, '', '')));
      if (event.kind === 'note' && current) current.querySelector('small').textContent = event.text;
      if (event.kind === 'step-finished') {
        const { name, status, seconds, note } = event.step;
        const done = rowOf(SIGNS[status], name, seconds === null ? '' : `${seconds.toFixed(1)} s`, note);
        if (current) current.replaceWith(done);
        else list.append(done);
        current = null;
      }
      if (event.kind === 'cleaning-up') list.append((current = rowOf('▶', 'clean up', '', '')));
      if (event.kind === 'finished') {
        source.close();
        location.reload();
      }
    },
  });
}

// Asks again, with a token, when the service wants one; null when nobody has one.
async function fetchWithToken(url, options, scope) {
  const kept = sessionStorage.getItem('hubcanary-token');
  const headers = { ...options.headers, ...(kept ? { authorization: `Bearer ${kept}` } : {}) };
  const answer = await fetch(url, { ...options, headers }).catch(() => Response.error());
  if (answer.status !== 401) return answer;
  const given = await askForToken(scope, kept !== null);
  if (given === '') return null;
  sessionStorage.setItem('hubcanary-token', given);
  return fetchWithToken(url, options, scope);
}

function askForToken(scope, wasRefused) {
  const dialog = document.createElement('dialog');
  const form = Object.assign(document.createElement('form'), { method: 'dialog' });
  const label = document.createElement('label');
  const input = Object.assign(document.createElement('input'), { type: 'password', required: true });
  label.append(`${wasRefused ? 'This token is not known. ' : ''}A token with scope “${scope}”:`, input);
  form.append(label, Object.assign(document.createElement('button'), { textContent: 'Go on' }));
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    form.addEventListener('submit', () => resolve(input.value.trim()));
    dialog.addEventListener('close', () => {
      dialog.remove();
      resolve('');
    });
  });
}

async function say(answer) {
  const problem = await answer.json().catch(() => null);
  const dialog = document.createElement('dialog');
  const form = Object.assign(document.createElement('form'), { method: 'dialog' });
  const text = Object.assign(document.createElement('p'), {
    textContent: problem?.detail ?? 'The service did not answer.',
  });
  form.append(text, Object.assign(document.createElement('button'), { textContent: 'Close' }));
  dialog.append(form);
  document.body.append(dialog);
  dialog.addEventListener('close', () => dialog.remove());
  dialog.showModal();
}

async function runNow(button) {
  button.disabled = true;
  const body = JSON.stringify({ reason: 'asked for on the page' });
  const options = { method: 'POST', headers: { 'content-type': 'application/json' }, body };
  const answer = await fetchWithToken(`/api/v1/hubs/${button.dataset.run}/runs`, options, 'run');
  button.disabled = false;
  if (answer?.ok) location.href = `/runs/${(await answer.json()).id}`;
  else if (answer) await say(answer);
}

async function openEvidence(link) {
  const answer = await fetchWithToken(link.href, {}, 'read');
  if (answer === null) return;
  if (!answer.ok) return say(answer);
  const file = Object.assign(document.createElement('a'), {
    href: URL.createObjectURL(await answer.blob()),
    download: link.dataset.evidence,
  });
  file.click();
  URL.revokeObjectURL(file.href);
}

function prepare() {
  sent = document.querySelector('main').innerHTML;
  for (const button of document.querySelectorAll('[data-run]')) {
    button.hidden = false;
    button.addEventListener('click', () => void runNow(button));
  }
  for (const link of document.querySelectorAll('[data-evidence]')) {
    link.addEventListener('click', (event) => {
      event.preventDefault();
      void openEvidence(link);
    });
  }
}

prepare();
const live = document.querySelector('[data-events]');
if (live) followRun(live);
else if (document.querySelector('[data-live]')) {
  lookWhenReaderIsBack();
  followChanges();
}
