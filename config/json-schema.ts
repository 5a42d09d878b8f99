// The JSON Schema of the configuration, made from its declaration: shipped for editors in config.schema.json
// and used for validation, so that both accept the same files.

import { CONFIGURATION } from './schema.ts';
import type { AnyLeaf, Group } from './setting.ts';
import type { JsonSchema } from './setting-shape.ts';

/** The JSON Schema (draft 7, which editors know best) of a whole configuration file. */
export function configurationSchema(): JsonSchema {
  const { properties, ...rest } = groupSchema(CONFIGURATION);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'karrigell.config.json',
    ...rest,
    properties: {
      $schema: { type: 'string', description: 'Where editors find this schema.' },
      ...properties,
    },
  };
}

function groupSchema(group: Group) {
  const properties: Record<string, JsonSchema> = {};
  for (const [key, setting] of Object.entries(group.keys)) {
    properties[key] = setting.kind === 'group' ? groupSchema(setting) : leafSchema(setting);
  }
  return { description: group.description, type: 'object', properties, additionalProperties: false };
}

function leafSchema(leaf: AnyLeaf): JsonSchema {
  if (leaf.derived === undefined)
    return { description: leaf.description, default: leaf.default, ...leaf.schema };
  return { description: `${leaf.description} Default: ${leaf.derived.text}.`, ...leaf.schema };
}
