// Lists the settings that hold a value (the leaves of the declaration), and finds settings and values by a path of
// keys.

import { CONFIGURATION } from './schema.ts';
import type { AnyLeaf, Group } from './setting.ts';

/** A setting with the path of its keys. */
export interface LeafAt {
  readonly path: readonly string[];
  /** The keys joined by dots: "session.cookie.name". */
  readonly key: string;
  readonly leaf: AnyLeaf;
}

/** Every setting that holds a value, in the order of the declaration. */
export const LEAVES: readonly LeafAt[] = leavesBelow(CONFIGURATION, []);

function leavesBelow(group: Group, path: readonly string[]): LeafAt[] {
  return Object.entries(group.keys).flatMap(([name, setting]) => {
    const below = [...path, name];
    if (setting.kind === 'group') return leavesBelow(setting, below);
    return [{ path: below, key: below.join('.'), leaf: setting }];
  });
}

/**
 * The setting or group at a path. If the path leads further, it is the last setting on it; `depth` is the number of its
 * keys.
 */
export function settingOn(path: readonly string[]): { setting: AnyLeaf | Group; depth: number } {
  let setting: AnyLeaf | Group = CONFIGURATION;
  let depth = 0;
  for (const name of path) {
    const next: AnyLeaf | Group | undefined = setting.kind === 'group' ? own(setting.keys, name) : undefined;
    if (next === undefined) break;
    setting = next;
    depth++;
  }
  return { setting, depth };
}

/** The value at a path of nested objects; undefined if there is none. */
export function valueAt(object: unknown, path: readonly string[]): unknown {
  let value = object;
  for (const name of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = Reflect.get(value, name);
  }
  return value;
}

function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
