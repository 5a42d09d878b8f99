// What a browser asked for, as far as it is known: a proxy may have taken https, the host or a part of the path away. Only
// what a trusted one says of it counts; what no proxy has touched is known as it came.

import type { IncomingMessage } from 'node:http';
import { parsedHost } from '../../config/host-name.ts';
import type { RequestedUrl } from '../session/index.ts';
import type { HttpPageRequest } from './page-request.ts';

/** What proxies add. */
const TRACES = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'];

/** What the browser asked for; undefined: unknown. */
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
