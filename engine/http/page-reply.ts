// From what a page did to what will be written: its output, what it sent instead, or its redirect.

import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { Problem } from '../diagnostics/problem.ts';
import type { LoadedPage } from '../pages/index.ts';
import { HttpError, type Redirect } from '../runtime/page-result.ts';
import { siteReference } from '../runtime/site-reference.ts';
import type { Exchange, Reply, ResponseStream } from './exchange.ts';
import { afterwards, attempt } from './in-turn.ts';
import { isPiece, type ResponseDraft } from './response.ts';
import { PageOfRequest } from './running-page.ts';
import { Scope } from './scope.ts';
import { StreamedResponse } from './streamed.ts';

const HTML = 'text/html; charset=utf-8';
const TEXT = 'text/plain; charset=utf-8';
const BYTES = 'application/octet-stream';

/** Runs a page, an asynchronous one for as long as `limits.page_timeout` allows. */
export function renderedReply(
  exchange: Exchange,
  page: LoadedPage,
  draft: ResponseDraft,
): Reply | Promise<Reply> {
  const reply = replyOf(exchange, page, draft);
  if (!(reply instanceof Promise)) return reply;
  return exchange.site.running.within(reply, new PageOfRequest(exchange, page, draft));
}

/** A redirect that the page called is the reply, whatever it did after it. */
function replyOf(exchange: Exchange, page: LoadedPage, draft: ResponseDraft): Reply | Promise<Reply> {
  const scope = new Scope(exchange, draft);
  return attempt(
    () =>
      afterwards(page.render(scope), (output) => {
        const reply = () => pageReply(exchange, output, draft, scope.redirected);
        // What the page flushed without awaiting it.
        return exchange.stream === undefined ? reply() : exchange.stream.idle().then(reply);
      }),
    (error) => {
      if (exchange.stream !== undefined) return afterStream(exchange.stream, error);
      if (scope.redirected === undefined) throw error;
      if (error !== scope.redirected) {
        exchange.site.options.log('error', `${page.name} failed after it had called redirect()`, error);
      }
      return redirectReply(scope.redirected, draft);
    },
  );
}

/** Whether the response has begun, and its error can only cut it off, is known when nothing is on its way any more. */
function afterStream(stream: ResponseStream, error: unknown): Promise<never> {
  const fail = () => {
    throw error;
  };
  return stream.idle().then(fail, fail);
}

/** The reply of a page that has come to its end. */
function pageReply(
  exchange: Exchange,
  output: string,
  draft: ResponseDraft,
  redirected?: Redirect,
): Reply | Promise<Reply> {
  if (redirected !== undefined) return redirectReply(redirected, draft);
  const { status, sent } = draft;
  if (sent === undefined) return { status, body: output, type: HTML, draft };
  if (!isPiece(sent)) return streamedReply(exchange, sent, draft);
  // Text of an unnamed kind is not shown as HTML: it may hold what a visitor has typed.
  return { status, body: sent, type: typeof sent === 'string' ? TEXT : BYTES, draft };
}

/** Sends a stream's pieces; what is left for the reply is to end it. An error before the first piece is an ordinary one. */
async function streamedReply(
  exchange: Exchange,
  pieces: AsyncIterable<unknown>,
  draft: ResponseDraft,
): Promise<Reply> {
  const { request } = exchange;
  const { signal } = request;
  // A web stream is cancelled at once; a generator ends where it stands when it goes on.
  const source =
    pieces instanceof ReadableStream
      ? Readable.fromWeb(pieces, { signal, objectMode: true })
      : Readable.from(pieces, { signal });
  if (request.method === 'HEAD') source.destroy();
  else {
    for await (const piece of source) {
      if (!isPiece(piece))
        throw new Problem('response-body', { params: { type: `a stream of ${typeof piece}` } });
      exchange.stream ??= new StreamedResponse(exchange, draft, typeof piece === 'string' ? TEXT : BYTES);
      await exchange.stream.send(piece);
    }
  }
  exchange.stream ??= new StreamedResponse(exchange, draft, BYTES);
  await exchange.stream.send('');
  return { status: draft.status, body: '', type: BYTES, draft };
}

/** The reply of `redirect()`: the page's headers and cookies go with it. */
function redirectReply({ status, location }: Redirect, draft: ResponseDraft): Reply {
  draft.headers.set('Location', location);
  draft.headers.delete('Content-Type');
  return { status, body: '', type: TEXT, draft };
}

/** The reply to OPTIONS where no page asks for the method. */
export function optionsReply(allow: string): Reply {
  return { status: 204, body: '', type: TEXT, headers: ['Allow', allow] };
}

/**
 * The reply that sends a visitor from a folder's name to its slash, with the query kept.
 * @throws HttpError 404 where the path that the visitor wrote would lead to another site
 */
export function folderReply(exchange: Exchange, path: string): Reply {
  const { mount, search } = exchange.target;
  const location = siteReference(mount + path + search, () => exchange.request.url);
  if (location === undefined) throw HttpError(404);
  return { status: 308, body: '', type: TEXT, headers: ['Location', location] };
}
