// The session cookie as text: read from a request's header, written for a response. Whether it is due is not decided here.

import { parseCookie, type SerializeOptions, stringifySetCookie } from 'cookie';
import type { SessionConfig } from '../../config/schema.ts';
import { Problem } from '../diagnostics/problem.ts';
import { isIdShaped } from './id.ts';
import { cookieMaxAge } from './lifetime.ts';
import type { CookieSettings, SessionRecord } from './record.ts';

/** What each setting takes. */
const EXPECTED: Readonly<Record<keyof CookieSettings, { text: string; holds(value: unknown): boolean }>> = {
  path: { text: 'a text beginning with /', holds: (v) => typeof v === 'string' && /^\/[^;\s]*$/.test(v) },
  domain: {
    text: 'a host name or null',
    holds: (v) => v === null || (typeof v === 'string' && /^[\w.-]+$/.test(v)),
  },
  secure: { text: "true, false or 'auto'", holds: (v) => typeof v === 'boolean' || v === 'auto' },
  http_only: { text: 'true or false', holds: (v) => typeof v === 'boolean' },
  same_site: {
    text: "'strict', 'lax' or 'none'",
    holds: (v) => v === 'strict' || v === 'lax' || v === 'none',
  },
  timeout: {
    text: 'seconds above 0, or null',
    holds: (v) => v === null || (Number.isFinite(v) && Number(v) > 0),
  },
};

/** The session id that a Cookie header carries: undefined without one, '' for what is no id. */
export function presentedId(header: string | undefined, name: string): string | undefined {
  if (header === undefined || !header.includes(name)) return undefined;
  const value = parseCookie(header)[name];
  if (value === undefined) return undefined;
  return isIdShaped(value) ? value : '';
}

/** The settings that hold for one session's cookie. */
export function cookieSettings(record: SessionRecord, config: SessionConfig): CookieSettings {
  const { name: _, ...configured } = config.cookie;
  const timeout = record.remember ? config.remember_me_timeout || null : configured.timeout;
  return { ...configured, timeout, ...record.cookie };
}

/** The Set-Cookie value that gives a visitor an id. */
export function setCookie(
  id: string,
  settings: CookieSettings,
  config: SessionConfig,
  https: boolean,
): string {
  const options = attributes(settings, https);
  if (settings.timeout !== null) options.maxAge = cookieMaxAge(settings.timeout, config);
  return stringifySetCookie(config.cookie.name, id, options);
}

/** The Set-Cookie value that removes the cookie. */
export function removeCookie(settings: CookieSettings, config: SessionConfig, https: boolean): string {
  return stringifySetCookie(config.cookie.name, '', {
    ...attributes(settings, https),
    maxAge: 0,
    expires: new Date(0),
  });
}

/** Refuses a setting that there is not, or of a wrong type. */
export function checkCookieSetting(name: string, value: unknown): asserts name is keyof CookieSettings {
  const expected = Object.hasOwn(EXPECTED, name) ? EXPECTED[name as keyof CookieSettings] : undefined;
  if (expected?.holds(value)) return;
  const known = expected?.text ?? Object.keys(EXPECTED).join(', ');
  throw new Problem('session-cookie-invalid', { holes: { name, expected: known } });
}

function attributes(settings: CookieSettings, https: boolean): SerializeOptions {
  const options: SerializeOptions = {
    path: settings.path,
    httpOnly: settings.http_only,
    secure: settings.secure === 'auto' ? https : settings.secure,
    sameSite: settings.same_site,
  };
  if (settings.domain !== null) options.domain = settings.domain;
  return options;
}
