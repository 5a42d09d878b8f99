// The valid values of each cookie setting, and the combinations that browsers refuse (draft-ietf-httpbis-rfc6265bis,
// sections 4.1.3 and 5.7). The configuration, `s.cookie` and RESPONSE.setCookie are checked with the serializer that
// writes the header.

import { stringifySetCookie } from 'cookie';
import { nearestName } from '../engine/diagnostics/nearest.ts';

/** The settings of a cookie that browsers judge. */
export interface CookieRules {
  readonly path: string;
  readonly domain: string | null;
  readonly secure: boolean | 'auto';
  readonly http_only: boolean;
  readonly same_site: 'strict' | 'lax' | 'none';
}

/** An invalid setting, with its valid values. */
export interface CookieFault {
  readonly key: keyof CookieRules | 'name';
  readonly expected: string;
}

interface CookieSettingRule {
  readonly expected: string;
  holds(value: unknown): boolean;
}

/** The valid values of each setting, apart from the others. */
export const COOKIE_SETTINGS: Readonly<Record<keyof CookieRules, CookieSettingRule>> = {
  path: {
    expected: 'a text beginning with /, of ASCII characters without ; and <',
    holds: (value) => typeof value === 'string' && value.startsWith('/') && isWritable({ path: value }),
  },
  domain: {
    expected: 'a host name or null',
    holds: (value) =>
      value === null || (typeof value === 'string' && value !== '' && isWritable({ domain: value })),
  },
  secure: {
    expected: "true, false or 'auto'",
    holds: (value) => typeof value === 'boolean' || value === 'auto',
  },
  http_only: { expected: 'true or false', holds: (value) => typeof value === 'boolean' },
  same_site: {
    expected: "'strict', 'lax' or 'none'",
    holds: (value) => value === 'strict' || value === 'lax' || value === 'none',
  },
};

/** Names for `timeout` in other programs. */
const FOREIGN_TIMEOUTS: readonly string[] = ['maxAge', 'max_age', 'maxage', 'expires'];

/** The setting that an unknown name probably stands for. */
export function meantCookieSetting(name: string, known: Iterable<string>): string | undefined {
  return FOREIGN_TIMEOUTS.includes(name) ? 'timeout' : nearestName(name, known);
}

/** The first setting with an invalid value. */
export function wrongCookieSetting(settings: CookieRules): CookieFault | undefined {
  for (const [key, value] of Object.entries(settings)) {
    if (!isCookieSetting(key) || COOKIE_SETTINGS[key].holds(value)) continue;
    return { key, expected: COOKIE_SETTINGS[key].expected };
  }
  return undefined;
}

/** The first setting because of which browsers would drop the cookie. */
export function refusedCookieSetting(
  name: string,
  { path, domain, secure, same_site }: CookieRules,
): CookieFault | undefined {
  if (isHostOnly(name) && (path !== '/' || domain !== null)) {
    return { key: 'name', expected: 'path "/" and no domain' };
  }
  if (secure !== false || !mustBeSecure(name, same_site)) return undefined;
  return { key: same_site === 'none' ? 'same_site' : 'name', expected: 'secure' };
}

/**
 * Whether the cookie gets the attribute Secure. With `auto` it does over https, and if browsers would drop it
 * otherwise.
 */
export function isSecureCookie(
  name: string,
  { secure, same_site }: Pick<CookieRules, 'secure' | 'same_site'>,
  https: boolean,
): boolean {
  return secure === 'auto' ? https || mustBeSecure(name, same_site) : secure;
}

/** Whether browsers accept the cookie only with the attribute Secure. */
export function mustBeSecure(name: string, sameSite: string): boolean {
  return sameSite === 'none' || /^__(Host|Secure)-/i.test(name);
}

/** Whether browsers accept a cookie of this name only with path "/" and no domain. */
export function isHostOnly(name: string): boolean {
  return /^__Host-/i.test(name);
}

function isCookieSetting(key: string): key is keyof CookieRules {
  return Object.hasOwn(COOKIE_SETTINGS, key);
}

function isWritable(setting: { readonly path?: string; readonly domain?: string }): boolean {
  try {
    stringifySetCookie('name', 'value', setting);
    return true;
  } catch {
    return false;
  }
}
