// Turns the errors of a JSON Schema validator into one Problem with the key, the value, the expectation, the nearest
// valid key and the position. The validator's own texts are not used, because they are written for authors of schemas.

import type { OutputUnit } from '@cfworker/json-schema';
import { nearestName } from '../engine/diagnostics/nearest.ts';
import { Problem } from '../engine/diagnostics/problem.ts';
import { LEAVES, settingOn, valueAt } from './leaves.ts';
import { shown } from './secrets.ts';
import type { JsonSchema } from './setting-shape.ts';
import type { SettingSource } from './setting-source.ts';
import { REFUSED_STATIC_OPTIONS } from './static-options.ts';

/** An error of the validator: its path in the settings, and the part of the schema that reports it. */
interface SchemaFinding {
  readonly path: readonly string[];
  readonly keyword: string;
  /** The path of the keyword in the schema. */
  readonly rule: readonly string[];
}

/** Keywords whose errors only report that something below them is wrong. */
const PASSED_ON = new Set(['properties', 'additionalProperties', 'items', 'allOf', 'if', 'propertyNames']);

/**
 * The Problem for the first error in the order of the file.
 * @param errors at least one error
 */
export function firstProblem(
  errors: readonly OutputUnit[],
  schema: JsonSchema,
  source: SettingSource,
): Problem {
  const findings = errors.map(findingOf);
  const wrong = findings.filter(({ keyword }) => !PASSED_ON.has(keyword));
  const [first = findings[0]] = wrong.toSorted((a, b) => order(a, source) - order(b, source));
  const path = first?.path ?? [];
  const { depth } = settingOn(path);
  const here = wrong.filter((other) => startsWith(other.path, path.slice(0, depth)));
  const deepest = here.toSorted((a, b) => b.path.length - a.path.length)[0] ?? first;
  if (deepest === undefined) return wrongValue([], source, undefined);
  if (deepest.keyword === 'false') return unknownKey(deepest.path, findings, schema, source);
  if (deepest.keyword === 'required') return missingKey(deepest, schema, source);
  if (deepest.rule.at(-2) === 'propertyNames') return wrongName(deepest.path, source);
  return wrongValue(deepest.path, source, schemaAt(schema, deepest.rule.slice(0, -1)));
}

function findingOf(error: OutputUnit): SchemaFinding {
  return {
    path: pointerKeys(error.instanceLocation),
    keyword: error.keyword,
    rule: pointerKeys(error.keywordLocation),
  };
}

