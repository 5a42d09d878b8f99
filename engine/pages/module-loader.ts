// Loads modules for others than pages, such as a site's own session store: as pages load theirs (TypeScript erased, packages
// left to Node), but once, and apart from the modules of pages, which run again when their files change.

import { HiddenFiles } from './hidden-files.ts';
import { moduleCompiler } from './modules/compiled-module.ts';
import { type Namespace, SiteModules, type SiteModulesOptions } from './modules.ts';
import { DiskSources } from './sources.ts';

/** What the module exports that a file (absolute path) names so. `root`: where a leading `/` starts. */
export function moduleLoader(
  root: string,
  log: SiteModulesOptions['log'],
): (specifier: string, importer: string) => Promise<Namespace> {
  const sources = new DiskSources(root, new HiddenFiles([]), undefined, false);
  const modules = new SiteModules({ sources, compiler: moduleCompiler(false), log });
  return (specifier, importer) => modules.load(specifier, importer);
}
