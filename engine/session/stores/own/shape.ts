// What a site's own store must have, looked at once when it is opened, so that a method that is missing is no surprise to
// a visitor.

import type { SessionStore } from '../../store.ts';
import type { EntryStore } from '../entries/entry-store.ts';

const LOCKS: readonly unknown[] = ['store', 'process', 'none'];

const SESSION_METHODS = ['take', 'read', 'touch', 'create', 'list', 'sweep', 'close'];
const LOCKING_METHODS = ['load', 'replace'];
const PLAIN_METHODS = ['load', 'save', 'delete'];
const OPTIONAL_METHODS = ['touch', 'list', 'sweep', 'close'];

/** Whether it keeps entries. */
export function isEntryStore(store: unknown): store is EntryStore {
  return isObject(store) && faultOfEntryStore(store) === undefined;
}

/** Whether it takes turns by itself. */
export function isSessionStore(store: unknown): store is SessionStore<string> {
  return isObject(store) && 'take' in store && faultOfSessionStore(store) === undefined;
}

/** What is wrong with something that is no store. */
export function faultOfStore(store: unknown): string {
  if (!isObject(store)) return `its function gave ${store === null ? 'null' : typeof store}, not a store`;
  const fault = 'take' in store ? faultOfSessionStore(store) : faultOfEntryStore(store);
  return fault ?? 'its function gave no store';
}

function faultOfEntryStore(store: object): string | undefined {
  const lock = faultOfLock(store);
  if (lock !== undefined) return lock;
  const methods = Reflect.get(store, 'lock') === 'store' ? LOCKING_METHODS : PLAIN_METHODS;
  const odd = OPTIONAL_METHODS.filter((name) => Reflect.get(store, name) !== undefined);
  return missingMethod(store, [...methods, ...odd]);
}

function faultOfSessionStore(store: object): string | undefined {
  const lock = faultOfLock(store) ?? missingMethod(store, SESSION_METHODS);
  if (lock !== undefined) return lock;
  if (Reflect.get(store, 'keeps') !== 'text') return "a store that has take() keeps 'text'";
  const steps: unknown = Reflect.get(store, 'sweepSteps');
  return Number.isInteger(steps) && Number(steps) > 0 ? undefined : 'its sweepSteps must be a number above 0';
}

function faultOfLock(store: object): string | undefined {
  const lock: unknown = Reflect.get(store, 'lock');
  return LOCKS.includes(lock) ? undefined : "its lock must be 'store', 'process' or 'none'";
}

function missingMethod(store: object, names: readonly string[]): string | undefined {
  const missing = names.find((name) => typeof Reflect.get(store, name) !== 'function');
  return missing === undefined ? undefined : `it has no method ${missing}()`;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
