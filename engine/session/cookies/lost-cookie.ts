// A session cookie that its browser will not send back to this page: each of its requests would begin a session of its own.
// That is told by the cookie's settings and by what the browser asked for; where that is not known, nothing is said.

import { isSecureCookie } from '../../../config/cookie-rules.ts';
import type { SessionConfig } from '../../../config/schema.ts';
import type { CookieSettings } from '../format/session-record.ts';
import type { SessionState } from '../request/session-state.ts';
import type { RequestedUrl } from '../session-types.ts';
import { cookieSettings } from './session-cookie.ts';

type Setting = 'secure' | 'same_site' | 'path' | 'domain' | 'name';

/** What is wrong with a setting, and which value is not. */
interface Loss {
  readonly setting: Setting;
  readonly why: string;
  readonly better: string | null;
}

/** Says once for each setting that a new session's cookie is lost by it. */
export function warnOfLostCookie(state: SessionState): void {
  const { site } = state;
  const loss = lossOf(state);
  if (loss === undefined) return;
  const said = `session.cookie ${loss.setting} ${JSON.stringify(site.config.session.cookie)}`;
  if (site.warned.has(said)) return;
  site.warned.add(said);
  site.log('warn', textOf(state, loss));
}

/** What is to be said of the cookie that this request's session needs, if it is lost. */
export function lostCookie(state: SessionState): string | undefined {
  const loss = lossOf(state);
  return loss === undefined ? undefined : textOf(state, loss);
}

function lossOf(state: SessionState): Loss | undefined {
  const isNew = state.identity === 'none' || state.identity === 'unknown';
  const isDue = state.announce || (state.changed && state.beginsUnannounced);
  if (!isNew || !isDue || state.closed) return undefined;
  const config = state.site.config.session;
  const settings = cookieSettings(state.record, config);
  const { path, domain } = settings;
  // What browsers ask for is made only if it matters.
  if (path === '/' && domain === null && !isSecureCookie(config.cookie.name, settings, false))
    return undefined;
  const { url: asked } = state.request;
  return asked === undefined ? undefined : lossBy(settings, config, asked);
}

function lossBy(
  settings: CookieSettings,
  { cookie: { name } }: SessionConfig,
  asked: RequestedUrl,
): Loss | undefined {
  const { secure, host, path } = asked;
  if (!secure && host !== undefined && !isLoopback(host) && isSecureCookie(name, settings, false)) {
    return { ...secureBy(name, settings), why: 'it is Secure, and the browser came by http' };
  }
  if (host !== undefined && settings.domain !== null && !isWithin(host, settings.domain)) {
    const why = `its domain '${settings.domain}' is not that of the host '${host}'`;
    return { setting: 'domain', why, better: null };
  }
  if (path === undefined || isBelow(path, settings.path)) return undefined;
  return { setting: 'path', why: `its path '${settings.path}' does not cover '${path}'`, better: '/' };
}

/** The setting that makes it Secure. */
function secureBy(name: string, { secure, same_site }: CookieSettings): Pick<Loss, 'setting' | 'better'> {
  if (secure === true) return { setting: 'secure', better: 'auto' };
  if (same_site === 'none') return { setting: 'same_site', better: 'lax' };
  return { setting: 'name', better: name.replace(/^__(?:Host|Secure)-/i, '') };
}

function textOf({ record, request, site }: SessionState, { setting, why, better }: Loss): string {
  const { name } = site.config.session.cookie;
  const isOwn = setting !== 'name' && record.cookie?.[setting] !== undefined;
  const value = JSON.stringify(better);
  const change = isOwn
    ? `Set s.cookie.${setting} to ${value} in the page`
    : `Write "session": { "cookie": { "${setting}": ${value} } } in the configuration`;
  const proxy = ['secure', 'same_site', 'name'].includes(setting)
    ? ', or "trust_proxy", if visitors come by https and a proxy says so in X-Forwarded-Proto'
    : '';
  return (
    `page '${request.page}' gives the session cookie '${name}' to a browser that will not send it back: ${why}. ` +
    `So each request of this page begins another session. ${change}${proxy}.`
  );
}

/** Browsers take a Secure cookie of this machine without https. */
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
