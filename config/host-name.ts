// Parses host names in the Host header of a request and in `allowed_hosts`. The rules judge the name as it appears in
// URLs, so a text that a URL parser reads as another host (`127.1`, `0x7f.1`) is refused.

import { isIP } from 'node:net';

/** A host without its port. */
export interface HostName {
  /** In lower case, without a dot at the end; an IPv6 address in brackets and in its shortest form. */
  readonly name: string;
  readonly is_address: boolean;
}

/** An entry of `allowed_hosts`. */
export interface HostPattern extends HostName {
  /** Whether the entry includes all subdomains. */
  readonly subdomains: boolean;
}

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?)(?::(\d*))?$/;
/** The longest text: a name of 253 characters, a dot and a port. */
const LONGEST = 260;

/** Parses a host such as `name`, `name:port`, `10.0.0.1:80` or `[::1]:80`; undefined for any other text. */
export function parsedHost(text: string): HostName | undefined {
  if (text.length > LONGEST) return undefined;
  const [, host, port] = HOST.exec(text.toLowerCase()) ?? [];
  if (host === undefined || (port?.length ?? 0) > 5 || Number(port ?? 0) > 65_535) return undefined;
  const name = host.replace(/\.$/, '');
  if (!URL.canParse(`http://${name}`)) return undefined;
  const { hostname } = new URL(`http://${name}`);
  if (name.startsWith('[')) return { name: hostname, is_address: true };
  return hostname === name ? { name, is_address: isIP(name) !== 0 } : undefined;
}

/** Parses an entry of `allowed_hosts`; undefined if it is no host, or names a port. */
export function parsedHostPattern(text: string): HostPattern | undefined {
  const subdomains = text.startsWith('.');
  const given = subdomains ? text.slice(1) : text;
  const bracketed = isIP(given) === 6 ? `[${given}]` : given;
  if (/:\d*$/.test(bracketed)) return undefined;
  const host = parsedHost(bracketed);
  return host === undefined || (subdomains && host.is_address) ? undefined : { ...host, subdomains };
}
