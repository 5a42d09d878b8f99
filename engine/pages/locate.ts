// From URL to file (contract section 4). It looks at names and at the disk; whether a static file may be read is
// checked again by who opens it.

import { readdirSync, realpathSync, type Stats, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { isHiddenName, isPageName, PAGE_ENDING } from './hidden.ts';
import type { Hidden } from './hidden-files.ts';
import type { Located } from './index.ts';
import { isInside } from './inside.ts';
import { urlPath } from './url-path.ts';

/** Finds files for URLs below one folder. */
export class Locator {
  readonly #root: string;
  readonly #hidden: Hidden;

  /**
   * @param root absolute, with symbolic links resolved
   * @param hidden files and folders that are never served, whatever their names
   */
  constructor(root: string, hidden: Hidden) {
    this.#root = root;
    this.#hidden = hidden;
  }

  locate(path: string): Located {
    const url = urlPath(path);
    const search = new Search(this.#root, this.#hidden);
    if (url === undefined || url.parts.some((part) => isHiddenName(part) || part.startsWith('[')))
      return search.nothing();
    return search.inFolder(this.#root, url.parts, url.slash, path) ?? search.nothing();
  }
}

/** One search: the parts of the path are walked from the root, names before brackets, with a way back. */
class Search {
  readonly #tried: string[] = [];
  readonly #params: Record<string, string> = Object.create(null) as Record<string, string>;
  readonly #root: string;
  readonly #hidden: Hidden;

  constructor(root: string, hidden: Hidden) {
    this.#root = root;
    this.#hidden = hidden;
  }

  nothing(): Located {
    return { kind: 'none', tried: this.#tried, nearest: undefined };
  }

  inFolder(folder: string, parts: readonly string[], slash: boolean, path: string): Located | undefined {
    const [part, ...rest] = parts;
    if (part === undefined) return this.#index(folder, slash, path) ?? this.#rest(folder, []);
    return (
      (rest.length === 0 && !slash ? this.#named(folder, part) : undefined) ??
      this.#below(folder, part, rest, slash, path) ??
      this.#bracketed(folder, part, rest, slash, path) ??
      this.#rest(folder, parts)
    );
  }

  /** A folder's own page; the root needs no slash. */
  #index(folder: string, slash: boolean, path: string): Located | undefined {
    const found = this.#page(join(folder, `index${PAGE_ENDING}`)) ?? this.#static(join(folder, 'index.html'));
    if (found === undefined || slash || folder === this.#root) return found;
    return { kind: 'redirect', path: `${path}/` };
  }

  #named(folder: string, name: string): Located | undefined {
    const file = join(folder, name);
    if (isPageName(name)) return this.#page(file);
    return this.#static(file) ?? this.#page(file + PAGE_ENDING) ?? this.#static(`${file}.html`);
  }

  #below(
    folder: string,
    part: string,
    rest: readonly string[],
    slash: boolean,
    path: string,
  ): Located | undefined {
    const file = join(folder, part);
    return stats(file)?.isDirectory() ? this.inFolder(file, rest, slash, path) : undefined;
  }

  #bracketed(
    folder: string,
    part: string,
    rest: readonly string[],
    slash: boolean,
    path: string,
  ): Located | undefined {
    for (const entry of bracketNames(folder)) {
      const match = /^\[([\p{ID_Start}$_][\p{ID_Continue}$]*)\](\.pih)?$/u.exec(entry);
      if (match?.[1] === undefined) continue;
      this.#params[match[1]] = part;
      const isPage = match[2] !== undefined;
      const isLast = rest.length === 0 && !slash;
      const found = isPage
        ? isLast && this.#page(join(folder, entry))
        : this.inFolder(join(folder, entry), rest, slash, path);
      if (found) return found;
      delete this.#params[match[1]];
    }
    return undefined;
  }

  /** `[...rest].pih` takes any depth. */
  #rest(folder: string, parts: readonly string[]): Located | undefined {
    for (const entry of bracketNames(folder)) {
      const name = /^\[\.\.\.([\p{ID_Start}$_][\p{ID_Continue}$]*)\]\.pih$/u.exec(entry)?.[1];
      if (name === undefined) continue;
      this.#params[name] = parts.join('/');
      return this.#page(join(folder, entry));
    }
    return undefined;
  }

  #page(file: string): Located | undefined {
    return this.#exists(file) ? { kind: 'page', file, params: Object.freeze(this.#params) } : undefined;
  }

  #static(file: string): Located | undefined {
    return this.#exists(file) && !isPageName(realPath(file) ?? file) ? { kind: 'static', file } : undefined;
  }

  /** Whether it is an ordinary file inside the root, and none that is hidden. */
  #exists(file: string): boolean {
    this.#tried.push(file);
    return stats(file)?.isFile() === true && this.#isServed(file);
  }

  #isServed(file: string): boolean {
    const real = realPath(file);
    if (real === undefined || !isInside(this.#root, real)) return false;
    if (relative(this.#root, real).split(sep).some(isHiddenName)) return false;
    return !this.#hidden.covers(real);
  }
}

function bracketNames(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.startsWith('['))
      .sort();
  } catch {
    return [];
  }
}

function stats(file: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function realPath(file: string): string | undefined {
  try {
    return realpathSync.native(file);
  } catch {
    return undefined;
  }
}
