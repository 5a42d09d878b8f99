// The paths that a page can name: URLs of pages and static files, and the files of parts.

import { dirname, relative, sep } from 'node:path';
import { HOLE } from '../../compiler/outline/possible-value.ts';
import { namedKind } from '../../compiler/page-kind.ts';
import { bracketedName } from '../bracketed-name.ts';
import { isGuardFile } from '../guards.ts';
import { isPageFile, PAGE_ENDING } from '../hidden-names.ts';
import type { PlacingCall } from '../page-closure.ts';
import { isServed } from '../site-map/site-surfaces.ts';
import type { EditedSiteMap } from './edited-site-map.ts';

/** A URL of the site. */
export interface OfferedUrl {
  /** The path, with a hole for each bracket. */
  readonly path: string;
  /** The names of the brackets, in order. */
  readonly params: readonly string[];
  readonly file: string;
  readonly isPage: boolean;
}

/** The URLs of all pages and static files. */
export function offeredUrls({ root, files }: EditedSiteMap): OfferedUrl[] {
  const pages = files.pages.filter((file) => isServed(root, file) && !isGuardFile(file));
  return [...pages, ...files.statics].map((file) => offeredUrl(root, file));
}

function offeredUrl(root: string, file: string): OfferedUrl {
  const isPage = isPageFile(file);
  const parts = relative(root, isPage ? file.slice(0, -PAGE_ENDING.length) : file).split(sep);
  if (isPage && parts.at(-1) === 'index') parts[parts.length - 1] = '';
  const params: string[] = [];
  const named = parts.map((part) => {
    const bracket = isPage ? bracketedName(part) : undefined;
    if (bracket === undefined) return encodeURIComponent(part);
    params.push(bracket.name);
    return encodeURIComponent(bracket.prefix) + HOLE + encodeURIComponent(bracket.suffix);
  });
  return { path: `/${named.join('/')}`, params, file, isPage };
}

/** The relative URL that leads from one path to another. */
export function relativeUrl(path: string, from: string): string {
  const here = from.split('/').slice(0, -1);
  const there = path.split('/');
  let same = 0;
  while (same < here.length && same < there.length - 1 && here[same] === there[same]) same++;
  return '../'.repeat(here.length - same) + there.slice(same).join('/');
}

/** The files that a call can name in a page: below root_dir with a leading `/`. Only Render goes across kinds. */
export function offeredParts(
  { root, files }: EditedSiteMap,
  from: string,
  call: PlacingCall | 'Render',
): string[] {
  return files.pages
    .filter((file) => file !== from && !isGuardFile(file))
    .filter((file) => call === 'Render' || namedKind(file) === namedKind(from))
    .map((file) => `/${relative(root, file).split(sep).join('/')}`);
}

/** The path of a file below root_dir, from which the relative paths of its includes start. */
export function partPath({ root }: EditedSiteMap, file: string): string {
  const folder = relative(root, dirname(file)).split(sep).join('/');
  return folder === '' ? '/' : `/${folder}/`;
}
