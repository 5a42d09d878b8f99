// s.cookie: the settings of one session's cookie, as a page reads and assigns them. Wrong values are refused where the page assigns
// them. Whether browsers would take all settings together is checked before the session is written.

import { Problem } from '../../diagnostics/problem.ts';
import type { CookieSettings } from '../format/session-record.ts';
import { ChangePlaces } from '../page/change-places.ts';
import type { SessionState } from '../request/session-state.ts';
import { checkCookieSetting, checkCookieSettings, cookieSettings } from './session-cookie.ts';

/** The object that the page gets; always the same one. */
export function pageCookie(state: SessionState): CookieSettings {
  if (state.pageCookie === undefined) {
    const settings = cookieSettings(state.record, state.context.config.session);
    state.pageCookie = { settings: checkedOnAssignment(settings, state), before: { ...settings } };
  }
  return state.pageCookie.settings;
}

function checkedOnAssignment(settings: CookieSettings, state: SessionState): CookieSettings {
  return new Proxy(settings, {
    set(target, name, value) {
      checkCookieSetting(String(name), value);
      // A read-only or closed session is not written, so the setting would be lost without an error.
      state.assertWritable(`s.cookie.${String(name)}`);
      if (Reflect.get(target, name) !== value) state.assertCookieCanBeSent('a change of s.cookie');
      state.places ??= new ChangePlaces();
      state.places.assigned('cookie');
      return Reflect.set(target, name, value);
    },
    deleteProperty(_target, name) {
      // No setting may be undefined: this throws.
      checkCookieSetting(String(name), undefined);
      return false;
    },
  });
}

/** `s.cookie = {…}`: assigns the given settings; the others stay. */
export function assignPageCookie(state: SessionState, value: unknown): void {
  // A number, null or a Map has no entries, so assigning one would change nothing without an error.
  if (!isPlainObject(value)) {
    throw new Problem('session-cookie-invalid', {
      params: { name: 's.cookie', expected: 'an object of settings, such as { secure: true }' },
    });
  }
  const settings = pageCookie(state);
  for (const [name, setting] of Object.entries(value)) {
    checkCookieSetting(name, setting);
    Object.assign(settings, { [name]: setting });
  }
}

function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

/** Takes the changed settings over into the record. Throws if the cookie cannot be sent, or if browsers would refuse it. */
export function takePageCookie(state: SessionState): void {
  const { pageCookie: shown } = state;
  if (shown === undefined) return;
  const before = new Map<string, unknown>(Object.entries(shown.before));
  const changed = Object.entries(shown.settings).filter(
    ([name, value]) => !before.has(name) || before.get(name) !== value,
  );
  if (changed.length === 0) return;
  state.assertCookieCanBeSent('a change of s.cookie');
  for (const [name, value] of changed) checkCookieSetting(name, value);
  const cookie = { ...state.record.cookie, ...Object.fromEntries(changed) };
  const { session } = state.context.config;
  checkCookieSettings(cookieSettings({ ...state.record, cookie }, session), session);
  state.record.cookie = cookie;
  state.pageCookie = { settings: shown.settings, before: { ...shown.settings } };
  state.cookieDue = true;
  state.changed = true;
}
