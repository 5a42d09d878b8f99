// The attributes of a page's session, and its members: get, has, set, close, regenerate, remember, cookie, flash, save, update
// and the facts. A name in the table of members can be neither assigned nor deleted as an attribute.

import { refuseUnknownOptions } from '../../diagnostics/known-options.ts';
import { Problem } from '../../diagnostics/problem.ts';
import { assignPageCookie, pageCookie } from '../cookies/page-cookie.ts';
import { type Attributes, emptyRecord } from '../format/session-record.ts';
import { dueDeadline } from '../request/commit.ts';
import { save } from '../request/early-commit.ts';
import { deadlineAfter } from '../request/lifetime.ts';
import { noteOverwrite } from '../request/session-merge.ts';
import type { SessionState } from '../request/session-state.ts';
import { guardedValue } from './read-only-guard.ts';
import { update } from './session-update.ts';

interface SetOptions {
  /** Seconds. */
  readonly timeout?: number;
}

const MEMBERS = {
  get: (state) => (key: string, fallback?: unknown) =>
    key in state.record.data ? readValue(state, key, state.record.data[key]) : fallback,
  has: (state) => (key: string) => key in state.record.data,
  set: (state) => (key: string, value: unknown, options?: SetOptions) => {
    refuseUnknownOptions('s.set', options, ['timeout']);
    setAttribute(state, key, value, options?.timeout);
  },
  close: (state) => () => close(state),
  regenerate: (state) => () => regenerate(state),
  remember: (state) => state.record.remember,
  cookie: (state) => pageCookie(state),
  flash:
    (state) =>
    (...given: [key: string, value?: unknown]) =>
      given.length > 1 ? putFlash(state, given[0], given[1]) : takeFlash(state, given[0]),
  save: (state) => () => save(state),
  update: (state) => (change: (data: Attributes) => unknown) => update(state, change),
  id: (state) => state.id,
  is_new: (state) => !state.stored,
  created: (state) => new Date(state.record.created),
  expires: (state) => expires(state),
} satisfies Record<string, (state: SessionState) => unknown>;

type Member = keyof typeof MEMBERS;

export function isMember(name: string): name is Member {
  return Object.hasOwn(MEMBERS, name);
}

/** The value of a member. */
export function memberValue(state: SessionState, name: Member): unknown {
  return MEMBERS[name](state);
}

/** `s.remember = true` and `s.cookie = {…}`. Other members cannot be assigned. */
export function assignMember(state: SessionState, name: Member, value: unknown): void {
  if (name !== 'remember' && name !== 'cookie')
    throw new Problem('session-name-reserved', { params: { name } });
  state.assertWritable(`s.${name}`);
  if (name === 'cookie') assignPageCookie(state, value);
  else assignRemember(state, Boolean(value));
}

function assignRemember(state: SessionState, remember: boolean): void {
  if (remember === state.record.remember) return;
  state.assertCookieCanBeSent('s.remember');
  state.record.remember = remember;
  state.changed = true;
  state.cookieDue = true;
}

/** The value of an attribute as the page gets it: guarded if the session is read-only. */
export function readValue(state: SessionState, key: string, value: unknown): unknown {
  if (state.writable || typeof value !== 'object') return value;
  state.guards ??= new WeakMap();
  return guardedValue(value, `s.${key}`, state.guards);
}

/**
 * Sets an attribute. A timeout that it had is cleared.
 * @param timeout seconds
 */
export function setAttribute(state: SessionState, key: string, value: unknown, timeout?: number): void {
  state.assertWritable(`s.${key}`);
  if (timeout !== undefined && !(timeout > 0 && Number.isFinite(timeout))) {
    throw new Problem('session-timeout-invalid', { params: { attribute: key }, value: timeout });
  }
  const { data, timeouts } = state.record;
  state.noteChange();
  if (state.base !== undefined) noteOverwrite(state, key, value);
  data[key] = value;
  state.places?.assigned(key);
  if (timeout !== undefined) timeouts[key] = state.context.now() + timeout * 1000;
  else if (key in timeouts) delete timeouts[key];
}

/**
 * Deletes an attribute, even one with the name of a member. A missing attribute is no error, unless the name is that of a member.
 */
export function deleteAttribute(state: SessionState, key: string): void {
  state.assertWritable(`s.${key}`);
  const { data, timeouts } = state.record;
  if (!(key in data)) {
    if (isMember(key)) throw new Problem('session-name-reserved', { params: { name: key } });
    return;
  }
  if (state.base !== undefined) noteOverwrite(state, key, undefined);
  delete data[key];
  delete timeouts[key];
  state.changed = true;
}

function close(state: SessionState): void {
  if (state.closed || state.identity === 'retired') return;
  state.assertWritable('the session');
  state.assertCookieCanBeSent('s.close()');
  state.closed = true;
  // In memory the record belongs to the store until the commit, so this request gets another one.
  const { data, flash, forms, timeouts } = emptyRecord(0);
  state.record = { ...state.record, data, flash, forms, timeouts };
}

function regenerate(state: SessionState): void {
  state.assertMayRegenerate();
  // A login under a retired id: the first write creates a session.
  if (state.identity === 'retired') {
    state.identity = 'unknown';
    state.cookieDueOnWrite = true;
  }
  const isReplaced = state.hasKnownId || state.stored;
  if (isReplaced) state.replaced ??= { id: state.id, key: state.key, stored: state.stored };
  state.setId(undefined);
  if (isReplaced || !state.cookieDueOnWrite) state.cookieDue = true;
}

/** Sets a value that is kept until it is read once. */
export function putFlash(state: SessionState, key: string, value: unknown): void {
  state.assertWritable(`s.flash('${key}')`);
  state.noteChange();
  state.record.flash[key] = value;
}

function takeFlash(state: SessionState, key: string): unknown {
  const { flash } = state.record;
  if (!(key in flash)) return undefined;
  state.assertWritable(`s.flash('${key}')`);
  const value = flash[key];
  delete flash[key];
  state.changed = true;
  return value;
}

/** The deadline after this request; null: never. */
function expires(state: SessionState): Date | null {
  const { context, record, stored } = state;
  const deadline = stored
    ? dueDeadline(state, record)
    : deadlineAfter(context.now(), record, context.config.session);
  return deadline === 0 ? null : new Date(deadline);
}
