// The pages that the configuration names for a status (error_pages). They run in the same request, with a scope of their
// own; one that fails itself is logged and replaced by the plain page. A session that the request could not have, the error
// page has not either: its Session() throws what was the matter, of which it may say what it likes, or the plain page does.

import { isUtf8 } from 'node:buffer';
import { realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { errorPageKind } from '../../config/error-page-kind.ts';
import { Problem } from '../diagnostics/problem.ts';
import { isThere } from '../pages/error-page-files.ts';
import type { LoadedPage } from '../pages/index.ts';
import { isInside } from '../pages/inside.ts';
import { isOutage } from '../session/index.ts';
import type { Exchange, Reply } from './exchange.ts';
import { afterwards, attempt } from './in-turn.ts';
import { isInterruption } from './interruption.ts';
import { renderedReply } from './page-reply.ts';
import { ResponseDraft } from './response.ts';

/**
 * The reply that a site's own error page makes.
 * @param file absolute path of a page, or of a file that is sent as it is
 * @param plain the reply when it fails
 */
export function errorPageReply(
  exchange: Exchange,
  status: number,
  file: string,
  plain: Reply,
): Reply | Promise<Reply> {
  return attempt(
    () => answer(exchange, status, file, plain),
    (cause) => {
      if (isToldAlready(exchange, cause)) return plain;
      logFailure(exchange, status, file, cause);
      return plain;
    },
  );
}

/** The configuration has judged the name; here it is the file that the name leads to. */
function answer(exchange: Exchange, status: number, file: string, plain: Reply): Reply | Promise<Reply> {
  const { root } = exchange.pages;
  const real = realpathSync.native(file);
  const kind = isInside(root, real) ? errorPageKind(real) : undefined;
  if (kind === undefined) {
    const page = relative(root, file);
    throw new Problem('error-page-file', { file: page, params: { page, real: relative(root, real) } });
  }
  return kind === 'page' ? fromPage(exchange, status, file, plain) : fromFile(real, plain);
}

/** A page that was deleted while the site runs is told once; no request is the first to find out what is wrong with it. */
function logFailure({ site, pages }: Exchange, status: number, file: string, cause: unknown): void {
  const params = { page: relative(pages.root, file), status };
  if (isThere(file)) {
    site.missing_error_pages.delete(file);
    site.options.log('error', new Problem('error-page-failed', { params }).message, cause);
  } else if (!site.missing_error_pages.has(file)) {
    site.missing_error_pages.add(file);
    const { text, remedy } = new Problem('error-page-missing', { params });
    site.options.log('error', `${text}; a plain page is sent. ${remedy}`);
  }
}

function fromPage(exchange: Exchange, status: number, file: string, plain: Reply): Reply | Promise<Reply> {
  const draft = new ResponseDraft(exchange.request, status);
  return afterwards(exchange.load(file), (page: LoadedPage) => {
    exchange.error_page = page;
    const begun = attempt(
      () => exchange.takeTurn(page),
      () => undefined,
    );
    return afterwards(begun, () =>
      afterwards(renderedReply(exchange, page, draft), (reply) => kept(reply, plain)),
    );
  });
}

/** What keeps the session from being used was logged before, when it did or by the store that cannot be used. */
function isToldAlready({ session_error, error }: Exchange, cause: unknown): boolean {
  if (isOutage(cause)) return true;
  // An error page that was itself interrupted is not told yet.
  return (
    session_error !== undefined && cause === session_error && (cause === error || !isInterruption(cause))
  );
}

async function fromFile(file: string, plain: Reply): Promise<Reply> {
  const bytes = await readFile(file);
  // Another encoding, which the file itself may declare, must not be read as UTF-8.
  if (!isUtf8(bytes)) return { ...plain, body: bytes, type: 'text/html' };
  return { ...plain, body: bytes.toString('utf8'), type: 'text/html; charset=utf-8' };
}

/** What the failed page may still say: its cookies and a challenge, below what the error page says itself. */
function kept(reply: Reply, plain: Reply): Reply {
  const given = plain.draft?.touchedHeaders;
  if (given !== undefined && reply.draft !== undefined) {
    for (const [name, value] of given) {
      if (name === 'set-cookie' || !reply.draft.headers.has(name)) reply.draft.headers.append(name, value);
    }
  }
  return { ...reply, headers: plain.headers ?? [] };
}
