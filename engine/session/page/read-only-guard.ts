// Guards the values of a read-only session: an array or a plain object gets a Proxy whose setters throw, made when it is read. A
// Date, Map or class instance is not guarded, because its methods do not work on a Proxy (docs/sessions.md).

import { Problem } from '../../diagnostics/problem.ts';

/** The guard of each value. */
type Guards = WeakMap<object, object>;

/**
 * The guard of a value, or the value itself if it is no array and no plain object.
 * @param path where the value is, for the message
 */
export function guardedValue(value: unknown, path: string, guards: Guards): unknown {
  if (!isGuardable(value)) return value;
  const known = guards.get(value);
  if (known !== undefined) return known;
  // A Proxy must give the members of a frozen target as they are (ECMA-262, Proxy [[Get]]). So its target is a copy.
  const target = Object.isFrozen(value) ? unfrozenCopy(value) : value;
  const guard = new Proxy(target, new Guard(path, guards));
  guards.set(value, guard);
  return guard;
}

function isGuardable(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** Copies the own keys, because an array may have millions of holes. */
function unfrozenCopy(value: object): object {
  const copy: object = Array.isArray(value) ? [] : Object.create(Object.getPrototypeOf(value));
  if (Array.isArray(value)) Reflect.set(copy, 'length', value.length);
  for (const key of Reflect.ownKeys(value)) {
    const own = Reflect.getOwnPropertyDescriptor(value, key);
    if (own === undefined || (key === 'length' && Array.isArray(value))) continue;
    Reflect.defineProperty(copy, key, { ...own, configurable: true });
  }
  return copy;
}

class Guard implements ProxyHandler<object> {
  readonly #path: string;
  readonly #guards: Guards;

  constructor(path: string, guards: Guards) {
    this.#path = path;
    this.#guards = guards;
  }

  get(target: object, key: string | symbol, receiver: unknown): unknown {
    const value: unknown = Reflect.get(target, key, receiver);
    if (typeof key === 'symbol' || typeof value !== 'object') return value;
    const own = Reflect.getOwnPropertyDescriptor(target, key);
    if (own?.configurable === false && own.writable === false) return value;
    return guardedValue(value, `${this.#path}.${key}`, this.#guards);
  }

  getOwnPropertyDescriptor(target: object, key: string | symbol): PropertyDescriptor | undefined {
    const own = Reflect.getOwnPropertyDescriptor(target, key);
    if (own?.configurable !== true || typeof key === 'symbol') return own;
    return 'value' in own
      ? { ...own, value: guardedValue(own.value, `${this.#path}.${key}`, this.#guards) }
      : own;
  }

  set(_target: object, key: string | symbol): boolean {
    return this.#refuse(key);
  }

  deleteProperty(_target: object, key: string | symbol): boolean {
    return this.#refuse(key);
  }

  defineProperty(_target: object, key: string | symbol): boolean {
    return this.#refuse(key);
  }

  setPrototypeOf(): boolean {
    return this.#refuse('its prototype');
  }

  preventExtensions(): boolean {
    return this.#refuse('its extensibility');
  }

  #refuse(key: string | symbol): never {
    throw new Problem('session-read-only', { params: { path: `${this.#path}.${String(key)}` } });
  }
}
