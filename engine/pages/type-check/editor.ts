// What an editor's language server needs of a site: which site a page belongs to, its pages as typed modules with what
// is wrong in them, and the settings to check them with. The server itself is in editors/vscode/server; it finds this file
// in the karrigell that a site has installed, so that an editor and `karrigell check` say the same.

import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, parse, relative } from 'node:path';
import { CONFIGURATION_FILE } from '../../../config/configuration-file.ts';
import { loadConfig } from '../../../config/load-config.ts';
import { type EditedPage, editedPage } from '../../compiler/edited-page.ts';
import { Problem, type Warning } from '../../diagnostics/problem.ts';
import { pageCompiler } from '../compiled-page.ts';
import { existingPage, explored } from '../page-closure.ts';
import { fileStamp, NODE_DISK } from '../site-disk.ts';
import { isInside } from '../site-paths.ts';
import { findNodeTypes } from './installed-typescript.ts';
import { settings } from './tsc-settings.ts';
import { remedyFor } from './type-error-remedies.ts';
import { NAMES, paramsOf } from './typed-modules.ts';

export { pageFiles } from '../page-files.ts';
export type { EditedPage };
export { remedyFor };

/** A site in an editor. */
export interface EditedSite {
  /** Its folder, symbolic links resolved. */
  readonly root: string;
  /** Where its configuration, its packages and its tsconfig.json are. */
  readonly base_dir: string;
}

/** The site of a page: that of the nearest configuration above, else of the nearest folder `site`, else its folder. */
export function siteOf(page: string): EditedSite {
  for (let folder = dirname(page); ; folder = dirname(folder)) {
    const configured = configuredSite(folder);
    if (configured !== undefined && isInside(configured.root, page)) return configured;
    if (basename(folder) === 'site') return siteIn(folder, dirname(folder));
    if (dirname(folder) === folder) return siteIn(dirname(page), dirname(page));
  }
}

function siteIn(folder: string, base_dir: string): EditedSite {
  return { root: NODE_DISK.realPath(folder) ?? folder, base_dir };
}

/** The site of the configuration in a folder; undefined without one, and while it is broken. */
function configuredSite(folder: string): EditedSite | undefined {
  const file = join(folder, CONFIGURATION_FILE);
  if (!existsSync(file)) return undefined;
  try {
    const { config, base_dir } = loadConfig({ file, cwd: folder, env: {} });
    return siteIn(config.root_dir, base_dir);
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

/**
 * A page's module.
 * @param before the declarations of its last module
 */
export function moduleOfPage(
  { root }: EditedSite,
  file: string,
  source: string,
  before: string | undefined,
): EditedPage {
  const place = {
    names: NAMES,
    params: paramsOf(relative(root, file)),
    moduleOf: (path: string) => existingPage({ root, stamp: fileStamp }, path, file)?.replaceAll('\\', '/'),
  };
  return editedPage(source, file, place, before);
}

/** What is wrong with a page beside its types. */
export interface Findings {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Warning[];
}

/** What the compiler says of a page, and of the pages that it names: these are read from the disk. */
export function findingsOf({ root }: EditedSite, file: string, source: string): Findings {
  const read = (each: string) => (each === file ? source : readFileSync(each, 'utf8'));
  const stamp = (each: string) => (each === file ? 'edited' : fileStamp(each));
  const { files, problems } = explored(file, {
    sources: { root, stamp, read },
    compiler: pageCompiler(false),
  });
  return {
    // Another version of Node runs the site.
    problems: problems.filter((problem) => problem.file === file && problem.code !== 'not-in-this-node'),
    warnings: files.find((page) => page.file === file)?.facts.warnings ?? [],
  };
}

/**
 * The tsconfig.json to check a site with.
 * @param shown what the site's own amounts to, where it has one
 */
export function settingsOf({ root, base_dir }: EditedSite, shown: unknown): object {
  const user = join(base_dir, 'tsconfig.json');
  return settings({
    user: existsSync(user) ? user : undefined,
    shown,
    root,
    shadowRoot: parse(root).root,
    modules: [],
    nodeTypes: findNodeTypes(base_dir),
    whole: false,
  });
}
