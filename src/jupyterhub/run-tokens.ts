import { type HubApi, HubApiError } from './hub-api.ts';

/** Every token that a run ever minted carries a note that begins so; nobody else's does. */
const OURS = 'hubcanary';

/** What a run's token is called on the hub: known before it is minted, so that it can be found whatever happens. */
export function tokenNote(run: string): string {
  return `${OURS}: run ${run}, revoked at its end`;
}

/**
 * Revokes the tokens that runs of this account minted: its own, and those of runs that were killed between minting and
 * telling anybody. That of `run` goes last, because it may be the one we ask with. The account is ours alone, and at most
 * one run of it is in flight.
 */
export async function revokeRunTokens(
  api: HubApi,
  user: string,
  run: string,
  signal: AbortSignal,
): Promise<void> {
  const tokens = await tokensOf(api, user, signal);
  const ours = tokens.filter(({ note }) => note?.startsWith(OURS) === true);
  const isOwn = ({ note }: { readonly note?: string | null | undefined }) => note === tokenNote(run);
  for (const { id } of [...ours.filter((token) => !isOwn(token)), ...ours.filter(isOwn)]) {
    await api.revokeToken(user, id, signal);
  }
}

async function tokensOf(api: HubApi, user: string, signal: AbortSignal) {
  try {
    return await api.tokens(user, signal);
  } catch (error) {
    // The token we ask with does not exist any more, or this hub's users have none.
    if (error instanceof HubApiError && (error.isOfNobody || error.isForbidden)) return [];
    throw error;
  }
}
