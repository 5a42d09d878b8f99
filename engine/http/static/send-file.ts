// Sends a static file through serve-handler, which never sees a path that our guard has not opened, answers nothing that
// conditions decide, and gets our own functions for the file system: every descriptor is closed with its response.

import { closeSync, createReadStream, type ReadStream, type Stats } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { contentType } from 'mime-types';
import serveHandler from 'serve-handler';
import { Problem } from '../../diagnostics/problem.ts';
import { clientLeft } from '../client-left.ts';
import type { RequestContext } from '../request-context.ts';
import { CLIENT_LEFT, logRequest } from '../request-log.ts';
import { etagOf, type FileAnswer, fileAnswer } from './file-conditions.ts';
import { type OpenStaticFile, openStaticFile } from './open-static-file.ts';

/**
 * Sends a located file; false when there is none to send.
 * @throws (rejects with) Problem `static-method`
 */
export async function sendFile(context: RequestContext, located: string): Promise<boolean> {
  const { method } = context.request;
  const opened = openStaticFile(context.pages, located);
  if (opened === undefined) return false;
  const file = new SentFile(opened);
  try {
    if (method !== 'GET' && method !== 'HEAD') throw new Problem('static-method', { params: { method } });
    const answer = fileAnswer(method, context.incoming.headers, file.stats);
    setHeaders(context, file);
    logWhenClosed(context);
    if (answer.status === 200 || answer.status === 206) await serve(context, file, answer);
    else endWithout(context.outgoing, answer.status, file.stats.size);
    return true;
  } finally {
    file.close();
  }
}

/** An open file whose descriptor is closed once: by the stream that reads it, else when nothing reads it. */
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

  /** The bytes from `start` to `end`, read once. A destroyed stream closes the descriptor after a read that is under way. */
  stream(start: number, end: number): ReadStream {
    this.#isTaken = true;
    return createReadStream('', { fd: this.#descriptor, start, end });
  }

  close(): void {
    if (!this.#isTaken) closeSync(this.#descriptor);
    this.#isTaken = true;
  }
}

function setHeaders({ outgoing, settings }: RequestContext, file: SentFile): void {
  const { headers } = settings;
  for (let index = 0; index + 1 < headers.length; index += 2) {
    outgoing.setHeader(headers[index] ?? '', headers[index + 1] ?? '');
  }
  outgoing.setHeader('ETag', etagOf(file.stats));
  outgoing.setHeader('Last-Modified', file.stats.mtime.toUTCString());
}

function endWithout(outgoing: ServerResponse, status: number, size: number): void {
  if (status === 416) outgoing.setHeader('Content-Range', `bytes */${size}`);
  outgoing.writeHead(status, status === 304 ? {} : { 'Content-Length': 0 });
  outgoing.end();
}

const UNKNOWN_TYPE = 'application/octet-stream';

/** Browsers would otherwise guess for how long a file may be used, and a saved one would not be seen. */
const REVALIDATE = 'public, max-age=0';

/** Until the response is closed: a 304, an aborted download or a vanishing file must leave no descriptor open. */
async function serve(context: RequestContext, file: SentFile, answer: FileAnswer): Promise<void> {
  const { outgoing, request, settings, pages } = context;
  if (outgoing.destroyed) return;
  const closed = new Promise((resolve) => outgoing.once('close', resolve));
  // Not in a 304, which would put it in place of what the configuration had said with the 200.
  if (!outgoing.hasHeader('Cache-Control')) outgoing.setHeader('Cache-Control', REVALIDATE);
  const stream = (_path: string, part: { start?: number; end?: number } = {}) =>
    request.method === 'HEAD' ? Readable.from([]) : contents(file, outgoing, part);
  // The package awaits these; its types know only the callback functions of node:fs.
  const methods = Object.assign(Object.create(null), {
    lstat: async () => file.stats,
    createReadStream: stream,
    sendError: async () => endWithout(outgoing, 404, 0),
  });
  await serveHandler(
    requestForServeHandler(context.incoming, file.url, answer),
    outgoing,
    optionsFor(pages.root, settings.config.static, file.url),
    methods,
  );
  await closed;
}

/** The request as serve-handler may see it: the guarded path, and only conditions that are left to it. */
function requestForServeHandler(incoming: IncomingMessage, url: string, answer: FileAnswer): IncomingMessage {
  const headers = answer.status === 206 ? { range: answer.range } : {};
  return Object.create(incoming, { url: { value: url }, headers: { value: headers } });
}

/** All that would rewrite, redirect, list or move the root is off, whatever the configuration says. */
function optionsFor(root: string, configured: Readonly<Record<string, unknown>>, url: string) {
  const headers = Array.isArray(configured.headers) ? configured.headers : [];
  return {
    headers: [typeHeader(url), ...headers],
    public: root,
    cleanUrls: false,
    directoryListing: false,
    renderSingle: false,
    symlinks: false,
    etag: false,
  };
}

/** serve-handler's own table of types is of 2018; a pattern with `!` holds for every file but the one that is never served. */
function typeHeader(url: string) {
  const value = contentType(url.slice(url.lastIndexOf('/') + 1)) || UNKNOWN_TYPE;
  return { source: '!_', headers: [{ key: 'Content-Type', value }] };
}

/** The bytes that the head has announced, no more even if the file grows; if it shrinks the client is told by a broken response. */
function contents(
  file: SentFile,
  outgoing: ServerResponse,
  part: { start?: number; end?: number },
): Readable {
  const { size } = file.stats;
  // To write to a response whose client has left meanwhile would be an error that nobody listens to.
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
