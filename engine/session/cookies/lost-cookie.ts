// Detects a session cookie that the browser will not send back to this page, so that each request would begin another session. The
// settings of the cookie and the URL that the browser requested tell. If the URL is not known, there is no warning.

import { isSecureCookie } from '../../../config/cookie-rules.ts';
import type { SessionConfig } from '../../../config/schema.ts';
import type { CookieSettings } from '../format/session-record.ts';
import type { SessionState } from '../request/session-state.ts';
import type { RequestedUrl } from '../session-types.ts';
import { cookieSettings } from './session-cookie.ts';

type Setting = 'secure' | 'same_site' | 'path' | 'domain' | 'name';

/** The setting that loses the cookie. */
interface CookieLoss {
  readonly setting: Setting;
  readonly reason: string;
  /** A value with which the cookie comes back. */
  readonly better: string | null;
}

/** Logs, once for each setting, that the cookie of a new session is lost. */
export function warnOfLostCookie(state: SessionState): void {
  const { context } = state;
  const loss = lossFor(state);
  if (loss === undefined) return;
  const warning = `session.cookie ${loss.setting} ${JSON.stringify(context.config.session.cookie)}`;
  if (context.warned.has(warning)) return;
  context.warned.add(warning);
  context.log('warn', lossText(state, loss));
}

/** The warning about the cookie of this request; undefined: it comes back, or nothing is known. */
export function lostCookie(state: SessionState): string | undefined {
  const loss = lossFor(state);
  return loss === undefined ? undefined : lossText(state, loss);
}

function lossFor(state: SessionState): CookieLoss | undefined {
  const isDue = state.cookieDue || (state.changed && state.lacksCookie);
  if (!state.isNew || !isDue || state.closed) return undefined;
  const config = state.context.config.session;
  const settings = cookieSettings(state.record, config);
  const { path, domain } = settings;
  // The URL is parsed on demand: such a cookie always comes back.
  if (path === '/' && domain === null && !isSecureCookie(config.cookie.name, settings, false))
    return undefined;
  const { url: asked } = state.request;
  return asked === undefined ? undefined : lossUnder(settings, config, asked);
}

function lossUnder(
  settings: CookieSettings,
  { cookie: { name } }: SessionConfig,
  asked: RequestedUrl,
): CookieLoss | undefined {
  const { secure, host, path } = asked;
  if (!secure && host !== undefined && !isLoopback(host) && isSecureCookie(name, settings, false)) {
    return { ...secureBy(name, settings), reason: 'it is Secure, and the browser came by http' };
  }
  if (host !== undefined && settings.domain !== null && !isWithin(host, settings.domain)) {
    const reason = `its domain '${settings.domain}' is not that of the host '${host}'`;
    return { setting: 'domain', reason, better: null };
  }
  if (path === undefined || isBelow(path, settings.path)) return undefined;
  return { setting: 'path', reason: `its path '${settings.path}' does not cover '${path}'`, better: '/' };
}

/** The setting because of which the cookie is Secure. */
function secureBy(
  name: string,
  { secure, same_site }: CookieSettings,
): Pick<CookieLoss, 'setting' | 'better'> {
  if (secure === true) return { setting: 'secure', better: 'auto' };
  if (same_site === 'none') return { setting: 'same_site', better: 'lax' };
  return { setting: 'name', better: name.replace(/^__(?:Host|Secure)-/i, '') };
}

function lossText(
  { record, request, context }: SessionState,
  { setting, reason, better }: CookieLoss,
): string {
  const { name } = context.config.session.cookie;
  const isOwn = setting !== 'name' && record.cookie?.[setting] !== undefined;
  const value = JSON.stringify(better);
  const change = isOwn
    ? `Set s.cookie.${setting} to ${value} in the page`
    : `Write "session": { "cookie": { "${setting}": ${value} } } in the configuration`;
  const proxy = ['secure', 'same_site', 'name'].includes(setting)
    ? ', or "trust_proxy", if visitors come by https and a proxy says so in X-Forwarded-Proto'
    : '';
  return (
    `page '${request.page}' gives the session cookie '${name}' to a browser that will not send it back: ${reason}. ` +
    `So each request of this page begins another session. ${change}${proxy}.`
  );
}

/** Browsers accept a Secure cookie of a loopback host without https. */
function isLoopback(host: string): boolean {
  return /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/.test(host);
}

/** RFC 6265, section 5.1.3. */
function isWithin(host: string, domain: string): boolean {
  const bare = domain.replace(/^\./, '').toLowerCase();
  return host === bare || (host.endsWith(`.${bare}`) && !/^[\d.]+$/.test(host));
}

/** RFC 6265, section 5.1.4. */
function isBelow(path: string, cookiePath: string): boolean {
  if (!path.startsWith(cookiePath)) return false;
  return path.length === cookiePath.length || cookiePath.endsWith('/') || path[cookiePath.length] === '/';
}
