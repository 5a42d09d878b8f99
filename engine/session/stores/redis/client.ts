// The driver's client as this store wants it: one connection that speaks RESP3, queues nothing while it is away, and never
// gives up to come back.

import { COMMAND_MS } from '../within-time.ts';

/** The driver, as far as this store uses it. */
export type RedisDriver = Pick<typeof import('redis'), 'createClient' | 'ErrorReply'>;
export type RedisClient = ReturnType<RedisDriver['createClient']>;

/** Where the server is. */
export interface RedisAddress {
  readonly url?: string;
  readonly path?: string;
  /** For people; without password. */
  readonly shown: string;
}

export const LONGEST_RECONNECT_MS = 500;
/** A connection on which nothing is heard for so long is given up; a ping asks for a sound. */
const SILENCE_MS = 10_000;
const PING_MS = 4000;

/** The options of the client for a server. */
export function clientOptions({ url, path }: RedisAddress) {
  const socket = {
    connectTimeout: COMMAND_MS,
    socketTimeout: SILENCE_MS,
    reconnectStrategy: (retries: number) =>
      Math.min(20 * 2 ** Math.min(retries, 10), LONGEST_RECONNECT_MS) * (0.5 + Math.random() / 2),
  };
  return {
    RESP: 3 as const,
    ...(url === undefined ? {} : { url }),
    socket: path === undefined ? socket : { ...socket, path },
    disableOfflineQueue: true,
    pingInterval: PING_MS,
    maintNotifications: 'disabled' as const,
  };
}

/** Where another server of the same cluster is: reached as the first one is, with its user and password. */
export function addressBeside(
  { url = 'redis://127.0.0.1' }: RedisAddress,
  host: string,
  port: number,
): RedisAddress {
  const beside = new URL(url);
  if (host !== '') beside.hostname = host.includes(':') ? `[${host}]` : host;
  beside.port = String(port);
  return { url: beside.href, shown: `cluster server ${beside.host}` };
}
