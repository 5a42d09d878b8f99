// From what a page did to what will be written: its output, what it sent instead, or its redirect.

import type { LoadedPage } from '../pages/index.ts';
import type { Redirect } from '../runtime/result.ts';
import type { Exchange, Reply } from './exchange.ts';
import { afterwards, attempt } from './in-turn.ts';
import type { ResponseDraft } from './response.ts';
import { Scope } from './scope.ts';

const HTML = 'text/html; charset=utf-8';
const TEXT = 'text/plain; charset=utf-8';
const BYTES = 'application/octet-stream';

/** Runs a page. A redirect that it called is the reply, whatever the page did after it. */
export function renderedReply(
  exchange: Exchange,
  page: LoadedPage,
  draft: ResponseDraft,
): Reply | Promise<Reply> {
  const scope = new Scope(exchange, draft);
  return attempt(
    () => afterwards(page.render(scope), (output) => pageReply(output, draft, scope.redirected)),
    (error) => {
      if (scope.redirected === undefined) throw error;
      if (error !== scope.redirected) {
        exchange.site.options.log('error', `${page.name} failed after it had called redirect()`, error);
      }
      return redirectReply(scope.redirected, draft);
    },
  );
}

/** The reply of a page that has come to its end. */
function pageReply(output: string, draft: ResponseDraft, redirected?: Redirect): Reply {
  if (redirected !== undefined) return redirectReply(redirected, draft);
  const { status, sent } = draft;
  if (sent === undefined) return { status, body: output, type: HTML, draft };
  // Text of an unnamed kind is not shown as HTML: it may hold what a visitor has typed.
  return { status, body: sent, type: typeof sent === 'string' ? TEXT : BYTES, draft };
}

/** The reply of `redirect()`: the page's headers and cookies go with it. */
function redirectReply({ status, location }: Redirect, draft: ResponseDraft): Reply {
  draft.headers.set('Location', location);
  draft.headers.delete('Content-Type');
  return { status, body: '', type: TEXT, draft };
}

/** The reply that sends a visitor from a folder's name to its slash, with the query kept. */
export function folderReply(exchange: Exchange, path: string): Reply {
  const { mount, search } = exchange.target;
  return { status: 308, body: '', type: TEXT, headers: ['Location', mount + path + search] };
}
