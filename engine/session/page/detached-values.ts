// Takes the values of a session away from a page that was interrupted. The page may still hold `s.cart` in a variable, and later
// changes of it must not reach the store. So the session continues with copies.

import type { Attributes } from '../format/session-record.ts';
import type { SessionState } from '../request/session-state.ts';

/** Replaces all values that are objects by deep copies. */
export function detachValues(state: SessionState): void {
  for (const section of ['data', 'flash'] as const) {
    const values: Attributes = state.record[section];
    for (const key of Object.keys(values)) {
      const value = values[key];
      const copy = deepCopy(value, new Map());
      values[key] = copy;
      const part = `${section} ${key}`;
      if (state.base?.get(part) === value) state.base?.set(part, copy);
    }
  }
}

/** Copies cycles too. An instance of a class, which only the memory store keeps, is not copied: it may not survive that. */
function deepCopy(value: unknown, copies: Map<object, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (copies.has(value)) return copies.get(value);
  const note = <T extends object>(copy: T): T => {
    copies.set(value, copy);
    return copy;
  };
  const prototype: object | null = Object.getPrototypeOf(value);
  if (value instanceof Date && prototype === Date.prototype) return note(new Date(value.getTime()));
  if (value instanceof Map && prototype === Map.prototype) {
    const copy = note(new Map<unknown, unknown>());
    for (const [key, entry] of value) copy.set(deepCopy(key, copies), deepCopy(entry, copies));
    return copy;
  }
  if (value instanceof Set && prototype === Set.prototype) {
    const copy = note(new Set<unknown>());
    for (const entry of value) copy.add(deepCopy(entry, copies));
    return copy;
  }
  if (Array.isArray(value)) return copyProperties(value, note([]), copies);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return value;
  return copyProperties(value, note(Object.create(prototype)), copies);
}

function copyProperties(from: object, to: object, copies: Map<object, unknown>): object {
  for (const key of Reflect.ownKeys(from)) {
    const own = Reflect.getOwnPropertyDescriptor(from, key);
    if (own === undefined) continue;
    Reflect.defineProperty(to, key, 'value' in own ? { ...own, value: deepCopy(own.value, copies) } : own);
  }
  return to;
}
