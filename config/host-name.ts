// A host as the Host line of a request and `allowed_hosts` name it. Parsed once: what the rules judge is the name that
// URLs of this request get, so texts that a URL parser would read as another host (`127.1`, `0x7f.1`) are no hosts here.

import { isIP } from 'node:net';

/** A host without its port. */
export interface HostName {
  /** In lower case, without the dot at its end; an IPv6 address in brackets and in its shortest form. */
  readonly name: string;
  readonly is_address: boolean;
}

/** An entry of `allowed_hosts`. */
export interface HostPattern extends HostName {
  /** Whether the subdomains are meant as well. */
  readonly subdomains: boolean;
}

const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?)(?::(\d*))?$/;
/** A name of 253 characters, its dot, and a port. */
const LONGEST = 260;

/** The host that `name`, `name:port`, `10.0.0.1:80` or `[::1]:80` names; undefined when the text is no host. */
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

/** The entry that a text of `allowed_hosts` stands for; undefined when it is none, or names a port. */
export function parsedHostPattern(text: string): HostPattern | undefined {
  const subdomains = text.startsWith('.');
  const given = subdomains ? text.slice(1) : text;
  const bracketed = isIP(given) === 6 ? `[${given}]` : given;
  if (/:\d*$/.test(bracketed)) return undefined;
  const host = parsedHost(bracketed);
  return host === undefined || (subdomains && host.is_address) ? undefined : { ...host, subdomains };
}
