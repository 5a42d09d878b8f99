// The stores that persistent_session can name, and where each is made. A new store is one module and one row here.

import type { StoreConfig } from '../../../config/schema.ts';
import { Problem } from '../../diagnostics/problem.ts';
import type { SessionsEnvironment } from '../session-types.ts';
import type { OpenedStore, OpenForeignStore, OpenStore } from './opened-store.ts';
import { isOwnStore } from './own/path.ts';

/** One store that keeps text. */
interface CatalogueRow {
  /** Loads its module; only then is its driver looked for. */
  readonly load: () => Promise<OpenStore>;
  /** The optional package that it needs. */
  readonly driver?: string;
  /** How to get that package. */
  readonly install?: string;
}

const CATALOGUE: Readonly<Record<string, CatalogueRow>> = {
  json: { load: async () => (await import('./json/open-json-store.ts')).openJsonStore },
  database: { load: async () => (await import('./database/open-database-store.ts')).openDatabaseStore },
  cookie: { load: async () => (await import('./cookie/open-cookie-store.ts')).openCookieStore },
  redis: { load: async () => (await import('./redis/open-redis-store.ts')).openRedisStore },
  memcached: { load: async () => (await import('./memcached/open-memcached-store.ts')).openMemcachedStore },
};

/** Stores whose code is the site's or a package's. */
const FOREIGN: Readonly<Record<'express-session' | 'own', () => Promise<OpenForeignStore>>> = {
  'express-session': async () => (await import('./express-session/open-express-store.ts')).openExpressStore,
  own: async () => (await import('./own/open-own-store.ts')).openOwnStore,
};

/** Opens the store that a configuration names. */
export async function openStore(
  options: StoreConfig,
  environment: SessionsEnvironment,
): Promise<OpenedStore> {
  const foreign = foreignKind(options.store);
  const { load_module } = environment;
  if (foreign !== undefined && load_module !== undefined) {
    const open = await FOREIGN[foreign]();
    return open(options, { ...environment, load_module });
  }
  const row = Object.hasOwn(CATALOGUE, options.store) ? CATALOGUE[options.store] : undefined;
  if (row === undefined) {
    const known = [...Object.keys(CATALOGUE), 'express-session', 'or the path of a module'].join(', ');
    throw new Problem('session-store-unknown', { params: { store: options.store, known } });
  }
  const open = await row.load();
  return open(options, environment);
}

function foreignKind(store: string): keyof typeof FOREIGN | undefined {
  if (store === 'express-session') return store;
  return isOwnStore(store) ? 'own' : undefined;
}
