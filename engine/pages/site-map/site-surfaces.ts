// The surfaces of all pages of a site that a request or a program can run, and of its static HTML.

import { readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { outlinedPage, outlineInput } from '../../compiler/outline/outlined-source.ts';
import { HOLE } from '../../compiler/outline/possible-value.ts';
import { sampleDocument } from '../../compiler/outline/sample-document.ts';
import { parsePage } from '../../compiler/parsed-page.ts';
import { guardsOfFile, isGuardFile } from '../guards.ts';
import { isHiddenName } from '../hidden-names.ts';
import type { Disk } from '../site-disk.ts';
import type { PageSummary } from './page-summary.ts';
import { type PageSurface, surfaceOf } from './page-surface.ts';
import { type AddressedSite, pathOfPage } from './site-addresses.ts';
import type { PageSamples, SitePages } from './site-pages.ts';

/** A page that runs by itself. */
export interface RootPage {
  readonly surface: PageSurface;
  /** The URL path, with holes for brackets; undefined for a page without a URL of its own. */
  readonly path: string | undefined;
  /** Whether a request can ask for the page. Other pages are rendered by programs and pages. */
  readonly hasUrl: boolean;
  /** Whether it answers in place of other pages. */
  readonly isErrorPage: boolean;
}

/** The site whose surfaces are wanted. */
export interface SurfacedSite extends AddressedSite {
  readonly pages: SitePages;
  /** Every page, by absolute path. */
  readonly files: readonly string[];
  /** Pages that answer in place of others, so that their own URL is not known. */
  readonly errorPages: ReadonlySet<string>;
}

/** The surfaces of a site. */
export interface SiteSurfaces {
  readonly roots: ReadonlyMap<string, RootPage>;
  readonly staticHtml: ReadonlyMap<string, PageSurface>;
  /** The texts of all scripts. */
  readonly scripts: string;
  /** The scripts among the static files, with their texts. */
  readonly scriptFiles: ReadonlyMap<string, string>;
  /** Whether every page has been read. */
  readonly isComplete: boolean;
}

/** @param onSamples called with the samples of each page that has a URL; they are not kept */
export function surfacesOf(
  site: SurfacedSite,
  onSamples: (samples: PageSamples, surface: PageSurface) => void = () => undefined,
): SiteSurfaces {
  const { root, pages, files } = site;
  const roots = new Map<string, RootPage>();
  const named = new Set<string>();
  const areLocalsMarkup = files.some((file) => isGuardFile(file) && pages.summary(file)?.makesMarkup);
  const read = (file: string, hasUrl: boolean): void => {
    const page = pages.page(file);
    if (page === undefined) return;
    const samples = pages.samples(page);
    const guards = hasUrl ? guardSummaries(file, site) : [];
    const surface = surfaceOf(page, samples.documents, pages, { guards, areLocalsMarkup });
    for (const part of surface.parts) if (part.file !== file) named.add(part.file);
    const isErrorPage = site.errorPages.has(file);
    const path = isErrorPage ? undefined : pathOfPage(root, file);
    roots.set(file, { surface, path, hasUrl, isErrorPage });
    if (!hasUrl) return;
    onSamples(samples, surface);
    pages.release(file);
  };
  const served = files.filter((file) => isServed(root, file));
  for (const file of served) read(file, true);
  // A part that no page names is one that programs render, or that is named by a computed path.
  for (const file of files) if (!roots.has(file) && !named.has(file)) read(file, false);
  for (const file of named) if (!isServed(root, file)) roots.delete(file);
  const found = staticFiles(root, site.disk);
  const staticHtml = new Map(found.html.map((file) => [file, staticSurface(file, pages)]));
  const scriptFiles = new Map(found.scripts.map((file) => [file, textOf(file)]));
  const surfaces = [...[...roots.values()].map(({ surface }) => surface), ...staticHtml.values()];
  const inline = surfaces.map((surface) => surface.scripts);
  const scripts = [...new Set([...inline, ...scriptFiles.values()])].join('\n');
  const isComplete = files.every((file) => pages.summary(file) !== undefined);
  return { roots, staticHtml, scripts, scriptFiles, isComplete };
}

function guardSummaries(file: string, { root, disk, pages }: SurfacedSite): PageSummary[] {
  const sources = { root, isNamed: disk.isNamed, realPath: disk.realPath };
  const summaries = guardsOfFile(file, sources).map((guard) => pages.summary(guard.file));
  return summaries.filter((summary) => summary !== undefined);
}

/** Whether a page or static file has a URL. */
export function isServed(root: string, file: string): boolean {
  const parts = relative(root, file).split(sep);
  return !parts.some((part) => isHiddenName(part));
}

interface StaticFiles {
  readonly html: string[];
  readonly scripts: string[];
}

function staticFiles(
  folder: string,
  disk: Disk,
  found: StaticFiles = { html: [], scripts: [] },
): StaticFiles {
  for (const name of disk.names(folder)) {
    if (isHiddenName(name)) continue;
    const file = join(folder, name);
    const kind = disk.entry(file)?.kind;
    if (kind === 'folder' && disk.realPath(file) === file) staticFiles(file, disk, found);
    else if (kind === 'file' && /\.html?$/i.test(name)) found.html.push(file);
    else if (kind === 'file' && /\.m?js$/i.test(name)) found.scripts.push(file);
  }
  return found;
}

/** The surface of static HTML: one text of a page without code. */
export function staticSurface(file: string, pages: SitePages): PageSurface {
  const page = outlinedPage(outlineInput(parsePage('', file)));
  const text = textOf(file).replace(PLACEHOLDER, (found) => HOLE.repeat(found.length));
  const document = sampleDocument([{ kind: 'text', text, page, start: 0, shifts: [] }]);
  return { ...surfaceOf(page, [document], pages), parts: [] };
}

/** A value that a program fills in: `{{ url }}`, `<%= url %>`. */
const PLACEHOLDER = /\{\{[^\n{}]*\}\}|<%[^\n%]*%>/g;

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
