// What the handler derives from a configuration, once per configuration and not per request.

import { parsedCrossSite } from '../../config/cross-site-entry.ts';
import type { Config } from '../../config/schema.ts';
import { publicConfig } from '../../config/secrets.ts';
import { HostRules } from './host-rules.ts';
import { type ProxyTrust, proxyTrust } from './proxy-trust.ts';
import { baseHeaders, isAscii, SESSION_HEADERS } from './response-headers.ts';

/** A configuration made ready for requests. */
export interface HandlerSettings {
  readonly config: Config;
  /** What pages get as CONFIG: frozen, without secrets. */
  readonly public_config: unknown;
  readonly hosts: HostRules;
  readonly trust: ProxyTrust;
  /** Paths and origins of `cross_site`. */
  readonly cross_site: ReadonlySet<string>;
  /** Headers of every response: name, value, name, value … */
  readonly headers: readonly string[];
  /** Whether these have ASCII characters only. */
  readonly ascii: boolean;
  /** The same for pages that used the session; what the configuration says about caches wins. */
  readonly session_headers: readonly string[];
}

/**
 * Makes a configuration ready. This happens before it is put into force: a failure refuses it.
 * @throws TypeError for what cannot be used; config/rules.ts has refused that with its place, since it uses the same parsers
 */
export function handlerSettings(config: Config): HandlerSettings {
  const headers = baseHeaders(config.headers).flat;
  return {
    config,
    public_config: publicConfig(config),
    hosts: new HostRules(config),
    trust: proxyTrust(config.trust_proxy),
    cross_site: new Set(config.cross_site.map(crossSiteEntry)),
    headers,
    ascii: isAscii(headers),
    session_headers: withMissing(headers, SESSION_HEADERS),
  };
}

function crossSiteEntry(text: string): string {
  const entry = parsedCrossSite(text);
  if (entry === undefined)
    throw new TypeError(`cross_site has ${JSON.stringify(text)}, which is no path or origin`);
  return entry;
}

function withMissing(headers: readonly string[], more: readonly string[]): string[] {
  const result = [...headers];
  const names = new Set(headers.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase()));
  for (let index = 0; index + 1 < more.length; index += 2) {
    const [name = '', value = ''] = more.slice(index, index + 2);
    if (!names.has(name.toLowerCase())) result.push(name, value);
  }
  return result;
}
