import { z } from 'zod';

/** What we read of GitHub's answers. The client does not check them: one that was cut off arrives as a success. */

const Label = z.union([z.string(), z.object({ name: z.string().nullish() })]).transform((label) => {
  return typeof label === 'string' ? label : (label.name ?? '');
});

export const Issue = z.object({
  /** Over all repositories. */
  id: z.number(),
  number: z.number(),
  /** Of the API; names the repository that the issue is in now. */
  url: z.string(),
  html_url: z.string(),
  title: z.string(),
  state: z.enum(['open', 'closed']),
  state_reason: z.string().nullish(),
  locked: z.boolean().default(false),
  assignees: z.array(z.object({ login: z.string() }).nullable()).nullish(),
  comments: z.number().default(0),
  body: z.string().nullish(),
  created_at: z.string(),
  updated_at: z.string(),
  labels: z.array(Label),
  pull_request: z.unknown().optional(),
});
export type Issue = z.infer<typeof Issue>;

export const Comment = z.object({ id: z.number(), html_url: z.string(), body: z.string().nullish() });
export type Comment = z.infer<typeof Comment>;

export const RepositoryAnswer = z.object({ has_issues: z.boolean(), archived: z.boolean().default(false) });

/** @throws Unreadable */
export function readAnswer<T>(schema: z.ZodType<T>, data: unknown): T {
  const parsed = schema.safeParse(data);
  if (parsed.success) return parsed.data;
  throw new Unreadable(
    data === '' || typeof data === 'string' ? 'was cut off or is no JSON' : z.prettifyError(parsed.error),
  );
}

/** An answer of which we cannot say what it means. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}
