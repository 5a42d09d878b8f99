// A connection to one Redis or Valkey server. Commands and the subscription share it (RESP3), so that a process that is connected is
// also subscribed. It reconnects in the background; a command without a connection fails at once.

import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { failureReason } from '../foreign-code.ts';
import { CALL_TIMEOUT_MS } from '../locking/driver-calls.ts';
import type { Script } from './redis-scripts.ts';

/** The part of the package that this store uses. */
export type RedisPackage = Pick<typeof import('redis'), 'createClient' | 'ErrorReply'>;

/** A server: a URL or the path of a socket. */
export interface RedisAddress {
  readonly url?: string;
  readonly path?: string;
  /** The name for messages, without password. */
  readonly shown: string;
}

interface ConnectionParts {
  readonly redis: RedisPackage;
  readonly address: RedisAddress;
  /** The beginning of the channel names of this server; `processName` completes that of this process. */
  readonly channels: string;
  readonly processName: string;
  readonly onMessage: (message: string) => void;
}

const LONGEST_RECONNECT_MS = 500;
/** The time in ms without a byte after which a connection is closed. Pings keep a healthy connection from being silent. */
const SILENCE_MS = 10_000;
const PING_MS = 4000;

/** The error of a command without an answer. */
export class Unanswered extends Error {
  /** False: the command cannot have reached the server. */
  readonly isSent: boolean;

  constructor(reason: string, isSent: boolean, cause?: unknown) {
    super(reason, { cause });
    this.isSent = isSent;
  }
}

/** Sends commands. If the server refuses one, the error is an ErrorReply of the package; any other error is Unanswered. */
export class RedisConnection {
  readonly address: RedisAddress;
  readonly #redis: RedisPackage;
  readonly #client: ReturnType<RedisPackage['createClient']>;
  readonly #channels: string;
  #reason = 'it has not been reached yet';
  #isSubscribed = false;
  #isClosed = false;
  /** Why the server refuses the subscription. Without it every lock of this process would count as that of a dead process. */
  #subscriptionError: unknown;

  constructor({ redis, address, channels, processName, onMessage }: ConnectionParts) {
    this.address = address;
    this.#redis = redis;
    this.#channels = channels;
    this.#client = redis.createClient(clientOptions(address));
    this.#client.on('error', (error: unknown) => {
      this.#reason = failureReason(error);
    });
    // The package goes on with a connection that was being made when the client was destroyed.
    this.#client.on('connect', () => {
      if (this.#isClosed) this.#client.destroy();
    });
    this.#client.on('ready', () => void this.#subscribe(`${channels}${processName}`, onMessage));
  }

  get isReady(): boolean {
    return this.#client.isReady;
  }

  /** Connects in the background, for as long as it takes. Resolves after the first attempt. */
  async open(onReady?: () => void): Promise<void> {
    if (onReady !== undefined) this.#client.on('ready', onReady);
    const signal = AbortSignal.timeout(CALL_TIMEOUT_MS);
    const first = once(this.#client, 'ready', { signal });
    this.#client.connect().catch(() => undefined);
    await first.catch(() => undefined);
  }

  /** Runs a script; the server caches its text. */
  run(script: Script, names: readonly string[], args: readonly string[]): Promise<unknown> {
    const parameters = [String(names.length), ...names, ...args, this.#channels];
    return this.#sendOr(['EVALSHA', script.sha, ...parameters], (error) => {
      if (!error.message.startsWith('NOSCRIPT ')) throw error;
      return this.send(['EVAL', script.text, ...parameters]);
    });
  }

  send(command: string[]): Promise<unknown> {
    return this.#sendOr(command, (error) => {
      throw error;
    });
  }

  /** Sends a command, without a promise for each step: they are two for each page. `refused` gets the error of a server that answers so. */
  #sendOr(command: string[], refused: (error: Error) => unknown): Promise<unknown> {
    if (!this.#client.isReady) return Promise.reject(this.#unanswered(this.#reason, false));
    if (this.#subscriptionError !== undefined) return Promise.reject(this.#subscriptionError);
    return this.#client.sendCommand(command).catch((error: unknown) => {
      if (error instanceof this.#redis.ErrorReply) return refused(error);
      throw this.#unanswered(failureReason(error), true, error);
    });
  }

  /** Closes the connection after the answers to commands that were sent. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const closed = this.#client.isReady ? this.#client.close().catch(() => undefined) : undefined;
    await Promise.race([closed, pause(CALL_TIMEOUT_MS, undefined, { ref: false })]);
    this.#client.destroy();
  }

  #unanswered(reason: string, isSent: boolean, cause?: unknown): Unanswered {
    return new Unanswered(`${this.address.shown}: ${reason}`, isSent, cause);
  }

  /** The first command of the first connection. The package repeats the subscription on every later one. */
  async #subscribe(channel: string, onMessage: (message: string) => void): Promise<void> {
    if (this.#isSubscribed) return;
    try {
      await this.#client.subscribe(channel, onMessage);
      this.#isSubscribed = true;
      this.#subscriptionError = undefined;
    } catch (error) {
      if (error instanceof this.#redis.ErrorReply) this.#subscriptionError = error;
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
    // With a timeout each command has an abort signal, which costs more than the rest of it. The engine limits the time of calls.
    commandOptions: { timeout: 0 },
    pingInterval: PING_MS,
    maintNotifications: 'disabled' as const,
  };
}
