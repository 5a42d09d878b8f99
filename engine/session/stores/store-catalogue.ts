// The stores that persistent_session can name. A new store is one module and one row here.

import type { StoreConfig } from '../../../config/schema.ts';
import { Problem } from '../../diagnostics/problem.ts';
import type { LoadModule, SessionsEnvironment } from '../session-types.ts';
import type { OpenedStore, OpenStore } from './opened-store.ts';

/** Loads the module of a store. Only then is its optional package looked for. */
type LoadOpener = () => Promise<OpenStore>;

const CATALOGUE: Readonly<Record<string, LoadOpener>> = {
  json: async () => (await import('./json/open-json-store.ts')).openJsonStore,
  database: async () => (await import('./database/open-database-store.ts')).openDatabaseStore,
  cookie: async () => (await import('./cookie/open-cookie-store.ts')).openCookieStore,
  redis: async () => (await import('./redis/open-redis-store.ts')).openRedisStore,
  memcached: async () => (await import('./memcached/open-memcached-store.ts')).openMemcachedStore,
  'express-session': async () => (await import('./express-session/open-express-store.ts')).openExpressStore,
};

const OWN: LoadOpener = async () => (await import('./own/open-own-store.ts')).openOwnStore;

/**
 * Opens the store that a configuration names.
 * @throws (rejects with) Problem `session-store-unknown`, or what the store's module says
 */
export async function openStore(
  options: StoreConfig,
  environment: SessionsEnvironment,
): Promise<OpenedStore> {
  const { store } = options;
  const load = isOwnStore(store) ? OWN : Object.hasOwn(CATALOGUE, store) ? CATALOGUE[store] : undefined;
  if (load === undefined) throw unknownStore(store);
  const open = await load();
  const { load_module = unloadable } = environment;
  return open(options, { ...environment, load_module });
}

/** Whether the name of a store is the path of a site's own module. */
export function isOwnStore(store: string): boolean {
  return /^\.{0,2}[/\\]|\.[cm]?[jt]s$/i.test(store);
}

/** An environment that loads no modules knows neither packages nor a site's own stores. */
const unloadable: LoadModule = async (specifier) => {
  throw unknownStore(specifier);
};

function unknownStore(store: string): Problem {
  const known = [...Object.keys(CATALOGUE), 'or the path of a module'].join(', ');
  return new Problem('session-store-unknown', { params: { store, known } });
}
