// Sends a static file with serve-handler. The file is opened and checked before, conditions are evaluated here, and
// serve-handler gets functions that read from the open descriptor, which is closed with the response.

import { closeSync, createReadStream, type ReadStream, type Stats } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { contentType } from 'mime-types';
import serveHandler from 'serve-handler';
import { Problem } from '../../diagnostics/problem.ts';
import type { LocatedFile } from '../../pages/index.ts';
import { clientLeft } from '../client-left.ts';
import { type FileHeader, guardedHeader, setGuardedHeaders } from '../guarded-headers.ts';
import type { RequestContext } from '../request-context.ts';
import { CLIENT_LEFT, logRequest } from '../request-log.ts';
import { etagOf, type FileAnswer, fileAnswer } from './file-conditions.ts';
import { type OpenStaticFile, openStaticFile } from './open-static-file.ts';

/**
 * Sends a located file. Its guards have run.
 * @returns false if there is no file that may be served; the request is not answered then
 * @throws (rejects with) Problem `static-method`
 */
export async function sendFile(context: RequestContext, located: LocatedFile): Promise<boolean> {
  const { method } = context.request;
  const opened = openStaticFile(context.pages, located.file);
  if (opened === undefined) return false;
  const file = new SentFile(opened);
  try {
    if (!isGuarded(context, located, opened.real)) return false;
    if (method !== 'GET' && method !== 'HEAD') throw new Problem('static-method', { params: { method } });
    const answer = fileAnswer(method, context.incoming.headers, file.stats);
    // The cookies of the session are known when it has ended.
    if (context.guards.length > 0) await context.session?.end();
    setHeaders(context, file);
    logWhenClosed(context);
    if (answer.status === 200 || answer.status === 206) await serve(context, file, answer);
    else endWithout(context.outgoing, answer.status, file.stats.size);
    return true;
  } finally {
    file.close();
  }
}

/** Whether the guards of the open file have run: a folder may have been replaced by a link since the file was located. */
function isGuarded({ pages }: RequestContext, located: LocatedFile, real: string): boolean {
  if (real === located.real) return true;
  const ran = new Set(located.guards.map(({ file }) => file));
  return pages.guardsOf(real).every((guard) => ran.has(guard));
}

/** An open file. Its descriptor is closed once: by the stream that reads it, or by `close()` if there is no stream. */
class SentFile {
  readonly url: string;
  readonly stats: Stats;
  readonly #descriptor: number;
  #isTaken = false;

  constructor({ url, stats, descriptor }: OpenStaticFile) {
    this.url = url;
    this.stats = stats;
    this.#descriptor = descriptor;
  }

