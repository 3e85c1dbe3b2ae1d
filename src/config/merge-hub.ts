/**
 * A hub as written over the defaults as written: mappings are merged key by key, everything else is replaced.
 * A login of another kind than that of the defaults shares nothing with it.
 */
export function mergeHub(defaults: unknown, hub: unknown): unknown {
  if (!isMapping(defaults) || !isMapping(hub)) return hub;
  return {
    ...merge(defaults, hub),
    ...mergeLogin(defaults['login'], hub['login']),
    ...mergeAccount(defaults['secondAccount'], hub['secondAccount']),
  };
}

/** One level only: where a secret is, is replaced as a whole, or `{env}` over `{file}` would have two places. */
function mergeLogin(below: unknown, above: unknown): { readonly login?: unknown } {
  if (above === undefined) return {};
  if (!isMapping(below) || !isMapping(above)) return { login: above };
  const sameKind = above['kind'] === undefined || above['kind'] === below['kind'];
  return { login: sameKind ? { ...below, ...above } : above };
}

function mergeAccount(below: unknown, above: unknown): { readonly secondAccount?: unknown } {
  if (!isMapping(below) || !isMapping(above)) return {};
  return { secondAccount: { ...below, ...above } };
}

function merge(below: Mapping, above: Mapping): Mapping {
  const entries = Object.entries(above).map(([key, value]) => {
    const under = below[key];
    return [key, isMapping(value) && isMapping(under) ? merge(under, value) : value];
  });
  return { ...below, ...Object.fromEntries(entries) };
}

type Mapping = Readonly<Record<string, unknown>>;

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
