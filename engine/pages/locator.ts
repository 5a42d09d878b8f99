// Finds the file for a URL (README.md, *From URL to file*) by names and by the disk. When a static file is opened,
// http/static/ checks its descriptor again.

import { dirname, join, relative, sep } from 'node:path';
import { bracketedName, bracketedValue } from './bracketed-name.ts';
import { FolderPatterns } from './folder-patterns.ts';
import { foldersAround } from './guards.ts';
import type { Hidden } from './hidden-files.ts';
import { isHiddenName, isPageFile, PAGE_ENDING } from './hidden-names.ts';
import type { Located } from './index.ts';
import { EnteredFolders } from './search-guards.ts';
import { type Disk, NODE_DISK } from './site-disk.ts';
import { isInside } from './site-paths.ts';
import { parsedUrlPath, type UrlPath } from './url-path.ts';

/** Finds files for URLs below one folder. */
export class Locator {
  readonly root: string;
  readonly disk: Disk;
  readonly patterns: FolderPatterns;
  readonly #hidden: Hidden;

  /**
   * @param root absolute, with symbolic links resolved
   * @param hidden files and folders that are never served, whatever their names
   */
  constructor(root: string, hidden: Hidden, disk = NODE_DISK) {
    this.root = root;
    this.disk = disk;
    this.patterns = new FolderPatterns(disk);
    this.#hidden = hidden;
  }

  locate(path: string): Located {
    return new PathSearch(this, parsedUrlPath(path), path).result();
  }

  /** The guards in the folders of a file, as they are on the disk and in the generation. */
  guardsOf(real: string): readonly string[] {
    const entered = new EnteredFolders(this.root, this.disk);
    for (const folder of foldersAround(this.root, dirname(real))) entered.add(folder, {});
    return entered.guards({ file: real, real }, false).map(({ file }) => file);
  }

  /**
   * Whether a file may be served.
   * @param real the file's path with symbolic links resolved
   */
  mayServe(real: string): boolean {
    if (!isInside(this.root, real)) return false;
    if (
      relative(this.root, real)
        .split(sep)
        .some((name) => isHiddenName(name))
    )
      return false;
    return !this.#hidden.covers(real);
  }
}

/** The locator looks for no nearest page; the generation does, under debug. */
const noNearest = (): undefined => undefined;

/** One search with backtracking: in each folder literal names are tried before bracketed ones. */
class PathSearch {
  readonly #site: Locator;
  readonly #parts: readonly string[];
  readonly #slash: boolean;
  readonly #path: string;
  readonly #tried: string[] = [];
  /** Names and values of the brackets between the root and the current folder. */
  readonly #values: [name: string, value: string][] = [];
  readonly #entered: EnteredFolders;
  readonly #isMalformed: boolean;

  constructor(site: Locator, { parts, slash, isMalformed }: UrlPath, path: string) {
    this.#site = site;
    this.#parts = parts;
    this.#slash = slash;
    this.#path = path;
    this.#isMalformed = isMalformed;
    this.#entered = new EnteredFolders(site.root, site.disk);
  }

  /** For a malformed path nothing is found, but the folders before the malformed part have been entered. */
  result(): Located {
    const found = this.#inFolder(this.#site.root, 0);
    if (found !== undefined && !this.#isMalformed) return found;
    const tried = this.#isMalformed ? [] : this.#tried;
    return { kind: 'none', tried, nearest: noNearest, guards: this.#entered.guards(undefined, false) };
  }

  /** Finds the file for the parts from index `at` on, below a folder. */
  #inFolder(folder: string, at: number): Located | undefined {
    this.#entered.add(folder, paramsOf(this.#values));
    const part = this.#parts[at];
    if (part === undefined) return this.#index(folder) ?? this.#rest(folder, at);
    return this.#literal(folder, part, at) ?? this.#bracketed(folder, part, at) ?? this.#rest(folder, at);
  }

  #isLast(at: number): boolean {
    return at === this.#parts.length - 1 && !this.#slash;
  }

