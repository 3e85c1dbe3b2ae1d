/** Query strings carry `_xsrf`, OAuth codes and states. */
export function withoutQuery(url: string): string {
  const end = url.search(/[?#]/);
  return end === -1 ? url : url.slice(0, end);
}
