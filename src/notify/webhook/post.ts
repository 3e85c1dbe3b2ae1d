/** What came back. */
export interface PostAnswer {
  readonly status: number;
  readonly retryAfter: string | null;
  /** The beginning of the body, as it is: it may repeat what was sent. */
  readonly said: string;
}

export interface PostRequest {
  readonly url: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly withinMs: number;
}

const MOST_READ = 2_048;

/** Posts JSON. Goes where it is told and nowhere else: a redirect is an answer. @throws when there was no answer in time */
export async function post({ url, body, headers, signal, withinMs }: PostRequest): Promise<PostAnswer> {
  const response = await fetch(url, {
    method: 'POST',
    redirect: 'manual',
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body,
    signal: AbortSignal.any([signal, AbortSignal.timeout(withinMs)]),
  });
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    said: await beginningOf(response),
  };
}

/** The status decides; what the body says is for people, and a body that breaks off says what it says. */
async function beginningOf({ body }: Response): Promise<string> {
  if (body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  try {
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true });
      if (text.length >= MOST_READ) break;
    }
  } catch {
    // Cut off, or too slow.
  }
  return text;
}
