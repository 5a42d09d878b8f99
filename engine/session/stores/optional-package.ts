// Loads the optional package that a store works through: from the site's own installation, else from that of karrigell.

import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Problem } from '../../diagnostics/problem.ts';

/** A module of an optional package. */
export interface WantedPackage {
  /** The store that needs it, for the error. */
  readonly store: string;
  /** 'redis', 'mysql2/promise'. */
  readonly module: string;
  /** The folder of the configuration file. */
  readonly base_dir: string;
}

/**
 * The exports of an optional package, looked for from the configuration file's folder, then from karrigell itself.
 * @throws Problem `session-driver-missing`, or what the module throws while it loads
 */
export function loadOptionalPackage<Exports>({ store, module, base_dir }: WantedPackage): Exports {
  for (const file of [join(base_dir, 'karrigell.config.json'), import.meta.url]) {
    const require = createRequire(file);
    if (isInstalled(require, module)) return loaded(() => require(module), store);
  }
  throw missing(store, module);
}

/** A package may be installed and yet lack another one that it does not declare. */
function loaded<Exports>(load: () => Exports, store: string): Exports {
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

function isInstalled(require: NodeJS.Require, module: string): boolean {
  try {
    require.resolve(module);
    return true;
  } catch {
    return false;
  }
}
