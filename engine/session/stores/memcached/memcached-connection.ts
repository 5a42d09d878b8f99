// The connection to one memcached server. The client connects for the next command, does not report that a connection has ended, and
// lets its commands run into their timeout: so this file watches the sockets and rejects the commands of one that has ended.

import type { Socket } from 'node:net';
import { CALL_TIMEOUT_MS } from '../locking/driver-calls.ts';
import { type MemcachedCommand, type MemcachedReply, refusalOf, replyOf } from './memcached-commands.ts';

/** The part of the client that this store uses. */
export type MemcachedClient = Pick<typeof import('memcache-client'), 'MemcacheClient'>;

/** The timeout of the client. It would also end a healthy connection while a page keeps the process busy; that of the engine waits. */
const CLIENT_COMMAND_MS = 60_000;

/** The time in ms after which a reply is late: the time limit of the engine, with some tolerance. */
const LATE_MS = CALL_TIMEOUT_MS - 100;

const REFUSED = /^(SERVER_ERROR|CLIENT_ERROR|ERROR)\b/;

/** The error of a command that the server refused. */
export class Refused extends Error {
  /** The size of the value, in bytes. */
  readonly size: number;

  constructor(word: string, command: MemcachedCommand | undefined) {
    super(word);
    this.size = Buffer.byteLength(command?.value ?? '');
  }
}

/** A command without a reply yet. */
interface PendingCommand {
  readonly since: number;
  readonly reject: (error: Error) => void;
  socket: Socket | undefined;
}

export class MemcachedConnection {
  /** host:port */
  readonly server: string;
  readonly #client: InstanceType<MemcachedClient['MemcacheClient']>;
  readonly #pending = new Set<PendingCommand>();
  readonly #watched = new WeakSet<Socket>();

  constructor({ MemcacheClient }: MemcachedClient, server: string) {
    this.server = server;
    this.#client = new MemcacheClient({
      server,
      noDelay: true,
      connectTimeout: CALL_TIMEOUT_MS,
      cmdTimeout: CLIENT_COMMAND_MS,
    });
  }

  /** Sends commands in one round trip. Throws Refused if the server refuses one of them. */
  async send(...commands: readonly MemcachedCommand[]): Promise<readonly MemcachedReply[]> {
    const replies = await Promise.all(commands.map((command) => this.#reply(command)));
    const refused = replies.findIndex(({ word }) => REFUSED.test(word));
    if (refused !== -1) throw new Refused(replies[refused]?.word ?? '', commands[refused]);
    return replies;
  }

  /** Closes the connection if a reply is late, because late replies would be matched to later commands. */
  closeIfLate(): void {
    const before = performance.now() - LATE_MS;
    if ([...this.#pending].some(({ since }) => since < before)) this.#client.shutdown();
  }

  close(): void {
    this.#client.shutdown();
  }

  /** Writes to the socket synchronously, so that commands leave in the order of the calls. */
  #reply(command: MemcachedCommand): Promise<MemcachedReply> {
    return new Promise((resolve, reject) => {
      const pending: PendingCommand = { since: performance.now(), reject, socket: undefined };
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

  /** All commands of one tick leave in one packet. */
  #write(socket: Socket | undefined, { line, value }: MemcachedCommand, pending: PendingCommand): void {
    if (socket === undefined) throw new Error('the connection has ended');
    pending.socket = socket;
    if (!this.#watched.has(socket)) this.#watch(socket);
    socket.cork();
    socket.write(value === undefined ? `${line}\r\n` : `${line}\r\n${value}\r\n`);
    process.nextTick(() => socket.uncork());
  }

  #watch(socket: Socket): void {
    this.#watched.add(socket);
    socket.once('end', () => this.#ended(socket));
    socket.once('close', () => this.#ended(socket));
    guardParsers(socket);
  }

  #ended(socket: Socket): void {
    for (const pending of this.#pending) {
      if (pending.socket !== socket) continue;
      this.#pending.delete(pending);
      pending.reject(new Error('the server ended the connection'));
    }
  }
}

/** A reply that the client cannot parse ends the connection instead of the process. */
function guardParsers(socket: Socket): void {
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
