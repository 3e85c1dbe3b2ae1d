import { type Markup, html } from './html.ts';

/** A whole page around its main part. */
export function page(title: string, main: Markup): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} · Hubcanary</title>
        <link rel="stylesheet" href="/assets/style.css" />
        <link rel="icon" href="/assets/icon.svg" />
        <script src="/assets/live.js" defer></script>
      </head>
      <body>
        <a class="skip" href="#main">Skip to content</a>
        <header class="top">
          <a class="brand" href="/"><img src="/assets/icon.svg" alt="" width="28" height="28" /> Hubcanary</a>
          <nav><a href="/docs">API</a> <a href="/metrics">Metrics</a></nav>
        </header>
        <main id="main">${main}</main>
        <footer>Times are UTC. The page keeps itself up to date.</footer>
      </body>
    </html>`.markup;
}
