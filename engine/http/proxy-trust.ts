// The address, scheme and host of the client if proxies stand in front (docs/configuration.md, `trust_proxy`). X-Forwarded-For is
// read from the right: an entry counts only if all proxies after it are trusted.

import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, type Socket } from 'node:net';
import { parsedRange } from '../../config/address-range.ts';

/** The proxies whose X-Forwarded-* headers count. */
export interface ProxyTrust {
  readonly none: boolean;
  /** Whether all proxies are trusted. Then the first entry of each list is that of the client. */
  readonly all: boolean;
  trusts(address: string): boolean;
}

/** The client of a request. */
export interface Peer {
  readonly ip: string;
  readonly secure: boolean;
  /** Whether the request comes from a trusted proxy. */
  readonly vouched: boolean;
  /** The host that the client asked for; undefined if the request names none. */
  readonly host: string | undefined;
}

/**
 * The trusted proxies of a configuration's `trust_proxy`.
 * @throws TypeError for an entry that is not an address
 */
export function proxyTrust(setting: boolean | readonly string[]): ProxyTrust {
  if (typeof setting === 'boolean') return { none: !setting, all: setting, trusts: () => setting };
  const list = new BlockList();
  for (const entry of setting) {
    const range = parsedRange(entry);
    if (range === undefined)
      throw new TypeError(`trust_proxy has ${JSON.stringify(entry)}, which is no address`);
    list.addSubnet(range.address, range.bits, range.family);
  }
  return {
    none: setting.length === 0,
    all: false,
    trusts: (address) => isIP(address) !== 0 && list.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4'),
  };
}

/**
 * The client of a request, as the trusted proxies report it.
 * @param host the host that the request itself names
 */
export function peerOf(incoming: IncomingMessage, trust: ProxyTrust, host: string | undefined): Peer {
  const socket = incoming.socket;
  // A Unix socket has no address; its clients are on this machine.
  const address = plainAddress(socket.remoteAddress ?? '127.0.0.1') ?? '127.0.0.1';
  const secure = isEncrypted(socket);
  if (trust.none || !trust.trusts(address)) return { ip: address, secure, host, vouched: false };
  const { ip, hops } = walkedBack(address, entriesOf(incoming, 'x-forwarded-for'), trust);
  const protocol = entryAt(entriesOf(incoming, 'x-forwarded-proto'), hops);
  return {
    ip,
    vouched: true,
    secure: protocol === undefined ? secure : protocol.toLowerCase() === 'https',
    host: entryAt(entriesOf(incoming, 'x-forwarded-host'), hops) ?? host,
  };
}

/** Whether a connection uses TLS; node:tls sets `encrypted`, also for HTTP/2. */
export function isEncrypted(socket: Socket): boolean {
  return 'encrypted' in socket && socket.encrypted === true;
}

/** The last address that a trusted proxy reports, and the number of trusted proxies. */
function walkedBack(
  address: string,
  forwarded: readonly string[],
  trust: ProxyTrust,
): { ip: string; hops: number } {
  let ip = address;
  let hops = trust.all ? Number.POSITIVE_INFINITY : 1;
  for (let index = forwarded.length - 1; index >= 0; index--) {
    const next = plainAddress(forwarded[index] ?? '');
    if (next === undefined) break;
    ip = next;
    if (!trust.trusts(next)) break;
    hops++;
  }
  return { ip, hops };
}

/** The entry of the outermost trusted proxy in a list to which each proxy has appended one. */
function entryAt(entries: readonly string[], hops: number): string | undefined {
  return entries[Math.max(0, entries.length - hops)];
}

function entriesOf(incoming: IncomingMessage, name: string): string[] {
  const value = incoming.headers[name];
  const text = Array.isArray(value) ? value.join(',') : value;
  if (text === undefined) return [];
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** An address without port, brackets and the IPv4-in-IPv6 prefix; undefined if the text is not an address. */
function plainAddress(text: string): string | undefined {
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  const address = bare.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*/s, '');
  return isIP(address) === 0 ? undefined : address;
}
