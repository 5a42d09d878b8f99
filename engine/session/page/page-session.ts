// The object that `Session()` gives to a page: s.name, s.cart.push(item), delete s.name, 'name' in s, and the members. A Proxy that
// translates to the rules in session-members.ts. Its target is the state of the session, so all sessions share one handler.

import { Problem } from '../../diagnostics/problem.ts';
import type { SessionState } from '../request/session-state.ts';
import { SessionAttributeError } from '../session-errors.ts';
import {
  assignMember,
  deleteAttribute,
  isMember,
  memberValue,
  readValue,
  setAttribute,
} from './session-members.ts';

/** Names that the language, JSON and promises read by themselves: a missing one is no error of the page. */
const IMPLICIT_NAMES: ReadonlySet<string> = new Set(['then', 'toJSON', 'constructor', 'toString', 'valueOf']);

export function pageSession(state: SessionState): object {
  return new Proxy(state, HANDLER);
}

const HANDLER: ProxyHandler<SessionState> = {
  get(state, key) {
    if (typeof key === 'symbol') return undefined;
    if (isMember(key)) return memberValue(state, key);
    const { data } = state.record;
    const value = data[key];
    if (value === undefined && !(key in data)) return missingAttribute(state, key);
    if (state.places !== undefined && typeof value === 'object') state.places.read(key);
    return readValue(state, key, value);
  },

  set(state, key, value: unknown) {
    const name = attributeName(key);
    if (isMember(name)) assignMember(state, name, value);
    else setAttribute(state, name, value);
    return true;
  },

  has(state, key) {
    return typeof key === 'string' && key in state.record.data;
  },

  deleteProperty(state, key) {
    deleteAttribute(state, attributeName(key));
    return true;
  },

  // Without attributes that have the name of a member, because reading them by name gives the member.
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
    setAttribute(state, attributeName(key), descriptor.value);
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

function attributeName(key: string | symbol): string {
  if (typeof key === 'symbol') throw new Problem('session-name-symbol');
  return key;
}

/** An error whose stack begins in the page; undefined if the configuration says so. */
function missingAttribute(state: SessionState, key: string): unknown {
  if (IMPLICIT_NAMES.has(key)) return Reflect.get(Object.prototype, key);
  if (state.context.config.session.missing === 'undefined') return undefined;
  const error = new SessionAttributeError(key);
  if (HANDLER.get !== undefined) Error.captureStackTrace(error, HANDLER.get);
  throw error;
}
