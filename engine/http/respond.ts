// Writes a reply: one writeHead with everything, one end. Nothing is written before the session is (contract section 7),
// so all that can still go wrong is a header that HTTP does not allow, and a client that has left.

import type { ServerResponse } from 'node:http';
import { Problem } from '../diagnostics/problem.ts';
import { messageOf } from '../diagnostics/thrown.ts';
import { clientLeft } from './client-left.ts';
import type { Exchange, Reply, ReplyHead } from './exchange.ts';
import { isAscii, mergedHeaders } from './headers.ts';
import { drained } from './linger.ts';
import { CLIENT_LEFT, logRequest } from './log.ts';

/**
 * Writes a reply and the request's line in the log.
 * @throws Problem `response-header` with nothing written
 */
export function respond(exchange: Exchange, reply: Reply): void {
  const { outgoing } = exchange;
  if (clientLeft(outgoing)) {
    logRequest(exchange, CLIENT_LEFT);
    return;
  }
  if (outgoing.headersSent) {
    throw new Problem('answered-already', { params: { path: exchange.request.path } });
  }
  const isBodiless = reply.status === 204 || reply.status === 304;
  const length = isBodiless ? 0 : Buffer.byteLength(reply.body);
  const headers = headersOf(exchange, reply);
  if (!isBodiless) headers.push('Content-Length', String(length));
  if (exchange.body_refused) headers.push('Connection', 'close');
  writeHead(exchange, reply, headers);
  exchange.bytes = length;
  if (reply.quiet !== true) logRequest(exchange, reply.status);
  const body = isBodiless || exchange.request.method === 'HEAD' ? undefined : pieceFor(exchange, reply.body);
  if (exchange.body_refused) drained(exchange, body);
  else outgoing.end(body);
}

/**
 * Sends the head of a reply whose body follows piece by piece.
 * @throws Problem `response-header` with nothing written
 */
export function respondHead(exchange: Exchange, head: ReplyHead): void {
  if (exchange.outgoing.headersSent) {
    throw new Problem('answered-already', { params: { path: exchange.request.path } });
  }
  writeHead(exchange, head, headersOf(exchange, head));
}

/** Everything but the framing, in one flat array, since node writes that without looking names up. */
function headersOf(exchange: Exchange, reply: ReplyHead): string[] {
  const { settings, session } = exchange;
  const defaults = session?.used === true ? settings.session_headers : settings.headers;
  const own = reply.draft?.touchedHeaders;
  const headers = own === undefined ? defaults.slice() : mergedHeaders(defaults, own);
  const further = reply.headers ?? [];
  for (let index = 0; index + 1 < further.length; index += 2) {
    putNew(headers, further[index] ?? '', further[index + 1] ?? '');
  }
  if (own?.has('Content-Type') !== true && reply.status !== 204 && reply.status !== 304) {
    headers.push('Content-Type', reply.type);
  }
  for (const cookie of session?.cookies ?? []) headers.push('Set-Cookie', cookie);
  return headers;
}

function putNew(headers: string[], name: string, value: string): void {
  const lower = name.toLowerCase();
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index]?.toLowerCase() === lower) return;
  }
  headers.push(name, value);
}

function writeHead(exchange: Exchange, { status, draft }: ReplyHead, headers: string[]): void {
  const { outgoing, settings } = exchange;
  try {
    if (outgoing.getHeaderNames().length === 0) {
      // Only a page's own headers can have other characters than the configuration's.
      exchange.latin1_head = draft?.touchedHeaders === undefined ? !settings.ascii : !isAscii(headers);
      outgoing.writeHead(status, headers);
    } else {
      putBeside(outgoing, headers);
      exchange.latin1_head = !isAscii(Object.values(outgoing.getHeaders()).flat().map(String));
      outgoing.writeHead(status);
    }
  } catch (cause) {
    throw new Problem('response-header', { params: { reason: messageOf(cause) }, cause });
  }
}

/**
 * A piece of the body as it may be written behind the head. Node writes a head and a text in one go, as UTF-8, but a head
 * before bytes as Latin-1. Headers are Latin-1 for browsers, so behind such a head text goes out as bytes.
 */
export function pieceFor({ latin1_head }: Exchange, piece: string | Uint8Array): string | Uint8Array {
  return latin1_head && typeof piece === 'string' ? Buffer.from(piece) : piece;
}

/** With headers that other middleware has set, writeHead keeps one value a name of an array, so cookies would be lost. */
function putBeside(outgoing: ServerResponse, headers: readonly string[]): void {
  for (let index = 0; index + 1 < headers.length; index += 2) {
    const [name = '', value = ''] = [headers[index], headers[index + 1]];
    if (name.toLowerCase() === 'set-cookie') outgoing.appendHeader(name, value);
    else outgoing.setHeader(name, value);
  }
}
