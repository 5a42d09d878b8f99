// Where a link of a page leads: to a page, to a static file, nowhere, or out of the site. Texts with holes are decided as far as
// their literal beginning tells.

import { join, relative, sep } from 'node:path';
import { HOLE } from '../../compiler/outline/possible-value.ts';
import { bracketedName } from '../bracketed-name.ts';
import { isHiddenName, PAGE_ENDING } from '../hidden-names.ts';
import type { Located } from '../index.ts';
import type { Disk } from '../site-disk.ts';

/** The target of a link. */
export interface Address {
  readonly kind: 'page' | 'static' | 'nowhere' | 'unknown' | 'outside';
  /** The page or static file. */
  readonly file: string | undefined;
  /** The path of the link, as it is resolved. */
  readonly path: string;
  /** The names in the query; undefined where they are computed. */
  readonly query: readonly string[] | undefined;
  /** The fragment without `#`; undefined without one. */
  readonly fragment: string | undefined;
}

/** The part of a generation that knows where URLs lead. */
export interface AddressedSite {
  readonly root: string;
  readonly disk: Disk;
  /** Paths that other programs answer; one that ends in `/` means all paths below it. */
  readonly outside_paths: readonly string[];
  locate(path: string): Located;
}

/** A host that no site has. */
const ORIGIN = 'http://site.invalid';
const ENCODED_HOLE = encodeURIComponent(HOLE);

/** The URL path of a page, with holes for its brackets; undefined for a page without a URL of its own. */
export function pathOfPage(root: string, file: string): string | undefined {
  const parts = relative(root, file).split(sep);
  if (parts.some((part) => isHiddenName(part))) return undefined;
  const last = parts.pop()?.slice(0, -PAGE_ENDING.length) ?? '';
  const named = [...parts, last === 'index' ? '' : last].map((part) => {
    const bracket = bracketedName(part);
    if (bracket === undefined) return encodeURIComponent(part);
    return bracket.rest ? undefined : `${bracket.prefix}${HOLE}${bracket.suffix}`;
  });
  return named.includes(undefined) ? undefined : `/${named.join('/')}`;
}

/** The page that prints a link. */
export interface SurfaceAddress {
  /** The page, for links to itself; undefined if it has no URL. */
  readonly file: string | undefined;
  /** Its URL path, with holes; undefined if it is not known. */
  readonly path: string | undefined;
  /** The URL of `<base>`; undefined without. */
  readonly base: string | undefined;
  /** Whether the page answers in place of others, so that a link to itself is sent to one of them. */
  readonly isErrorPage?: boolean;
}

