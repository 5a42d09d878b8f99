// The requests that get their fields back when they are refused: a POST of a form of this site, by a client that accepts HTML
// (docs/going-live.md, *Errors*). A page of another site must not get a page of this one that sends its fields with a click.

import { isOwnRequest } from '../cross-site.ts';
import type { RequestContext } from '../request-context.ts';

const STATUSES: ReadonlySet<number> = new Set([409, 413, 500, 503]);

/** Whether a response with this status carries the fields of the request. */
export function keepsWork(context: RequestContext, status: number): boolean {
  return STATUSES.has(status) && maySendAgain(context);
}

/** Whether the fields of a request may be shown to be sent again. */
export function maySendAgain({ request, incoming, misdirected }: RequestContext): boolean {
  if (request.method !== 'POST' || misdirected || !acceptsHtml(incoming.headers.accept)) return false;
  const { origin, 'sec-fetch-site': fetchSite } = incoming.headers;
  const fetch_site = typeof fetchSite === 'string' ? fetchSite : undefined;
  return isOwnRequest({ fetch_site, origin, host: request.host });
}

/** Whether a client accepts HTML; curl, for example, gets plain text. */
export function acceptsHtml(accept: string | undefined): boolean {
  return /\btext\/html\b/i.test(accept ?? '');
}
