// Opens a store that was written for express-session: {"store":"express-session","module":"connect-pg-simple","options":{…}}.

import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { StoreConfig } from '../../../../config/schema.ts';
import { Problem } from '../../../diagnostics/problem.ts';
import { reasonOf } from '../foreign-failure.ts';
import { type LoadingEnvironment, type OpenedStore, wrongOption } from '../opened-store.ts';
import { sessionsOver } from '../own/open-own-store.ts';
import { ExpressEntryStore } from './express-entry-store.ts';
import { type ExpressStore, expressStoreOf, type PackageExports } from './express-package.ts';

const RELATIVE_PATH = /^\.\.?[/\\]/;

/** The store of the package that the options name. */
export async function openExpressStore(
  options: StoreConfig,
  environment: LoadingEnvironment,
): Promise<OpenedStore> {
  const { module, options: own = {} } = options;
  if (typeof module !== 'string' || module === '')
    throw wrongOption('express-session', 'module', 'the name of a package');
  if (typeof own !== 'object' || own === null) throw wrongOption('express-session', 'options', 'an object');
  const exports = await packageOf(module, environment);
  const given = withPaths(own, environment.base_dir);
  const entries = new ExpressEntryStore(module, () => made(exports, module, { ...given }), environment);
  return sessionsOver(entries, module, `express-session (${module})`, environment);
}

/** Looked for from the configuration file's folder, then from karrigell itself, as drivers are. */
async function packageOf(
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

/** Relative paths start from the configuration file's folder. What begins with a dot and a slash is taken for one. */
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
    throw new Problem('session-store-open', { params: { store: module, reason: reasonOf(cause) }, cause });
  }
}