/** The target of a link. */
export function addressOf(text: string, from: SurfaceAddress, site: AddressedSite): Address {
  const trimmed = text.trim();
  if (trimmed.startsWith(HOLE) || /^[a-z]*\uFDD0[^/?#]*:/i.test(trimmed)) return unknownTarget(trimmed);
  if (from.base?.includes(HOLE)) return unknownTarget(trimmed);
  const isOwn = from.base === undefined && /^(?:[?#]|$)/.test(trimmed);
  const isWhole = /^(?:\/|[a-z][a-z\d+.-]*:)/i.test(trimmed);
  if (from.path === undefined && !isOwn && !isWhole) return unknownTarget(trimmed);
  const isElsewhere = from.isErrorPage === true && !trimmed.startsWith('#');
  if (isOwn && (from.file === undefined || isElsewhere)) return unknownTarget(trimmed);
  const url = resolved(trimmed, from);
  if (url === undefined) return unknownTarget(trimmed);
  if (url.origin !== ORIGIN) return otherSite(url);
  const path = url.pathname.replaceAll(ENCODED_HOLE, HOLE);
  const common = { path, query: queryNames(url.searchParams), fragment: fragmentOf(url) };
  if (isOwn) return { ...common, kind: 'page', file: from.file };
  const target = located(path, site);
  if (target.kind === 'nowhere' && isOutside(path, site))
    return { ...common, kind: 'outside', file: undefined };
  return { ...common, ...target };
}

/** A target that is not known: the names in its query may be sent to any page. */
function unknownTarget(text: string): Address {
  const [, query = ''] = /^[^?#]*\?([^#]*)/.exec(text) ?? [];
  return {
    kind: 'unknown',
    file: undefined,
    path: '',
    query: queryNames(new URLSearchParams(query)),
    fragment: undefined,
  };
}

/** A target with another host, which may be the name of this site. */
function otherSite({ protocol, searchParams }: URL): Address {
  const query = protocol.startsWith('http') ? queryNames(searchParams) : [];
  return { kind: 'outside', file: undefined, path: '', query, fragment: undefined };
}

function resolved(text: string, { path = '/', base = '' }: SurfaceAddress): URL | undefined {
  try {
    return new URL(text, new URL(base, ORIGIN + path));
  } catch {
    return undefined;
  }
}

function queryNames(parameters: URLSearchParams): readonly string[] | undefined {
  const names = [...parameters.keys()];
  return names.some((name) => name.includes(HOLE)) ? undefined : names;
}

function fragmentOf({ hash }: URL): string | undefined {
  if (hash === '') return undefined;
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return undefined;
  }
}

function isOutside(path: string, { outside_paths }: AddressedSite): boolean {
  return outside_paths.some((each) => path === each || (each.endsWith('/') && path.startsWith(each)));
}

function located(path: string, site: AddressedSite): Pick<Address, 'kind' | 'file'> {
  if (path.startsWith('/.karrigell/')) return { kind: 'unknown', file: undefined };
  if (path.includes(HOLE)) return locatedWithHoles(path, site);
  const found = behindRedirect(path, site);
  if (found.kind === 'page' || found.kind === 'static') return { kind: found.kind, file: found.file };
  return { kind: 'nowhere', file: undefined };
}

function behindRedirect(path: string, site: AddressedSite): Located {
  const found = site.locate(path);
  return found.kind === 'redirect' ? site.locate(found.path) : found;
}

/** A value that no file of a site is called. */
const ANY_VALUE = '0-any-value-0';

/**
 * A path with holes may lead to any file of the folder before its first hole. The folder may be empty now, because pages and
 * programs write into it later. Only a page that is named behind the hole has to be there.
 */
function locatedWithHoles(path: string, site: AddressedSite): Pick<Address, 'kind' | 'file'> {
  const found = behindRedirect(path.replaceAll(HOLE, ANY_VALUE), site);
  if (found.kind === 'page') return { kind: 'page', file: found.file };
  const parts = path.slice(1).split('/');
  const first = parts.findIndex((part) => part.includes(HOLE));
  const isPossible = foldersOf(parts.slice(0, first), site).some(
    (folder) =>
      site.disk.entry(folder)?.kind === 'folder' && !lacksPage(folder, parts.slice(first + 1).at(-1), site),
  );
  return { kind: isPossible ? 'unknown' : 'nowhere', file: undefined };
}

/**
 * Whether a page of this name stands nowhere below the folders of a folder. A folder with a bracket tells that their pages are
 * written by hand. The value of a hole may have slashes, so that all folders count.
 */
function lacksPage(folder: string, part: string | undefined, { disk }: AddressedSite): boolean {
  if (part === undefined || part === '' || part.includes('.') || part.includes(HOLE)) return false;
  const folders = disk
    .names(folder)
    .filter((name) => !isHiddenName(name) && disk.entry(join(folder, name))?.kind === 'folder');
  if (!folders.some((name) => name.includes('['))) return false;
  return !folders.some((name) => mayHold(join(folder, name), decoded(part), disk));
}

/** Whether a folder, or one below it, may have an entry of this name. Links to other folders are not followed. */
function mayHold(folder: string, name: string, disk: Disk): boolean {
  if (disk.realPath(folder) !== folder) return true;
  return disk.names(folder).some((each) => {
    if (isHiddenName(each)) return false;
    if (each === name || each.startsWith(`${name}.`) || each.includes('[')) return true;
    const entry = join(folder, each);
    return disk.entry(entry)?.kind === 'folder' && mayHold(entry, name, disk);
  });
}

/** The folders that literal parts of a path may lead to. */
function foldersOf(parts: readonly string[], { root, disk }: AddressedSite): string[] {
  let folders = [root];
  for (const part of parts) {
    folders = folders.flatMap((folder) =>
      disk
        .names(folder)
        .filter((name) => !isHiddenName(name) && (name === decoded(part) || name.includes('[')))
        .map((name) => join(folder, name)),
    );
  }
  return folders;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
