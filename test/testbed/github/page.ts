import type { FastifyInstance } from 'fastify';
import { escapeHtml, renderMarkdown } from './markdown.ts';
import type { StandInIssue, StandInLabel, StandInState } from './state.ts';
import type { World } from './world.ts';

/** Pages for people who follow a link to an issue. They need no token and no fault hits them. */
export function addPages(app: FastifyInstance, { repositories, renamed }: World): void {
  app.get('/', async (_, reply) => reply.redirect(`/${[...repositories.keys()][0] ?? ''}/issues`));

  app.get<{ Params: { owner: string; repo: string } }>('/:owner/:repo/issues', async (request, reply) => {
    const { owner, repo } = request.params;
    const repository = renamed.get(`${owner}/${repo}`) ?? `${owner}/${repo}`;
    const state = repositories.get(repository);
    if (state === undefined) return reply.code(404).type('text/plain').send('no such repository');
    return reply.type('text/html').send(issuesPage(repository, state.issues));
  });

  app.get<{ Params: { owner: string; repo: string; number: string } }>(
    '/:owner/:repo/issues/:number',
    async (request, reply) => {
      const { owner, repo, number } = request.params;
      const repository = renamed.get(`${owner}/${repo}`) ?? `${owner}/${repo}`;
      const state = repositories.get(repository);
      const issue = state?.issue(Number(number)) ?? null;
      if (state === undefined || issue === null || issue.deleted)
        return reply.code(404).type('text/plain').send('no such issue');
      if (issue.movedTo !== null)
        return reply.redirect(`/${issue.movedTo.repository}/issues/${issue.movedTo.number}`);
      return reply.type('text/html').send(issuePage(repository, issue, state));
    },
  );
}

function issuePage(repository: string, issue: StandInIssue, { labels }: StandInState): string {
  const entries = [
    { author: 'hubcanary[bot]', did: 'opened this issue', at: issue.created_at, body: issue.body },
    ...issue.comments.map(({ author, created_at, body }) => ({
      author,
      did: 'commented',
      at: created_at,
      body,
    })),
  ].map(
    ({ author, did, at, body }) =>
      `<article><header><b>${escapeHtml(author)}</b> ${did} ${readable(at)}</header><div>${renderMarkdown(body)}</div></article>`,
  );
  const pills = issue.labels.map((name) =>
    labelPill(labels.get(name) ?? { name, color: 'ededed', description: null }),
  );
  return pageOf(
    `${issue.title} · #${issue.number}`,
    `<nav><a href="../issues">${escapeHtml(repository)}</a></nav>
<h1>${escapeHtml(issue.title)} <small>#${issue.number}</small></h1>
<p>${statePill(issue)} ${pills.join(' ')}</p>
${entries.join('\n')}
${issue.closed_at === null ? '' : `<p class="end">closed as ${words(issue.state_reason)} ${readable(issue.closed_at)}</p>`}`,
  );
}

function issuesPage(repository: string, issues: readonly StandInIssue[]): string {
  const rows = issues
    .filter(({ deleted, movedTo }) => !deleted && movedTo === null)
    .toReversed()
    .map(
      (issue) =>
        `<li>${statePill(issue)} <a href="issues/${issue.number}">${escapeHtml(issue.title)}</a> <small>#${issue.number}</small></li>`,
    );
  const list = rows.length === 0 ? '<p>No issues yet.</p>' : `<ul class="issues">${rows.join('')}</ul>`;
  return pageOf(repository, `<h1>${escapeHtml(repository)}</h1>${list}`);
}

function statePill({ state }: StandInIssue): string {
  return `<span class="pill ${state}">${state === 'open' ? '⊙ open' : '✓ closed'}</span>`;
}

function labelPill({ name, color, description }: StandInLabel): string {
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
  const ink = red * 0.3 + green * 0.6 + blue * 0.1 > 140 ? '#1f2328' : '#fff';
  return `<span class="pill" style="background:#${color};color:${ink}" title="${escapeHtml(description ?? '')}">${escapeHtml(name)}</span>`;
}

function words(reason: StandInIssue['state_reason']): string {
  return (reason ?? 'completed').replace('_', ' ');
}

function readable(instant: string): string {
  return `<time datetime="${instant}">${instant.slice(0, 10)} ${instant.slice(11, 19)} UTC</time>`;
}

function pageOf(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="5"><title>${escapeHtml(title)}</title><style>${STYLE}</style><main>${body}</main></html>`;
}

const STYLE = `
:root{color-scheme:light dark;--line:light-dark(#d1d9e0,#3d444d);--soft:light-dark(#f6f8fa,#151b23);--ink:light-dark(#1f2328,#f0f6fc)}
body{font:15px/1.55 system-ui,sans-serif;color:var(--ink);background:light-dark(#fff,#0d1117);margin:0}
main{max-width:56rem;margin:2rem auto;padding:0 1rem}a{color:light-dark(#0969da,#4493f8)}
h1{font-weight:400}small{opacity:.6;font-weight:300}article h1,article h2,article h3{border-bottom:1px solid var(--line);padding-bottom:.3em}
article{border:1px solid var(--line);border-radius:6px;margin:1rem 0}
article header{padding:.5rem 1rem;border-bottom:1px solid var(--line);background:var(--soft);border-radius:6px 6px 0 0}
article>div{padding:.2rem 1rem .8rem}pre{background:var(--soft);padding:.8rem;border-radius:6px;white-space:pre-wrap}
code,pre{font:13px/1.5 ui-monospace,monospace}code{background:var(--soft);padding:.15em .4em;border-radius:4px}
table{border-collapse:collapse;margin:.5rem 0}td,th{border:1px solid var(--line);padding:.3rem .8rem;text-align:left}
.pill{border-radius:1rem;padding:.1rem .7rem;font-size:13px;font-weight:600;color:#fff}.pill.open{background:#1a7f37}.pill.closed{background:#8250df}
.issues{list-style:none;padding:0;border:1px solid var(--line);border-radius:6px}.issues li{padding:.6rem 1rem;border-bottom:1px solid var(--line)}
.issues li:last-child{border:0}.end{opacity:.7;text-align:center}summary{cursor:pointer}li:has(>input){list-style:none;margin-left:-1.2em}`;
