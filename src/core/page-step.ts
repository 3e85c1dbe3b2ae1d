/** One thing to do on a page before its form is sent, as the configuration says it. `on` is a selector of Playwright's: CSS, `text=`, `role=`. */
export type PageStep =
  | { readonly do: 'fill' | 'select'; readonly on: string; readonly with: string }
  | { readonly do: 'check' | 'uncheck' | 'click' | 'waitFor' | 'submit'; readonly on: string };
