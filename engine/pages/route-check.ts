// Finds pages whose names give no URL, the URLs of another page, or a URL that a static file has (README.md, *From URL to file*).
// It examines names, and on the disk only whether such a static file exists.

import { relative, sep } from 'node:path';
import { Problem, type Warning, warning } from '../diagnostics/problem.ts';
import { bracketedName, bracketMistake } from './bracketed-name.ts';
import { GUARD_NAME } from './guards.ts';
import { isHiddenName, PAGE_ENDING } from './hidden-names.ts';
import type { Sources } from './sources.ts';

/** A page file: `file` is its absolute path, `name` its path below root_dir with forward slashes. */
export interface RoutedPage {
  readonly file: string;
  readonly name: string;
}

/** Every page of the sources. */
export function routedPages(sources: Pick<Sources, 'root' | 'pages'>): RoutedPage[] {
  return sources.pages().map((file) => ({ file, name: relative(sources.root, file).split(sep).join('/') }));
}

/** Errors for pages that cannot be served by their names, in the order of the pages. */
export function routeProblems(pages: readonly RoutedPage[]): Problem[] {
  const first = new Map<string, RoutedPage>();
  const problems: Problem[] = [];
  for (const page of pages) {
    if (isMisspeltGuard(page))
      problems.push(new Problem('before-name', { ...startOf(page), params: { name: nameOf(page) } }));
    if (!hasUrl(page)) continue;
    const mistake = nameMistake(page);
    if (mistake !== undefined) {
      problems.push(mistake);
      continue;
    }
    const key = keyOf(page);
    const other = first.get(key);
    if (other === undefined) first.set(key, page);
    else
      problems.push(new Problem('page-duplicate', { ...startOf(page), params: { other: `/${other.name}` } }));
  }
  return problems;
}

/** The warning for a page whose short URL leads to a static file. */
export function shadowedPage(page: RoutedPage, isStatic: (url: string) => boolean): Warning | undefined {
  const short = partsOf(page);
  if (!hasUrl(page) || short.some((part) => part.includes('['))) return undefined;
  if (!isStatic(`/${short.map(encodeURIComponent).join('/')}`)) return undefined;
  return warning('page-shadowed', { ...startOf(page), params: { path: `/${short.join('/')}` } });
}

/** A guard in other letters would run on a disk that ignores case, and not on others. */
function isMisspeltGuard(page: RoutedPage): boolean {
  const name = nameOf(page);
  return name !== GUARD_NAME && name.toLowerCase() === GUARD_NAME;
}

function nameOf({ name }: RoutedPage): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

function startOf({ file }: RoutedPage) {
  return { file, line: 1, column: 1 };
}

/** Whether the page has a URL. */
function hasUrl({ name }: RoutedPage): boolean {
  return !name.split('/').some((part) => isHiddenName(part));
}

/** The parts of a page's path, without the extension. */
function partsOf({ name }: RoutedPage): string[] {
  return name.slice(0, -PAGE_ENDING.length).split('/');
}

function nameMistake(page: RoutedPage): Problem | undefined {
  const parts = partsOf(page);
  const names = new Set<string>();
  for (const [index, part] of parts.entries()) {
    if (!part.includes('[')) continue;
    const found = bracketedName(part);
    const isFolder = index < parts.length - 1;
    const reason = reasonAgainst(part, found, isFolder, names);
    if (reason !== undefined)
      return new Problem('page-bracket', { ...startOf(page), params: { part, reason } });
    if (found !== undefined) names.add(found.name);
  }
  return undefined;
}

function reasonAgainst(
  part: string,
  found: ReturnType<typeof bracketedName>,
  isFolder: boolean,
  names: ReadonlySet<string>,
): string | undefined {
  if (found === undefined) return bracketMistake(part);
  if (found.rest && isFolder) return 'a folder cannot stand for any number of folders';
  return names.has(found.name) ? `its path has the name ${found.name} twice` : undefined;
}

/** A key that is equal for pages with the same URLs. */
function keyOf(page: RoutedPage): string {
  const parts = partsOf(page).map((part) => {
    const found = part.includes('[') ? bracketedName(part) : undefined;
    if (found === undefined) return part;
    return found.rest ? '[...]' : `${found.prefix}[]${found.suffix}`;
  });
  return parts.join('/');
}
