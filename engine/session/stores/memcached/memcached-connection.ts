// The connection of a process to one memcached server. The client connects with the next command, says nothing when a connection
// ends, and gives up only after whole time limits: so what waits for a connection that has ended is told here.

import type { Socket } from 'node:net';
import { CALL_TIMEOUT_MS } from '../locking/driver-calls.ts';
import { type Command, type Reply, refusalOf, replyOf } from './memcached-commands.ts';

/** The client, as far as this store uses it. */
export type MemcachedClient = Pick<typeof import('memcache-client'), 'MemcacheClient'>;

/** The client's own clock also ends a connection while a page keeps the process busy; that of the engine does not. */
const CLIENT_COMMAND_MS = 60_000;

/** An answer is late when it has been waited for so long, or nearly. */
const LATE_MS = CALL_TIMEOUT_MS - 100;

const REFUSED = /^(SERVER_ERROR|CLIENT_ERROR|ERROR)\b/;

/** The server refused a command. */
export class Refused extends Error {
  /** Bytes of the value that was to be stored. */
  readonly size: number;

  constructor(word: string, command: Command | undefined) {
    super(word);
    this.size = Buffer.byteLength(command?.value ?? '');
  }
}

/** A command that waits for its answer. */
interface Pending {
  readonly since: number;
  readonly reject: (error: Error) => void;
  socket: Socket | undefined;
}

/** Sends commands to one server. */
export class MemcachedConnection {
  /** host:port */
  readonly server: string;
  readonly #client: InstanceType<MemcachedClient['MemcacheClient']>;
  readonly #pending = new Set<Pending>();
  readonly #known = new WeakSet<Socket>();

  constructor({ MemcacheClient }: MemcachedClient, server: string) {
    this.server = server;
    this.#client = new MemcacheClient({
      server,
      noDelay: true,
      connectTimeout: CALL_TIMEOUT_MS,
      cmdTimeout: CLIENT_COMMAND_MS,
    });
  }

  /** Sends commands in one trip. */
  async send(...commands: readonly Command[]): Promise<readonly Reply[]> {
    const replies = await Promise.all(commands.map((command) => this.#answer(command)));
    const refused = replies.findIndex(({ word }) => REFUSED.test(word));
    if (refused !== -1) throw new Refused(replies[refused]?.word ?? '', commands[refused]);
    return replies;
  }

  /** Gives a connection up on which an answer is late: the server may hang, or be gone without a word. */
  late(): void {
    const before = performance.now() - LATE_MS;
    if ([...this.#pending].some(({ since }) => since < before)) this.#client.shutdown();
  }

  close(): void {
    this.#client.shutdown();
  }

  /** Runs as far as the socket at once, so that commands go out in the order in which they were asked. */
  #answer(command: Command): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const pending: Pending = { since: performance.now(), reject, socket: undefined };
      this.#pending.add(pending);
      const write = (socket: Socket | undefined) => this.#write(socket, command, pending);
      const answered = this.#client.xsend(write).then(replyOf, (error: unknown) => {
        const refusal = refusalOf(error);
        if (refusal === undefined) throw error;
        return refusal;
      });
      answered.then(resolve, reject).finally(() => this.#pending.delete(pending));
    });
  }

  /** What is written at the same moment goes out in one piece. */
  #write(socket: Socket | undefined, { line, value }: Command, pending: Pending): void {
    if (socket === undefined) throw new Error('the connection has ended');
    pending.socket = socket;
    if (!this.#known.has(socket)) this.#listenTo(socket);
    socket.cork();
    socket.write(value === undefined ? `${line}\r\n` : `${line}\r\n${value}\r\n`);
    process.nextTick(() => socket.uncork());
  }

  #listenTo(socket: Socket): void {
    this.#known.add(socket);
    socket.once('end', () => this.#ended(socket));
    socket.once('close', () => this.#ended(socket));
    guard(socket);
  }

  #ended(socket: Socket): void {
    for (const pending of this.#pending) {
      if (pending.socket !== socket) continue;
      this.#pending.delete(pending);
      pending.reject(new Error('the server ended the connection'));
    }
  }
}

/** What the client cannot parse ends the connection, and not the process. */
function guard(socket: Socket): void {
  const parsers = socket.listeners('data');
  socket.removeAllListeners('data');
  socket.on('data', (chunk) => {
    try {
      for (const parse of parsers) parse(chunk);
    } catch (error) {
      socket.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  });
}
