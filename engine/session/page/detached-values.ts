// Takes the values of a session away from a page that was interrupted: it may still hold `s.cart` in a variable, and what it
// puts there later must not reach the store. The session goes on with copies; the page keeps the originals.

import type { Attributes } from '../format/session-record.ts';
import type { SessionState } from '../request/session-state.ts';

/** Puts copies in place of all values that could be changed from outside. */
export function detach(state: SessionState): void {
  for (const section of ['data', 'flash'] as const) {
    const values: Attributes = state.record[section];
    for (const key of Object.keys(values)) {
      const value = values[key];
      const copy = copyOf(value, new Map());
      values[key] = copy;
      const part = `${section} ${key}`;
      if (state.base?.get(part) === value) state.base?.set(part, copy);
    }
  }
}

/** A deep copy, also of circles. What has a class of its own (memory keeps it, no other store does) cannot be copied. */
function copyOf(value: unknown, copies: Map<object, unknown>): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (copies.has(value)) return copies.get(value);
  const put = <T extends object>(copy: T): T => {
    copies.set(value, copy);
    return copy;
  };
  const prototype: object | null = Object.getPrototypeOf(value);
  if (value instanceof Date && prototype === Date.prototype) return put(new Date(value.getTime()));
  if (value instanceof Map && prototype === Map.prototype) {
    const copy = put(new Map<unknown, unknown>());
    for (const [key, entry] of value) copy.set(copyOf(key, copies), copyOf(entry, copies));
    return copy;
  }
  if (value instanceof Set && prototype === Set.prototype) {
    const copy = put(new Set<unknown>());
    for (const entry of value) copy.add(copyOf(entry, copies));
    return copy;
  }
  if (Array.isArray(value)) return filled(value, put([]), copies);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) return value;
  return filled(value, put(Object.create(prototype)), copies);
}

function filled(from: object, to: object, copies: Map<object, unknown>): object {
  for (const key of Reflect.ownKeys(from)) {
    const own = Reflect.getOwnPropertyDescriptor(from, key);
    if (own === undefined) continue;
    Reflect.defineProperty(to, key, 'value' in own ? { ...own, value: copyOf(own.value, copies) } : own);
  }
  return to;
}
