// The members of a page's session: get, has, set, close, regenerate, remember, cookie, flash, save, update and its facts.
// One table; a name that stands in it is neither assigned nor deleted as data.

import { refuseUnknownOptions } from '../../diagnostics/known-options.ts';
import { Problem } from '../../diagnostics/problem.ts';
import { checkCookieSetting, cookieSettings } from '../cookies/session-cookie.ts';
import type { Attributes, CookieSettings } from '../format/session-record.ts';
import { save } from '../request/commit.ts';
import { deadlineAfter, deadlineDue } from '../request/lifetime.ts';
import { noteOverwrite } from '../request/session-merge.ts';
import type { SessionState } from '../request/session-state.ts';
import { ChangePlaces } from './change-places.ts';
import { guarded } from './read-only-guard.ts';
import { update } from './session-update.ts';

/** How an attribute may be set. */
interface SetOptions {
  readonly timeout?: number;
}

const MEMBERS = {
  get: (state) => (key: string, fallback?: unknown) => read(state, key, fallback),
  has: (state) => (key: string) => key in state.record.data,
  set: (state) => (key: string, value: unknown, options?: SetOptions) => {
    refuseUnknownOptions('s.set', options, ['timeout']);
    setAttribute(state, key, value, options?.timeout);
  },
  close: (state) => () => close(state),
  regenerate: (state) => () => regenerate(state),
  remember: (state) => state.record.remember,
  cookie: (state) => shownCookie(state),
  flash:
    (state) =>
    (...given: [key: string, value?: unknown]) =>
      given.length > 1 ? keepFlash(state, given[0], given[1]) : takeFlash(state, given[0]),
  save: (state) => () => save(state),
  update: (state) => (change: (data: Attributes) => unknown) => update(state, change),
  id: (state) => state.id,
  is_new: (state) => !state.stored,
  created: (state) => new Date(state.record.created),
  expires: (state) => expires(state),
} satisfies Record<string, (state: SessionState) => unknown>;

type Member = keyof typeof MEMBERS;

/** Whether a name is a member rather than an attribute. */
export function isMember(name: string): name is Member {
  return Object.hasOwn(MEMBERS, name);
}

/** What reading a member gives. */
export function member(state: SessionState, name: Member): unknown {
  return MEMBERS[name](state);
}

/** `s.remember = true` and `s.cookie = {…}`; every other member refuses. */
export function assignMember(state: SessionState, name: Member, value: unknown): void {
  if (name !== 'remember' && name !== 'cookie')
    throw new Problem('session-name-reserved', { params: { name } });
  state.assertWritable(`s.${name}`);
  if (name === 'cookie') assignCookie(state, value);
  else assignRemember(state, Boolean(value));
}

function assignRemember(state: SessionState, remember: boolean): void {
  if (remember === state.record.remember) return;
  state.assertCookieCanBeSent('s.remember');
  state.record.remember = remember;
  state.changed = true;
  state.announce = true;
}

/** Sets an attribute; its own timeout ends with the old value. */
export function setAttribute(state: SessionState, key: string, value: unknown, timeout?: number): void {
  state.assertWritable(`s.${key}`);
  if (timeout !== undefined && !(timeout > 0 && Number.isFinite(timeout))) {
    throw new Problem('session-timeout-invalid', { params: { attribute: key }, value: timeout });
  }
  const { data, timeouts } = state.record;
  state.noteChange();
  noteOverwrite(state, key, value);
  data[key] = value;
  state.places?.assigned(key);
  if (timeout !== undefined) timeouts[key] = state.site.now() + timeout * 1000;
  else if (key in timeouts) delete timeouts[key];
}

/** Deletes an attribute, one that `s.set` named like a member too. No error when there is none, except for a member. */
export function deleteAttribute(state: SessionState, key: string): void {
  state.assertWritable(`s.${key}`);
  const { data, timeouts } = state.record;
  if (!(key in data)) {
    if (isMember(key)) throw new Problem('session-name-reserved', { params: { name: key } });
    return;
  }
  noteOverwrite(state, key, undefined);
  delete data[key];
  delete timeouts[key];
  state.changed = true;
}

function read(state: SessionState, key: string, fallback: unknown): unknown {
  const { data } = state.record;
  if (!(key in data)) return fallback;
  if (state.writable) return data[key];
  state.guards ??= new WeakMap();
  return guarded(data[key], `s.${key}`, state.guards);
}

function close(state: SessionState): void {
  if (state.closed || state.identity === 'retired') return;
  state.assertWritable('the session');
  state.assertCookieCanBeSent('s.close()');
  state.closed = true;
  // The data of a live record belongs to the store until it ends there; this request sees an empty one at once.
  state.record = {
    ...state.record,
    data: Object.create(null),
    flash: Object.create(null),
    timeouts: Object.create(null),
  };
}

function regenerate(state: SessionState): void {
  state.assertMayRegenerate();
  // A login: the first write begins a session, whatever became of the one before.
  if (state.identity === 'retired') {
    state.identity = 'unknown';
    state.announcesOnWrite = true;
  }
  const presented = state.identity === 'live' || state.identity === 'fresh';
  const isKnown = presented || state.stored;
  if (isKnown) state.replaced ??= { id: state.id, key: state.key, stored: state.stored };
  state.present(undefined, undefined);
  if (isKnown || !state.announcesOnWrite) state.announce = true;
}

function shownCookie(state: SessionState): CookieSettings {
  if (state.cookieShown === undefined) {
    const settings = cookieSettings(state.record, state.site.config.session);
    state.cookieShown = { settings: checked(settings, state), before: { ...settings } };
  }
  return state.cookieShown.settings;
}

/** Refuses a wrong setting where the page assigns it, and keeps the place for what only all of them together show. */
function checked(settings: CookieSettings, state: SessionState): CookieSettings {
  return new Proxy(settings, {
    set(target, name, value) {
      checkCookieSetting(String(name), value);
      // In silence it would be lost: nothing of a session that is read-only or over is written.
      state.assertWritable(`s.cookie.${String(name)}`);
      if (Reflect.get(target, name) !== value) state.assertCookieCanBeSent('a change of s.cookie');
      state.places ??= new ChangePlaces();
      state.places.assigned('cookie');
      return Reflect.set(target, name, value);
    },
    deleteProperty(_target, name) {
      // Every cookie has all settings, and no setting can be undefined.
      checkCookieSetting(String(name), undefined);
      return false;
    },
  });
}

function assignCookie(state: SessionState, value: unknown): void {
  // A number, null or a Map has no entries: without this, assigning one would change nothing in silence.
  if (!isPlainObject(value)) {
    throw new Problem('session-cookie-invalid', {
      params: { name: 's.cookie', expected: 'an object of settings, such as { secure: true }' },
    });
  }
  const shown = shownCookie(state);
  for (const [name, setting] of Object.entries(value)) {
    checkCookieSetting(name, setting);
    Object.assign(shown, { [name]: setting });
  }
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function keepFlash(state: SessionState, key: string, value: unknown): void {
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

function expires(state: SessionState): Date | null {
  const { site, record, prolongs, stored } = state;
  const { session } = site.config;
  const now = site.now();
  const kept = stored ? state.deadline : deadlineAfter(now, record, session);
  const deadline = prolongs && stored ? deadlineDue(now, kept, record, session) : kept;
  return deadline === 0 ? null : new Date(deadline);
}
