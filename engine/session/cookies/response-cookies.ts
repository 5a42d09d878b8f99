// When a response carries the session cookie, and with which settings (contract section 7, "cookie sent").

import { cookieMaxAge, isCookieDue } from '../request/lifetime.ts';
import type { SessionState } from '../request/session-state.ts';
import type { MaybePromise } from '../session-store.ts';
import { carriedCookies } from './client-cookies.ts';
import { removalsOf } from './cookie-removal.ts';
import { warnOfLostCookie } from './lost-cookie.ts';
import { checkCookieSetting, checkCookieSettings, cookieSettings, setCookie } from './session-cookie.ts';

/** Before a session is written: takes over what the page did to s.cookie, and decides whether the cookie is due. */
export function settleCookie(state: SessionState): void {
  if (state.cookieShown !== undefined) takeSettings(state, state.cookieShown);
  if (state.responseBegun) return;
  if (state.changed && state.beginsUnannounced) state.announce = true;
  const { record, site } = state;
  const config = site.config.session;
  const { timeout } = cookieSettings(record, config);
  if (timeout === null) return;
  const now = site.now();
  const isDue = state.prolongs && isCookieDue(now, sentAt(state, timeout), timeout, config);
  if (!state.announce && !isDue) return;
  state.announce = true;
  if (site.clientStore === undefined) record.cookie_sent = now;
}

/** When the visitor got the cookie; what is kept in the cookie itself does not know. */
function sentAt({ site, stored, record }: SessionState, timeout: number): number {
  if (site.clientStore === undefined || !stored) return record.cookie_sent;
  return site.clientStore.until - cookieMaxAge(timeout, site.config.session) * 1000;
}

/** The Set-Cookie values of a request that ended with these sessions: the closed ones, then the one in use. */
export function cookiesOf(states: readonly SessionState[]): MaybePromise<readonly string[]> {
  const last = states.at(-1);
  if (last === undefined) return [];
  warnOfLostCookie(last);
  if (last.closed) return removalsOf(states);
  const { clientStore: carried } = last.site;
  if (carried === undefined) return besideRemovals(states, idCookies(last));
  return carriedCookies(last, carried).then((cookies) => besideRemovals(states, cookies ?? idCookies(last)));
}

/** A cookie replaces that of a session which was closed before it, if both have the same path and domain. */
function besideRemovals(states: readonly SessionState[], cookies: readonly string[]): readonly string[] {
  const last = states.at(-1);
  if (last === undefined || states.length === 1) return cookies;
  const replaced = cookies.length === 0 ? undefined : cookieSettings(last.record, last.site.config.session);
  return [...removalsOf(states, replaced), ...cookies];
}

function idCookies({ id, announce, identity, record, request, site }: SessionState): string[] {
  if (!announce || identity === 'retired') return [];
  const config = site.config.session;
  const settings = cookieSettings(record, config);
  const max_age = settings.timeout === null ? null : cookieMaxAge(settings.timeout, config);
  return [setCookie({ name: config.cookie.name, value: id, max_age }, settings, request.secure)];
}

function takeSettings(state: SessionState, shown: NonNullable<SessionState['cookieShown']>): void {
  const differing = Object.entries(shown.settings).filter(
    ([name, value]) =>
      !Object.entries(shown.before).some(([was, before]) => was === name && before === value),
  );
  if (differing.length === 0) return;
  state.assertCookieCanBeSent('a change of s.cookie');
  for (const [name, value] of differing) checkCookieSetting(name, value);
  const cookie = { ...state.record.cookie, ...Object.fromEntries(differing) };
  const { session } = state.site.config;
  checkCookieSettings(cookieSettings({ ...state.record, cookie }, session), session);
  state.record.cookie = cookie;
  state.cookieShown = { settings: shown.settings, before: { ...shown.settings } };
  state.announce = true;
  state.changed = true;
}
