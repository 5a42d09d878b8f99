// Walks over the declaration: all settings that hold a value, with the way to them.

import { CONFIGURATION } from './schema.ts';
import type { AnyLeaf, Group } from './setting.ts';

/** A setting and the keys that lead to it. */
export interface LeafAt {
  readonly path: readonly string[];
  /** "session.cookie.name". */
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

/** The setting or group at the end of a path, or the last one on the way, and how many keys that took. */
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

/** The value at a path of nested objects; undefined when there is none. */
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
