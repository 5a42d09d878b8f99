// The one connection of a process to one memcached server. The driver connects with the next command, says nothing when a
// connection ends, and gives up only after whole timeouts: so the watch is here. It looks after the connection, finds the
// server again, and ends a connection on which an answer is late: what comes then is nobody's.

import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '../../../diagnostics/problem.ts';
import { isAway } from '../../away.ts';
import type { SessionsEnvironment } from '../../face.ts';
import { Availability } from '../availability.ts';
import { reasonOf } from '../failure.ts';
import { COMMAND_MS, withinTime } from '../within-time.ts';
import { type Command, type Reply, refusalOf, replyOf, VERSION } from './commands.ts';

/** The driver, as far as this store uses it. */
export type MemcachedDriver = Pick<typeof import('memcache-client'), 'MemcacheClient'>;

/** What a connection is made of. */
export interface ConnectionParts {
  readonly driver: MemcachedDriver;
  /** host:port */
  readonly server: string;
  readonly log: SessionsEnvironment['log'];
}

const LONGEST_RECONNECT_MS = 500;
/** How often a server that can be used is looked at: it may have forgotten what all must agree on. */
const LOOK_MS = 5000;
/** The driver's own clock ends a connection after a page that keeps the process busy; ours does not (within-time.ts). */
const DRIVER_COMMAND_MS = 60_000;

const REFUSED = /^(SERVER_ERROR|CLIENT_ERROR|ERROR)\b/;
const TOO_BIG = /^SERVER_ERROR object too large/;

/** Sends commands; every failure is a Problem: away (503), too big or refused (500). */
export class MemcachedConnection {
  readonly server: string;
  readonly #client: InstanceType<MemcachedDriver['MemcacheClient']>;
  readonly #availability: Availability;
  #socket: Socket | undefined;

  constructor({ driver, server, log }: ConnectionParts) {
    this.server = server;
    this.#availability = new Availability(server, log);
    this.#client = new driver.MemcacheClient({
      server,
      noDelay: true,
      connectTimeout: COMMAND_MS,
      cmdTimeout: DRIVER_COMMAND_MS,
    });
  }

  get isUsable(): boolean {
    return this.#availability.isUsable;
  }

  /** Connects in the background, for as long as it takes; `prepare` runs on each new connection, and now and then. */
  open(prepare: () => Promise<void>): void {
    void this.#watch(prepare);
  }

  start(): Promise<void> {
    return this.#availability.start();
  }

  /** Sends commands in one trip; `repeatable`: again on the next connection, when nobody knows whether this one ran them. */
  async send(commands: readonly Command[], repeatable = false): Promise<readonly Reply[]> {
    const until = performance.now() + COMMAND_MS;
    for (;;) {
      await this.#availability.whenUsable(until);
      try {
        return await this.sendNow(commands, until);
      } catch (error) {
        if (!repeatable || this.isUsable || !isAway(error)) throw error;
      }
    }
  }

  /** Sends commands on the connection as it is, ready or not. */
  async sendNow(
    commands: readonly Command[],
    until = performance.now() + COMMAND_MS,
  ): Promise<readonly Reply[]> {
    const replies = await this.#answers(commands, until);
    for (const [index, { word }] of replies.entries()) {
      if (REFUSED.test(word)) throw refused(word, commands[index]);
    }
    return replies;
  }

  /** Sees whether the server answers. */
  async ping(): Promise<void> {
    await this.sendNow([VERSION]);
  }

  /** Ends the connection; what was sent is answered first, if the server can be used. */
  async close(): Promise<void> {
    const usable = this.isUsable;
    this.#availability.close();
    if (usable) await this.ping().catch(() => {});
    this.#client.shutdown();
  }

  async #watch(prepare: () => Promise<void>): Promise<void> {
    for (let retries = 0; !this.#availability.isClosed; ) {
      try {
        await prepare();
        retries = 0;
        this.#availability.back();
        await this.#availability.change(LOOK_MS);
      } catch (error) {
        this.#availability.lost(reasonOf(error instanceof Problem ? (error.cause ?? error) : error));
        const longest = Math.min(20 * 2 ** Math.min(retries++, 10), LONGEST_RECONNECT_MS);
        await pause(longest * (0.5 + Math.random() / 2), undefined, { ref: false });
      }
    }
  }

  async #answers(commands: readonly Command[], until: number): Promise<readonly Reply[]> {
    const used = new Set<Socket>();
    const sent = commands.map((command) => this.#answer(command, used));
    try {
      return await withinTime(Promise.all(sent), until);
    } catch (cause) {
      if (!this.#hasNewerThan(used)) {
        if (this.isUsable) this.#availability.lost(reasonOf(cause));
        this.#client.shutdown();
      }
      throw this.#availability.away(cause);
    }
  }

  /** Whether what was sent on these connections, or never sent, says nothing of the one that there is now. */
  #hasNewerThan(used: ReadonlySet<Socket>): boolean {
    if (used.size === 0) return this.isUsable;
    return this.#socket !== undefined && !used.has(this.#socket);
  }

  /** Runs as far as the socket at once, so that commands go out in the order in which they were asked. */
  async #answer(command: Command, used: Set<Socket>): Promise<Reply> {
    try {
      const write = (socket: Socket | undefined) => {
        if (socket !== undefined) used.add(socket);
        this.#write(socket, command);
      };
      return replyOf(await this.#client.xsend(write));
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === undefined) throw error;
      return refusal;
    }
  }

  /** What is written at the same moment goes out in one piece. */
  #write(socket: Socket | undefined, { line, value }: Command): void {
    if (socket === undefined) throw new Error('the connection has ended');
    this.#listenTo(socket);
    socket.cork();
    socket.write(value === undefined ? `${line}\r\n` : `${line}\r\n${value}\r\n`);
    process.nextTick(() => socket.uncork());
  }

  #listenTo(socket: Socket): void {
    if (socket === this.#socket) return;
    this.#socket = socket;
    const ended = () => {
      if (socket === this.#socket) this.#availability.lost('the server ended the connection');
    };
    socket.once('end', ended);
    socket.once('close', ended);
    guard(socket);
  }
}

/** What the driver cannot parse ends the connection, and not the process. */
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

function refused(word: string, command: Command | undefined): Problem {
  const size = Buffer.byteLength(command?.value ?? '');
  if (TOO_BIG.test(word)) return new Problem('session-over-server-limit', { holes: { size } });
  return new Problem('session-server-refused', { holes: { reason: word }, cause: new Error(word) });
}
