// Parses entries of `trust_proxy`: an IP address, or a range in CIDR notation (RFC 4632). Validation and use share this
// parser, so that they accept the same texts.

import { isIP } from 'node:net';

/** The addresses that share their first `bits` bits with `address`. */
export interface AddressRange {
  readonly address: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly bits: number;
}

/** Parses a range such as `10.0.0.1`, `10.0.0.0/8` or `fd00::/8`; undefined for any other text. */
export function parsedRange(text: string): AddressRange | undefined {
  const [, address = '', given] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  if (version === 0) return undefined;
  const most = version === 4 ? 32 : 128;
  const bits = given === undefined ? most : Number(given);
  return bits > most ? undefined : { address, family: version === 4 ? 'ipv4' : 'ipv6', bits };
}
