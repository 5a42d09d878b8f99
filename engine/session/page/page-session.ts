// What a page holds: s.name, s.cart.push(item), delete s.name, 'name' in s, and the members of contract section 7.
// A Proxy over the request's SessionState with one handler for all; it translates, the rules are in members.ts.

import { Problem } from '../../diagnostics/problem.ts';
import type { SessionState } from '../request/session-state.ts';
import { SessionAttributeError } from '../session-errors.ts';
import { guarded } from './read-only-guard.ts';
import { assignMember, deleteAttribute, isMember, member, setAttribute } from './session-members.ts';

/** Read by the language, by JSON and by promises, not by a page that expects an attribute: never an error. */
const SILENT: ReadonlySet<string> = new Set(['then', 'toJSON', 'constructor', 'toString', 'valueOf']);

/** The object that `Session()` gives for a state. */
export function pageSession(state: SessionState): object {
  return new Proxy(state, HANDLER);
}

const HANDLER: ProxyHandler<SessionState> = {
  get(state, key) {
    if (typeof key === 'symbol') return undefined;
    if (isMember(key)) return member(state, key);
    const { data } = state.record;
    const value = data[key];
    if (value === undefined && !(key in data)) return missing(state, key);
    if (state.places !== undefined && typeof value === 'object') state.places.read(key);
    if (state.writable || typeof value !== 'object') return value;
    state.guards ??= new WeakMap();
    return guarded(value, `s.${key}`, state.guards);
  },

  set(state, key, value: unknown) {
    const name = nameOf(key);
    if (isMember(name)) assignMember(state, name, value);
    else setAttribute(state, name, value);
    return true;
  },

  has(state, key) {
    return typeof key === 'string' && key in state.record.data;
  },

  deleteProperty(state, key) {
    deleteAttribute(state, nameOf(key));
    return true;
  },

  // Attributes that are named as a member are left out: what reads them by name would get the member.
  ownKeys(state) {
    return Object.keys(state.record.data).filter((key) => !isMember(key));
  },

  getOwnPropertyDescriptor(state, key) {
    if (typeof key === 'symbol' || isMember(key) || !(key in state.record.data)) return undefined;
    const value: unknown = HANDLER.get?.(state, key, state);
    return { value, writable: true, enumerable: true, configurable: true };
  },

  defineProperty(state, key, descriptor) {
    if (!('value' in descriptor)) return false;
    setAttribute(state, nameOf(key), descriptor.value);
    return true;
  },

  getPrototypeOf() {
    return Object.prototype;
  },

  setPrototypeOf() {
    return false;
  },

  preventExtensions() {
    return false;
  },
};

function nameOf(key: string | symbol): string {
  if (typeof key === 'symbol') throw new Problem('session-name-symbol');
  return key;
}

/** What a missing attribute reads as: an error whose stack begins in the page, unless the site wants undefined. */
function missing(state: SessionState, key: string): unknown {
  if (SILENT.has(key)) return Reflect.get(Object.prototype, key);
  if (state.site.config.session.missing === 'undefined') return undefined;
  const error = new SessionAttributeError(key);
  if (HANDLER.get !== undefined) Error.captureStackTrace(error, HANDLER.get);
  throw error;
}
