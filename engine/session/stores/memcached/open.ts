// Opens the memcached store from its options: {"store":"memcached","servers":"host:11211"} or a list of such servers.

import type { StoreConfig } from '../../../../config/schema.ts';
import { Problem } from '../../../diagnostics/problem.ts';
import type { SessionsEnvironment } from '../../face.ts';
import { loadDriver } from '../driver.ts';
import type { OpenedStore } from '../opened.ts';
import { MemcachedChanges } from './changes.ts';
import { MemcachedConnection, type MemcachedDriver } from './connection.ts';
import { MemcachedEntries } from './entries.ts';
import { MemcachedKeys } from './keys.ts';
import { MemcachedScan } from './scan.ts';
import { MemcachedSecret } from './secret.ts';
import { MemcachedServers } from './servers.ts';
import { MemcachedStore } from './store.ts';
import { MemcachedTurns } from './turns.ts';

const DEFAULT_SERVER = '127.0.0.1:11211';
const DEFAULT_PREFIX = 'karrigell:';

/** The driver knows neither sockets of a machine nor bare IPv6 addresses. */
const SERVER = /^[^\s:/,[\]]+:[1-9]\d{0,4}$/;

/** With the rest of a name no longer than the server takes. */
const PREFIX = /^[!-~]{0,150}$/;

/** The memcached store at the servers that the options name; one that is away is waited for in the background. */
export async function openMemcachedStore(
  options: StoreConfig,
  environment: SessionsEnvironment,
): Promise<OpenedStore> {
  const { base_dir, log } = environment;
  const named = serversOf(options);
  const keys = new MemcachedKeys(prefixOf(options));
  const driver = loadDriver<MemcachedDriver>({ store: 'memcached', module: 'memcache-client', base_dir });
  const now = environment.now ?? Date.now;
  const secret = new MemcachedSecret(keys.secret);
  const connections = named.map((server) => new MemcachedConnection({ driver, server, log }));
  const servers = new MemcachedServers(connections, secret, keys);
  await servers.open();
  const turns = new MemcachedTurns({ servers, keys, now });
  const scan = new MemcachedScan({ servers, keys, now, ownClock: environment.now !== undefined });
  const entries = new MemcachedEntries({ servers, keys, now });
  const changes = new MemcachedChanges({ servers, keys, entries, turns, now });
  const store = new MemcachedStore({ servers, entries, turns, changes, scan, secret });
  return { store, description: `memcached (${named.join(', ')})`, announces: true };
}

function serversOf({ servers = DEFAULT_SERVER }: StoreConfig): readonly string[] {
  const named: readonly unknown[] = Array.isArray(servers) ? servers : [servers];
  const valid = named.filter((server) => typeof server === 'string').filter(isServer);
  if (valid.length === named.length && valid.length > 0 && new Set(valid).size === valid.length) return valid;
  throw wrongOption('servers', 'host:port, such as "127.0.0.1:11211", or a list of different ones');
}

function isServer(server: string): boolean {
  return SERVER.test(server) && Number(server.split(':')[1]) < 65_536;
}

function prefixOf({ prefix = DEFAULT_PREFIX }: StoreConfig): string {
  if (typeof prefix === 'string' && PREFIX.test(prefix)) return prefix;
  throw wrongOption('prefix', 'at most 150 letters, digits and signs without blanks');
}

function wrongOption(option: string, expected: string): Problem {
  return new Problem('session-store-option', { holes: { store: 'memcached', option, expected } });
}
