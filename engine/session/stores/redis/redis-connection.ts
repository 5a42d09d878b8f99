// One connection to a Redis or Valkey server: commands and the subscription share it (RESP3), so that a process that is
// connected also listens. It reconnects by itself; while it cannot be used, a command fails at once.

import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { failureReason } from '../foreign-code.ts';
import { CALL_TIMEOUT_MS } from '../locking/driver-calls.ts';
import type { Script } from './redis-scripts.ts';

/** The package, as far as this store uses it. */
export type RedisPackage = Pick<typeof import('redis'), 'createClient' | 'ErrorReply'>;

/** Where the server is. */
export interface RedisAddress {
  readonly url?: string;
  readonly path?: string;
  /** For people; without password. */
  readonly shown: string;
}

/** What a connection is made of. */
interface ConnectionParts {
  readonly redis: RedisPackage;
  readonly address: RedisAddress;
  /** The channels at this server begin so; that of this process goes on with its name. */
  readonly channels: string;
  readonly process: string;
  /** Called with each message of that channel. */
  readonly hear: (message: string) => void;
}

const LONGEST_RECONNECT_MS = 500;
/** A connection on which nothing is heard for so long is given up; a ping asks for a sound. */
const SILENCE_MS = 10_000;
const PING_MS = 4000;

/** A command that the server did not answer. */
export class Unanswered extends Error {
  /** False: the server has not got it. */
  readonly isSent: boolean;

  constructor(reason: string, isSent: boolean, cause?: unknown) {
    super(reason, { cause });
    this.isSent = isSent;
  }
}

/** Sends commands. What a server refuses is an ErrorReply of the package, any other failure is Unanswered. */
export class RedisConnection {
  readonly address: RedisAddress;
  readonly #redis: RedisPackage;
  readonly #client: ReturnType<RedisPackage['createClient']>;
  readonly #channels: string;
  #reason = 'it has not been reached yet';
  #isListening = false;
  /** Why the server lets nobody listen: a lock whose holder does not listen would be taken away. */
  #deaf: unknown;

  constructor({ redis, address, channels, process, hear }: ConnectionParts) {
    this.address = address;
    this.#redis = redis;
    this.#channels = channels;
    this.#client = redis.createClient(clientOptions(address));
    this.#client.on('error', (error: unknown) => {
      this.#reason = failureReason(error);
    });
    this.#client.on('ready', () => void this.#listen(`${channels}${process}`, hear));
  }

  get isReady(): boolean {
    return this.#client.isReady;
  }

  /** Connects in the background, for as long as it takes; waits for what comes of the first try. */
  async open(onReady?: () => void): Promise<void> {
    if (onReady !== undefined) this.#client.on('ready', onReady);
    const signal = AbortSignal.timeout(CALL_TIMEOUT_MS);
    const first = once(this.#client, 'ready', { signal });
    this.#client.connect().catch(() => undefined);
    await first.catch(() => undefined);
  }

  /** Runs a script; its arguments are the number of its keys, the keys, and what it needs more. */
  async run(script: Script, args: readonly string[]): Promise<unknown> {
    try {
      return await this.send(['EVALSHA', script.sha, ...args, this.#channels]);
    } catch (error) {
      if (!(error instanceof this.#redis.ErrorReply && error.message.startsWith('NOSCRIPT '))) throw error;
      return this.send(['EVAL', script.text, ...args, this.#channels]);
    }
  }

  async send(command: string[]): Promise<unknown> {
    if (!this.#client.isReady) throw this.#unanswered(this.#reason, false);
    if (this.#deaf !== undefined) throw this.#deaf;
    try {
      return await this.#client.sendCommand(command);
    } catch (error) {
      if (error instanceof this.#redis.ErrorReply) throw error;
      throw this.#unanswered(failureReason(error), true, error);
    }
  }

  /** Ends the connection; commands that were sent are answered first. */
  async close(): Promise<void> {
    const closed = this.#client.isReady ? this.#client.close().catch(() => undefined) : undefined;
    await Promise.race([closed, pause(CALL_TIMEOUT_MS, undefined, { ref: false })]);
    this.#client.destroy();
  }

  #unanswered(reason: string, isSent: boolean, cause?: unknown): Unanswered {
    return new Unanswered(`${this.address.shown}: ${reason}`, isSent, cause);
  }

  /** Before any other command of the first connection; the package renews the subscription on each later one. */
  async #listen(channel: string, hear: (message: string) => void): Promise<void> {
    if (this.#isListening) return;
    try {
      await this.#client.subscribe(channel, hear);
      this.#isListening = true;
      this.#deaf = undefined;
    } catch (error) {
      if (error instanceof this.#redis.ErrorReply) this.#deaf = error;
    }
  }
}

function clientOptions({ url, path }: RedisAddress) {
  const socket = {
    connectTimeout: CALL_TIMEOUT_MS,
    socketTimeout: SILENCE_MS,
    reconnectStrategy: (retries: number) =>
      Math.min(20 * 2 ** Math.min(retries, 10), LONGEST_RECONNECT_MS) * (0.5 + Math.random() / 2),
  };
  return {
    RESP: 3 as const,
    ...(url === undefined ? {} : { url }),
    socket: path === undefined ? socket : { ...socket, path },
    disableOfflineQueue: true,
    // Else each command has an abort signal of its own, which costs more than the rest of it. The engine limits all calls.
    commandOptions: { timeout: 0 },
    pingInterval: PING_MS,
    maintNotifications: 'disabled' as const,
  };
}
