// Opens a store that was written for express-session: {"store":"express-session","module":"connect-pg-simple","options":{…}}.

import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StoreConfig } from '../../../../config/schema.ts';
import { Problem } from '../../../diagnostics/problem.ts';
import { failureReason } from '../foreign-code.ts';
import { type LoadingEnvironment, type OpenedStore, wrongOption } from '../opened-store.ts';
import { openEntryStore } from '../own/open-own-store.ts';
import { ExpressEntryStore } from './express-entry-store.ts';
import { type ExpressStore, expressStoreOf, type PackageExports } from './express-package.ts';

const RELATIVE_PATH = /^\.\.?[/\\]/;

/** Opens the store of the package that the options name. */
export async function openExpressStore(
  { module, options = {} }: StoreConfig,
  environment: LoadingEnvironment,
): Promise<OpenedStore> {
  if (typeof module !== 'string' || module === '')
    throw wrongOption('express-session', 'module', 'the name of a package');
  if (typeof options !== 'object' || options === null)
    throw wrongOption('express-session', 'options', 'an object');
  const exports = await exportsOf(module, environment);
  const resolved = withPaths(options, environment.base_dir);
  const store = new ExpressEntryStore(module, () => made(exports, module, { ...resolved }), environment);
  return openEntryStore(store, module, `express-session (${module})`, environment);
}

/** The exports of a package, looked for from the configuration file's folder, then from karrigell, as drivers are. */
async function exportsOf(
  module: string,
  { base_dir, load_module }: LoadingEnvironment,
): Promise<PackageExports> {
  for (const importer of [join(base_dir, 'karrigell.config.json'), fileURLToPath(import.meta.url)]) {
    try {
      return await load_module(module, importer);
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'package-missing')) throw error;
    }
  }
  throw new Problem('session-driver-missing', { params: { store: 'express-session', driver: module } });
}

/** Options whose relative paths start from the configuration file's folder. A text that begins as a path is one. */
function withPaths(options: object, base_dir: string): object {
  const resolved = Object.entries(options).map(([name, value]: [string, unknown]) =>
    typeof value === 'string' && RELATIVE_PATH.test(value) ? [name, resolve(base_dir, value)] : [name, value],
  );
  return Object.fromEntries(resolved);
}

function made(exports: PackageExports, module: string, options: object): ExpressStore {
  try {
    return expressStoreOf(exports, module, options);
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    const params = { store: module, reason: failureReason(cause) };
    throw new Problem('session-store-open', { params, cause });
  }
}
