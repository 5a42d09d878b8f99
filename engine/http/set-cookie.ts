// The value of a Set-Cookie header, from a name, a value and options that are named as in the configuration.

import { type SetCookie, stringifySetCookie } from 'cookie';
import {
  COOKIE_SETTINGS,
  type CookieFault,
  type CookieRules,
  isSecureCookie,
  meantCookieSetting,
  refusedCookieSetting,
  wrongCookieSetting,
} from '../../config/cookie-rules.ts';
import { refuseUnknownOptions } from '../diagnostics/known-options.ts';
import { Problem } from '../diagnostics/problem.ts';
import { messageOf } from '../diagnostics/thrown.ts';
import type { CookieOptions } from '../runtime/page-types.ts';

const OPTIONS = [...Object.keys(COOKIE_SETTINGS), 'timeout'];
const DEFAULTS: CookieRules = { path: '/', domain: null, secure: 'auto', http_only: true, same_site: 'lax' };

/**
 * The value of a Set-Cookie header. By default its path is `/`, SameSite is `lax`, and scripts cannot read the cookie.
 * @param call the call as the page writes it, for errors
 * @param https whether the visitor came by https, for `secure: 'auto'`
 * @throws Problem `response-cookie`, `unknown-option`
 */
export function setCookieValue(
  { name, value, call }: { readonly name: string; readonly value: string; readonly call: string },
  options: CookieOptions,
  https: boolean,
): string {
  refuseUnknownOptions(call, options, OPTIONS, meantCookieSetting);
  const { timeout = null, ...given } = options;
  const rules = withDefaults(given);
  refuseFault(name, wrongCookieSetting(rules) ?? refusedCookieSetting(name, rules));
  if (timeout !== null && !Number.isFinite(timeout)) {
    throw refused(name, 'timeout must be a number of seconds or null');
  }
  try {
    return stringifySetCookie(attributesOf(name, value, { ...rules, timeout }, https));
  } catch (cause) {
    throw refused(name, messageOf(cause), cause);
  }
}

/** The value that removes a cookie. Path and domain must be the same as when it was set. */
export function deletedCookieValue(name: string, options: CookieOptions, https: boolean): string {
  const call = 'RESPONSE.deleteCookie';
  refuseUnknownOptions(call, options, OPTIONS, meantCookieSetting);
  return setCookieValue({ name, value: '', call }, { ...options, timeout: 0 }, https);
}

/** An option with the value undefined counts as absent. */
function withDefaults(options: CookieOptions): CookieRules {
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return { ...DEFAULTS, ...given };
}

function refuseFault(name: string, fault: CookieFault | undefined): void {
  if (fault !== undefined) throw refused(name, `${fault.key} must be ${fault.expected}`);
}

function refused(name: string, reason: string, cause?: unknown): Problem {
  return new Problem('response-cookie', { params: { name, reason }, cause });
}

function attributesOf(
  name: string,
  value: string,
  { timeout, ...rules }: CookieRules & { readonly timeout: number | null },
  https: boolean,
): SetCookie {
  const attributes: SetCookie = {
    name,
    value: String(value),
    path: rules.path,
    httpOnly: rules.http_only,
    secure: isSecureCookie(name, rules, https),
    sameSite: rules.same_site,
  };
  if (rules.domain !== null) attributes.domain = rules.domain;
  if (timeout !== null) {
    attributes.maxAge = Math.ceil(timeout);
    if (timeout <= 0) attributes.expires = new Date(0);
  }
  return attributes;
}
