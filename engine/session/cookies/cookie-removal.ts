// The Set-Cookie values that take the cookies of closed sessions away. A browser removes a cookie only by its path and domain,
// which it does not send: those that the settings name are removed, and those that an older one may have.

import { isHostOnly } from '../../../config/cookie-prefix.ts';
import type { CookieSettings } from '../format/session-record.ts';
import type { SessionState } from '../request/session-state.ts';
import { termCookieName } from './cookie-values.ts';
import { cookieSettings, removeCookie } from './session-cookie.ts';

/** Longer paths than of so many parts are seldom those of a cookie. */
const MOST_PARTS = 3;

/** All the removals of one response have to fit into what proxies take of a head. */
const MOST_REMOVALS = 20;

/** Where a cookie is in a browser, beside its name. */
type Spot = Pick<CookieSettings, 'path' | 'domain'>;

/** Takes away the cookies of the closed ones among these sessions; not the one that is replaced by another. */
export function removalsOf(states: readonly SessionState[], replaced?: Spot): string[] {
  const removals = states
    .filter(({ closed, presented }) => closed && presented !== undefined && presented.count > 0)
    .flatMap((state) => removalsFor(state, replaced));
  return [...new Set(removals)].slice(0, MOST_REMOVALS);
}

function removalsFor(state: SessionState, replaced: Spot | undefined): string[] {
  const { record, request, site } = state;
  const config = site.config.session;
  const { name } = config.cookie;
  const usual = cookieSettings({ ...record, cookie: undefined }, config);
  const own = cookieSettings(record, config);
  const names = site.clientStore === undefined ? [name] : [name, termCookieName(name)];
  const spots = [usual, own, ...olderSpots(state, [usual, own])];
  return spots
    .filter(({ path, domain }) => path !== replaced?.path || domain !== replaced.domain)
    .flatMap((spot) =>
      names.map((cookie) =>
        removeCookie(cookie, { ...usual, path: spot.path, domain: spot.domain }, request.secure),
      ),
    );
}

/**
 * Where cookies may be that came beside that of the session, or in its place: each would be sent again. A store on the server
 * has ended what is in a single one.
 */
function olderSpots({ request, site, presented }: SessionState, known: readonly Spot[]): Spot[] {
  const isOne = presented === undefined || presented.count < 2;
  if ((isOne && site.clientStore === undefined) || isHostOnly(site.config.session.cookie.name)) return [];
  const { path, host } = request.url ?? {};
  if (isOne && path === undefined) return [];
  const paths = ['/', ...known.map((spot) => spot.path), ...foldersOf(path ?? '/')];
  const domains = [null, ...known.map((spot) => spot.domain)];
  const near = paths.flatMap((one) => domains.map((domain) => ({ path: one, domain })));
  return isOne ? near : [...near, ...parentDomains(host ?? '').map((domain) => ({ path: '/', domain }))];
}

/** '/shop', '/shop/cart' of '/shop/cart/3'. */
function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(1, -1).slice(0, MOST_PARTS);
  const folders = parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`);
  return folders.filter((folder) => /^\/[\x20-\x3a\x3d-\x7e]+$/.test(folder));
}

/** The host as a domain, and those above it that may have cookies. */
function parentDomains(host: string): string[] {
  const labels = host.split('.');
  if (!/^[\w.-]+$/.test(host) || /^[\d.]+$/.test(host) || labels.includes('')) return [];
  return labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'));
}
