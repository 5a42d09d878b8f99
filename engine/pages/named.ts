// The page that a program names (app.render): as Include names it, or by its URL. Unlike a visitor, a program may run
// pages that have no URL, such as mails in a folder that begins with an underscore.

import { join } from 'node:path';
import { nearest } from '../diagnostics/nearest.ts';
import { Problem } from '../diagnostics/problem.ts';
import { includedFile } from './closure.ts';
import type { Located, LocatedPage } from './index.ts';
import { stampOf } from './stamp.ts';

/** Where pages are looked for. */
interface PageFolder {
  readonly root: string;
  locate(url: string): Located;
  /** Every page, below root_dir with forward slashes. */
  names(): readonly string[];
}

/** @throws Problem `page-missing`, `page-static` */
export function namedPage(path: string, folder: PageFolder): LocatedPage {
  const file = includedFile(folder.root, path, join(folder.root, 'index.pih'));
  if (file !== undefined && stampOf(file) !== '') return { kind: 'page', file, params: {} };
  const located = behindRedirect(folder, path);
  if (located.kind === 'page') return located;
  if (located.kind === 'static') throw new Problem('page-static', { holes: { path }, value: path });
  throw new Problem('page-missing', { holes: { path, nearest: hint(path, folder.names()) }, value: path });
}

/** `/shop` is the page that a browser would be sent on to, `/shop/`. */
function behindRedirect(folder: PageFolder, path: string): Located {
  const located = folder.locate(path);
  return located.kind === 'redirect' ? folder.locate(located.path) : located;
}

function hint(path: string, names: readonly string[]): string {
  const known = nearest(path, [...names.map(shortUrl), ...names.map((name) => `/${name}`)]);
  return known === undefined ? '' : `; the nearest is ${known}`;
}

/** The short URL of a page: `shop/index.pih` is `/shop/`. */
export function shortUrl(name: string): string {
  return `/${name.replace(/\.pih$/, '').replace(/(^|\/)index$/, '$1')}`;
}
