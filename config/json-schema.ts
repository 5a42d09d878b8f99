// Makes the JSON Schema of the configuration from its declaration. Editors use it (config.schema.json) and validation
// does, too, so that both accept the same files.

import { CONFIGURATION } from './schema.ts';
import type { AnyLeaf, Group } from './setting.ts';
import type { JsonSchema } from './setting-shape.ts';

/** The JSON Schema of a configuration file, in draft 7, which most editors support. */
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
