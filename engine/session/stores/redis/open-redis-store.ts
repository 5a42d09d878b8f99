// Opens the Redis store from its options: {"store":"redis","url":"redis://…"} or {"store":"redis","unix_socket_path":"…"}.

import { isAbsolute, resolve } from 'node:path';
import type { StoreConfig } from '../../../../config/schema.ts';
import type { SessionsEnvironment } from '../../session-types.ts';
import { LockingStore } from '../locking/locking-store.ts';
import { type OpenedStore, wrongOption } from '../opened-store.ts';
import { loadOptionalPackage } from '../optional-package.ts';
import type { RedisAddress, RedisPackage } from './redis-connection.ts';
import { RedisDriver } from './redis-driver.ts';
import { RedisNames } from './redis-names.ts';

const DEFAULT_URL = 'redis://127.0.0.1:6379';
const DEFAULT_PREFIX = 'karrigell:';

/**
 * Opens the store at a server, or at all servers of its cluster.
 * @throws Problem for a wrong option, a missing package, and a server that refuses
 */
export async function openRedisStore(
  options: StoreConfig,
  environment: SessionsEnvironment,
): Promise<OpenedStore> {
  const { base_dir, now = Date.now } = environment;
  const address = addressOf(options, base_dir);
  const names = new RedisNames(prefixOf(options));
  const redis = loadOptionalPackage<RedisPackage>({ store: 'redis', module: 'redis', base_dir });
  const driver = new RedisDriver({ redis, address, names, now });
  await driver.open();
  const store = new LockingStore(driver, address.shown, environment);
  await store.open();
  return { store, description: `redis (${address.shown})` };
}

function addressOf({ url, unix_socket_path: path }: StoreConfig, baseDir: string): RedisAddress {
  if (path !== undefined && path !== null) {
    if (typeof path !== 'string' || path === '')
      throw wrongOption('redis', 'unix_socket_path', 'the path of a socket');
    if (url !== undefined) throw wrongOption('redis', 'url', 'left out when there is a unix_socket_path');
    const socket = isAbsolute(path) ? path : resolve(baseDir, path);
    return { path: socket, shown: socket };
  }
  const given = url ?? DEFAULT_URL;
  const parsed = typeof given === 'string' && URL.canParse(given) ? new URL(given) : undefined;
  if (typeof given !== 'string' || !/^rediss?:$/.test(parsed?.protocol ?? '')) {
    throw wrongOption(
      'redis',
      'url',
      'a URL such as "redis://127.0.0.1:6379" or "rediss://user:password@host:6380/0"',
    );
  }
  return { url: given, shown: `${parsed?.host ?? ''}${parsed?.pathname.replace(/^\/$/, '') ?? ''}` };
}

function prefixOf({ prefix = DEFAULT_PREFIX }: StoreConfig): string {
  if (typeof prefix === 'string' && !/[{}]/.test(prefix)) return prefix;
  throw wrongOption('redis', 'prefix', 'a text without braces');
}
