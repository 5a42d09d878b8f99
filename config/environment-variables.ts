// Reads settings from environment variables: KARRIGELL_SESSION_COOKIE_NAME is session.cookie.name. Since keys contain
// underscores, names are looked up in the declaration of settings. An empty variable counts as unset.

import { nearestName } from '../engine/diagnostics/nearest.ts';
import { Problem } from '../engine/diagnostics/problem.ts';
import { CONFIGURATION } from './schema.ts';
import type { AnyLeaf, Group } from './setting.ts';
import { type SettingSource, variableSource } from './setting-source.ts';
import { isValidFor } from './validate.ts';

const PREFIX = 'KARRIGELL_';

interface VariableTarget {
  readonly path: readonly string[];
  readonly setting: AnyLeaf | Group;
}

const TARGETS: ReadonlyMap<string, VariableTarget> = new Map(targetsBelow(CONFIGURATION, []));

/**
 * The settings of the KARRIGELL_ variables, one source for each variable. A group precedes its keys, so that a key
 * overrides the group.
 */
export function variableSources(env: Readonly<Record<string, string | undefined>>): SettingSource[] {
  const given = Object.entries(env).filter(([name, text]) => name.startsWith(PREFIX) && text !== '');
  const sources = given.map(([name, text = '']) => {
    const target = TARGETS.get(name);
    if (target === undefined) throw unknownVariable(name);
    return { depth: target.path.length, source: variableSource(name, nested(target, valueIn(text, target))) };
  });
  return sources.sort((a, b) => a.depth - b.depth).map(({ source }) => source);
}

function targetsBelow(group: Group, path: readonly string[]): [string, VariableTarget][] {
  return Object.entries(group.keys).flatMap(([key, setting]): [string, VariableTarget][] => {
    const below = [...path, key];
    const own: [string, VariableTarget] = [PREFIX + below.join('_').toUpperCase(), { path: below, setting }];
    return setting.kind === 'group' ? [own, ...targetsBelow(setting, below)] : [own];
  });
}

function unknownVariable(name: string): Problem {
  const meant = nearestName(
    name.slice(PREFIX.length),
    [...TARGETS.keys()].map((key) => key.slice(PREFIX.length)),
  );
  const expected = meant === undefined ? `${PREFIX} and the name of a setting` : PREFIX + meant;
  return new Problem('config-unknown-variable', { value: name, params: { name, expected } });
}

/** The value of a variable: parsed as JSON if that is valid for the setting, otherwise the text. */
function valueIn(text: string, { setting }: VariableTarget): unknown {
  if (setting.kind === 'leaf' && setting.schema.type === 'string') return text;
  const json = jsonOf(text);
  if (json === undefined) return text;
  const takesText = setting.kind === 'leaf' && isValidFor(setting.schema, text);
  return takesText && !isValidFor(setting.schema, json.value) ? text : json.value;
}

function jsonOf(text: string): { readonly value: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return { value };
  } catch {
    return undefined;
  }
}

function nested({ path }: VariableTarget, value: unknown): unknown {
  return path.reduceRight<unknown>((below, key) => ({ [key]: below }), value);
}
