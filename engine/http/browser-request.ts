// The scheme, host and path that the browser used. A proxy may have changed each of them, so its headers count only if it is
// trusted, and a request that passed no proxy is taken as it came.

import type { IncomingMessage } from 'node:http';
import { parsedHost } from '../../config/host-name.ts';
import type { RequestedUrl } from '../session/index.ts';
import type { HttpPageRequest } from './page-request.ts';

/** Headers that only proxies add. */
const TRACES = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'];

/** The scheme, host and path that the browser used; undefined if an untrusted proxy may have changed them. */
export function browserRequest(
  { headers }: IncomingMessage,
  request: HttpPageRequest,
): RequestedUrl | undefined {
  const { secure, host, peer } = request;
  if (!TRACES.some((name) => name in headers)) {
    return { secure, host: hostNameIn(host), path: request.url.pathname };
  }
  if (!peer.vouched || headers['x-forwarded-proto'] === undefined) return undefined;
  const said = headers['x-forwarded-host'] === undefined ? undefined : host;
  return { secure, host: hostNameIn(said), path: undefined };
}

function hostNameIn(host: string | undefined): string | undefined {
  return host === undefined ? undefined : parsedHost(host)?.name;
}
