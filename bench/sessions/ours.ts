// Our server, as its users run it: the command line in production, with a configuration file beside the pages.

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StoreConfig } from '../../config/store-options.ts';
import { Child } from './child.ts';
import type { Contender, Place, Running } from './contender.ts';
import { COUNT, OUR_PAGES, PLAIN, READ } from './pages.ts';
import { missingPackage, missingService } from './services.ts';
import { answerOf } from './visitors.ts';

const program = fileURLToPath(new URL('../../engine/cli/main.js', import.meta.url));

/** Where our sessions are. */
interface Store {
  readonly name: string;
  readonly about: string;
  missing?(): string | undefined;
  config(place: Place): StoreConfig | false | Promise<StoreConfig>;
}

const memory: Store = { name: 'memory', about: 'memory', config: () => false };
const json: Store = {
  name: 'json',
  about: 'JSON files',
  config: ({ folder }) => ({ store: 'json', dir: join(folder, 'sessions') }),
};
const redis: Store = {
  name: 'redis',
  about: 'Redis',
  missing: () => missingService('redis'),
  config: async ({ services, number }) => ({
    store: 'redis',
    url: await services.address('redis'),
    prefix: `karrigell-${number}:`,
  }),
};
const memcached: Store = {
  name: 'memcached',
  about: 'memcached',
  missing: () => missingService('memcached'),
  config: async ({ services, number }) => ({
    store: 'memcached',
    servers: await services.address('memcached'),
    prefix: `karrigell-${number}:`,
  }),
};
const sqlite: Store = {
  name: 'sqlite',
  about: 'SQLite',
  missing: () => missingPackage('libsql'),
  config: ({ folder }) => ({ store: 'database', url: `sqlite:${join(folder, 'sessions.db')}` }),
};
const postgres = databaseServer('postgres', 'postgres', 'PostgreSQL');
const mariadb = databaseServer('mariadb', 'mysql', 'MariaDB');

function databaseServer(name: string, service: 'postgres' | 'mysql', about: string): Store {
  return {
    name,
    about,
    missing: () => missingService(service),
    config: async ({ services, number }) => ({
      store: 'database',
      url: await services.address(service),
      table: `session_${number}`,
    }),
  };
}

/** Our rows of the table. */
export const OURS: readonly Contender[] = [
  ours(memory),
  ours(json),
  { ...ours(json, COUNT, 2), name: 'json-2', about: 'ours, JSON files, two servers' },
  ...[redis, postgres, mariadb, sqlite, memcached].map((store) => ours(store)),
  ...[memory, redis].flatMap((store) => [
    { ...ours(store, READ), name: `${store.name}-read`, about: `ours, ${store.about}, read only` },
    { ...ours(store, PLAIN), name: `${store.name}-plain`, about: `ours, ${store.about}, no session` },
  ]),
];

function ours(store: Store, path = COUNT, servers = 1): Contender {
  return {
    name: store.name,
    about: `ours, ${store.about}`,
    path,
    losesNothing: true,
    onlyByName: path !== COUNT,
    missing: async () => store.missing?.(),
    start: async (place) => start(place, await store.config(place), servers),
  };
}

async function start(place: Place, persistent_session: StoreConfig | false, count: number): Promise<Running> {
  const { folder, pinned } = place;
  await mkdir(join(folder, 'site'));
  for (const [path, text] of Object.entries(OUR_PAGES)) {
    await writeFile(join(folder, 'site', `${path}.pih`), text);
  }
  await writeFile(join(folder, 'karrigell.config.json'), JSON.stringify({ persistent_session }));
  const command = [process.execPath, program, 'serve', '--no-debug', '--port', '0'];
  const environment = { KARRIGELL_LOG: 'false' };
  const servers = Array.from(
    { length: count },
    () => new Child(command, { cwd: folder, environment, pinned }),
  );
  return {
    urls: await Promise.all(servers.map((server) => server.url())),
    processes: servers.map(({ pid }) => pid),
    async stop() {
      for (const server of servers) await server.stop();
    },
  };
}

/** What each server says of the connection and the text by itself. */
const OF_ONE_RESPONSE: ReadonlySet<string> = new Set(['date', 'connection', 'keep-alive', 'content-length']);

/** The headers that our page is sent with to a visitor who has a session, for others to send the same. */
export async function headersOfOurs(place: Place): Promise<string[]> {
  const server = await start(place, false, 1);
  try {
    const url = `${server.urls[0]}${COUNT}`;
    const { message: first } = await answerOf(url);
    const cookie = first.headers['set-cookie']?.[0]?.split(';')[0];
    const { rawHeaders } = (await answerOf(url, cookie)).message;
    return rawHeaders.filter((_, index) => {
      const name = rawHeaders[index - (index % 2)] ?? '';
      return !OF_ONE_RESPONSE.has(name.toLowerCase());
    });
  } finally {
    await server.stop();
  }
}
