// The one connection of a process to a Redis or Valkey server: commands and the subscription share it (RESP3), so that
// whoever is connected is also listening. It comes back by itself; while it is away, whoever asks learns it soon.

import { setTimeout as pause } from 'node:timers/promises';
import { Problem } from '../../../diagnostics/problem.ts';
import { isAway } from '../../away.ts';
import type { SessionsEnvironment } from '../../face.ts';
import { Availability } from '../availability.ts';
import { reasonOf } from '../failure.ts';
import { COMMAND_MS, withinTime } from '../within-time.ts';
import {
  clientOptions,
  LONGEST_RECONNECT_MS,
  type RedisAddress,
  type RedisClient,
  type RedisDriver,
} from './client.ts';
import type { Script } from './scripts.ts';

/** What a connection is made of. */
export interface ConnectionParts {
  readonly driver: RedisDriver;
  readonly address: RedisAddress;
  /** The channels at this server begin so; that of this process goes on with its name. */
  readonly channels: string;
  readonly process: string;
  /** Who hears what comes there. */
  readonly hear: (message: string) => void;
  readonly log: SessionsEnvironment['log'];
}

/** How often a server that can be used is looked at: it may have forgotten what all must agree on. */
const LOOK_MS = 5000;

/** Answers of a server that cannot work now, but it or another will again. */
const NOT_NOW =
  /^(LOADING|BUSY|MASTERDOWN|READONLY|CLUSTERDOWN|MOVED|ASK|TRYAGAIN|NOREPLICAS|NOAUTH|WRONGPASS) /;

/** Sends commands; every failure is a Problem: away (503) or refused (500). */
export class RedisConnection {
  readonly #parts: ConnectionParts;
  readonly #client: RedisClient;
  readonly #availability: Availability;
  #listening = false;
  #looks: NodeJS.Timeout | undefined;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.#availability = new Availability(parts.address.shown, parts.log);
    this.#client = parts.driver.createClient(clientOptions(parts.address));
    this.#client.on('error', (error: unknown) => this.#lost(error));
  }

  get address(): RedisAddress {
    return this.#parts.address;
  }

  get isUsable(): boolean {
    return this.#availability.isUsable;
  }

  /** Connects in the background, for as long as it takes; `prepare` runs first on every new connection, and now and then. */
  open(prepare: () => Promise<void>): void {
    this.#client.on('ready', () => void this.#prepare(prepare));
    this.#looks = setInterval(() => void (this.isUsable && prepare().catch(() => {})), LOOK_MS).unref();
    this.#client.connect().catch(() => undefined);
  }

  /** Waits until the server can be used, or has been away for too long to wait: then a warning is logged. */
  start(): Promise<void> {
    return this.#availability.start();
  }

  /** Runs a script; `repeatable`: again on the next connection, when nobody knows whether this one ran it. */
  async run(
    script: Script,
    keys: readonly string[],
    args: readonly string[],
    repeatable = false,
    until = performance.now() + COMMAND_MS,
  ): Promise<unknown> {
    const { channels } = this.#parts;
    const command = ['EVALSHA', script.sha, String(keys.length), ...keys, ...args, channels];
    try {
      return await this.send(command, repeatable, until);
    } catch (error) {
      if (!isRefused(error, 'NOSCRIPT')) throw error;
      return this.send(this.whole(script, keys, args), repeatable, until);
    }
  }

  /** The command that runs a script here whether the server remembers it or not. */
  whole({ text }: Script, keys: readonly string[], args: readonly string[]): string[] {
    return ['EVAL', text, String(keys.length), ...keys, ...args, this.#parts.channels];
  }

  /** Sends one command. */
  async send(
    args: readonly string[],
    repeatable = false,
    until = performance.now() + COMMAND_MS,
  ): Promise<unknown> {
    for (;;) {
      await this.#availability.whenUsable(until);
      try {
        return await this.sendNow(args, until);
      } catch (error) {
        if (!repeatable || this.isUsable || !isAway(error)) throw error;
      }
    }
  }

  /** Sends one command on the connection as it is, ready or not. */
  async sendNow(args: readonly string[], until = performance.now() + COMMAND_MS): Promise<unknown> {
    try {
      return await withinTime(this.#client.sendCommand([...args]), until);
    } catch (cause) {
      if (!(cause instanceof this.#parts.driver.ErrorReply))
        throw this.#availability.away(cause, reasonOf(cause));
      if (NOT_NOW.test(cause.message)) throw this.#availability.away(cause, cause.message);
      throw new Problem('session-server-refused', {
        holes: { reason: cause.message },
        cause,
      });
    }
  }

  /** Ends the connection; what was sent is answered first, if the server can be used. */
  async close(): Promise<void> {
    clearInterval(this.#looks);
    const usable = this.isUsable;
    this.#availability.close();
    if (usable) await Promise.race([this.#client.close(), pause(COMMAND_MS, undefined, { ref: false })]);
    this.#client.destroy();
  }

  /** A server that is still loading its data is connected, but not usable. */
  async #prepare(prepare: () => Promise<void>): Promise<void> {
    while (this.#client.isReady && !this.#availability.isClosed) {
      try {
        await this.#listen();
        await prepare();
        return this.#back();
      } catch (error) {
        this.#lost(error instanceof Problem ? error.cause : error);
        await pause(LONGEST_RECONNECT_MS / 2);
      }
    }
  }

  /** Once; the driver renews a subscription that there was on each new connection. */
  async #listen(): Promise<void> {
    if (this.#listening) return;
    const { channels, process, hear } = this.#parts;
    await withinTime(this.#client.subscribe(`${channels}${process}`, hear), performance.now() + COMMAND_MS);
    this.#listening = true;
  }

  #back(): void {
    if (this.#client.isReady) this.#availability.back();
  }

  #lost(error: unknown): void {
    if (this.isUsable && this.#client.isReady) return;
    this.#availability.lost(reasonOf(error));
  }
}

/** Whether the server refused a command for this reason. */
export function isRefused(error: unknown, reason: string): boolean {
  const cause = error instanceof Problem ? error.cause : undefined;
  return cause instanceof Error && cause.message.startsWith(`${reason} `);
}
