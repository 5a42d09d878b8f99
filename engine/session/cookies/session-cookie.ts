// The settings of a session cookie, and its Set-Cookie values.

import { type SerializeOptions, stringifySetCookie } from 'cookie';
import {
  COOKIE_SETTINGS,
  isSecureCookie,
  meantCookieSetting,
  refusedCookieSetting,
} from '../../../config/cookie-rules.ts';
import type { SessionConfig } from '../../../config/schema.ts';
import { Problem } from '../../diagnostics/problem.ts';
import type { CookieSettings, SessionRecord } from '../format/session-record.ts';

/** A cookie of a response. */
export interface SentCookie {
  readonly name: string;
  readonly value: string;
  /** Seconds; null: the browser removes the cookie when it closes. */
  readonly max_age: number | null;
}

/** The values of each setting of s.cookie. */
const EXPECTED: Readonly<Record<keyof CookieSettings, { expected: string; holds(value: unknown): boolean }>> =
  {
    ...COOKIE_SETTINGS,
    timeout: {
      expected: 'seconds above 0, or null',
      holds: (v) => v === null || (Number.isFinite(v) && Number(v) > 0),
    },
  };

/** The configured settings, with the changes of the session. */
export function cookieSettings(record: SessionRecord, config: SessionConfig): CookieSettings {
  const { name: _name, when: _when, ...configured } = config.cookie;
  const timeout = record.remember ? config.remember_me_timeout || null : configured.timeout;
  return { ...configured, timeout, ...record.cookie };
}

/** A Set-Cookie value. */
export function setCookie(cookie: SentCookie, settings: CookieSettings, https: boolean): string {
  const options = cookieAttributes(cookie.name, settings, https);
  if (cookie.max_age !== null) options.maxAge = cookie.max_age;
  return stringifySetCookie(cookie.name, cookie.value, options);
}

/** A Set-Cookie value that removes a cookie. */
export function removeCookie(name: string, settings: CookieSettings, https: boolean): string {
  return stringifySetCookie(name, '', {
    ...cookieAttributes(name, settings, https),
    maxAge: 0,
    expires: new Date(0),
  });
}

/** @throws Problem if there is no such setting, or if the value has a wrong type */
export function checkCookieSetting(name: string, value: unknown): asserts name is keyof CookieSettings {
  const expected = Object.hasOwn(EXPECTED, name) ? EXPECTED[name as keyof CookieSettings] : undefined;
  if (expected?.holds(value)) return;
  throw new Problem('session-cookie-invalid', {
    params: { name, expected: expected?.expected ?? expectedName(name) },
  });
}

function expectedName(name: string): string {
  const known = Object.keys(EXPECTED);
  const meant = meantCookieSetting(name, known);
  return meant === undefined ? `one of ${known.join(', ')}` : `'${meant}'`;
}

/** @throws Problem if browsers would refuse a cookie with these settings */
export function checkCookieSettings(settings: CookieSettings, { cookie: { name } }: SessionConfig): void {
  const fault = refusedCookieSetting(name, settings);
  if (fault === undefined) return;
  const cookie = fault.key === 'same_site' ? `${name} (same_site "none")` : name;
  throw new Problem('session-cookie-refused', {
    params: { cookie, expected: fault.expected },
    value: 's.cookie',
  });
}

function cookieAttributes(name: string, settings: CookieSettings, https: boolean): SerializeOptions {
  const options: SerializeOptions = {
    path: settings.path,
    httpOnly: settings.http_only,
    secure: isSecureCookie(name, settings, https),
    sameSite: settings.same_site,
  };
  if (settings.domain !== null) options.domain = settings.domain;
  return options;
}
