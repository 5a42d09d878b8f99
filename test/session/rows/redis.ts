// The Redis store under test: a prefix a site, on the Redis server of this machine or a Redis or Valkey of our own.

import { createClient } from 'redis';
import { findRedis, type RedisName } from '../stores/redis-server.ts';
import { nothing, OURS, option, type StoreRow } from './row.ts';

/** The row, once it is known whether a server is here. */
export async function redisRow(name: RedisName): Promise<StoreRow> {
  let places = 0;
  const { missing, options, close } = await findRedis(name);
  const { url, unix_socket_path: path = '' } = options;
  const operator = createClient(url === undefined ? { socket: { path, tls: false } } : { url });
  operator.on('error', () => {});
  const connected = async () => (operator.isOpen ? operator : operator.connect());
  const namesOf = async (prefix: string) => {
    await connected();
    const names: string[] = [];
    for await (const some of operator.scanIterator({ MATCH: `${prefix}*`, COUNT: 1000 })) names.push(...some);
    return names;
  };
  const forget = async (prefix: string) => {
    const names = await namesOf(prefix);
    if (names.length > 0) await operator.del(names);
  };
  return {
    name,
    missing,
    lock: 'store',
    persistent: true,
    lists: true,
    place: async (dir) => {
      const prefix = `${OURS}_${places++}:`;
      return { dir, config: { store: 'redis', prefix, ...options }, remove: nothing };
    },
    names: (place) => namesOf(option(place, 'prefix')),
    put: async (place, key, text) => {
      await connected();
      await operator.hSet(`${option(place, 'prefix')}{${key}}:s`, 'c', text);
    },
    forget: (place) => forget(option(place, 'prefix')),
    close: async () => {
      await forget(OURS);
      operator.destroy();
      await close();
    },
  };
}
