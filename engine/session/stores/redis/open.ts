// Opens the Redis store from its options: {"store":"redis","url":"redis://…"} or {"store":"redis","unix_socket_path":"…"}.

import { randomBytes } from 'node:crypto';
import { isAbsolute, resolve } from 'node:path';
import type { StoreConfig } from '../../../../config/schema.ts';
import { Problem } from '../../../diagnostics/problem.ts';
import type { SessionsEnvironment } from '../../face.ts';
import { loadDriver } from '../driver.ts';
import type { OpenedStore } from '../opened.ts';
import type { RedisAddress, RedisDriver } from './client.ts';
import type { RedisConnection } from './connection.ts';
import { RedisKeys } from './keys.ts';
import { ServerSecret } from './secret.ts';
import { RedisServers } from './servers.ts';
import { RedisStore } from './store.ts';
import { RedisTurns } from './turns.ts';

const DEFAULT_URL = 'redis://127.0.0.1:6379';
const DEFAULT_PREFIX = 'karrigell:';

/** The Redis store at the server that the options name, and those of its cluster; a server that is away is waited for in the background. */
export async function openRedisStore(
  options: StoreConfig,
  environment: SessionsEnvironment,
): Promise<OpenedStore> {
  const address = addressOf(options, environment.base_dir);
  const keys = new RedisKeys(prefixOf(options));
  const driver = loadDriver<RedisDriver>({ store: 'redis', module: 'redis', base_dir: environment.base_dir });
  const now = environment.now ?? Date.now;
  const process = randomBytes(12).toString('base64url');
  const { log } = environment;
  const secret = new ServerSecret();
  const hear = (message: string) => turns.hear(message);
  const settle = (server: RedisConnection) => turns.settle(server);
  const servers = new RedisServers({ driver, address, keys, secret, process, hear, settle, log });
  const turns = new RedisTurns({ servers, keys, process, now });
  await servers.open();
  const store = new RedisStore({ servers, keys, turns, secret, now });
  return { store, description: `redis (${address.shown})` };
}

function addressOf({ url, unix_socket_path: path }: StoreConfig, baseDir: string): RedisAddress {
  if (path !== undefined && path !== null) {
    if (typeof path !== 'string' || path === '')
      throw wrongOption('unix_socket_path', 'the path of a socket');
    if (url !== undefined) throw wrongOption('url', 'left out when there is a unix_socket_path');
    const socket = isAbsolute(path) ? path : resolve(baseDir, path);
    return { path: socket, shown: socket };
  }
  const given = url ?? DEFAULT_URL;
  const parsed = typeof given === 'string' && URL.canParse(given) ? new URL(given) : undefined;
  if (typeof given !== 'string' || !/^rediss?:$/.test(parsed?.protocol ?? '')) {
    throw wrongOption(
      'url',
      'a URL such as "redis://127.0.0.1:6379" or "rediss://user:password@host:6380/0"',
    );
  }
  return { url: given, shown: `${parsed?.host ?? ''}${parsed?.pathname.replace(/^\/$/, '') ?? ''}` };
}

function prefixOf({ prefix = DEFAULT_PREFIX }: StoreConfig): string {
  if (typeof prefix === 'string' && !/[{}]/.test(prefix)) return prefix;
  throw wrongOption('prefix', 'a text without braces');
}

function wrongOption(option: string, expected: string): Problem {
  return new Problem('session-store-option', { holes: { store: 'redis', option, expected } });
}
