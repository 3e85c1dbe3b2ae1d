import { z } from 'zod';
import { readAnswer } from './answers.ts';
import { statusOf } from './explain.ts';
import type { Talk } from './talk.ts';

/** A list can lag behind, and so does its clock: this much of what was seen is looked at again. */
const OVERLAP_MS = 2 * 60_000;
const PER_PAGE = 100;

/** Up to where a repository was looked at. While nothing changes the question stays the same, and so its answer is free. */
export interface ListCursor {
  /** ISO 8601, as GitHub takes it. */
  readonly since: string;
  readonly etag: string | null;
}

const Changed = z.array(z.object({ number: z.number(), updated_at: z.string() }));

/** Numbers of the repository's issues that changed since the cursor; what came before the first look does not matter. */
export async function changedSince(
  { client, home, signal }: Talk,
  cursor: ListCursor | null,
  now: Date,
): Promise<{ readonly numbers: ReadonlySet<number>; readonly next: ListCursor }> {
  const { since, etag } = cursor ?? { since: overlapping(now.getTime()), etag: null };
  const oldestFirst = { state: 'all', sort: 'updated', direction: 'asc', per_page: PER_PAGE } as const;
  const headers = etag === null ? {} : { 'if-none-match': etag };
  const numbers = new Set<number>();
  let newest = 0;
  let firstEtag: string | null = null;
  try {
    for (let page = 1; ; page += 1) {
      const answer = await client.rest.issues.listForRepo({
        ...home,
        ...oldestFirst,
        since,
        page,
        headers: page === 1 ? headers : {},
        request: { signal },
      });
      const issues = readAnswer(Changed, answer.data);
      if (page === 1) firstEtag = answer.headers.etag ?? null;
      for (const { number, updated_at } of issues) {
        numbers.add(number);
        newest = Math.max(newest, Date.parse(updated_at));
      }
      if (!/rel="next"/.test(answer.headers.link ?? '')) break;
    }
  } catch (error) {
    // The client throws "not modified".
    if (statusOf(error) === 304) return { numbers, next: { since, etag } };
    throw error;
  }
  const later = overlapping(newest);
  // The answer's name belongs to this very question.
  return { numbers, next: later > since ? { since: later, etag: null } : { since, etag: firstEtag } };
}

function overlapping(instant: number): string {
  return new Date(Math.max(0, instant - OVERLAP_MS)).toISOString().replace(/\.\d+Z$/, 'Z');
}
