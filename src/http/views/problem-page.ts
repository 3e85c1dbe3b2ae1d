import { html } from './html.ts';
import { page } from './layout.ts';

/** What a person sees instead of the page they asked for. */
export function problemPage(title: string, what: string): string {
  return page(title, html`<h1>${title}</h1><p>${what}</p><p><a href="/">To all hubs</a></p>`);
}
