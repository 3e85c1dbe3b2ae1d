// Keeps an open page true: looks again every few seconds, follows a run while it is under way, asks for runs.
const LOOK_EVERY_MS = 5000;

async function refresh() {
  if (document.hidden) return;
  const answer = await fetch(location.href, { headers: { accept: 'text/html' } }).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const main = document.querySelector('main');
  const focused = document.activeElement?.dataset?.run;
  main.replaceWith(fresh.querySelector('main'));
  document.title = fresh.title;
  prepare();
  if (focused) document.querySelector(`[data-run="${CSS.escape(focused)}"]`)?.focus();
}

function followRun(list) {
  const source = new EventSource(list.dataset.events);
  const signs = { passed: '✔', failed: '✖', skipped: '–' };
  let current = null;
  const row = (sign, name, seconds, note) => {
    const item = document.createElement('li');
    for (const [tag, text] of [
      ['span', `${sign} ${name}`],
      ['span', seconds],
      ['small', note ?? ''],
    ]) {
      item.append(Object.assign(document.createElement(tag), { textContent: text }));
    }
    return item;
  };
  source.onmessage = ({ data }) => {
    const event = JSON.parse(data);
    if (event.kind === 'step-started') list.append((current = row('▶', event.step, '', '')));
    if (event.kind === 'note' && current) current.querySelector('small').textContent = event.text;
    if (event.kind === 'step-finished') {
      const { name, status, seconds, note } = event.step;
      const done = row(signs[status], name, seconds === null ? '' : `${seconds.toFixed(1)} s`, note);
      if (current) current.replaceWith(done);
      else list.append(done);
      current = null;
    }
    if (event.kind === 'cleaning-up') list.append((current = row('▶', 'clean up', '', '')));
    if (event.kind === 'finished') {
      source.close();
      location.reload();
    }
  };
}

async function runNow(button) {
  button.disabled = true;
  const token = sessionStorage.getItem('hubcanary-token');
  const answer = await fetch(`/api/v1/hubs/${button.dataset.run}/runs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    body: JSON.stringify({ reason: 'asked for on the page' }),
  }).catch(() => null);
  button.disabled = false;
  if (answer?.status === 401) {
    const given = prompt('A token with scope "run":');
    if (!given) return;
    sessionStorage.setItem('hubcanary-token', given);
    return runNow(button);
  }
  if (answer?.ok) {
    const { id } = await answer.json();
    location.href = `/runs/${id}`;
    return;
  }
  alert((await answer?.json().catch(() => null))?.detail ?? 'The service did not answer.');
}

function prepare() {
  for (const button of document.querySelectorAll('[data-run]')) {
    button.hidden = false;
    button.onclick = () => runNow(button);
  }
}

prepare();
const live = document.querySelector('[data-events]');
if (live) followRun(live);
else if (document.querySelector('.cards')) setInterval(refresh, LOOK_EVERY_MS);
