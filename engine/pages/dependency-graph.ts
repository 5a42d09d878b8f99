// The dependency graph of a site: pages, parts, layouts, modules and error pages are its nodes; includes, layouts and
// imports its edges; a file that is named but absent is a node too. It is read from what the compiler found out, so it needs
// no page to have run. Only `import()` is learned when it happens; a computed path of Include belongs to one request.

import { relative, sep } from 'node:path';
import type { PageCompiler } from './compiled-page.ts';
import { isPageFile } from './hidden-names.ts';
import type { ModuleCompiler } from './modules/compiled-module.ts';
import { importedPath, isModuleName } from './modules/module-resolution.ts';
import { includedFile } from './page-closure.ts';
import type { Stamp } from './site-disk.ts';
import type { Sources } from './sources.ts';

/** What tells what a file names. */
export interface Compilers {
  readonly pages: PageCompiler;
  readonly modules: ModuleCompiler;
}

/** What one version of a file names. */
interface NamedFiles {
  readonly stamp: Stamp;
  /** Includes and layouts, by absolute path. */
  readonly pages: readonly string[];
  /** Imports, by absolute path as they are written. */
  readonly modules: readonly string[];
}

/** What one version of a file has named while it ran. */
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

  /** @param before what it has learned from files whose source is the same is taken over */
  constructor(sources: Sources, compilers: Compilers, before?: DependencyGraph) {
    this.#sources = sources;
    this.#compilers = compilers;
    if (before === undefined) return;
    for (const [file, learned] of before.#learned)
      if (learned.stamp === sources.stamp(file)) this.#learned.set(file, learned);
  }

  /**
   * Learns what only a running page or module can tell: the path that it imports by `import()`. A visitor may
   * choose the path, so that an absent file is a node only where the sources are the disk of a developer.
   */
  learn(file: string, path: string): void {
    if (!this.#sources.isLive && this.#sources.stamp(path) === '') return;
    const stamp = this.#sources.stamp(file);
    const known = this.#learned.get(file);
    if (known?.stamp === stamp) known.paths.add(path);
    else this.#learned.set(file, { stamp, paths: new Set([path]) });
  }

  /** The files that a file names, and the file that it is a link to. */
  named(file: string): readonly string[] {
    const { stamp, pages, modules } = this.#namedBy(file);
    const real = this.#sources.realPath(file);
    const link = real === undefined || real === file ? NOTHING : [real];
    const learned = this.#learned.get(file);
    return [...pages, ...modules, ...link, ...(learned?.stamp === stamp ? learned.paths : NOTHING)];
  }

  /** Files and everything that they are made of: first themselves, then in the order in which the graph names them. */
  madeOf(files: Iterable<string>): Set<string> {
    const found = new Set(files);
    for (const next of found) for (const named of this.named(next)) found.add(named);
    return found;
  }

  /** "a.pih → b.pih → a.pih": the shortest way from a page over includes and layouts back to itself, if there is one. */
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
    const named = stamp === '' ? NAMELESS : { stamp, ...this.#read(file) };
    this.#named.set(file, named);
    return named;
  }

  /** A file that does not compile names nothing that anybody could know of. */
  #read(file: string): Pick<NamedFiles, 'pages' | 'modules'> {
    try {
      return isPageFile(file) ? this.#readPage(file) : this.#readModule(file);
    } catch {
      return NAMELESS;
    }
  }

  #readPage(file: string): Pick<NamedFiles, 'pages' | 'modules'> {
    const { facts } = this.#compilers.pages.get(file, this.#sources);
    const named = [...facts.includes, ...facts.layouts].map(({ path }) =>
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

  #importedPaths(imports: readonly { readonly specifier: string }[], importer: string): string[] {
    const paths = imports.map(({ specifier }) => importedPath(specifier, importer, this.#sources.root));
    return paths.filter((path) => path !== undefined);
  }

  #nameOf(file: string): string {
    return relative(this.#sources.root, file).split(sep).join('/');
  }
}

const NAMELESS: NamedFiles = { stamp: '', pages: NOTHING, modules: NOTHING };

/** Which files use a file, told from graphs whose edges count together. */
export class Dependents {
  readonly #users = new Map<string, Set<string>>();

  /** @param files where each graph is walked from */
  constructor(graphs: readonly DependencyGraph[], files: Iterable<string>) {
    const starts = [...files];
    for (const graph of graphs) this.#add(graph, starts);
  }

  /** The files, those that use them, and so on. */
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
