// Opens the memcached store from its options: {"store":"memcached","servers":"host:11211"} or a list of such servers.

import type { StoreConfig } from '../../../../config/schema.ts';
import type { SessionsEnvironment } from '../../session-types.ts';
import { LockingStore } from '../locking/locking-store.ts';
import { type OpenedStore, wrongOption } from '../opened-store.ts';
import { loadOptionalPackage } from '../optional-package.ts';
import { type MemcachedClient, MemcachedConnection } from './memcached-connection.ts';
import { MemcachedDriver } from './memcached-driver.ts';

const DEFAULT_SERVER = '127.0.0.1:11211';
const DEFAULT_PREFIX = 'karrigell:';

/** The client knows neither Unix sockets nor bare IPv6 addresses. */
const SERVER = /^[^\s:/,[\]]+:[1-9]\d{0,4}$/;

/** With the rest of a name it has at most the 250 bytes that the server accepts. */
const PREFIX = /^[!-~]{0,150}$/;

/**
 * Opens the store at the configured servers.
 * @throws Problem for a wrong option, a missing package, and a server that refuses
 */
export async function openMemcachedStore(
  options: StoreConfig,
  environment: SessionsEnvironment,
): Promise<OpenedStore> {
  const named = serversOf(options);
  const prefix = prefixOf(options);
  const { base_dir, now = Date.now } = environment;
  const client = loadOptionalPackage<MemcachedClient>({
    store: 'memcached',
    module: 'memcache-client',
    base_dir,
  });
  const connections = named.map((server) => new MemcachedConnection(client, server));
  const driver = new MemcachedDriver({ connections, prefix, now });
  const description = `memcached (${named.join(', ')})`;
  const store = new LockingStore(driver, description, environment);
  await store.open();
  return { store, description };
}

function serversOf({ servers = DEFAULT_SERVER }: StoreConfig): readonly string[] {
  const named: readonly unknown[] = Array.isArray(servers) ? servers : [servers];
  const valid = named.filter((server) => typeof server === 'string').filter(isServer);
  if (valid.length === named.length && valid.length > 0 && new Set(valid).size === valid.length) return valid;
  throw wrongOption(
    'memcached',
    'servers',
    'host:port, such as "127.0.0.1:11211", or a list of different ones',
  );
}

function isServer(server: string): boolean {
  return SERVER.test(server) && Number(server.split(':')[1]) < 65_536;
}

function prefixOf({ prefix = DEFAULT_PREFIX }: StoreConfig): string {
  if (typeof prefix === 'string' && PREFIX.test(prefix)) return prefix;
  throw wrongOption('memcached', 'prefix', 'at most 150 letters, digits and signs without blanks');
}