  /** A stream of the bytes from `start` to `end`. If it is destroyed, it closes the descriptor after the current read. */
  stream(start: number, end: number): ReadStream {
    this.#isTaken = true;
    return createReadStream('', { fd: this.#descriptor, start, end });
  }

  close(): void {
    if (!this.#isTaken) closeSync(this.#descriptor);
    this.#isTaken = true;
  }
}

function setHeaders(context: RequestContext, file: SentFile): void {
  const { outgoing, settings } = context;
  const { headers } = settings;
  for (let index = 0; index + 1 < headers.length; index += 2) {
    outgoing.setHeader(headers[index] ?? '', headers[index + 1] ?? '');
  }
  if (context.guards.length > 0) setGuardedHeaders(context);
  outgoing.setHeader('ETag', etagOf(file.stats));
  outgoing.setHeader('Last-Modified', file.stats.mtime.toUTCString());
}

function endWithout(outgoing: ServerResponse, status: number, size: number): void {
  if (status === 416) outgoing.setHeader('Content-Range', `bytes */${size}`);
  outgoing.writeHead(status, status === 304 ? {} : { 'Content-Length': 0 });
  outgoing.end();
}

const UNKNOWN_TYPE = 'application/octet-stream';

/** Without this header browsers choose a time for which they do not ask again, and a saved file would not be seen. */
const REVALIDATE = 'public, max-age=0';

/** Serves the file; resolves when the response is closed, so that a 304 or an aborted download leaves no open descriptor. */
async function serve(context: RequestContext, file: SentFile, answer: FileAnswer): Promise<void> {
  const { outgoing, request } = context;
  if (outgoing.destroyed) return;
  const closed = new Promise((resolve) => outgoing.once('close', resolve));
  // A 304 must not have this header, because it would replace the header of the configuration in the browser's cache.
  if (!outgoing.hasHeader('Cache-Control')) outgoing.setHeader('Cache-Control', REVALIDATE);
  const stream = (_path: string, part: { start?: number; end?: number } = {}) =>
    request.method === 'HEAD' ? Readable.from([]) : contents(file, outgoing, part);
  // serve-handler awaits these functions; its types declare only the callback functions of node:fs.
  const methods = Object.assign(Object.create(null), {
    lstat: async () => file.stats,
    createReadStream: stream,
    sendError: async () => endWithout(outgoing, 404, 0),
  });
  await serveHandler(
    requestForServeHandler(context.incoming, file.url, answer),
    outgoing,
    optionsFor(context, file.url),
    methods,
  );
  await closed;
}

/** The request for serve-handler: with the checked path, and without conditions that are evaluated here. */
function requestForServeHandler(incoming: IncomingMessage, url: string, answer: FileAnswer): IncomingMessage {
  const headers = answer.status === 206 ? { range: answer.range } : {};
  return Object.create(incoming, { url: { value: url }, headers: { value: headers } });
}

interface HeaderRow {
  readonly source: string;
  readonly headers: readonly FileHeader[];
}

function guardedRows(rows: readonly HeaderRow[]): HeaderRow[] {
  return rows.map((row) => ({ ...row, headers: row.headers.flatMap(guardedHeader) }));
}

/** Options that rewrite, redirect, list folders or move the root are always off. */
function optionsFor({ pages, settings, guards }: RequestContext, url: string) {
  const configured: unknown = settings.config.static.headers;
  const headers = Array.isArray(configured) ? configured : [];
  return {
    headers: [typeHeader(url), ...(guards.length === 0 ? headers : guardedRows(headers))],
    public: pages.root,
    cleanUrls: false,
    directoryListing: false,
    renderSingle: false,
    symlinks: false,
    etag: false,
  };
}

/**
 * The Content-Type, because serve-handler's table of types is of 2018. The pattern `!_` matches all files but `_`, which is
 * never served.
 */
function typeHeader(url: string) {
  const value = contentType(url.slice(url.lastIndexOf('/') + 1)) || UNKNOWN_TYPE;
  return { source: '!_', headers: [{ key: 'Content-Type', value }] };
}

/** The announced bytes of the file. If the file grows, no more are sent; if it shrinks, the connection is cut off. */
function contents(
  file: SentFile,
  outgoing: ServerResponse,
  part: { start?: number; end?: number },
): Readable {
  const { size } = file.stats;
  // A write to the response of a client that has disconnected would emit an unhandled error.
  if (size === 0 || outgoing.destroyed) return Readable.from([]);
  const { start = 0, end = size - 1 } = part;
  const source = file.stream(start, end);
  source.on('error', () => outgoing.destroy());
  source.on('end', () => source.bytesRead < end - start + 1 && outgoing.destroy());
  outgoing.once('close', () => source.destroy());
  return source;
}

function logWhenClosed(context: RequestContext): void {
  const { outgoing } = context;
  outgoing.once('close', () => {
    const length = Number(outgoing.getHeader('Content-Length') ?? 0);
    context.bytes = context.request.method === 'HEAD' ? 0 : length;
    logRequest(context, clientLeft(outgoing) ? CLIENT_LEFT : outgoing.statusCode);
  });
}

export const FILE_METHODS = 'GET, HEAD, OPTIONS';
