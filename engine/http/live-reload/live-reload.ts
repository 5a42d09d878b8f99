// Reloads the open pages whose files were saved (contract section 9). With debug and watch only. It answers three
// addresses below `/.karrigell/`: the script, the stream that says that something was saved, and the question whether
// one page has changed. The stream goes to one tab, which tells the others: browsers allow six connections a host.

import type { ServerResponse } from 'node:http';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { Located, Pages } from '../../pages/index.ts';
import { isInside } from '../../pages/inside.ts';
import { isDocument, withinBody } from '../document.ts';
import type { Exchange, Reply } from '../exchange.ts';
import { ResponseDraft } from '../response.ts';
import { CLIENT_SCRIPT } from './client.ts';
import { admittingPolicy, answersNavigation, scriptElement } from './inject.ts';
import { versionOf } from './version.ts';

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

  /** Answers the script's own requests; undefined for any other. */
  answer(exchange: Exchange): void {
    const { path, search } = exchange.target;
    if (!path.startsWith(FOLDER) || !isOn(exchange) || !isRead(exchange.request.method)) return;
    const name = path.slice(FOLDER.length);
    if (name === 'live-reload.js') exchange.reply = sent(CLIENT_SCRIPT, 'text/javascript; charset=utf-8');
    if (name === 'changes') this.#changes(exchange);
    if (name === 'state') this.#state(exchange, new URLSearchParams(search));
  }

  /** The reply with the script in it, where it belongs. */
  injected(exchange: Exchange, reply: Reply): Reply {
    if (!isOn(exchange) || typeof reply.body !== 'string') return reply;
    const type = reply.draft?.touchedHeaders?.get('Content-Type') ?? reply.type;
    if (!/^text\/html\b/i.test(type) || !answersNavigation(exchange.incoming.headers)) return reply;
    if (!isDocument(reply.body)) return reply;
    const { draft, nonce } = admitted(exchange, reply);
    const script = scriptElement(
      `${exchange.target.mount}${FOLDER}live-reload.js`,
      this.#facts(exchange, reply),
      nonce,
    );
    return { ...reply, body: withinBody(reply.body, script), draft };
  }

  close(): void {
    this.#unsubscribe();
    for (const stream of this.#streams) stream.end();
  }

  /** What the script must know to ask whether its page has changed. */
  #facts(exchange: Exchange, reply: Reply): Record<string, string> {
    const { located, error_page, included = [] } = exchange;
    const pages = pageOf(located);
    const known = this.#pages.filesOf(...pages);
    const more = [...included, ...(error_page === undefined ? [] : [error_page.file])];
    const also = more.filter((file) => !known.has(file));
    return {
      path: exchange.target.path,
      status: String(reply.status),
      method: exchange.request.method,
      version: this.#version([...pages, ...also]),
      also: also.map((file) => relative(this.#pages.root, file)).join('\n'),
    };
  }

  #version(pages: readonly string[]): string {
    return versionOf(this.#pages.filesOf(...pages));
  }

  #state(exchange: Exchange, asked: URLSearchParams): void {
    const { root } = this.#pages;
    const pages = pageOf(exchange.pages.locate(asked.get('path') ?? '/'));
    const names = (asked.get('also') ?? '').split('\n').filter((name) => name !== '' && !isAbsolute(name));
    const also = names.map((name) => join(root, name)).filter((file) => isInside(root, file));
    const changed = this.#version([...pages, ...also]) !== asked.get('version');
    exchange.reply = sent(JSON.stringify({ changed }), 'application/json');
  }

  /** HEAD asks for the head of the stream, and has nothing to wait for. */
  #changes(exchange: Exchange): void {
    if (exchange.request.method === 'GET') this.#stream(exchange);
    else
      exchange.reply = { status: 200, body: '', type: 'text/event-stream', headers: UNSTORED, quiet: true };
  }

  #stream(exchange: Exchange): void {
    const { outgoing } = exchange;
    exchange.handed_on = true;
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

function pageOf(located: Located | undefined): string[] {
  return located?.kind === 'page' ? [located.file] : [];
}

function isOn({ misdirected, settings: { config } }: Exchange): boolean {
  return config.debug && config.watch && !misdirected;
}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

const UNSTORED = ['Cache-Control', 'no-store'];

function sent(body: string, type: string): Reply {
  return { status: 200, body, type, headers: UNSTORED, quiet: true };
}

/** The draft with a policy that lets our script in; untouched where no policy is in the way. */
function admitted(
  exchange: Exchange,
  reply: Reply,
): { draft: ResponseDraft | undefined; nonce: string | undefined } {
  const { headers } = exchange.settings;
  const at = headers.findIndex(
    (name, index) => index % 2 === 0 && name.toLowerCase() === 'content-security-policy',
  );
  const given =
    reply.draft?.touchedHeaders?.get('Content-Security-Policy') ?? (at === -1 ? undefined : headers[at + 1]);
  if (given === undefined) return { draft: reply.draft, nonce: undefined };
  const { policy, nonce } = admittingPolicy(given);
  if (policy === given) return { draft: reply.draft, nonce };
  const draft = reply.draft ?? new ResponseDraft(exchange.request);
  draft.headers.set('Content-Security-Policy', policy);
  return { draft, nonce };
}
