import { z } from 'zod';
import { readAnswer } from './answers.ts';

/** One page of a list, as the client returns it. */
interface Page {
  readonly data: unknown;
  readonly headers: { readonly link?: string | undefined };
}

/**
 * A list, page by page. The client's own `paginate` is of no use where "not in the list" decides that something is sent
 * again: it takes an answer that was cut off, and a 409, for an empty list, and it drops the signal.
 * @throws what the request throws; Unreadable
 */
export async function* eachPage<T>(
  schema: z.ZodType<T>,
  ask: (page: number) => Promise<Page>,
): AsyncGenerator<readonly T[], void, undefined> {
  for (let page = 1; ; page += 1) {
    const { data, headers } = await ask(page);
    yield readAnswer(z.array(schema), data);
    if (!/rel="next"/.test(headers.link ?? '')) return;
  }
}
