// The first middleware step. It refuses a request that names no host, several hosts, or a host that this server does not answer
// for, and a body in a transfer coding that Node does not decode (docs/configuration.md and README.md, *From URL to file*).

import { Problem } from '../diagnostics/problem.ts';
import type { HostVerdict } from './host-rules.ts';
import { hostLine } from './page-request.ts';
import type { RequestContext } from './request-context.ts';

/** @throws Problem `host-twice`, `host-malformed`, `host-refused`, `transfer-coding` */
export function checkRequest(context: RequestContext): void {
  const { incoming, request, settings, target } = context;
  const { hosts } = settings;
  if (hasSecondHost(incoming.rawHeaders)) refuse(context, 'host-twice', hostLine(incoming));
  const line = hostLine(incoming);
  const asked = request.host;
  applyVerdict(context, hosts.verdictOn(line), line, hosts.strict || asked === line);
  if (target.authority !== undefined) {
    applyVerdict(context, hosts.verdictOn(target.authority), target.authority, hosts.strict);
  }
  if (asked !== line) applyVerdict(context, hosts.verdictOn(asked), asked, true);
  const coding = incoming.headers['transfer-encoding'];
  if (coding !== undefined && coding.toLowerCase() !== 'chunked') {
    context.body_refused = true;
    throw new Problem('transfer-coding', { params: { coding: JSON.stringify(coding) } });
  }
}

/** @param counts whether the rules apply to this host */
function applyVerdict(
  context: RequestContext,
  verdict: HostVerdict,
  host: string | undefined,
  counts: boolean,
): void {
  if (verdict === 'no host') refuse(context, 'host-malformed', host);
  if (verdict === 'refused' && counts) refuse(context, 'host-refused', host);
}

/** Node uses the first of two Host lines without an error. A proxy in front of it may have used the second. */
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

/** The request was not meant for this site, so neither its pages nor live reload take part in the response. */
function refuse(
  context: RequestContext,
  code: 'host-twice' | 'host-malformed' | 'host-refused',
  host: string | undefined,
): never {
  context.misdirected = true;
  throw new Problem(code, { params: { host: JSON.stringify(host ?? '') } });
}
