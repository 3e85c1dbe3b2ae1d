/** A Markdown link to a page of this service, or the bare text when the service has no public address. */
export function linkTo(
  publicUrl: string | null,
  path: 'runs' | 'incidents',
  id: string,
  text: string,
): string {
  return publicUrl === null ? text : `[${text}](${publicUrl}${path}/${encodeURIComponent(id)})`;
}