function pointerKeys(pointer: string): string[] {
  const keys = decodeURI(pointer).split('/').slice(1);
  return keys.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/**
 * A number that sorts errors by their position in the file; without a file all are equal, so the validator's order
 * stays.
 */
function order(finding: SchemaFinding, source: SettingSource): number {
  const { line = 0, column = 0 } = source.place(finding.path, 'key');
  return line * 1e6 + column;
}

function startsWith(path: readonly string[], beginning: readonly string[]): boolean {
  return beginning.every((key, index) => path[index] === key);
}

function unknownKey(
  path: readonly string[],
  findings: readonly SchemaFinding[],
  schema: JsonSchema,
  source: SettingSource,
): Problem {
  const parent = path.slice(0, -1);
  const name = path.at(-1) ?? '';
  const rule = findings.find(
    (other) => other.keyword === 'additionalProperties' && sameKeys(other.path, parent),
  );
  const keys = propertyNames(schemaAt(schema, rule?.rule.slice(0, -1) ?? []));
  const meant = nearestKey(name, parent, keys, source);
  const refused = parent.join('.') === 'static' ? REFUSED_STATIC_OPTIONS[name] : undefined;
  const remedy = meant === undefined ? 'Remove it, or correct its name.' : `Did you mean "${meant}"?`;
  return new Problem('config-unknown-key', {
    ...source.place(path, 'key'),
    value: name,
    params: {
      key: words(path, source),
      source: source.words,
      expected: meant === undefined ? `one of ${keys.join(', ')}` : `"${meant}"`,
      hint: refused === undefined ? remedy : `Remove it: this option of serve-handler would ${refused}.`,
    },
  });
}

/** The nearest key that is valid at this place, else the nearest last key of all settings. */
function nearestKey(
  name: string,
  parent: readonly string[],
  keys: readonly string[],
  source: SettingSource,
): string | undefined {
  const beside = nearestName(name, keys);
  if (beside !== undefined) return words([...parent, beside], source);
  return nearestSetting(name);
}

/** The setting whose last key is the nearest, anywhere in the configuration. */
function nearestSetting(name: string): string | undefined {
  const last = nearestName(
    name,
    LEAVES.map(({ path }) => path.at(-1) ?? ''),
  );
  return LEAVES.find(({ path }) => path.at(-1) === last)?.key;
}

function missingKey({ path, rule }: SchemaFinding, schema: JsonSchema, source: SettingSource): Problem {
  const value = valueAt(source.input, path);
  const required = valueAt(schemaAt(schema, rule.slice(0, -1)), ['required']);
  const names = Array.isArray(required) ? required.map(String) : [];
  const missing = names.find((name) => valueAt(value, [name]) === undefined) ?? '';
  const { setting, depth } = settingOn(path);
  return new Problem('config-missing-key', {
    ...source.place(path, 'value'),
    params: {
      key: words(path, source),
      missing,
      source: source.words,
      expected: setting.kind === 'leaf' && depth === path.length ? setting.expected : names.join(', '),
    },
  });
}

function wrongName(path: readonly string[], source: SettingSource): Problem {
  const { setting } = settingOn(path);
  return new Problem('config-wrong-name', {
    ...source.place(path, 'key'),
    params: {
      key: words(path.slice(0, -1), source),
      name: shown(path.at(-1)),
      source: source.words,
      expected: setting.kind === 'leaf' ? setting.expected : 'the names of settings',
      hint: setting.description,
    },
  });
}

/** The Problem for an invalid value. */
export function wrongValue(
  path: readonly string[],
  source: SettingSource,
  rule: JsonSchema | undefined,
): Problem {
  const { setting, depth } = settingOn(path);
  return new Problem('config-wrong-value', {
    ...source.place(path, 'value'),
    params: {
      key: path.length === 0 ? 'the configuration' : words(path, source),
      value: shown(valueAt(source.input, path), path),
      source: source.words,
      expected:
        setting.kind === 'group' ? 'an object of settings' : expectation(setting, depth < path.length, rule),
      hint: setting.description,
    },
  });
}

function expectation(
  leaf: { readonly expected: string; readonly expected_entry?: string },
  inside: boolean,
  rule: JsonSchema | undefined,
): string {
  if (!inside) return leaf.expected;
  return leaf.expected_entry ?? typeWords(rule?.type) + leastWords(rule);
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  array: 'a list',
  object: 'an object',
  null: 'null',
};

function typeWords(type: unknown): string {
  const types = Array.isArray(type) ? type : [type];
  return types.map((one) => TYPE_WORDS[String(one)] ?? 'another value').join(' or ');
}

/** ` of at least 32 characters`, if the rule has such a minimum. */
function leastWords(rule: JsonSchema = {}): string {
  const { minLength, minItems } = rule;
  if (typeof minLength === 'number' && minLength > 1) return ` of at least ${minLength} characters`;
  return typeof minItems === 'number' ? ` of at least ${minItems}` : '';
}

function schemaAt(schema: JsonSchema, path: readonly string[]): JsonSchema {
  const found = valueAt(schema, path);
  return typeof found === 'object' && found !== null ? { ...found } : {};
}

function propertyNames(schema: JsonSchema): string[] {
  const { properties } = { properties: undefined, ...schema };
  if (typeof properties !== 'object' || properties === null) return [];
  return Object.keys(properties).filter((name) => name !== '$schema');
}

function sameKeys(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && startsWith(a, b);
}

/** The path as text: `session.cookie.name`, `trust_proxy[1]`. */
function words(path: readonly string[], source: SettingSource): string {
  const parts = path.map((key, index) => {
    if (Array.isArray(valueAt(source.input, path.slice(0, index)))) return `[${key}]`;
    return index === 0 ? key : `.${key}`;
  });
  return parts.join('');
}
