import type { z } from 'zod';
import { explain, missing, unknownKey } from './explain.ts';
import { configJsonSchema, schemaAt } from './json-schema.ts';
import type { JsonSchema } from './json-schema.ts';
import type { ConfigPath, Finding } from './problem.ts';
import { ConfigDocument } from './schema.ts';
import { CriteriaSection } from './schema/criteria.ts';
import { GitHubSection } from './schema/github.ts';
import { DefaultsSection, HubSection } from './schema/hub.ts';
import { MaintenanceSection } from './schema/maintenance.ts';
import { NotifySection } from './schema/notify.ts';
import { ServiceSection } from './schema/service.ts';

/** Something, and where it is written. */
export interface Placed<T> {
  readonly path: ConfigPath;
  readonly value: T;
}

/** What fits the schema. A part that does not is null, or left out of its list, and has findings. */
export interface Parsed {
  readonly service: z.output<typeof ServiceSection> | null;
  readonly criteria: z.output<typeof CriteriaSection> | null;
  /** Null also when it is not written. */
  readonly github: z.output<typeof GitHubSection> | null;
  readonly maintenance: readonly Placed<z.output<typeof MaintenanceSection>>[];
  readonly notify: readonly Placed<z.output<typeof NotifySection>>[];
  /** As written: they are merged first and read afterwards. */
  readonly defaults: unknown;
  /** Empty also when the defaults do not fit, because then no hub is complete. */
  readonly hubs: readonly Placed<unknown>[];
}

/** Checks every part by itself, so that a mistake in one hides nothing in another. */
export function parse(values: Readonly<Record<string, unknown>>): {
  parsed: Parsed;
  findings: readonly Finding[];
} {
  const schema = configJsonSchema();
  const findings: Finding[] = [];
  const read = <S extends z.ZodType>(section: S, { path, value }: Placed<unknown>) => {
    const result = section.safeParse(value);
    if (result.success) return result.data;
    findings.push(...result.error.issues.flatMap((issue) => explain(issue, path, value, schema)));
    return null;
  };
  findings.push(...unknownSections(values));

  const service = read(ServiceSection, { path: ['service'], value: values['service'] ?? {} });
  const criteria = read(CriteriaSection, { path: ['criteria'], value: values['criteria'] ?? {} });
  const github = values['github'] ?? null;
  const defaults = { path: ['defaults'], value: values['defaults'] ?? {} };
  const defaultsFit = read(DefaultsSection, defaults) !== null;
  const hubs = items(values, 'hubs', schema, findings).filter((hub) => read(HubSection, hub) !== null);
  if (values['hubs'] === undefined || values['hubs'] === null)
    findings.push(missing(['hubs'], schemaAt(schema, ['hubs']) ?? {}));
  const each = <S extends z.ZodType>(key: ListKey, section: S) =>
    items(values, key, schema, findings).flatMap(({ path, value: written }) => {
      const value = read(section, { path, value: written });
      return value === null ? [] : [{ path, value }];
    });

  const parsed = {
    service,
    criteria,
    github: github === null ? null : read(GitHubSection, { path: ['github'], value: github }),
    maintenance: each('maintenance', MaintenanceSection),
    notify: each('notify', NotifySection),
    defaults: defaults.value,
    hubs: defaultsFit ? hubs : [],
  };
  return { parsed, findings };
}

function unknownSections(values: Readonly<Record<string, unknown>>): readonly Finding[] {
  const known = Object.keys(ConfigDocument.shape);
  return Object.keys(values)
    .filter((key) => !known.includes(key))
    .map((key) => unknownKey([key], known));
}

type ListKey = 'hubs' | 'maintenance' | 'notify';

/** The items of a list section; a list that is none, or empty where it must not be, is a finding. */
function items(
  values: Readonly<Record<string, unknown>>,
  key: ListKey,
  schema: JsonSchema,
  findings: Finding[],
): readonly Placed<unknown>[] {
  const list = values[key] ?? null;
  if (list === null) return [];
  if (Array.isArray(list) && list.length > 0)
    return list.map((value: unknown, index) => ({ path: [key, index], value }));
  const result = ConfigDocument.shape[key].safeParse(list);
  const issues = result.error?.issues ?? [];
  findings.push(...issues.flatMap((issue) => explain(issue, [key], list, schema)));
  return [];
}
