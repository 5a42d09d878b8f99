// Our server as users run it: the command line in production, with a configuration file beside the pages.

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

/** A store of our server. */
interface Store {
  readonly name: string;
  readonly about: string;
  missing?(): string | undefined;
  /** @param server 0, 1 … */
  config(place: Place, server: number): StoreConfig | false | Promise<StoreConfig>;
}

const memory: Store = { name: 'memory', about: 'memory', config: () => false };
const json: Store = {
  name: 'json',
  about: 'JSON files',
  config: ({ folder }) => ({ store: 'json', dir: join(folder, 'sessions') }),
};
/** Two servers that share only their core, for comparison with two servers that share a store. */
const jsonApart: Store = {
  ...json,
  config: ({ folder }, server) => ({ store: 'json', dir: join(folder, `sessions-${server}`) }),
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
  { ...ours(json, COUNT, 2), name: 'json-2', about: 'ours, JSON files, two servers on one core' },
  { ...apart(jsonApart), name: 'json-2-apart', about: 'the same, with a folder and visitors each' },
  {
    ...apart(memory),
    name: 'memory-2-apart',
    about: 'ours, memory, two servers on one core',
    onlyByName: true,
  },
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
    start: (place) => start(place, store, servers),
  };
}

function apart(store: Store): Contender {
  return {
    ...ours(store),
    start: async (place) => ({ ...(await start(place, store, 2)), isApart: true }),
  };
}

async function start(place: Place, store: Store, count: number): Promise<Running> {
  const { folder, pinned } = place;
  const site = join(folder, 'site');
  await mkdir(site);
  for (const [path, text] of Object.entries(OUR_PAGES)) await writeFile(join(site, `${path}.pih`), text);
  const servers: Child[] = [];
  for (let server = 0; server < count; server++) {
    const file = join(folder, `server-${server}.config.json`);
    const persistent_session = await store.config(place, server);
    await writeFile(file, JSON.stringify({ root_dir: 'site', persistent_session }));
    const command = [process.execPath, program, 'serve', '--no-debug', '--port', '0', '--config', file];
    servers.push(new Child(command, { cwd: folder, environment: { KARRIGELL_LOG: 'false' }, pinned }));
  }
  return {
    urls: await Promise.all(servers.map((server) => server.url())),
    processes: servers.map(({ pid }) => pid),
    async stop() {
      for (const server of servers) await server.stop();
    },
  };
}

/** Headers that each server sets itself, for the connection and the text. */
const OF_ONE_RESPONSE: ReadonlySet<string> = new Set(['date', 'connection', 'keep-alive', 'content-length']);

/** The headers of our page for a visitor with a session. The bare server sends the same. */
export async function headersOfOurs(place: Place): Promise<string[]> {
  const server = await start(place, memory, 1);
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
