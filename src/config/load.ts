import { CAUTIONS } from './cautions.ts';
import { ConfigError } from './config-error.ts';
import type { Config } from './config.ts';
import { mergeSources } from './merge-sources.ts';
import { normalise } from './normalise.ts';
import type { Draft } from './normalise.ts';
import { parse } from './parse.ts';
import type { Finding, Problem } from './problem.ts';
import { readSources } from './read.ts';
import { RULES } from './rules.ts';
import type { HubName } from './rules.ts';

export interface Loaded {
  /** Frozen, all the way down. */
  readonly config: Config;
  readonly warnings: readonly Problem[];
  /** Gives a later finding about this configuration its file and line. */
  place(finding: Finding): Problem;
}

/**
 * Reads a YAML file or a folder of them, checks it and applies defaults. Secrets are not looked at and nothing is contacted.
 * @throws ConfigError with every problem at once.
 */
export function loadConfig(path: string): Loaded {
  const { sources, problems: unreadable } = readSources(path);
  if (unreadable.length > 0) throw new ConfigError(unreadable);
  const { written, problems: unmergeable } = mergeSources(path, sources);
  if (unmergeable.length > 0) throw new ConfigError(unmergeable);

  const { parsed, findings: unfit } = parse(written.values);
  const { draft, findings: incomplete } = normalise(parsed);
  const names = hubNames(written.values['hubs']);
  const broken = RULES.flatMap((rule) => rule(draft, names));
  const problems = inOrder([...unfit, ...incomplete, ...broken].map(written.place));
  const config = problems.length === 0 ? whole(draft) : null;
  if (config === null) throw new ConfigError(problems);

  const warnings = CAUTIONS.flatMap((caution) => caution(draft)).map(written.place);
  return { config: deepFreeze(config), warnings: inOrder(warnings), place: written.place };
}

/** Also of hubs that do not fit, so that whatever refers to them is not called wrong as well. */
function hubNames(hubs: unknown): readonly HubName[] {
  if (!Array.isArray(hubs)) return [];
  return hubs.flatMap((hub: unknown, index): HubName[] => {
    const name = typeof hub === 'object' && hub !== null && 'name' in hub ? hub.name : null;
    return typeof name === 'string' ? [{ name, path: ['hubs', index, 'name'] }] : [];
  });
}

function whole({ service, criteria, github, hubs, maintenance, notify }: Draft): Config | null {
  if (service === null || criteria === null) return null;
  return {
    service,
    criteria,
    github,
    hubs: hubs.map(({ value }) => value),
    maintenance: maintenance.map(({ value }) => value),
    notify: notify.map(({ value }) => value),
  };
}

function inOrder(problems: readonly Problem[]): readonly Problem[] {
  return problems.toSorted((a, b) => compare(a.file, b.file) || (a.line ?? 0) - (b.line ?? 0));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
