// The Set-Cookie values that remove the cookies of closed sessions. A browser removes a cookie by its path and domain, which it
// does not send. So the cookies that the settings name are removed, and those under paths and domains that an older cookie may
// have.

import { isHostOnly } from '../../../config/cookie-rules.ts';
import type { CookieSettings } from '../format/session-record.ts';
import type { SessionState } from '../request/session-state.ts';
import { termCookieName } from './cookie-values.ts';
import { cookieSettings, removeCookie } from './session-cookie.ts';

/** Parts of a path that are tried: longer paths are seldom those of a cookie. */
const MAX_PARTS = 3;

/** Removals in one response: proxies limit the size of its head. */
const MAX_REMOVALS = 20;

/** The settings that, with its name, identify a cookie in a browser. */
type CookieScope = Pick<CookieSettings, 'path' | 'domain'>;

/**
 * The removals of the cookies of the closed states.
 * @param replaced the scope of a cookie of the same response, which needs no removal
 */
export function removalCookies(states: readonly SessionState[], replaced?: CookieScope): string[] {
  const removals = states
    .filter(({ closed, requestCookies }) => closed && (requestCookies?.count ?? 0) > 0)
    .flatMap((state) => removalsFor(state, replaced));
  return [...new Set(removals)].slice(0, MAX_REMOVALS);
}

function removalsFor(state: SessionState, replaced: CookieScope | undefined): string[] {
  const { record, request, context } = state;
  const config = context.config.session;
  const { name } = config.cookie;
  const usual = cookieSettings({ ...record, cookie: undefined }, config);
  const own = cookieSettings(record, config);
  const names = context.clientStore === undefined ? [name] : [name, termCookieName(name)];
  const scopes = [usual, own, ...olderScopes(state, [usual, own])];
  return scopes
    .filter(({ path, domain }) => path !== replaced?.path || domain !== replaced.domain)
    .flatMap((scope) =>
      names.map((cookie) =>
        removeCookie(cookie, { ...usual, path: scope.path, domain: scope.domain }, request.secure),
      ),
    );
}

/**
 * Scopes of further cookies that the browser would send again. A single cookie needs none if a store on the server has ended its
 * session.
 */
function olderScopes(
  { request, context, requestCookies }: SessionState,
  known: readonly CookieScope[],
): CookieScope[] {
  const isOne = (requestCookies?.count ?? 0) < 2;
  if ((isOne && context.clientStore === undefined) || isHostOnly(context.config.session.cookie.name))
    return [];
  const { path, host } = request.url ?? {};
  if (isOne && path === undefined) return [];
  const paths = ['/', ...known.map((scope) => scope.path), ...foldersOf(path ?? '/')];
  const domains = [null, ...known.map((scope) => scope.domain)];
  const near = paths.flatMap((one) => domains.map((domain) => ({ path: one, domain })));
  return isOne ? near : [...near, ...parentDomains(host ?? '').map((domain) => ({ path: '/', domain }))];
}

/** '/shop' and '/shop/cart' for '/shop/cart/3'. */
function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(1, -1).slice(0, MAX_PARTS);
  const folders = parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`);
  return folders.filter((folder) => /^\/[\x20-\x3a\x3d-\x7e]+$/.test(folder));
}

/** The host and the domains above it that may have cookies. */
function parentDomains(host: string): string[] {
  const labels = host.split('.');
  if (!/^[\w.-]+$/.test(host) || /^[\d.]+$/.test(host) || labels.includes('')) return [];
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
}
