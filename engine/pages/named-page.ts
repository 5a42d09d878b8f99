// Finds the page that a program names (`app.render`), by its file as Include does or by its URL. Unlike a request, a
// program may run pages without a URL, such as mails in a folder whose name begins with an underscore.

import { join, relative, sep } from 'node:path';
import { nearestName } from '../diagnostics/nearest.ts';
import { Problem } from '../diagnostics/problem.ts';
import { guardsOfFile } from './guards.ts';
import { isHiddenName } from './hidden-names.ts';
import type { Located, LocatedPage } from './index.ts';
import { existingPage } from './page-closure.ts';
import type { Sources } from './sources.ts';

/** The folder that is searched. */
interface PageFolder {
  readonly root: string;
  readonly sources: Sources;
  locate(url: string): Located;
}

/** @throws Problem `page-missing`, `page-static` */
export function namedPage(path: string, folder: PageFolder): LocatedPage {
  const { root, sources } = folder;
  const file = existingPage(sources, path, join(root, 'index.pih'));
  if (file !== undefined) return { kind: 'page', file, params: {}, guards: guardsOfFile(file, sources) };
  const located = behindRedirect(folder, path);
  if (located.kind === 'page') return located;
  if (located.kind === 'static') throw new Problem('page-static', { params: { path }, value: path });
  throw new Problem('page-missing', {
    params: { path, nearest: hint(path, pageNames(folder)) },
    value: path,
  });
}

/** The path of every page below root_dir, with forward slashes. */
export function pageNames({ root, sources }: Pick<PageFolder, 'root' | 'sources'>): string[] {
  return sources.pages().map((file) => relative(root, file).split(sep).join('/'));
}

/** The paths of the pages that have a URL. */
export function servedPages(folder: Pick<PageFolder, 'root' | 'sources'>): string[] {
  return pageNames(folder).filter((name) => !name.split('/').some((part) => isHiddenName(part)));
}

/** Follows a redirect: `/shop` finds the page of `/shop/`. */
function behindRedirect(folder: PageFolder, path: string): Located {
  const located = folder.locate(path);
  return located.kind === 'redirect' ? folder.locate(located.path) : located;
}

function hint(path: string, names: readonly string[]): string {
  const known = nearestName(path, [...names.map(shortUrl), ...names.map((name) => `/${name}`)]);
  return known === undefined ? '' : `; the nearest is ${known}`;
}

/** The short URL of a page: `/shop/` for `shop/index.pih`. */
export function shortUrl(name: string): string {
  return `/${name.replace(/\.pih$/, '').replace(/(^|\/)index$/, '$1')}`;
}
