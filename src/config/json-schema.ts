import { z } from 'zod';
import type { ConfigPath } from './problem.ts';
import { ConfigDocument } from './schema.ts';

/** A JSON Schema, or a part of one. */
export type JsonSchema = z.core.JSONSchema.JSONSchema;

/** JSON Schema (2020-12) of a configuration file as it is written, with what editors show for each key. */
export function configJsonSchema(): JsonSchema {
  const { $schema, ...rest } = z.toJSONSchema(ConfigDocument, { io: 'input', override: giveExamples });
  return {
    ...($schema === undefined ? {} : { $schema }),
    title: 'Hubcanary configuration',
    description: 'A file, or one of a folder of files; each top-level key is in one file only.',
    ...rest,
  };
}

/** zod takes `examples` for examples of what a schema makes of a text; ours are of what is written. */
function giveExamples({ jsonSchema }: { readonly jsonSchema: JsonSchema }): void {
  const { samples } = jsonSchema;
  delete jsonSchema['samples'];
  if (Array.isArray(samples)) jsonSchema.examples = samples;
}

/** What may be written at a place; null where nothing is known to go. */
export function schemaAt(schema: JsonSchema, path: ConfigPath): JsonSchema | null {
  const [part, ...rest] = path;
  if (part === undefined) return schema;
  const child =
    typeof part === 'number' ? schema.items : (schema.properties?.[part] ?? schema.additionalProperties);
  if (isSchema(child)) return schemaAt(child, rest);
  const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].filter(isSchema);
  return branches.map((branch) => schemaAt(branch, path)).find((found) => found !== null) ?? null;
}

/** The keys a mapping may have; of all its forms where there are several. */
export function knownKeys(schema: JsonSchema): readonly string[] {
  const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].filter(isSchema);
  return [...Object.keys(schema.properties ?? {}), ...branches.flatMap(knownKeys)];
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
