// Disconnects clients that do not read (docs/configuration.md, `limits.send_timeout`), because their unread responses stay in
// memory, and files and streaming pages that wait for them stay open. The connection is watched, not the response: so one rule
// covers pages, streams, files, and pipelined responses.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Ticker } from './ticker.ts';

/** A request whose response is watched. */
interface WatchedRequest {
  readonly incoming: IncomingMessage;
  readonly outgoing: ServerResponse;
  readonly request: { readonly method: string; readonly path: string };
  readonly site: {
    readonly options: { readonly log: (level: 'warn', message: string) => void };
    readonly settings: { readonly config: { readonly limits: { readonly send_timeout: number } } };
  };
}

interface WatchedConnection {
  /** The newest request on it; undefined when its response has been sent. */
  context: WatchedRequest | undefined;
  /** Responses that wait for earlier responses (pipelining). */
  queued: ServerResponse[] | undefined;
  /** The bytes that the system has accepted for the client. */
  taken: number;
  /** The bytes of the current write that the system has not accepted yet; it accepts a long write in parts. */
  writing: number;
  stuck_ms: number;
}

/** The connections on which a site answers, under all its configurations. */
export class SlowClients {
  readonly #connections = new Map<Socket, WatchedConnection>();
  readonly #ticker = new Ticker((elapsed) => this.#tick(elapsed), false);

  /** Watches the response to a request. This costs a look into a Map, and more for the first request of a connection. */
  watch(context: WatchedRequest): void {
    const { incoming, outgoing } = context;
    // A stream of HTTP/2 has its own flow control, and shares its socket.
    if (incoming.httpVersionMajor !== 1) return;
    const { socket } = incoming;
    const connection = this.#connections.get(socket) ?? this.#begin(socket);
    connection.context = context;
    if (outgoing.socket === null) enqueue(connection, outgoing);
  }

  /** Stops watching, because another handler answers. */
  forget({ incoming }: WatchedRequest): void {
    const known = this.#connections.get(incoming.socket);
    if (known !== undefined) known.context = undefined;
  }

  /** Closes the connection of each running request after its response, if that has not begun yet. */
  endKept(): void {
    for (const { context, queued = [] } of this.#connections.values()) {
      for (const outgoing of [...queued, ...(context === undefined ? [] : [context.outgoing])]) {
        if (!outgoing.headersSent) outgoing.shouldKeepAlive = false;
      }
    }
  }

  #begin(socket: Socket): WatchedConnection {
    const connection = { context: undefined, queued: undefined, taken: 0, writing: 0, stuck_ms: 0 };
    this.#connections.set(socket, connection);
    socket.once('close', () => {
      this.#connections.delete(socket);
      closeQueued(connection);
    });
    this.#ticker.start();
    return connection;
  }

  #tick(elapsed: number): boolean {
    for (const [socket, connection] of this.#connections) {
      if (connection.context !== undefined) checkConnection(socket, connection, connection.context, elapsed);
    }
    return this.#connections.size > 0;
  }
}

function enqueue(connection: WatchedConnection, outgoing: ServerResponse): void {
  const waiting =
    connection.queued?.filter((other) => other.socket === null && !other.writableFinished) ?? [];
  connection.queued = [...waiting, outgoing];
}

/**
 * Closes pipelined responses: Node emits 'close' only on the response that has the connection, so the others would wait for
 * ever.
 */
function closeQueued({ queued = [] }: WatchedConnection): void {
  for (const outgoing of queued) {
    if (outgoing.socket !== null || outgoing.writableFinished) continue;
    outgoing.destroy();
    outgoing.emit('close');
  }
}

function checkConnection(
  socket: Socket,
  connection: WatchedConnection,
  context: WatchedRequest,
  elapsed: number,
): void {
  const waiting = socket.writableLength;
  if (waiting === 0) {
    connection.stuck_ms = 0;
    // An idle connection must not keep the request in memory.
    if (context.outgoing.writableFinished) connection.context = undefined;
    return;
  }
  const taken = socket.bytesWritten - waiting;
  const writing = pendingWriteBytes(socket);
  if (taken !== connection.taken || writing !== connection.writing) {
    Object.assign(connection, { taken, writing, stuck_ms: 0 });
    return;
  }
  connection.stuck_ms += elapsed;
  const { send_timeout } = context.site.settings.config.limits;
  if (connection.stuck_ms >= send_timeout * 1000) disconnect(socket, context, send_timeout);
}

/**
 * The bytes of the current write that the system has not accepted yet, as socket.setTimeout() of Node reads them. Without this
 * value, a page of 30 MB, which is one write, would show no progress until its end.
 */
function pendingWriteBytes(socket: Socket): number {
  const handle: unknown = Reflect.get(socket, '_handle');
  const size: unknown =
    typeof handle === 'object' && handle !== null ? Reflect.get(handle, 'writeQueueSize') : 0;
  return typeof size === 'number' ? size : 0;
}

function disconnect(socket: Socket, { site, request }: WatchedRequest, seconds: number): void {
  site.options.log(
    'warn',
    `${request.method} ${request.path}: the client was disconnected, because it took nothing of the response for ${seconds} s`,
  );
  try {
    // A reset makes the system drop its send buffer, too.
    socket.resetAndDestroy();
  } catch {
    // TLS and Unix sockets cannot be reset.
    socket.destroy();
  }
}
