// When a response carries the session cookie, and with which settings (contract section 7, "cookie sent").

import { checkCookieSetting, cookieSettings, presentedId, removeCookie, setCookie } from './cookie.ts';
import { isCookieDue } from './lifetime.ts';
import type { CookieSettings } from './record.ts';
import type { SessionState } from './state.ts';

/** Before a session is written: takes over what the page did to s.cookie, and decides whether the cookie is due. */
export function settleCookie(state: SessionState): void {
  if (state.cookieShown !== undefined) takeSettings(state, state.cookieShown);
  if (state.responseBegun) return;
  const { record, site } = state;
  const config = site.config.session;
  const { timeout } = cookieSettings(record, config);
  if (timeout === null) return;
  const now = site.now();
  if (!state.announce && !isCookieDue(now, record.cookie_sent, timeout, config)) return;
  state.announce = true;
  record.cookie_sent = now;
}

/** The Set-Cookie values of a request that ended with these sessions: the closed ones, then the one in use. */
export function cookiesOf(states: readonly SessionState[]): string[] {
  const last = states.at(-1);
  if (last === undefined) return [];
  const { record, request, site } = last;
  const config = site.config.session;
  if (!last.closed) {
    if (!last.announce || last.identity === 'retired') return [];
    return [setCookie(last.id, cookieSettings(record, config), config, request.secure)];
  }
  if (presentedId(request.cookie, config.cookie.name) === undefined) return [];
  const usual: CookieSettings = cookieSettings({ ...record, cookie: undefined }, config);
  const removals = [usual, cookieSettings(record, config)].map((settings) =>
    removeCookie(settings, config, request.secure),
  );
  return [...new Set(removals)];
}

function takeSettings(state: SessionState, shown: NonNullable<SessionState['cookieShown']>): void {
  const differing = Object.entries(shown.settings).filter(
    ([name, value]) =>
      !Object.entries(shown.before).some(([was, before]) => was === name && before === value),
  );
  if (differing.length === 0) return;
  state.assertCookieCanBeSent('a change of s.cookie');
  for (const [name, value] of differing) checkCookieSetting(name, value);
  state.record.cookie = { ...state.record.cookie, ...Object.fromEntries(differing) };
  state.cookieShown = { settings: shown.settings, before: { ...shown.settings } };
  state.announce = true;
  state.changed = true;
}
