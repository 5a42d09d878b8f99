// The driver's client as this store wants it: one connection that speaks RESP3, queues nothing while it is away, and never
// gives up to come back.

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

/** A command may take so long; a request that uses sessions is answered within 2 s. */
export const COMMAND_MS = 1500;
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

/**
 * What comes in time. When the time is over, what has arrived meanwhile is read first: a page that kept the process busy
 * is not the server's fault.
 */
export function withinTime<T>(reply: Promise<T>, until: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const left = Math.max(0, until - performance.now());
    const late = () => reject(new Error(`no answer within ${COMMAND_MS / 1000} s`));
    const timer = setTimeout(() => setImmediate(() => setImmediate(late)), left);
    reply.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
