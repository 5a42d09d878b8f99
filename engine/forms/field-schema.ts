// The type and limits of each field of a form, read from the JSON Schema (draft 2020-12) of its schema. Unknown keywords are ignored.

import { DATE_FORMAT } from './standard-schema.ts';

/** The kinds of values that a field takes; `date` is a Date of JavaScript. */
export type ValueKind = 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object' | 'null' | 'date';

/** The type and limits of one field, as far as its schema says them. */
export interface FieldSchema {
  /** The kinds of values that the field takes; empty: unknown. */
  readonly kinds: ReadonlySet<ValueKind>;
  /** Whether the field may be absent. */
  readonly isOptional: boolean;
  /** The only values that the field takes; undefined where there are others. */
  readonly values: readonly unknown[] | undefined;
  /** Limits of JSON Schema, as far as all values must keep them: `minimum`, `maxLength`, `pattern`, `format`, … */
  readonly limits: FieldLimits;
  /** The schema of the items of a list; undefined if the field takes no list, or any. */
  readonly items: FieldSchema | undefined;
}

/** Limits of values, by their names in JSON Schema. */
export interface FieldLimits {
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly minItems?: number;
  readonly pattern?: string;
  readonly format?: string;
}

/** A node of a JSON Schema. */
type Node = Readonly<Record<string, unknown>>;

const KINDS: ReadonlySet<unknown> = new Set<ValueKind>([
  'string',
  'number',
  'integer',
  'boolean',
  'array',
  'object',
  'null',
]);

const NUMBER_LIMITS = [
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minItems',
] as const;
const TEXT_LIMITS = ['pattern', 'format'] as const;

/** The longest chain of references in a schema that is followed, because a reference may lead back to itself. */
const DEEPEST = 16;

/** The fields that a JSON Schema of an object describes, by their names. */
export function fieldSchemas(jsonSchema: unknown): ReadonlyMap<string, FieldSchema> {
  const root = nodeIn(jsonSchema);
  const fields = new Map<string, FieldSchema>();
  if (root === undefined) return fields;
  for (const [name, nodes] of propertiesOf(root, root)) {
    const variants = nodes.map((node) => fieldOf(node.node, root, node.isOptional, 0));
    const field = variants.length === 1 ? variants[0] : anyOfFields(variants);
    if (field !== undefined) fields.set(name, field);
  }
  return fields;
}

interface Property {
  readonly node: Node;
  readonly isOptional: boolean;
}

/** The properties of an object. In a union a property that one variant lacks may be absent. */
function propertiesOf(node: Node, root: Node, depth = 0): Map<string, Property[]> {
  const properties = new Map<string, Property[]>();
  if (depth > DEEPEST) return properties;
  const required = new Set(listIn(node.required));
  for (const [name, below] of Object.entries(nodeIn(node.properties) ?? {})) {
    properties.set(name, [{ node: nodeIn(below) ?? {}, isOptional: !required.has(name) }]);
  }
  const parts = [resolved(node, root), ...nodesIn(node.allOf)].filter((part) => part !== node);
  for (const part of parts) mergeInto(properties, propertiesOf(part, root, depth + 1));
  const variants = [...nodesIn(node.anyOf), ...nodesIn(node.oneOf)].map((variant) =>
    propertiesOf(resolved(variant, root), root, depth + 1),
  );
  for (const variant of variants) mergeInto(properties, missingSomewhere(variant, variants));
  return properties;
}

function mergeInto(properties: Map<string, Property[]>, others: ReadonlyMap<string, Property[]>): void {
  for (const [name, nodes] of others) properties.set(name, [...(properties.get(name) ?? []), ...nodes]);
}

function missingSomewhere(
  variant: ReadonlyMap<string, Property[]>,
  variants: readonly ReadonlyMap<string, Property[]>[],
): Map<string, Property[]> {
  const entries = [...variant].map(([name, nodes]): [string, Property[]] => {
    const isEverywhere = variants.every((other) => other.has(name));
    return [name, isEverywhere ? nodes : nodes.map(({ node }) => ({ node, isOptional: true }))];
  });
  return new Map(entries);
}

