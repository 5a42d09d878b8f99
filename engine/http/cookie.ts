// One Set-Cookie value from a name, a value and options in the configuration's words.

import { type SetCookie, stringifySetCookie } from 'cookie';
import { Problem } from '../diagnostics/problem.ts';
import type { CookieOptions } from '../runtime/names.ts';

/**
 * The value of a Set-Cookie header. Path `/`, SameSite `lax`, not readable by scripts unless said otherwise.
 * @param secure whether the visitor came by https, for `secure: 'auto'`
 * @throws Problem `response-cookie`
 */
export function setCookieValue(name: string, value: string, options: CookieOptions, secure: boolean): string {
  try {
    return stringifySetCookie(attributesOf(name, value, options, secure));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Problem('response-cookie', { holes: { name, reason }, cause });
  }
}

/** The value that removes a cookie; path and domain must be those it was set with. */
export function deletedCookieValue(name: string, options: CookieOptions, secure: boolean): string {
  return setCookieValue(name, '', { ...options, timeout: 0 }, secure);
}

function attributesOf(name: string, value: string, options: CookieOptions, secure: boolean): SetCookie {
  const wanted = options.secure ?? 'auto';
  const attributes: SetCookie = {
    name,
    value: String(value),
    path: options.path ?? '/',
    httpOnly: options.http_only ?? true,
    secure: wanted === 'auto' ? secure : wanted,
    sameSite: options.same_site ?? 'lax',
  };
  if (options.domain != null) attributes.domain = options.domain;
  if (options.timeout != null) {
    attributes.maxAge = Math.ceil(options.timeout);
    if (options.timeout <= 0) attributes.expires = new Date(0);
  }
  return attributes;
}
