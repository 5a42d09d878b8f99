// The dependency graph of a site. Its nodes are pages, parts, layouts, modules, error pages and named files that are
// absent; its edges are includes, layouts, inner pages, imports and guards (`_before.pih`). The compiler's facts give the
// edges, so no page has to run. Only
// `import()` is learned while a page runs; an Include by a computed path belongs to one request and is no edge.

import { dirname, join, relative, sep } from 'node:path';
import type { PageCompiler } from './compiled-page.ts';
import { foldersAround, GUARD_NAME } from './guards.ts';
import { isHiddenName, isPageFile } from './hidden-names.ts';
import type { ModuleCompiler } from './modules/compiled-module.ts';
import { importedPath, isModuleName } from './modules/module-resolution.ts';
import { includedFile } from './page-closure.ts';
import type { Stamp } from './site-disk.ts';
import { isInside } from './site-paths.ts';
import type { Sources } from './sources.ts';

/** The compilers, whose facts give the edges. */
export interface Compilers {
  readonly pages: PageCompiler;
  readonly modules: ModuleCompiler;
}

/** The edges of one version of a file. */
interface NamedFiles {
  readonly stamp: Stamp;
  /** Includes, layouts and inner pages, by absolute path. */
  readonly pages: readonly string[];
  /** Imports, by absolute path, with symbolic links not resolved. */
  readonly modules: readonly string[];
  /** The guards of a page with a URL: one in each folder around it, whether it exists or not. */
  readonly guards: readonly string[];
}

/** The files that one version of a file has imported by `import()`. */
interface Learned {
  readonly stamp: Stamp;
  readonly paths: Set<string>;
}

const NOTHING: readonly string[] = [];

/** The dependency graph of one set of sources. */
export class DependencyGraph {
  readonly #sources: Sources;
  readonly #compilers: Compilers;
  readonly #named = new Map<string, NamedFiles>();
  readonly #learned = new Map<string, Learned>();

  /** @param before an earlier graph; its learned edges of unchanged files are copied */
  constructor(sources: Sources, compilers: Compilers, before?: DependencyGraph) {
    this.#sources = sources;
    this.#compilers = compilers;
    if (before === undefined) return;
    for (const [file, learned] of before.#learned)
      if (learned.stamp === sources.stamp(file)) this.#learned.set(file, learned);
  }

  /**
   * Adds the edge of an `import()`. Since a visitor may choose the path, an absent file becomes a node only if the
   * sources are the disk, under debug.
   */
  learn(file: string, path: string): void {
    if (!this.#sources.isLive && this.#sources.stamp(path) === '') return;
    const stamp = this.#sources.stamp(file);
    const known = this.#learned.get(file);
    if (known?.stamp === stamp) known.paths.add(path);
    else this.#learned.set(file, { stamp, paths: new Set([path]) });
  }

  /** The files that a file names, and the target if the file is a symbolic link. */
  named(file: string): readonly string[] {
    const { stamp, pages, modules, guards } = this.#namedBy(file);
    const real = this.#sources.realPath(file);
    const link = real === undefined || real === file ? NOTHING : [real];
    const learned = this.#learned.get(file);
    return [
      ...pages,
      ...modules,
      ...guards,
      ...link,
      ...(learned?.stamp === stamp ? learned.paths : NOTHING),
    ];
  }

  /** The files and all of their dependencies: first the files, then the dependencies in the order of the graph. */
  madeOf(files: Iterable<string>): Set<string> {
    const found = new Set(files);
    for (const next of found) for (const named of this.named(next)) found.add(named);
    return found;
  }

  /**
   * The shortest cycle of includes and layouts through a page, as "a.pih → b.pih → a.pih"; undefined if there is none.
   */
  cycleThrough(file: string): string | undefined {
    const ways: string[][] = [[file]];
    const seen = new Set<string>();
    for (const way of ways) {
      for (const next of this.#namedBy(way.at(-1) ?? file).pages) {
        if (next === file) return [...way, file].map((each) => this.#nameOf(each)).join(' → ');
        if (!seen.has(next)) ways.push([...way, next]);
        seen.add(next);
      }
    }
    return undefined;
  }

  #namedBy(file: string): NamedFiles {
    const stamp = this.#sources.stamp(file);
    const known = this.#named.get(file);
    if (known?.stamp === stamp) return known;
    const named = stamp === '' ? NAMELESS : { stamp, ...this.#read(file), guards: this.#guardsOf(file) };
    this.#named.set(file, named);
    return named;
  }

  /** The edges of a file that does not compile are unknown, so it has none. */
  #read(file: string): Pick<NamedFiles, 'pages' | 'modules'> {
    try {
      return isPageFile(file) ? this.#readPage(file) : this.#readModule(file);
    } catch {
      return NAMELESS;
    }
  }

  #readPage(file: string): Pick<NamedFiles, 'pages' | 'modules'> {
    const { facts } = this.#compilers.pages.get(file, this.#sources);
    const named = [...facts.includes, ...facts.layouts, ...facts.renders].map(({ path }) =>
      includedFile(this.#sources.root, path, file),
    );
    return {
      pages: named.filter((each) => each !== undefined),
      modules: this.#importedPaths(facts.imports, file),
    };
  }

  #readModule(file: string): Pick<NamedFiles, 'pages' | 'modules'> {
    if (!isModuleName(file)) return NAMELESS;
    const { imports } = this.#compilers.modules.get(file, this.#sources);
    return { pages: NOTHING, modules: this.#importedPaths(imports, file) };
  }

  /** Parts have no guards, because they belong to the pages that include them. */
  #guardsOf(file: string): readonly string[] {
    const { root } = this.#sources;
    if (
      !isPageFile(file) ||
      !isInside(root, file) ||
      this.#nameOf(file)
        .split('/')
        .some((part) => isHiddenName(part))
    )
      return NOTHING;
    return foldersAround(root, dirname(file)).map((folder) => join(folder, GUARD_NAME));
  }

  #importedPaths(imports: readonly { readonly specifier: string }[], importer: string): string[] {
    const paths = imports.map(({ specifier }) => importedPath(specifier, importer, this.#sources.root));
    return paths.filter((path) => path !== undefined);
  }

  #nameOf(file: string): string {
    return relative(this.#sources.root, file).split(sep).join('/');
  }
}

const NAMELESS: NamedFiles = { stamp: '', pages: NOTHING, modules: NOTHING, guards: NOTHING };

/** The reversed edges of several graphs: the files that depend on a file in any of them. */
export class Dependents {
  readonly #users = new Map<string, Set<string>>();

  /** @param files the nodes at which the traversal of each graph begins */
  constructor(graphs: readonly DependencyGraph[], files: Iterable<string>) {
    const starts = [...files];
    for (const graph of graphs) this.#add(graph, starts);
  }

  /** The files and all files that depend on them, directly or not. */
  affectedBy(files: Iterable<string>): Set<string> {
    const found = new Set(files);
    for (const file of found) for (const user of this.#users.get(file) ?? []) found.add(user);
    return found;
  }

  #add(graph: DependencyGraph, starts: readonly string[]): void {
    const seen = new Set(starts);
    for (const file of seen) {
      for (const named of graph.named(file)) {
        const users = this.#users.get(named);
        if (users === undefined) this.#users.set(named, new Set([file]));
        else users.add(file);
        seen.add(named);
      }
    }
  }
}