function fieldOf(given: Node, root: Node, isOptional: boolean, depth: number): FieldSchema {
  const node = resolved(given, root);
  const variants = [...nodesIn(node.anyOf), ...nodesIn(node.oneOf)];
  if (variants.length > 0 && depth < DEEPEST)
    return anyOfFields(variants.map((variant) => fieldOf(variant, root, isOptional, depth + 1)));
  const all = [node, ...nodesIn(node.allOf).map((part) => resolved(part, root))];
  const values = valuesOf(all);
  const items = all.map(({ items: below }) => nodeIn(below)).find((below) => below !== undefined);
  return {
    kinds: kindsOf(all, values),
    isOptional,
    values,
    limits: limitsOf(all),
    items: items && depth < DEEPEST ? fieldOf(items, root, false, depth + 1) : undefined,
  };
}

/** A value that one of several schemas takes; `null` beside another kind changes nothing of the other's limits. */
function anyOfFields(variants: readonly FieldSchema[]): FieldSchema {
  const isUnknown = variants.some(({ kinds }) => kinds.size === 0);
  const others = variants.filter(({ kinds }) => !(kinds.size === 1 && kinds.has('null')));
  const [only] = others;
  const isOne = others.length === 1 && only !== undefined;
  return {
    kinds: new Set(isUnknown ? [] : variants.flatMap(({ kinds }) => [...kinds])),
    isOptional: variants.some(({ isOptional }) => isOptional),
    values: variants.every(({ values }) => values !== undefined)
      ? variants.flatMap(({ values = [] }) => values)
      : undefined,
    limits: isOne ? only.limits : {},
    items: isOne ? only.items : undefined,
  };
}

function kindsOf(nodes: readonly Node[], values: readonly unknown[] | undefined): Set<ValueKind> {
  for (const { type, format } of nodes) {
    if (format === DATE_FORMAT) return new Set(['date']);
    const kinds = listIn(Array.isArray(type) ? type : [type]).filter(isKind);
    if (kinds.length > 0) return new Set(kinds);
  }
  return new Set((values ?? []).map(kindOf));
}

function isKind(value: unknown): value is ValueKind {
  return KINDS.has(value);
}

function kindOf(value: unknown): ValueKind {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  const type = typeof value;
  return type === 'string' || type === 'number' || type === 'boolean' ? type : 'object';
}

function valuesOf(nodes: readonly Node[]): readonly unknown[] | undefined {
  for (const node of nodes) {
    if ('const' in node) return [node.const];
    if (Array.isArray(node.enum)) return node.enum;
  }
  return undefined;
}

function limitsOf(nodes: readonly Node[]): FieldLimits {
  const limits: Record<string, unknown> = {};
  for (const node of nodes) {
    for (const name of NUMBER_LIMITS) if (typeof node[name] === 'number') limits[name] ??= node[name];
    for (const name of TEXT_LIMITS) if (typeof node[name] === 'string') limits[name] ??= node[name];
  }
  return limits;
}

/** The schema that a reference inside the same schema leads to. */
function resolved(node: Node, root: Node): Node {
  let target = node;
  for (let steps = 0; typeof target.$ref === 'string' && steps < DEEPEST; steps++) {
    const { $ref: reference } = target;
    if (!reference.startsWith('#')) return {};
    const keys = reference.split('/').slice(1).map(unescaped);
    const found = keys.reduce<unknown>((below, key) => nodeIn(below)?.[key], root);
    target = nodeIn(found) ?? {};
  }
  return target;
}

/** A part of a JSON Pointer in a fragment (RFC 6901, section 6). Zod does not encode the `%` of its names. */
function unescaped(part: string): string {
  return decoded(part).replaceAll('~1', '/').replaceAll('~0', '~');
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function nodeIn(value: unknown): Node | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function nodesIn(value: unknown): Node[] {
  return listIn(value)
    .map(nodeIn)
    .filter((node) => node !== undefined);
}
