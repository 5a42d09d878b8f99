// Disconnects clients that do not read (contract section 3, limits.send_timeout): what they leave unread would stay in memory,
// and what waits for them (a file, a page that streams) would stay open. Looked at is the connection, not the response, so
// that one measure holds for pages, streams and files, and for several responses that wait behind each other.

import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Ticker } from './ticker.ts';

/** A request whose response is watched over. */
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
  /** The newest request of ours on it; undefined once its response has been taken. */
  context: WatchedRequest | undefined;
  /** Responses that wait until those before them have been taken (pipelining). */
  queued: ServerResponse[] | undefined;
  /** Bytes that the system has taken for the client. */
  taken: number;
  /** Bytes of the write that the system is at; a long write is taken in parts. */
  writing: number;
  stuck_ms: number;
}

/** The connections of one site on which it answers. */
export class SlowClients {
  readonly #connections = new Map<Socket, WatchedConnection>();
  readonly #ticker = new Ticker((elapsed) => this.#tick(elapsed), false);

  /** Watches over the response to a request: a look into a Map for all but the first of a connection. */
  watch(context: WatchedRequest): void {
    const { incoming, outgoing } = context;
    // A stream of HTTP/2 has its own flow control, and no socket that is its own.
    if (incoming.httpVersionMajor !== 1) return;
    const { socket } = incoming;
    const connection = this.#connections.get(socket) ?? this.#begin(socket);
    connection.context = context;
    if (outgoing.socket === null) enqueue(connection, outgoing);
  }

  /** Another handler answers: how long it waits for its client is its own matter. */
  forget({ incoming }: WatchedRequest): void {
    const known = this.#connections.get(incoming.socket);
    if (known !== undefined) known.context = undefined;
  }

  /** Tells the clients whose responses have not begun that these are the last on their connections: the server stops. */
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

/** Node tells only the response that has the connection that it was closed; those behind it would wait for ever. */
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
    // Not kept for the sake of a connection that is only held open.
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
 * What the system has not yet taken of the write that it is at: node's own socket.setTimeout() asks for the same. Without it a
 * page of 30 MB, which is one write, would show no progress until its end.
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
    // So the system, too, forgets at once what it was to send.
    socket.resetAndDestroy();
  } catch {
    // Not a TCP connection of its own: TLS, or a Unix socket.
    socket.destroy();
  }
}
