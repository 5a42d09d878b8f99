// The first step of a request: refuses what names no host, more than one, or one that this server does not answer for, and
// a body in a transfer coding that Node does not undo (contract sections 3 and 4).

import { Problem } from '../diagnostics/problem.ts';
import type { Exchange } from './exchange.ts';
import type { HostVerdict } from './host-rules.ts';
import { hostLine } from './request.ts';

/** @throws Problem `host-twice`, `host-malformed`, `host-refused`, `transfer-coding` */
export function checkRequest(exchange: Exchange): void {
  const { incoming, request, settings, target } = exchange;
  const { hosts } = settings;
  if (hasSecondHost(incoming.rawHeaders)) refuse(exchange, 'host-twice', hostLine(incoming));
  const line = hostLine(incoming);
  const asked = request.host;
  take(exchange, hosts.verdictOn(line), line, hosts.strict || asked === line);
  if (target.authority !== undefined) {
    take(exchange, hosts.verdictOn(target.authority), target.authority, hosts.strict);
  }
  if (asked !== line) take(exchange, hosts.verdictOn(asked), asked, true);
  const coding = incoming.headers['transfer-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') {
    exchange.body_refused = true;
    throw new Problem('transfer-coding', { params: { coding: JSON.stringify(coding) } });
  }
}

/** @param counts whether it is by this host that the request is answered or not */
function take(exchange: Exchange, verdict: HostVerdict, host: string | undefined, counts: boolean): void {
  if (verdict === 'no host') refuse(exchange, 'host-malformed', host);
  if (verdict === 'refused' && counts) refuse(exchange, 'host-refused', host);
}

/** Node keeps the first of two Host lines and says nothing; the one before it in the line may have kept the second. */
function hasSecondHost(raw: readonly string[]): boolean {
  let seen = false;
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index];
    if (name?.length !== 4 || name.toLowerCase() !== 'host') continue;
    if (seen) return true;
    seen = true;
  }
  return false;
}

/** No page of the site and no live reload has a part in the answer: the request was not meant for this site. */
function refuse(
  exchange: Exchange,
  code: 'host-twice' | 'host-malformed' | 'host-refused',
  host: string | undefined,
): never {
  exchange.misdirected = true;
  throw new Problem(code, { params: { host: JSON.stringify(host ?? '') } });
}
