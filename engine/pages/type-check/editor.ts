// The interface for an editor's language server: the site of a page, pages as typed modules with their findings, and
// the settings for the type check. The server is in editors/vscode/server; it loads this file from the karrigell that a
// site has installed, so that an editor and `karrigell check` report the same.

import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, parse, relative } from 'node:path';
import { CONFIGURATION_FILE } from '../../../config/configuration-file.ts';
import { loadConfig } from '../../../config/load-config.ts';
import { type EditedPage, editedPage } from '../../compiler/edited-page.ts';
import { Problem, type Warning } from '../../diagnostics/problem.ts';
import { PAGE_NAME_TYPES } from '../../runtime/page-name-types-path.ts';
import { pageCompiler } from '../compiled-page.ts';
import { existingPage, explored } from '../page-closure.ts';
import { fileStamp, NODE_DISK } from '../site-disk.ts';
import { isInside } from '../site-paths.ts';
import { findNodeTypes } from './installed-typescript.ts';
import { settings } from './tsc-settings.ts';
import { remedyFor } from './type-error-remedies.ts';
import { paramsOf } from './typed-modules.ts';

export { pageFiles } from '../page-files.ts';
export type { EditedPage };
export { remedyFor };

/** A site in an editor. */
export interface EditedSite {
  /** The folder of the site, with symbolic links resolved. */
  readonly root: string;
  /** The folder of the configuration, the packages and tsconfig.json. */
  readonly base_dir: string;
}

/**
 * The site of a page: that of the nearest configuration above it, else the nearest folder named `site`, else the page's
 * folder.
 */
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

/** The site of the configuration in a folder; undefined if there is none or it has errors. */
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
 * The typed module of a page.
 * @param before the declarations of the page's last version that compiled
 */
export function moduleOfPage(
  { root }: EditedSite,
  file: string,
  source: string,
  before: string | undefined,
): EditedPage {
  const place = {
    names: PAGE_NAME_TYPES,
    params: paramsOf(relative(root, file)),
    moduleOf: (path: string) => existingPage({ root, stamp: fileStamp }, path, file)?.replaceAll('\\', '/'),
  };
  return editedPage(source, file, place, before);
}

/** The findings about a page, except type errors. */
export interface Findings {
  readonly problems: readonly Problem[];
  readonly warnings: readonly Warning[];
}

/** The compiler's findings about an edited page. The pages that it includes are read from the disk. */
export function findingsOf({ root }: EditedSite, file: string, source: string): Findings {
  const read = (each: string) => (each === file ? source : readFileSync(each, 'utf8'));
  const stamp = (each: string) => (each === file ? 'edited' : fileStamp(each));
  const { files, problems } = explored(file, {
    sources: { root, stamp, read },
    compiler: pageCompiler(false),
  });
  return {
    // The editor's version of Node is not the one that runs the site.
    problems: problems.filter((problem) => problem.file === file && problem.code !== 'not-in-this-node'),
    warnings: files.find((page) => page.file === file)?.facts.warnings ?? [],
  };
}

/**
 * The content of the tsconfig.json for the check of a site.
 * @param shown the resolved settings of the site's own tsconfig.json, if it has one
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
