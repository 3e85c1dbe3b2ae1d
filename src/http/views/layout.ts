import { type Markup, html } from './html.ts';

/** `live`: the page is kept up to date, by the script or, without one, by asking for it again. */
export function page(title: string, main: Markup, { live = false }: { readonly live?: boolean } = {}): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <meta name="color-scheme" content="light dark">
        ${live ? html`<noscript><meta http-equiv="refresh" content="30"></noscript>` : null}
        <title>${title} · Hubcanary</title>
        <link rel="stylesheet" href="/assets/style.css">
        <link rel="icon" href="/assets/icon.svg">
        <script src="/assets/live.js" defer></script>
      </head>
      <body>
        <a class="skip" href="#main">Skip to content</a>
        <header class="top">
          <a class="brand" href="/"><img src="/assets/icon.svg" alt="" width="28" height="28"> Hubcanary</a>
          <nav aria-label="For programs"><a href="/docs">API</a> <a href="/metrics">Metrics</a></nav>
        </header>
        <main id="main"${live ? html` data-live` : null}>${main}</main>
        <footer>Times are UTC. <span id="state" role="status">${live ? 'The page keeps itself up to date.' : ''}</span></footer>
      </body>
    </html>`.markup;
}
