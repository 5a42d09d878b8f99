// Checks a folder as `karrigell check` does, without a process, and marks findings in the sources.

import { realpathSync, symlinkSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';
import { HiddenFiles } from '../../engine/pages/hidden-files.ts';
import { openPages } from '../../engine/pages/open-pages.ts';
import { pageFiles } from '../../engine/pages/page-files.ts';
import { openedSiteCheck } from '../../engine/pages/site-map/opened-site.ts';
import { checkTypes } from '../../engine/pages/type-check/index.ts';
import { folderWith } from '../folder.ts';

const PACKAGES = fileURLToPath(new URL('../../../node_modules', import.meta.url));

/** A finding as `code file:line:column`. */
export interface FoundInSite {
  readonly severity: 'error' | 'warning';
  readonly place: string;
  readonly text: string;
  readonly remedy: string;
}

/** The findings about a site of these files. @param withTypes whether the schemas of Form are read */
export async function siteFindings(
  t: ExecutionContext,
  files: Readonly<Record<string, string>>,
  withTypes = false,
  outside_paths: readonly string[] = [],
  error_pages: Readonly<Record<string, string>> = {},
): Promise<FoundInSite[]> {
  const folder = await folderWith(t, files);
  symlinkSync(PACKAGES, join(folder, 'node_modules'));
  return findingsIn(folder, withTypes, outside_paths, error_pages);
}

/** The findings about the site in a folder. */
export async function findingsIn(
  base_dir: string,
  withTypes = false,
  outside_paths: readonly string[] = [],
  error_pages: Readonly<Record<string, string>> = {},
): Promise<FoundInSite[]> {
  const root = realpathSync(join(base_dir, 'site'));
  const hidden = new HiddenFiles([]);
  const pages = await openPages({ root_dir: root, watch: false, debug: true, hidden, log: () => undefined });
  const all = pageFiles(root, hidden);
  const single = await pages.check(all);
  const check = openedSiteCheck({ pages, files: all, error_pages, outside_paths }, single);
  const types = withTypes ? await checkTypes({ root, base_dir, pages: all, whole: true }) : undefined;
  const found = [...single, ...check.findings(types?.schemas ?? (() => undefined))];
  await pages.close();
  return found.map((finding) => {
    const {
      code,
      file = '',
      line,
      column,
      text,
      remedy,
    } = finding.severity === 'error' ? finding.problem : finding.warning;
    const name = relative(root, file).split(sep).join('/');
    return { severity: finding.severity, place: `${code} ${name}:${line}:${column}`, text, remedy };
  });
}
