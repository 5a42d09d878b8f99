// Who really asks, and for which host, when proxies stand in front (contract section 3, trust_proxy).
// X-Forwarded-For is walked from the right: an entry counts only if everyone after it is trusted.

import type { IncomingMessage } from 'node:http';
import { BlockList, isIP, type Socket } from 'node:net';
import { parsedRange } from '../../config/address-range.ts';

/** Decides whether a hop's X-Forwarded-* headers count. */
export interface ProxyTrust {
  readonly none: boolean;
  /** Whether every hop's headers count: then the outermost entry of each list is the visitor's. */
  readonly all: boolean;
  trusts(address: string): boolean;
}

/** What is known of the other end. */
export interface Peer {
  readonly ip: string;
  readonly secure: boolean;
  /** Whether a trusted proxy has passed the request on, if it was passed on. */
  readonly vouched: boolean;
  /** The Host that the visitor asked for; undefined when the request named none. */
  readonly host: string | undefined;
}

/**
 * The trust that a configuration's `trust_proxy` expresses.
 * @throws TypeError for an entry that is no address
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
 * The other end of a request, as far as the proxies are trusted.
 * @param host the host that the request itself names
 */
export function peerOf(incoming: IncomingMessage, trust: ProxyTrust, host: string | undefined): Peer {
  const socket = incoming.socket;
  // A Unix socket has no address; whoever may open it is on this machine.
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

/** Whether a connection is one of TLS: `encrypted` is how node:tls says so, also behind HTTP/2. */
export function isEncrypted(socket: Socket): boolean {
  return 'encrypted' in socket && socket.encrypted === true;
}

/** The last address that a trusted hop vouches for, and how many hops are trusted. */
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

/** Of a list to which each proxy appended, the entry of the outermost trusted one. */
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

/** An address without port, brackets and the IPv4-in-IPv6 prefix; undefined when it is none. */
function plainAddress(text: string): string | undefined {
  const bare = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1] ?? /^([\d.]+):\d+$/.exec(text)?.[1] ?? text;
  const address = bare.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*/s, '');
  return isIP(address) === 0 ? undefined : address;
}
