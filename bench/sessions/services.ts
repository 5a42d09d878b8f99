// The databases of the session stores: servers in temporary folders, started when the first contender needs them and removed at the
// end. Their processor time is not counted.

import { createRequire } from 'node:module';
import { freePort } from '../../test/free-port.ts';
import { DATABASE_SERVERS, DatabaseServer } from '../../test/session/stores/database-servers.ts';
import * as memcached from '../../test/session/stores/memcached-server.ts';
import * as redis from '../../test/session/stores/redis-server.ts';

/** The servers that can be started. */
export type ServiceName = 'redis' | 'memcached' | 'postgres' | 'mysql';

interface Service {
  /** The name in messages. */
  readonly address: string;
  remove(): Promise<void>;
}

interface Kind {
  readonly missing: string | undefined;
  readonly install: string;
  /** The package of its client. */
  readonly driver: string;
  start(): Promise<Service>;
}

const KINDS: Readonly<Record<ServiceName, Kind>> = {
  redis: {
    missing: redis.whyNot('redis'),
    install: 'apt-get install redis-server',
    driver: 'redis',
    async start() {
      const port = await freePort();
      const server = await redis.RedisServer.prepare('redis', '--port', String(port), '--bind', '127.0.0.1');
      await server.start();
      return { address: `redis://127.0.0.1:${port}`, remove: () => server.remove() };
    },
  },
  memcached: {
    missing: memcached.isUsable ? undefined : memcached.whyNot,
    install: 'apt-get install memcached',
    driver: 'memcache-client',
    async start() {
      const server = await memcached.MemcachedServer.start();
      return { address: server.address, remove: () => server.stop() };
    },
  },
  postgres: {
    missing: DATABASE_SERVERS.postgres.missing,
    install: 'apt-get install postgresql',
    driver: 'pg',
    start: () => databaseServer('postgres'),
  },
  mysql: {
    missing: DATABASE_SERVERS.mysql.missing,
    install: 'apt-get install mariadb-server',
    driver: 'mysql2',
    start: () => databaseServer('mysql'),
  },
};

async function databaseServer(name: 'postgres' | 'mysql'): Promise<Service> {
  const server = await DatabaseServer.start(name);
  return { address: server.url, remove: () => server.remove() };
}

/** The missing program or package with the command that installs it. */
export function missingService(name: ServiceName): string | undefined {
  const { missing, install, driver } = KINDS[name];
  return missing === undefined ? missingPackage(driver) : `${missing}: ${install}`;
}

/** A package of the project that is not installed. */
export function missingPackage(name: string): string | undefined {
  try {
    createRequire(import.meta.url).resolve(name);
    return undefined;
  } catch {
    return `the package ${name} is not installed: npm ci`;
  }
}

/** The servers that run. */
export class Services {
  readonly #running = new Map<ServiceName, Service>();

  /** The URL of a server, which is started if it does not run. */
  async address(name: ServiceName): Promise<string> {
    const service = this.#running.get(name) ?? (await KINDS[name].start());
    this.#running.set(name, service);
    return service.address;
  }

  async remove(): Promise<void> {
    for (const service of this.#running.values()) await service.remove();
    this.#running.clear();
  }
}
