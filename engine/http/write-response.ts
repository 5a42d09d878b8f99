// Writes a response with one writeHead() and one end(). The session has been written before (docs/sessions.md), so only two
// errors are left: a header that HTTP does not allow, and a client that has disconnected.

import type { ServerResponse } from 'node:http';
import { Problem } from '../diagnostics/problem.ts';
import { messageOf } from '../diagnostics/thrown.ts';
import { clientLeft } from './client-left.ts';
import type { HttpResponse, HttpResponseHead, RequestContext } from './request-context.ts';
import { CLIENT_LEFT, logRequest } from './request-log.ts';
import { isAscii, mergedHeaders } from './response-headers.ts';

/**
 * Writes a response and the request's line in the log.
 * @throws Problem `response-header`, `answered-already`; nothing has been written then
 */
export function writeResponse(context: RequestContext, response: HttpResponse): void {
  const { outgoing } = context;
  if (clientLeft(outgoing)) {
    logRequest(context, CLIENT_LEFT);
    return;
  }
  if (outgoing.headersSent) {
    throw new Problem('answered-already', { params: { path: context.request.path } });
  }
  const isBodiless = response.status === 204 || response.status === 304;
  const length = isBodiless ? 0 : Buffer.byteLength(response.body);
  const headers = responseHeaders(context, response);
  if (!isBodiless) headers.push('Content-Length', String(length));
  if (context.body_refused) headers.push('Connection', 'close');
  writeHead(context, response, headers);
  context.bytes = length;
  if (response.quiet !== true) logRequest(context, response.status);
  const body = isBodiless || context.request.method === 'HEAD' ? undefined : pieceFor(context, response.body);
  if (context.body_refused) endLingering(context, body);
  else outgoing.end(body);
}

/**
 * Sends the head of a response whose body follows piece by piece.
 * @throws Problem `response-header`, `answered-already`; nothing has been written then
 */
export function writeResponseHead(context: RequestContext, head: HttpResponseHead): void {
  if (context.outgoing.headersSent) {
    throw new Problem('answered-already', { params: { path: context.request.path } });
  }
  writeHead(context, head, responseHeaders(context, head));
}

/** All headers but the framing headers, in a flat array, which Node writes without looking up names. */
function responseHeaders(context: RequestContext, response: HttpResponseHead): string[] {
  const { settings, session } = context;
  const defaults = session?.used === true ? settings.session_headers : settings.headers;
  const own = response.draft?.touchedHeaders;
  const headers = own === undefined ? defaults.slice() : mergedHeaders(defaults, own);
  const further = response.headers ?? [];
  for (let index = 0; index + 1 < further.length; index += 2) {
    pushIfAbsent(headers, further[index] ?? '', further[index + 1] ?? '');
  }
  if (own?.has('Content-Type') !== true && response.status !== 204 && response.status !== 304) {
    headers.push('Content-Type', response.type);
  }
  if (context.no_store) forbidStoring(headers);
  for (const cookie of session?.cookies ?? []) headers.push('Set-Cookie', cookie);
  return headers;
}

/** Replaces any other Cache-Control. */
function forbidStoring(headers: string[]): void {
  for (let index = headers.length - 2; index >= 0; index -= 2) {
    if (headers[index]?.toLowerCase() === 'cache-control') headers.splice(index, 2);
  }
  headers.push('Cache-Control', 'no-store');
}

function pushIfAbsent(headers: string[], name: string, value: string): void {
  const lower = name.toLowerCase();
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index]?.toLowerCase() === lower) return;
  }
  headers.push(name, value);
}

function writeHead(context: RequestContext, { status, draft }: HttpResponseHead, headers: string[]): void {
  const { outgoing, settings } = context;
  try {
    if (outgoing.getHeaderNames().length === 0) {
      // A page without headers of its own has the configuration's, which were checked before.
      context.latin1_head = draft?.touchedHeaders === undefined ? !settings.ascii : !isAscii(headers);
      outgoing.writeHead(status, headers);
    } else {
      setBesideOthers(outgoing, headers);
      context.latin1_head = !isAscii(Object.values(outgoing.getHeaders()).flat().map(String));
      outgoing.writeHead(status);
    }
  } catch (cause) {
    throw new Problem('response-header', { params: { reason: messageOf(cause) }, cause });
  }
}

/**
 * A piece of the body in the type that suits the head. Node writes a head before text as UTF-8, and a head before bytes as
 * Latin-1, which browsers expect. So text after a head with characters beyond ASCII is sent as bytes.
 */
export function pieceFor({ latin1_head }: RequestContext, piece: string | Uint8Array): string | Uint8Array {
  return latin1_head && typeof piece === 'string' ? Buffer.from(piece) : piece;
}

/**
 * Sets headers beside the headers of other middleware. writeHead() with an array would then keep one value of each name, and
 * cookies would be lost.
 */
function setBesideOthers(outgoing: ServerResponse, headers: readonly string[]): void {
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const [name = '', value = ''] = [headers[index], headers[index + 1]];
    if (name.toLowerCase() === 'set-cookie') outgoing.appendHeader(name, value);
    else outgoing.setHeader(name, value);
  }
}

const LONGEST_MS = 2000;
const MOST_BYTES = 16 * 1024 * 1024;

/**
 * Ends a response whose request is still being sent ("lingering close"). To close the connection at once would reset it, and
 * the client would not get the response. So the rest of the request is read and dropped, for at most 2 s and 16 MiB.
 */
export function endLingering(context: RequestContext, body: string | Uint8Array | undefined): void {
  const { incoming, outgoing } = context;
  if (body !== undefined && body.length > 0) outgoing.write(body);
  else outgoing.flushHeaders();
  if (incoming.complete) {
    outgoing.end();
    return;
  }
  let seen = 0;
  const close = () => {
    clearTimeout(timer);
    incoming.off('data', count).off('end', close).off('close', close);
    outgoing.end();
  };
  const count = (chunk: Buffer) => {
    seen += chunk.length;
    if (seen > MOST_BYTES) close();
  };
  const timer = setTimeout(close, LONGEST_MS).unref();
  incoming.on('error', () => undefined);
  incoming.on('data', count).on('end', close).on('close', close);
  incoming.resume();
}
