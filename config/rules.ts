// What must hold between settings that are each valid: one function a rule, all in one list.

import { type Place, Problem } from '../engine/diagnostics/problem.ts';
import { isHostOnly, mustBeSecure } from './cookie-prefix.ts';
import type { Config } from './schema.ts';
import { shown } from './secrets.ts';

/** Says for a setting where it was given and how to name that source. */
export type Whereabouts = (key: string) => Place & { readonly words: string };

type Rule = (config: Config, where: Whereabouts) => Problem | undefined;

/** Throws a Problem about the first rule that is broken. */
export function checkRules(config: Config, where: Whereabouts): void {
  for (const rule of RULES) {
    const problem = rule(config, where);
    if (problem !== undefined) throw problem;
  }
}

const RULES: readonly Rule[] = [
  function workersShareSessions({ workers, persistent_session }, where) {
    if (workers === 1 || persistent_session !== false) return undefined;
    return broken('config-workers-need-store', 'workers', workers, where);
  },

  function crossSiteCookieIsSecure({ session: { cookie } }, where) {
    if (cookie.same_site !== 'none' || cookie.secure !== false) return undefined;
    return broken('config-cookie-not-secure', 'session.cookie.same_site', cookie.same_site, where);
  },

  function prefixedCookieIsSecure({ session: { cookie } }, where) {
    if (!mustBeSecure(cookie.name, 'lax') || cookie.secure !== false) return undefined;
    return broken('config-cookie-not-secure', 'session.cookie.name', cookie.name, where);
  },

  function hostCookieIsForTheWholeHost({ session: { cookie } }, where) {
    if (!isHostOnly(cookie.name) || (cookie.path === '/' && cookie.domain === null)) return undefined;
    return broken('config-cookie-host-prefix', 'session.cookie.name', cookie.name, where);
  },
];

function broken(
  code: 'config-workers-need-store' | 'config-cookie-not-secure' | 'config-cookie-host-prefix',
  key: string,
  value: unknown,
  where: Whereabouts,
): Problem {
  const { words, ...place } = where(key);
  const name = key.split('.').at(-1) ?? key;
  return new Problem(code, { ...place, value, holes: { key: name, value: shown(value), source: words } });
}
