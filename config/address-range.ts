// An IP address or a range of them (CIDR), as `trust_proxy` lists them. Validation and use share this parser.

import { isIP } from 'node:net';

/** One address, or all that share its first bits. */
export interface AddressRange {
  readonly address: string;
  readonly family: 'ipv4' | 'ipv6';
  readonly bits: number;
}

/** The range that `10.0.0.1`, `10.0.0.0/8` or `fd00::/8` names; undefined when the text is none. */
export function parsedRange(text: string): AddressRange | undefined {
  const [, address = '', given] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  if (version === 0) return undefined;
  const most = version === 4 ? 32 : 128;
  const bits = given === undefined ? most : Number(given);
  return bits > most ? undefined : { address, family: version === 4 ? 'ipv4' : 'ipv6', bits };
}
