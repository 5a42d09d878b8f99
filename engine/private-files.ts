// The private files of a site: its configuration file, and the files of its session store. They are never served.

import { resolve } from 'node:path';
import type { LoadedConfig } from '../config/load-config.ts';
import type { Config } from '../config/schema.ts';
import { HiddenFiles } from './pages/hidden-files.ts';
import type { PagesOptions } from './pages/index.ts';
import { sqliteFiles } from './session/stores/database/sqlite-files.ts';
import { DEFAULT_DIR } from './session/stores/json/json-paths.ts';
import { isOwnStore } from './session/stores/store-catalogue.ts';

/**
 * The files and folders that are never served, run or watched.
 * @param store_dir the folder to which the paths of the store are relative
 */
export function privateFiles(
  { config, file }: Pick<LoadedConfig, 'config' | 'file'>,
  store_dir: string,
): HiddenFiles {
  return new HiddenFiles([...(file === undefined ? [] : [file]), ...storeFiles(config, store_dir)]);
}

function storeFiles({ persistent_session: store }: Config, store_dir: string): string[] {
  if (store === false) return [];
  if (store === true) return [resolve(store_dir, DEFAULT_DIR)];
  const own = isOwnStore(store.store) ? store.store : undefined;
  const dir = store.dir ?? (store.store === 'json' ? DEFAULT_DIR : undefined);
  const folders = [dir, store.lock_dir, own].filter((path) => typeof path === 'string');
  const files = typeof store.url === 'string' ? sqliteFiles(store.url, store_dir) : [];
  return [...folders.map((path) => resolve(store_dir, path)), ...files];
}

/** The options of the pages of a site, from its configuration. */
export function pagesOptions(
  applied: Pick<LoadedConfig, 'config' | 'file'>,
  { base_dir, log }: { readonly base_dir: string; readonly log: PagesOptions['log'] },
): PagesOptions {
  const { root_dir, watch, debug } = applied.config;
  return { root_dir, watch, debug, log, hidden: privateFiles(applied, base_dir) };
}
