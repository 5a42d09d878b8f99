// The session cookie as text, written for a response. Whether it is due is not decided here.

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

/** One cookie on its way to a visitor. */
export interface SentCookie {
  readonly name: string;
  readonly value: string;
  /** Seconds; null: until the browser closes. */
  readonly max_age: number | null;
}

/** What each setting of one session's cookie takes. */
const EXPECTED: Readonly<Record<keyof CookieSettings, { expected: string; holds(value: unknown): boolean }>> =
  {
    ...COOKIE_SETTINGS,
    timeout: {
      expected: 'seconds above 0, or null',
      holds: (v) => v === null || (Number.isFinite(v) && Number(v) > 0),
    },
  };

/** The settings that hold for one session's cookie. */
export function cookieSettings(record: SessionRecord, config: SessionConfig): CookieSettings {
  const { name: _name, when: _when, ...configured } = config.cookie;
  const timeout = record.remember ? config.remember_me_timeout || null : configured.timeout;
  return { ...configured, timeout, ...record.cookie };
}

/** The Set-Cookie value that gives a visitor a cookie. */
export function setCookie(cookie: SentCookie, settings: CookieSettings, https: boolean): string {
  const options = attributes(cookie.name, settings, https);
  if (cookie.max_age !== null) options.maxAge = cookie.max_age;
  return stringifySetCookie(cookie.name, cookie.value, options);
}

/** The Set-Cookie value that removes a cookie. */
export function removeCookie(name: string, settings: CookieSettings, https: boolean): string {
  return stringifySetCookie(name, '', {
    ...attributes(name, settings, https),
    maxAge: 0,
    expires: new Date(0),
  });
}

/** Refuses a setting that there is not, or of a wrong type. */
export function checkCookieSetting(name: string, value: unknown): asserts name is keyof CookieSettings {
  const expected = Object.hasOwn(EXPECTED, name) ? EXPECTED[name as keyof CookieSettings] : undefined;
  if (expected?.holds(value)) return;
  throw new Problem('session-cookie-invalid', {
    params: { name, expected: expected?.expected ?? nameMeantBy(name) },
  });
}

function nameMeantBy(name: string): string {
  const known = Object.keys(EXPECTED);
  const meant = meantCookieSetting(name, known);
  return meant === undefined ? `one of ${known.join(', ')}` : `'${meant}'`;
}

/** Refuses settings with which browsers would drop the cookie. */
export function checkCookieSettings(settings: CookieSettings, { cookie: { name } }: SessionConfig): void {
  const fault = refusedCookieSetting(name, settings);
  if (fault === undefined) return;
  const cookie = fault.key === 'same_site' ? `${name} (same_site "none")` : name;
  throw new Problem('session-cookie-refused', {
    params: { cookie, expected: fault.expected },
    value: 's.cookie',
  });
}

function attributes(name: string, settings: CookieSettings, https: boolean): SerializeOptions {
  const options: SerializeOptions = {
    path: settings.path,
    httpOnly: settings.http_only,
    secure: isSecureCookie(name, settings, https),
    sameSite: settings.same_site,
  };
  if (settings.domain !== null) options.domain = settings.domain;
  return options;
}
