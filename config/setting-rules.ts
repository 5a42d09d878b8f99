// Rules between settings that are valid on their own, and rules that no JSON Schema can express: one function for each,
// in one list.

import { isAbsolute, normalize, sep } from 'node:path';
import { type Place, Problem } from '../engine/diagnostics/problem.ts';
import { parsedRange } from './address-range.ts';
import { refusedCookieSetting, wrongCookieSetting } from './cookie-rules.ts';
import { parsedCrossSite } from './cross-site-entry.ts';
import { errorPageKind } from './error-page-kind.ts';
import { parsedHostPattern } from './host-name.ts';
import { settingOn, valueAt } from './leaves.ts';
import type { Config } from './schema.ts';
import { shown } from './secrets.ts';

/** Gives the position of a setting, or of a value inside it, and words that name its source. */
export type Whereabouts = (key: string, inside?: readonly string[]) => Place & { readonly words: string };

type Rule = (config: Config, where: Whereabouts) => Problem | undefined;

/**
 * Checks all rules.
 * @throws Problem about the first rule that is broken
 */
export function checkRules(config: Config, where: Whereabouts): void {
  for (const rule of RULES) {
    const problem = rule(config, where);
    if (problem !== undefined) throw problem;
  }
}

const RULES: readonly Rule[] = [
  function entriesAreUsable(config, where) {
    for (const { key, entries, parsed } of PARSED_LISTS) {
      const wrong = entries(config).findIndex((entry) => parsed(entry) === undefined);
      if (wrong !== -1) return wrongEntry(key, wrong, entries(config)[wrong], where);
    }
    return undefined;
  },

  function headersAreNotComputed({ headers, static: { headers: files } }, where) {
    const name = Object.keys(headers).find((header) => isComputed(header) || /^content-type$/i.test(header));
    if (name !== undefined) return computed('headers', name, where('headers', [name]));
    const ofFiles = fileHeaders(files).find(({ key }) => isComputed(key));
    return ofFiles === undefined ? undefined : computed('static.headers', ofFiles.key, where('static'));
  },

  function workersShareSessions({ workers, persistent_session }, where) {
    if (workers === 1 || persistent_session !== false) return undefined;
    return broken('config-workers-need-store', 'workers', workers, where);
  },

  function cookieCanBeWritten({ session: { cookie } }, where) {
    const fault = wrongCookieSetting(cookie);
    if (fault === undefined) return undefined;
    const { words, ...place } = where(`session.cookie.${fault.key}`);
    const params = { value: shown(cookie[fault.key]), source: words, expected: fault.expected };
    const { description: hint } = settingOn(['session', 'cookie', fault.key]).setting;
    return new Problem('config-wrong-value', {
      ...place,
      params: { ...params, key: `session.cookie.${fault.key}`, hint },
    });
  },

  function cookieIsTakenByBrowsers({ session: { cookie } }, where) {
    const fault = refusedCookieSetting(cookie.name, cookie);
    if (fault === undefined) return undefined;
    const code = fault.expected === 'secure' ? 'config-cookie-not-secure' : 'config-cookie-host-prefix';
    return broken(code, `session.cookie.${fault.key}`, cookie[fault.key], where);
  },

  function errorPagesMayBeShown({ error_pages }, where) {
    const wrong = Object.entries(error_pages).find(([, page]) => !mayBeErrorPage(page));
    if (wrong === undefined) return undefined;
    const [status, page] = wrong;
    const { words, ...place } = where('error_pages', [status]);
    const params = { key: `error_pages.${status}`, value: shown(page), source: words };
    const expected = 'a page (.pih) or a file of HTML (.html) below root_dir';
    const hint = 'Any other file would be sent to visitors as it is.';
    return new Problem('config-wrong-value', {
      ...place,
      value: page,
      params: { ...params, expected, hint },
    });
  },
];

/** Lists whose entries are parsed before they are used. An entry that cannot be parsed is refused here. */
const PARSED_LISTS: readonly {
  readonly key: string;
  readonly entries: (config: Config) => readonly string[];
  readonly parsed: (entry: string) => unknown;
}[] = [
  {
    key: 'trust_proxy',
    entries: ({ trust_proxy }) => (typeof trust_proxy === 'boolean' ? [] : trust_proxy),
    parsed: parsedRange,
  },
  { key: 'allowed_hosts', entries: ({ allowed_hosts }) => allowed_hosts, parsed: parsedHostPattern },
  { key: 'cross_site', entries: ({ cross_site }) => cross_site, parsed: parsedCrossSite },
];

function wrongEntry(key: string, index: number, value: unknown, where: Whereabouts): Problem {
  const { words, ...place } = where(key, [String(index)]);
  const { setting } = settingOn([key]);
  const expected = setting.kind === 'leaf' ? (setting.expected_entry ?? setting.expected) : '';
  const params = { key: `${key}[${index}]`, value: shown(value), source: words, expected };
  return new Problem('config-wrong-value', {
    ...place,
    value,
    params: { ...params, hint: setting.description },
  });
}

/** Whether the server computes a header for each response; a fixed value would break every response. */
function isComputed(name: string): boolean {
  return /^(?:content-length|transfer-encoding|connection|keep-alive|trailer|upgrade|te|content-range)$/i.test(
    name,
  );
}

function computed(key: string, name: string, { words, ...place }: ReturnType<Whereabouts>): Problem {
  return new Problem('config-computed-header', {
    ...place,
    value: name,
    params: { key, name, source: words },
  });
}

/** The headers in `static.headers`, whose shape the JSON Schema has checked. */
function fileHeaders(rules: unknown): { readonly key: string }[] {
  const lists = Array.isArray(rules) ? rules.map((rule: unknown) => valueAt(rule, ['headers'])) : [];
  return lists.flat().flatMap((header) => {
    const key = valueAt(header, ['key']);
    return typeof key === 'string' ? [{ key }] : [];
  });
}

function mayBeErrorPage(name: string): boolean {
  const isOutside = isAbsolute(name) || normalize(name).split(sep)[0] === '..';
  return !isOutside && errorPageKind(name) !== undefined;
}

function broken(
  code: 'config-workers-need-store' | 'config-cookie-not-secure' | 'config-cookie-host-prefix',
  key: string,
  value: unknown,
  where: Whereabouts,
): Problem {
  const { words, ...place } = where(key);
  const name = key.split('.').at(-1) ?? key;
  return new Problem(code, { ...place, value, params: { key: name, value: shown(value), source: words } });
}
