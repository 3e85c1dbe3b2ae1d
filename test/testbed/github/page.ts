import type { StandInIssue } from './state.ts';

/** A page of an issue for people, plain: the text as it was sent, so that nothing is hidden. */
export function issuePage(repository: string, issue: StandInIssue): string {
  const comments = issue.comments.map(
    ({ author, body, created_at }) =>
      `<article><header><b>${escape(author)}</b> commented ${escape(created_at)}</header><pre>${escape(visible(body))}</pre></article>`,
  );
  const labels = issue.labels.map((label) => `<span class="label">${escape(label)}</span>`).join(' ');
  return document(
    `${issue.title} · #${issue.number}`,
    `<p><a href="../issues">${escape(repository)}</a></p>
<h1>${escape(issue.title)} <small>#${issue.number}</small></h1>
<p><span class="state ${issue.state}">${issue.state}</span> ${labels}</p>
<article><header><b>hubcanary[bot]</b> opened ${escape(issue.created_at)}</header><pre>${escape(visible(issue.body))}</pre></article>
${comments.join('\n')}`,
  );
}

export function issuesPage(repository: string, issues: readonly StandInIssue[]): string {
  const rows = issues
    .toReversed()
    .map(
      ({ number, title, state }) =>
        `<li><span class="state ${state}">${state}</span> <a href="issues/${number}">#${number} ${escape(title)}</a></li>`,
    );
  return document(
    repository,
    `<h1>${escape(repository)}</h1><ul>${rows.join('') || '<li>no issues yet</li>'}</ul>`,
  );
}

/** The hidden markers are comments: GitHub shows none of them. */
function visible(body: string): string {
  return body.replace(/<!--[^]*?-->\n?/g, '');
}

function document(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="refresh" content="5"><title>${escape(title)}</title><style>
body{font:16px/1.5 system-ui;max-width:56rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}
article{border:1px solid #8886;border-radius:6px;margin:1rem 0}header{padding:.5rem 1rem;border-bottom:1px solid #8886;background:#8881}
pre{white-space:pre-wrap;padding:0 1rem;font:14px/1.5 ui-monospace,monospace}.state,.label{border-radius:1rem;padding:.1rem .7rem;border:1px solid #8886}
.open{background:#1a7f37;color:#fff}.closed{background:#8250df;color:#fff}small{opacity:.6}</style>${body}</html>`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
