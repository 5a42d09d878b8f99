// Live reload: reloads the open pages whose files were saved, with `debug` and `watch` only. It answers
// three paths below `/.karrigell/`: the script, the stream of saved files, and the query whether one page has changed. One tab
// reads the stream and tells the others, because browsers open at most six connections to a host.

import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { Located, Pages } from '../../pages/index.ts';
import { fileStamp, type Stamp } from '../../pages/site-disk.ts';
import { isInside } from '../../pages/site-paths.ts';
import { insertedIntoBody, isHtmlDocument } from '../html-tags.ts';
import type { HttpResponse, RequestContext } from '../request-context.ts';
import { ResponseDraft } from '../response-draft.ts';
import { SITE_PAGE } from '../site-page/site-page-path.ts';
import { CLIENT_SCRIPT } from './live-reload-client.ts';
import { admittingPolicy, answersNavigation, scriptElement } from './script-injection.ts';
import type { ShownFiles } from './shown-files.ts';

const FOLDER = '/.karrigell/';

/** The live reload of one handler. */
export class LiveReload {
  readonly #pages: Pages;
  readonly #streams = new Set<ServerResponse>();
  readonly #unsubscribe: () => void;

  constructor(pages: Pages) {
    this.#pages = pages;
    this.#unsubscribe = pages.onChange((files) => this.#announce(files));
  }

  /** Answers the requests of the script. */
  answer(context: RequestContext): void {
    const { path, search } = context.target;
    if (
      !path.startsWith(FOLDER) ||
      shownFiles(context) === undefined ||
      !isReadMethod(context.request.method)
    )
      return;
    const name = path.slice(FOLDER.length);
    if (name === 'live-reload.js')
      context.response = unstoredResponse(CLIENT_SCRIPT, 'text/javascript; charset=utf-8');
    if (name === 'changes') this.#changes(context);
    if (name === 'state') this.#state(context, new URLSearchParams(search));
  }

  /** A step before the page is loaded: notes the versions of its files. */
  noteFiles(context: RequestContext): void {
    context.shown_files?.note(this.#pageFiles(context.target.path, context.located));
  }

  /** The response with the script, if it is a whole document that answers a navigation; otherwise the same response. */
  injected(context: RequestContext, response: HttpResponse): HttpResponse {
    const shown = shownFiles(context);
    if (shown === undefined || typeof response.body !== 'string') return response;
    const type = response.draft?.touchedHeaders?.get('Content-Type') ?? response.type;
    if (!/^text\/html\b/i.test(type) || !answersNavigation(context.incoming.headers)) return response;
    if (!isHtmlDocument(response.body)) return response;
    const { draft, nonce } = admitted(context, response);
    const script = scriptElement(
      `${context.target.mount}${FOLDER}live-reload.js`,
      this.#facts(context, response, shown),
      nonce,
    );
    return { ...response, body: insertedIntoBody(response.body, script), draft };
  }

  close(): void {
    this.#unsubscribe();
    for (const stream of this.#streams) stream.end();
  }

  /** The data that the script sends back to ask whether its page has changed. */
  #facts(context: RequestContext, response: HttpResponse, shown: ShownFiles): Record<string, string> {
    const { located, target } = context;
    const pages = this.#pageFiles(target.path, located);
    const known = this.#pages.filesOf(...pages);
    const also = [...shown.included].filter((file) => !known.has(file));
    return {
      path: target.path,
      status: String(response.status),
      method: context.request.method,
      version: versionOf(this.#pages.filesOf(...pages, ...also), (file) => shown.stampOf(file)),
      also: also.map((file) => relative(this.#pages.root, file)).join('\n'),
    };
  }

  /** The files of the pages at a path. The site page tells of all pages. */
  #pageFiles(path: string, located: Located | undefined): readonly string[] {
    if (path === SITE_PAGE) return this.#pages.files();
    return located?.kind === 'page' ? [located.file] : [];
  }

  #state(context: RequestContext, asked: URLSearchParams): void {
    const { root } = this.#pages;
    const path = asked.get('path') ?? '/';
    const pages = this.#pageFiles(path, context.pages.locate(path));
    const names = (asked.get('also') ?? '').split('\n').filter((name) => name !== '' && !isAbsolute(name));
    const also = names.map((name) => join(root, name)).filter((file) => isInside(root, file));
    const version = versionOf(this.#pages.filesOf(...pages, ...also), fileStamp);
    const changed = version !== asked.get('version');
    context.response = unstoredResponse(JSON.stringify({ changed }), 'application/json');
  }

  /** Answers with the stream of saved files; a HEAD request gets its head only. */
  #changes(context: RequestContext): void {
    if (context.request.method === 'GET') this.#stream(context);
    else
      context.response = { status: 200, body: '', type: 'text/event-stream', headers: UNSTORED, quiet: true };
  }

  #stream(context: RequestContext): void {
    const { outgoing } = context;
    context.handed_on = true;
    outgoing.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      'X-Accel-Buffering': 'no',
    });
    outgoing.write('retry: 500\n\n');
    this.#streams.add(outgoing);
    outgoing
      .on('close', () => this.#streams.delete(outgoing))
      .on('error', () => this.#streams.delete(outgoing));
  }

  #announce(files: readonly string[]): void {
    const saved = files.map((file) => relative(this.#pages.root, file).split(sep).join('/'));
    for (const stream of this.#streams) stream.write(`data: ${JSON.stringify({ saved })}\n\n`);
  }
}

/** The files of the response; undefined if live reload takes no part in the request. */
function shownFiles({ misdirected, shown_files }: RequestContext): ShownFiles | undefined {
  return misdirected ? undefined : shown_files;
}

function isReadMethod(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

const UNSTORED = ['Cache-Control', 'no-store'];

function unstoredResponse(body: string, type: string): HttpResponse {
  return { status: 200, body, type, headers: UNSTORED, quiet: true };
}

/** The draft with a policy that permits the script; unchanged if no policy forbids it. */
function admitted(
  context: RequestContext,
  response: HttpResponse,
): { draft: ResponseDraft | undefined; nonce: string | undefined } {
  const { headers } = context.settings;
  const at = headers.findIndex(
    (name, index) => index % 2 === 0 && name.toLowerCase() === 'content-security-policy',
  );
  const given =
    response.draft?.touchedHeaders?.get('Content-Security-Policy') ??
    (at === -1 ? undefined : headers[at + 1]);
  if (given === undefined) return { draft: response.draft, nonce: undefined };
  const { policy, nonce } = admittingPolicy(given);
  if (policy === given) return { draft: response.draft, nonce };
  const draft = response.draft ?? new ResponseDraft(context.request);
  draft.headers.set('Content-Security-Policy', policy);
  return { draft, nonce };
}

/**
 * The version of a set of files, from their names and stamps. It is computed when a page is rendered and again when its tab
 * asks. So the server stores no versions, and a restart of the server or a sleeping tab misses no change.
 */
function versionOf(files: Iterable<string>, stampOf: (file: string) => Stamp): string {
  const hash = createHash('sha256');
  for (const file of [...files].sort()) hash.update(`${file}\0${stampOf(file)}\0`);
  return hash.digest('base64url').slice(0, 16);
}
