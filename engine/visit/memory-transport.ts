// HTTP without a port: both ends of a connection in memory, with Node's own server and client on them, so that a request takes
// the same way through the engine as one from the network.

import { createServer, request as httpRequest, type IncomingMessage, type RequestListener } from 'node:http';
import { Duplex } from 'node:stream';
import { buffer } from 'node:stream/consumers';

/** A request, with a body that is there as a whole. */
export interface MemoryRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
  /** The connection counts as one of https. */
  readonly isSecure: boolean;
}

/** A whole response. */
export interface MemoryResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

/** Sends requests to a handler of node:http. */
export class MemoryTransport {
  readonly #server;

  constructor(handler: RequestListener) {
    this.#server = createServer(handler);
  }

  /** The response to a request; rejects where the handler ends the connection without one. */
  send({ method, target, headers, body, isSecure }: MemoryRequest): Promise<MemoryResponse> {
    const [client, server] = connectedPair(isSecure);
    return new Promise((resolve, reject) => {
      const outgoing = httpRequest({
        method,
        path: target,
        headers: body === undefined ? headers : { ...headers, 'content-length': String(body.length) },
        createConnection: () => client,
      });
      outgoing.on('response', (incoming) => void responseOf(incoming).then(resolve, reject));
      outgoing.on('error', reject);
      outgoing.end(body);
      this.#server.emit('connection', server);
    });
  }
}

async function responseOf(incoming: IncomingMessage): Promise<MemoryResponse> {
  const headers = new Headers();
  const { rawHeaders } = incoming;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2)
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '');
  return { status: incoming.statusCode ?? 0, headers, body: await buffer(incoming) };
}

/** One end of a connection in memory: bytes written to it can be read from the other end. */
class ConnectionEnd extends Duplex {
  readonly remoteAddress = '127.0.0.1';
  readonly encrypted: boolean;
  other: ConnectionEnd | undefined;
  #continue: (() => void) | undefined;

  constructor(isSecure: boolean) {
    super({ allowHalfOpen: true });
    this.encrypted = isSecure;
  }

  override _read(): void {
    const next = this.#continue;
    this.#continue = undefined;
    next?.();
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const { other } = this;
    // A reader that is full takes more when it reads again.
    if (other === undefined || other.destroyed || other.push(chunk)) process.nextTick(done);
    else other.#continue = done;
  }

  override _final(done: () => void): void {
    this.other?.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const { other } = this;
    this.other = undefined;
    if (other !== undefined && !other.destroyed) process.nextTick(() => other.destroy());
    done(error);
  }

  setTimeout(): this {
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

function connectedPair(isSecure: boolean): [client: ConnectionEnd, server: ConnectionEnd] {
  const [client, server] = [new ConnectionEnd(isSecure), new ConnectionEnd(isSecure)];
  client.other = server;
  server.other = client;
  return [client, server];
}
