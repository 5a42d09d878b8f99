// A response that is sent piece by piece: RESPONSE.flush(), and bodies that are streams (docs/pages.md, *Output in pieces*, and
// docs/sessions.md). The session is written before the first piece. A piece waits until the client has taken the earlier ones.

import type { ServerResponse } from 'node:http';
import type { Problem } from '../diagnostics/problem.ts';
import { ClientLeft, clientLeft } from './client-left.ts';
import type { RequestContext, ResponseStream } from './request-context.ts';
import { CLIENT_LEFT, logRequest } from './request-log.ts';
import type { ResponseDraft } from './response-draft.ts';
import { pieceFor, writeResponseHead } from './write-response.ts';

/** One response in pieces. */
export class StreamedResponse implements ResponseStream {
  readonly #context: RequestContext;
  readonly #draft: ResponseDraft;
  readonly #type: string;
  /** The last piece; rejects after a piece that could not be sent. */
  #last: Promise<void> = Promise.resolve();
  #begun = false;
  #cut = false;
  #pieces = 0;
  #sent = 0;
  #refusal: Problem | undefined = undefined;

  /** @param type the Content-Type, if the draft has none */
  constructor(context: RequestContext, draft: ResponseDraft, type: string) {
    this.#context = context;
    this.#draft = draft;
    this.#type = type;
  }

  get begun(): boolean {
    return this.#begun;
  }

  get sending(): boolean {
    return this.#sent < this.#pieces;
  }

  get sent(): number {
    return this.#sent;
  }

  send(piece: string | Uint8Array): Promise<void> {
    this.#pieces++;
    const sent = this.#last.then(() => this.#write(piece));
    const settled = (): void => {
      this.#sent++;
    };
    // Pages need not await a piece, because idle() rejects with its error.
    sent.then(settled, settled);
    this.#last = sent;
    return sent;
  }

  idle(): Promise<void> {
    return this.#last;
  }

  end(rest: string | Uint8Array): void {
    const { outgoing } = this.#context;
    if (this.#cut) logRequest(this.#context, this.#draft.status);
    else if (clientLeft(outgoing)) logRequest(this.#context, CLIENT_LEFT);
    else {
      this.#count(rest);
      logRequest(this.#context, this.#draft.status);
      outgoing.end(this.#hasBody() ? pieceFor(this.#context, rest) : undefined);
    }
  }

  refuse(problem: Problem): void {
    this.#refusal = problem;
  }

  cut(): void {
    const { incoming, outgoing } = this.#context;
    this.#cut = !clientLeft(outgoing);
    if (incoming.httpVersionMajor === 1 && outgoing.socket !== null) outgoing.socket.destroySoon();
    else outgoing.destroy();
  }

  async #write(piece: string | Uint8Array): Promise<void> {
    const { outgoing } = this.#context;
    if (clientLeft(outgoing)) throw new ClientLeft();
    if (this.#refusal !== undefined) throw this.#refusal;
    if (!this.#begun) await this.#begin();
    if (!this.#hasBody()) return this.#context.latin1_head ? undefined : outgoing.flushHeaders();
    if (piece.length === 0 && !this.#context.latin1_head) return outgoing.flushHeaders();
    this.#count(piece);
    await written(outgoing, pieceFor(this.#context, piece));
  }

  async #begin(): Promise<void> {
    await this.#context.session?.flush();
    if (clientLeft(this.#context.outgoing)) throw new ClientLeft();
    if (this.#refusal !== undefined) throw this.#refusal;
    const { page, pages } = this.#context;
    if (page?.post_forms === true && pages.once.exist) this.#context.no_store = true;
    writeResponseHead(this.#context, { status: this.#draft.status, type: this.#type, draft: this.#draft });
    this.#begun = true;
    this.#draft.seal();
  }

  #hasBody(): boolean {
    const { status } = this.#draft;
    return this.#context.request.method !== 'HEAD' && status !== 204 && status !== 304;
  }

  #count(piece: string | Uint8Array): void {
    if (this.#hasBody()) this.#context.bytes += Buffer.byteLength(piece);
  }
}

/** Writes a piece; resolves when the client can take more, and rejects with ClientLeft. */
function written(outgoing: ServerResponse, piece: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (error?: Error | null): void => {
      outgoing.off('close', left);
      // A write may fail before the connection has emitted 'close'.
      if (error) outgoing.destroy();
      if (clientLeft(outgoing)) reject(new ClientLeft());
      else resolve();
    };
    const left = (): void => settle();
    outgoing.on('close', left);
    outgoing.write(piece, settle);
  });
}
