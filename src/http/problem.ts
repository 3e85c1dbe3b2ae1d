/** An answer other than success, as RFC 9457 has it. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly title: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, title: string, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.status = status;
    this.title = title;
    this.headers = headers;
  }
}

/** One mistake in what was sent. */
export interface Mistake {
  /** `body/probes/0`, `querystring/limit`. */
  readonly where: string;
  readonly message: string;
}

/** The body of a problem answer. `instance` is the path asked for; `errors` are all mistakes in what was sent. */
export function problemDocument(
  status: number,
  title: string,
  detail: string,
  more: { readonly instance?: string; readonly errors?: readonly Mistake[] } = {},
) {
  return { type: 'about:blank', title, status, detail, ...more };
}
