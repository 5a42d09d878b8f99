// The pages of one generation by file, ready to run: compiled, linked with their modules, with their includes and
// layouts. Under debug the sources are the disk, so every call compares stamps; otherwise the sources of a generation
// never change.

import { relative, sep } from 'node:path';
import type { PageFacts } from '../compiler/facts.ts';
import type { PageKind } from '../compiler/page-kind.ts';
import { Problem } from '../diagnostics/problem.ts';
import { Html } from '../escaping/trusted-text.ts';
import { ALONE, type LayoutCall, type Surroundings } from '../runtime/layout.ts';
import type { PageKit } from '../runtime/page-linkage.ts';
import type { PageScope, SessionNeed } from '../runtime/page-types.ts';
import type { CompiledFile, PageFunction } from './compiled-page.ts';
import type { DependencyGraph } from './dependency-graph.ts';
import type { LoadedPage } from './index.ts';
import type { ModuleLoader } from './modules/module-loader.ts';
import {
  type Closure,
  closureOf,
  existingPage,
  includedFile,
  kindProblem,
  type PageSources,
} from './page-closure.ts';
import { pageKit } from './page-kit.ts';
import type { Sources } from './sources.ts';

/** The parts from which pages are loaded. */
export interface LibraryOptions extends PageSources {
  readonly sources: Sources;
  readonly modules: ModuleLoader;
  readonly dependencies: DependencyGraph;
  /** Called with each page that has been linked. */
  readonly onLoad: (file: string) => void;
}

/** The loaded pages of one generation; under debug, the newest version of each. */
export class PageLibrary {
  readonly #options: LibraryOptions;
  readonly #pages = new Map<string, Page>();

  constructor(options: LibraryOptions) {
    this.#options = options;
  }

  /** @throws Problem, or rejects with one */
  load(file: string): Page | Promise<Page> {
    const known = this.#pages.get(file);
    return known !== undefined && (!this.#options.sources.isLive || this.#isCurrent(known))
      ? known
      : this.#build(file);
  }

  /** Absolute paths of the pages that have been loaded. */
  loaded(): readonly string[] {
    return [...this.#pages.keys()];
  }

  #isCurrent(page: Page): boolean {
    const { sources } = this.#options;
    return page.parts.every(
      (part) => sources.stamp(part.compiled.file) === part.compiled.stamp && this.#hasNewestModules(part),
    );
  }

  #hasNewestModules(part: Part): boolean {
    const { file, facts } = part.compiled;
    return facts.imports.every(
      (wanted, index) => this.#options.modules.loadNow(wanted, file) === part.modules[index],
    );
  }

  #build(file: string): Page | Promise<Page> {
    const closure = closureOf(file, this.#options);
    const parts = closure.files.map((compiled) => this.#part(compiled));
    return parts.every((part) => part instanceof Part)
      ? this.#keep(file, closure, parts)
      : Promise.all(parts).then((ready) => this.#keep(file, closure, ready));
  }

  #part(compiled: CompiledFile): Part | Promise<Part> {
    const { modules } = this.#options;
    const wanted = compiled.facts.imports.map((fact) => modules.loadNow(fact, compiled.file));
    if (wanted.every((module) => module !== undefined)) return this.#link(compiled, wanted);
    return this.#importAll(compiled).then((loaded) => this.#link(compiled, loaded));
  }

  async #importAll(compiled: CompiledFile): Promise<unknown[]> {
    const { modules } = this.#options;
    const loaded: unknown[] = [];
    for (const fact of compiled.facts.imports) loaded.push(await modules.load(fact, compiled.file));
    return loaded;
  }

