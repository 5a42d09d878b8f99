// Guards what a read-only session hands out: arrays and plain objects get a Proxy whose setters throw, made on access.
// A Date, Map or class instance is handed out as it is: a Proxy would break it (contract section 7).

import { Problem } from '../../diagnostics/problem.ts';

/** What is known of a guarded object: where it is, for the message. */
type Guards = WeakMap<object, object>;

/** The value behind a guard, if it is an array or a plain object; `path` names it in the error. */
export function guarded(value: unknown, path: string, guards: Guards): unknown {
  if (!isGuardable(value)) return value;
  const known = guards.get(value);
  if (known !== undefined) return known;
  // A frozen object may not answer with a Proxy for its own member (a rule of Proxy); its copy may, and it cannot change.
  const target = Object.isFrozen(value) ? unfrozenCopy(value) : value;
  const guard = new Proxy(target, new Guard(path, guards));
  guards.set(value, guard);
  return guard;
}

/** Whether a value is an array or an object without a class. */
function isGuardable(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** By its keys: the holes of a list cost no time. */
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
    return guarded(value, `${this.#path}.${key}`, this.#guards);
  }

  getOwnPropertyDescriptor(target: object, key: string | symbol): PropertyDescriptor | undefined {
    const own = Reflect.getOwnPropertyDescriptor(target, key);
    if (own?.configurable !== true || typeof key === 'symbol') return own;
    return 'value' in own ? { ...own, value: guarded(own.value, `${this.#path}.${key}`, this.#guards) } : own;
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
