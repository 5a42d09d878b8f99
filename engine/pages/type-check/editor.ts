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
import type { Compilers } from '../dependency-graph.ts';
import { errorPageFile } from '../error-page-files.ts';
import { isGuardFile } from '../guards.ts';
import { existingPage, explored } from '../page-closure.ts';
import { fileStamp, NODE_DISK, type Stamp } from '../site-disk.ts';
import { isInside } from '../site-paths.ts';
import { compilersForUsers, usersIn } from './file-users.ts';
import { findNodeTypes } from './installed-typescript.ts';
import { guardsBefore } from './page-locals.ts';
import { settings } from './tsc-settings.ts';
import { remedyFor } from './type-error-remedies.ts';
import { paramsOf } from './typed-modules.ts';

export { HOLE } from '../../compiler/outline/possible-value.ts';
export { EditedSiteMap } from '../edited-site/edited-site-map.ts';
export {
  anchorNames,
  paramNames,
  receivedFields,
  sectionNames,
  sentFields,
  sessionAttributes,
} from '../edited-site/offered-names.ts';
export { offeredParts, offeredUrls, partPath, relativeUrl } from '../edited-site/offered-paths.ts';
export { Renaming } from '../navigation/renaming.ts';
export { SiteNavigation } from '../navigation/site-navigation.ts';
export { pageFiles } from '../page-files.ts';
export { pathOfPage } from '../site-map/site-addresses.ts';
export type { EditedPage };
export { remedyFor };

/** A site in an editor. */
export interface EditedSite {
  /** The folder of the site, with symbolic links resolved. */
  readonly root: string;
  /** The folder of the configuration, the packages and tsconfig.json. */
  readonly base_dir: string;
  /** Absolute paths of the error pages. */
  readonly error_pages?: readonly string[];
}

/**
 * The site of a page: that of the nearest configuration above it, else the nearest folder named `site`, else the page's
 * folder.
 */
export function siteOf(page: string): EditedSite {
  const folders = foldersAbove(page);
  for (const folder of folders) {
    const configured = configuredSite(folder);
    if (configured !== undefined && isInside(configured.root, page)) return configured;
  }
  const named = folders.find((folder) => basename(folder) === 'site');
  return named === undefined ? siteIn(dirname(page), dirname(page)) : siteIn(named, dirname(named));
}

/** The folders that a file is in, the nearest one first. */
function foldersAbove(file: string): string[] {
  const folder = dirname(file);
  return folder === file ? [] : [folder, ...foldersAbove(folder)];
}

function siteIn(folder: string, base_dir: string, error_pages: readonly string[] = []): EditedSite {
  const root = NODE_DISK.realPath(folder) ?? folder;
  if (error_pages.length === 0) return { root, base_dir };
  return { root, base_dir, error_pages: error_pages.map((page) => errorPageFile(root, page)) };
}

/** The sites that configurations have named, by their files. A site is asked for at each keystroke. */
const configured = new Map<string, { readonly stamp: Stamp; readonly site: EditedSite }>();

/** The site of the configuration in a folder; undefined if there is none or it has errors. */
function configuredSite(folder: string): EditedSite | undefined {
  const file = join(folder, CONFIGURATION_FILE);
  const stamp = fileStamp(file);
  const known = configured.get(file);
  if (known?.stamp === stamp) return known.site;
  configured.delete(file);
  const site = stamp === '' ? undefined : loadedSite(file, folder);
  if (site !== undefined) configured.set(file, { stamp, site });
  return site;
}

function loadedSite(file: string, folder: string): EditedSite | undefined {
  try {
    const { config, base_dir } = loadConfig({ file, cwd: folder, env: {} });
    return siteIn(config.root_dir, base_dir, Object.values(config.error_pages));
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

/** The compilers that find the users of parts, kept for each open site so that unchanged pages are compiled once. */
const compilers = new WeakMap<EditedSite, Compilers>();

function compilersOf(site: EditedSite): Compilers {
  const known = compilers.get(site) ?? compilersForUsers();
  compilers.set(site, known);
  return known;
}

/** The files that depend on one of these, with these. */
export function usersOf(site: EditedSite, files: readonly string[]): string[] {
  return [...usersIn(site.root, compilersOf(site)).affectedBy(files)];
}

/**
 * The typed module of a page.
 * @param before the declarations of the page's last version that compiled
 */
export function moduleOfPage(
  site: EditedSite,
  file: string,
  source: string,
  before: string | undefined,
): EditedPage {
  const { root } = site;
  const asPath = (each: string) => each.replaceAll('\\', '/');
  const place = {
    names: PAGE_NAME_TYPES,
    params: paramsOf(relative(root, file)),
    isGuard: isGuardFile(file),
    guards: () => {
      const users = () => usersIn(root, compilersOf(site));
      const { always, sometimes } = guardsBefore(file, { root, users, error_pages: site.error_pages ?? [] });
      return { always: always.map(asPath), sometimes: sometimes.map(asPath) };
    },
    moduleOf: (path: string) => {
      const named = existingPage({ root, stamp: fileStamp }, path, file);
      return named === undefined ? undefined : asPath(named);
    },
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