  #link(compiled: CompiledFile, loaded: readonly unknown[]): Part {
    const { file } = compiled;
    const { sources, modules, dependencies } = this.#options;
    const kit = pageKit({
      file,
      run: (scope, call, around) => this.#nested(scope, call, around, file),
      render: (scope, path, data) => this.#rendered(scope, path, data, file),
      layoutProblem: (path) => layoutProblem(sources, path, file),
      cycle: () => dependencies.cycleThrough(file),
      import: modules.dynamicImport(file),
      meta: modules.pageMeta(file),
    });
    return new Part(compiled, loaded, kit);
  }

  #keep(file: string, closure: Closure, parts: readonly Part[]): Page {
    const name = relative(this.#options.sources.root, file).split(sep).join('/');
    const page = new Page(file, name, closure.need, parts);
    this.#pages.set(file, page);
    this.#options.onLoad(file);
    return page;
  }

  /**
   * Runs another page in place. Returns a promise if that page awaits, is not loaded yet, or needs a lock on the
   * session.
   */
  #nested(
    scope: PageScope,
    { path, data }: LayoutCall,
    around: Surroundings,
    from: string,
  ): string | Promise<string> {
    const { sources } = this.#options;
    const file = includedFile(sources.root, path, from);
    if (file !== undefined) scope.included?.(file);
    if (file === undefined || sources.stamp(file) === '')
      throw new Problem('include-missing', { params: { path }, value: path });
    const mixed = kindProblem(around.includer === undefined ? 'Layout' : 'Include', path, { file, from });
    if (mixed !== undefined) throw mixed;
    const page = this.load(file);
    return page instanceof Promise
      ? page.then((ready) => this.#run(ready, scope, data, around))
      : this.#run(page, scope, data, around);
  }

  /** Runs an inner page for its output. */
  async #rendered(scope: PageScope, path: string, data: unknown, from: string): Promise<string | Html> {
    const { sources } = this.#options;
    const file = includedFile(sources.root, path, from);
    if (file !== undefined) scope.included?.(file);
    if (file === undefined || sources.stamp(file) === '')
      throw new Problem('render-missing', { params: { path }, value: path });
    const page = await this.load(file);
    const printed = await this.#run(page, scope, data, ALONE);
    return page.kind === 'text' ? printed : new Html(printed);
  }

  #run(page: Page, scope: PageScope, data: unknown, around: Surroundings): string | Promise<string> {
    const turn = page.need === 'none' ? undefined : scope.begin(page.need);
    if (turn === undefined) return page.render(scope, data, around);
    return turn.then(() => page.render(scope, data, around));
  }
}

/** The error for a computed path of Layout; undefined if the page there can be the layout. */
function layoutProblem(sources: Sources, path: string, from: string): Problem | undefined {
  const file = existingPage(sources, path, from);
  if (file === undefined) return new Problem('layout-missing', { params: { path }, value: path });
  return kindProblem('Layout', path, { file, from });
}

/** One compiled file, linked with its modules. */
class Part {
  readonly compiled: CompiledFile;
  readonly modules: readonly unknown[];
  readonly run: PageFunction;

  constructor(compiled: CompiledFile, modules: readonly unknown[], kit: PageKit) {
    this.compiled = compiled;
    this.modules = modules;
    this.run = compiled.factory(kit, ...modules);
  }
}

class Page implements LoadedPage {
  readonly file: string;
  readonly name: string;
  readonly need: SessionNeed;
  readonly parts: readonly Part[];
  readonly #run: PageFunction;
  readonly #facts: PageFacts;

  constructor(file: string, name: string, need: SessionNeed, parts: readonly Part[]) {
    this.file = file;
    this.name = name;
    this.need = need;
    this.parts = parts;
    const [own] = parts;
    if (own === undefined) throw new TypeError('a page has at least itself as a part');
    this.#run = own.run;
    this.#facts = own.compiled.facts;
  }

  get kind(): PageKind {
    return this.#facts.kind;
  }

  get has_form(): boolean {
    return this.parts.some(({ compiled }) => compiled.facts.has_form);
  }

  get asks_method(): boolean {
    return this.parts.some(({ compiled }) => compiled.facts.asks_method);
  }

  get once(): boolean {
    return this.parts.some(({ compiled }) => compiled.facts.once !== undefined);
  }

  get post_forms(): boolean {
    return this.parts.some(({ compiled }) => compiled.facts.post_forms.length > 0);
  }

  render(scope: PageScope, data?: unknown, around = ALONE): string | Promise<string> {
    if (around.content === undefined) this.#refuseAlone();
    const run = this.#run;
    return run(scope, data, around);
  }

  /** A page that prints CONTENT or SECTION runs only as the layout of another page. */
  #refuseAlone(): void {
    const { content, section } = this.#facts;
    const place = content ?? section;
    if (place === undefined) return;
    const params = { name: content === undefined ? 'SECTION' : 'CONTENT', file: `/${this.name}` };
    throw new Problem('layout-alone', { file: this.file, ...place, params });
  }
}