  /** The index page of a folder. Without a slash at the end of the URL, a folder other than the root redirects. */
  #index(folder: string): Located | undefined {
    const found = this.#page(folder, `index${PAGE_ENDING}`) ?? this.#static(folder, 'index.html');
    if (found === undefined || this.#slash || folder === this.#site.root) return found;
    return { kind: 'redirect', path: `${this.#path}/`, guards: this.#entered.guards(undefined, false) };
  }

  #literal(folder: string, part: string, at: number): Located | undefined {
    const named = this.#isLast(at) ? this.#named(folder, part) : undefined;
    if (named !== undefined) return named;
    if (isHiddenName(part) || isPattern(part)) return undefined;
    const below = join(folder, part);
    return this.#site.disk.entry(below)?.kind === 'folder' ? this.#inFolder(below, at + 1) : undefined;
  }

  #named(folder: string, name: string): Located | undefined {
    if (isPageFile(name)) return this.#literalPage(folder, name);
    return (
      this.#static(folder, name) ??
      this.#literalPage(folder, name + PAGE_ENDING) ??
      this.#static(folder, `${name}.html`)
    );
  }

  #bracketed(folder: string, part: string, at: number): Located | undefined {
    for (const pattern of this.#site.patterns.of(folder)) {
      if (pattern.rest || (pattern.isPage && !this.#isLast(at))) continue;
      const value = bracketedValue(pattern, part);
      if (value === undefined) continue;
      this.#values.push([pattern.name, value]);
      const found = pattern.isPage
        ? this.#page(folder, pattern.entry)
        : this.#inPatternFolder(folder, pattern.entry, at);
      if (found !== undefined) return found;
      this.#values.pop();
    }
    return undefined;
  }

  #inPatternFolder(folder: string, entry: string, at: number): Located | undefined {
    return isHiddenName(entry) ? undefined : this.#inFolder(join(folder, entry), at + 1);
  }

  /** A page `[...rest].pih` matches any number of remaining parts. */
  #rest(folder: string, at: number): Located | undefined {
    const pattern = this.#site.patterns.of(folder).find(({ rest }) => rest);
    if (pattern === undefined) return undefined;
    this.#values.push([pattern.name, this.#parts.slice(at).join('/')]);
    const found = this.#page(folder, pattern.entry);
    if (found === undefined) this.#values.pop();
    return found;
  }

  /** A bracketed page name matches values only, never the name itself. */
  #literalPage(folder: string, name: string): Located | undefined {
    return name.includes('[') ? undefined : this.#page(folder, name);
  }

  #page(folder: string, name: string): Located | undefined {
    const file = join(folder, name);
    const real = this.#realFile(file, name);
    if (real === undefined) return undefined;
    return {
      kind: 'page',
      file,
      params: paramsOf(this.#values),
      guards: this.#entered.guards({ file, real }, true),
    };
  }

  #static(folder: string, name: string): Located | undefined {
    const file = join(folder, name);
    const real = this.#realFile(file, name);
    if (real === undefined || isPageFile(real)) return undefined;
    return { kind: 'static', file, real, guards: this.#entered.guards({ file, real }, false) };
  }

  /** The real path of a regular file that may be served. */
  #realFile(file: string, name: string): string | undefined {
    if (isHiddenName(name)) return undefined;
    this.#tried.push(file);
    if (this.#site.disk.entry(file)?.kind !== 'file') return undefined;
    const real = this.#site.disk.realPath(file);
    if (real === undefined || !this.#site.mayServe(real) || this.#isOtherCase(file, real)) return undefined;
    return real;
  }

  /** Whether a case-insensitive disk has found the file under a name that is spelt differently. */
  #isOtherCase(file: string, real: string): boolean {
    if (file === real || file.toLowerCase() !== real.toLowerCase()) return false;
    const { root, disk } = this.#site;
    let folder = root;
    for (const name of relative(root, file).split(sep)) {
      if (!disk.names(folder).includes(name)) return true;
      folder = join(folder, name);
    }
    return false;
  }
}

function isPattern(name: string): boolean {
  return name.includes('[') && bracketedName(name)?.rest === false;
}

function paramsOf(values: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  const params: Record<string, string> = Object.create(null);
  for (const [name, value] of values) params[name] = value;
  return Object.freeze(params);
}
