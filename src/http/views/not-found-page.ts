import { html } from './html.ts';
import { page } from './layout.ts';

export function notFoundPage(what: string): string {
  return page('Not here', html`<h1>Not here</h1><p>${what}</p><p><a href="/">To all hubs</a></p>`);
}
