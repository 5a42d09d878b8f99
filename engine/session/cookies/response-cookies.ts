// The session cookies of a response (docs/sessions.md).

import { andThen } from '../maybe-promise.ts';
import { cookieMaxAge, isCookieDue } from '../request/lifetime.ts';
import type { SessionState } from '../request/session-state.ts';
import type { MaybePromise } from '../session-store.ts';
import { clientCookies } from './client-cookies.ts';
import { removalCookies } from './cookie-removal.ts';
import { warnOfLostCookie } from './lost-cookie.ts';
import { takePageCookie } from './page-cookie.ts';
import { cookieSettings, setCookie } from './session-cookie.ts';

/** Before the write of a session: takes over what the page did to s.cookie, and decides whether the cookie is due. */
export function settleCookie(state: SessionState): void {
  takePageCookie(state);
  if (state.responseBegun) return;
  if (state.changed && state.lacksCookie) state.cookieDue = true;
  const { record, context } = state;
  const config = context.config.session;
  const { timeout } = cookieSettings(record, config);
  if (timeout === null) return;
  const now = context.now();
  if (!state.cookieDue && !(state.touches && isCookieDue(now, sentAt(state, timeout), timeout, config)))
    return;
  state.cookieDue = true;
  if (context.clientStore === undefined) record.cookie_sent = now;
}

/** When the client got the cookie. A record that is kept in the cookie itself does not know. */
function sentAt({ context, stored, record }: SessionState, timeout: number): number {
  if (context.clientStore === undefined || !stored) return record.cookie_sent;
  return context.clientStore.until - cookieMaxAge(timeout, context.config.session) * 1000;
}

/** The Set-Cookie values of a request, from the states that it has closed and the current one. */
export function responseCookies(states: readonly SessionState[]): MaybePromise<readonly string[]> {
  const current = states.at(-1);
  if (current === undefined) return [];
  warnOfLostCookie(current);
  if (current.closed) return removalCookies(states);
  const { clientStore } = current.context;
  const inClient = clientStore === undefined ? undefined : clientCookies(current, clientStore);
  return andThen(inClient, (cookies) => withRemovals(states, current, cookies ?? idCookies(current)));
}

/** Adds the removals of closed sessions, except where a cookie of the same path and domain replaces theirs. */
function withRemovals(
  states: readonly SessionState[],
  current: SessionState,
  cookies: readonly string[],
): readonly string[] {
  if (states.length === 1) return cookies;
  const { record, context } = current;
  const replaced = cookies.length === 0 ? undefined : cookieSettings(record, context.config.session);
  return [...removalCookies(states, replaced), ...cookies];
}

function idCookies({ id, cookieDue, identity, record, request, context }: SessionState): string[] {
  if (!cookieDue || identity === 'retired') return [];
  const config = context.config.session;
  const settings = cookieSettings(record, config);
  const max_age = settings.timeout === null ? null : cookieMaxAge(settings.timeout, config);
  return [setCookie({ name: config.cookie.name, value: id, max_age }, settings, request.secure)];
}
