// Finds the optional package that a store works through, in the site's own installation first, then in that of karrigell.
// Loads nothing until a store asks for it.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Problem } from '../../diagnostics/problem.ts';

/** Which module a store needs, and the folder of the configuration file. */
export interface WantedPackage {
  readonly store: string;
  /** 'redis', 'mysql2/promise'. */
  readonly module: string;
  readonly base_dir: string;
}

/** The module, looked for from the configuration file's folder, then from karrigell itself. */
export function loadOptionalPackage<Driver>({ store, module, base_dir }: WantedPackage): Driver {
  for (const file of [join(base_dir, 'karrigell.config.json'), import.meta.url]) {
    const require = createRequire(file);
    if (isThere(require, module)) return loaded(() => require(module), store);
  }
  throw missing(store, module);
}

/** A driver that does not name all that it needs is there, and yet cannot be loaded everywhere. */
function loaded<Driver>(load: () => Driver, store: string): Driver {
  try {
    return load();
  } catch (error) {
    const [, lacking] = /^Cannot find module '([^'./][^']*)'/.exec(String(Object(error).message)) ?? [];
    throw lacking === undefined ? error : missing(store, lacking);
  }
}

function missing(store: string, module: string): Problem {
  const driver = /^(@[^/]+\/)?[^/]+/.exec(module)?.[0] ?? module;
  return new Problem('session-driver-missing', { params: { store, driver } });
}

function isThere(require: NodeJS.Require, module: string): boolean {
  try {
    require.resolve(module);
    return true;
  } catch {
    return false;
  }
}
