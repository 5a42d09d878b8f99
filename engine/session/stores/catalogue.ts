// The stores that persistent_session can name, and where each is made. A new store is one module and one row here.

import type { StoreConfig } from '../../../config/schema.ts';
import { Problem } from '../../diagnostics/problem.ts';
import type { SessionsEnvironment } from '../face.ts';
import type { OpenedStore, OpenStore } from './opened.ts';

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
  json: { load: async () => (await import('./json/open.ts')).openJsonStore },
  database: { load: async () => (await import('./database/open.ts')).openDatabaseStore },
  redis: { load: async () => (await import('./redis/open.ts')).openRedisStore },
};

/** Opens the store that a configuration names. */
export async function openStore(
  options: StoreConfig,
  environment: SessionsEnvironment,
): Promise<OpenedStore> {
  const row = Object.hasOwn(CATALOGUE, options.store) ? CATALOGUE[options.store] : undefined;
  if (row === undefined) {
    const known = Object.keys(CATALOGUE).join(', ');
    throw new Problem('session-store-unknown', { holes: { store: options.store, known } });
  }
  const open = await row.load();
  return open(options, environment);
}
