// The map of the pages that are open: where their URLs lead, and what they exchange.

import { readFileSync } from 'node:fs';
import { errorPageFile } from '../error-page-files.ts';
import type { Finding, Located, Pages } from '../index.ts';
import { fileStamp, NODE_DISK } from '../site-disk.ts';
import { SiteCheck } from './site-check.ts';
import { type ParsedBefore, SitePages } from './site-pages.ts';
import type { SurfacedSite } from './site-surfaces.ts';

/** The site to map. */
export interface OpenedSite {
  readonly pages: Pages;
  /** Every page, by absolute path. */
  readonly files: readonly string[];
  /** The pages of the configuration that answer errors, by status. */
  readonly error_pages: Readonly<Record<string, string>>;
  /** Paths that other programs answer. */
  readonly outside_paths: readonly string[];
  readonly parsed?: ParsedBefore;
}

/** The site as the map reads it. */
export function surfacedSite({ pages, files, error_pages, outside_paths, parsed }: OpenedSite): SurfacedSite {
  const { root } = pages;
  const located = new Map<string, Located>();
  const sources = { root, stamp: fileStamp, read: (file: string) => readFileSync(file, 'utf8') };
  return {
    root,
    disk: NODE_DISK,
    outside_paths,
    files,
    pages: new SitePages(sources, parsed),
    errorPages: new Set(Object.values(error_pages).map((page) => errorPageFile(root, page))),
    locate(path) {
      const known = located.get(path);
      if (known !== undefined) return known;
      const current = pages.begin();
      const found = current.locate(path);
      current.release();
      located.set(path, found);
      return found;
    },
  };
}

/**
 * The check of an open site.
 * @param findings the findings about single pages
 */
export function openedSiteCheck(site: OpenedSite, findings: readonly Finding[]): SiteCheck {
  const files = findings.map((found) => (found.severity === 'error' ? found.problem.file : undefined));
  return new SiteCheck(surfacedSite(site), new Set(files.filter((file) => file !== undefined)));
}
