// The settings that the handler computes from a configuration, once for each configuration and not for each request.

import { parsedCrossSite } from '../../config/cross-site-entry.ts';
import type { Config } from '../../config/schema.ts';
import { publicConfig } from '../../config/secrets.ts';
import { type IsSecret, secretNames } from '../forms/secret-fields.ts';
import { HostRules } from './host-rules.ts';
import { type ProxyTrust, proxyTrust } from './proxy-trust.ts';
import { baseHeaders, isAscii, SESSION_HEADERS } from './response-headers.ts';

/** A configuration, prepared for requests. */
export interface HandlerSettings {
  readonly config: Config;
  /** CONFIG of pages: frozen, without secrets. */
  readonly public_config: unknown;
  /** Whether the name of a field makes it secret. */
  readonly isSecret: IsSecret;
  readonly hosts: HostRules;
  readonly trust: ProxyTrust;
  /** Paths and origins of `cross_site`. */
  readonly cross_site: ReadonlySet<string>;
  /** Headers of every response: name, value, name, value … */
  readonly headers: readonly string[];
  /** Whether these headers consist of ASCII characters. */
  readonly ascii: boolean;
  /** The headers of pages that use the session; a Cache-Control of the configuration takes precedence. */
  readonly session_headers: readonly string[];
}

/**
 * Prepares a configuration before it is put into force; if this throws, the configuration is refused.
 * @throws TypeError for a wrong entry. For a loaded configuration, config/rules.ts has found it before with its position.
 */
export function handlerSettings(config: Config): HandlerSettings {
  const headers = baseHeaders(config.headers).flat;
  return {
    config,
    public_config: publicConfig(config),
    isSecret: secretNames(config.secret_fields),
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
