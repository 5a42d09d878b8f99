// Pages by file, ready to run: compiled, linked with their modules, with their includes and layouts at hand.
// With debug every call looks at the disk; without, a page changes only when the watcher says so, and a version that
// does not compile never replaces the last good one.

import { relative, sep } from 'node:path';
import type { PageFacts } from '../compiler/facts.ts';
import { Problem } from '../diagnostics/problem.ts';
import { ALONE, type LayoutCall, type Surroundings } from '../runtime/layout.ts';
import type { PageScope, SessionNeed } from '../runtime/names.ts';
import { type Closure, closureOf, includedFile } from './closure.ts';
import { type CompiledFile, CompiledPages, type PageFunction } from './compiled.ts';
import { cycleThrough } from './cycle.ts';
import type { LoadedPage, PagesOptions } from './index.ts';
import type { SiteModules } from './modules.ts';
import { type PageKit, pageKit } from './page-kit.ts';
import type { ServedModuleLog } from './served-modules.ts';
import { stampOf } from './stamp.ts';

/** The loaded pages of one site. */
export class PageLibrary {
  readonly #root: string;
  readonly #options: PagesOptions;
  readonly #compiled: CompiledPages;
  readonly #modules: SiteModules;
  readonly #served: ServedModuleLog;
  readonly #pages = new Map<string, Page>();
  readonly #onUse: (files: ReadonlySet<string>) => void;

  /** @param onUse hears of the files that a page was made of */
  constructor(
    root: string,
    options: PagesOptions,
    modules: SiteModules,
    served: ServedModuleLog,
    onUse: (files: ReadonlySet<string>) => void,
  ) {
    this.#root = root;
    this.#served = served;
    this.#onUse = onUse;
    this.#options = options;
    this.#compiled = new CompiledPages(options.debug, options.debug);
    this.#modules = modules;
  }

  /** @throws Problem, or rejects with one */
  load(file: string): Page | Promise<Page> {
    const known = this.#pages.get(file);
    if (known !== undefined && this.#isCurrent(known)) return known;
    if (this.#options.debug || known === undefined) return this.#build(file);
    return this.#rebuild(file, known);
  }

  /** Files that were saved, added or removed: what was made from them is made again when it is asked for. */
  changed(files: readonly string[]): void {
    const all = new Set([...files, ...this.#modules.changed(files)]);
    this.#compiled.changed([...all]);
    for (const page of this.#pages.values()) page.outdated ||= [...page.uses].some((used) => all.has(used));
  }

  #isCurrent(page: Page): boolean {
    if (!this.#options.debug) return !page.outdated;
    return page.parts.every(
      (part) => this.#compiled.isCurrent(part.compiled) && this.#hasNewestModules(part),
    );
  }

  #hasNewestModules(part: Part): boolean {
    const { file, facts } = part.compiled;
    return facts.imports.every(
      (wanted, index) => this.#modules.loadNow(wanted, file) === part.modules[index],
    );
  }

  /** Without debug, a failure leaves the last good version in place until the next change. */
  async #rebuild(file: string, known: Page): Promise<Page> {
    known.outdated = false;
    try {
      return await this.#build(file);
    } catch (error) {
      this.#options.log('error', `the new version of ${known.name} is not used`, error);
      return known;
    }
  }

  #build(file: string): Page | Promise<Page> {
    const closure = closureOf(this.#root, file, this.#compiled);
    const parts = closure.files.map((compiled) => this.#part(compiled));
    return parts.every((part) => part instanceof Part)
      ? this.#keep(file, closure, parts)
      : Promise.all(parts).then((ready) => this.#keep(file, closure, ready));
  }

  #part(compiled: CompiledFile): Part | Promise<Part> {
    const wanted = compiled.facts.imports.map((fact) => this.#modules.loadNow(fact, compiled.file));
    if (wanted.every((module) => module !== undefined)) return this.#link(compiled, wanted);
    return this.#importAll(compiled).then((modules) => this.#link(compiled, modules));
  }

  async #importAll(compiled: CompiledFile): Promise<unknown[]> {
    const modules: unknown[] = [];
    for (const fact of compiled.facts.imports) modules.push(await this.#modules.load(fact, compiled.file));
    return modules;
  }

  #link(compiled: CompiledFile, modules: readonly unknown[]): Part {
    const { file } = compiled;
    const kit = pageKit({
      file,
      run: (scope, call, around) => this.#nested(scope, call, around, file),
      has: (path) => this.#has(includedFile(this.#root, path, file)),
      cycle: () => cycleThrough(this.#root, file, this.#compiled),
      import: this.#modules.dynamicImport(file),
      meta: this.#modules.pageMeta(file),
    });
    return new Part(compiled, modules, kit);
  }

  #keep(file: string, closure: Closure, parts: readonly Part[]): Page {
    const uses = new Set(closure.files.flatMap((part) => [part.file, ...this.#modules.uses(part.file)]));
    this.#served.note(uses);
    const name = relative(this.#root, file).split(sep).join('/');
    const page = new Page(file, name, closure.need, parts, uses);
    this.#pages.set(file, page);
    this.#onUse(uses);
    return page;
  }

  /** Runs another page in place; at once unless it awaits, is not loaded yet, or needs a turn of its own. */
  #nested(
    scope: PageScope,
    { path, data }: LayoutCall,
    around: Surroundings,
    from: string,
  ): string | Promise<string> {
    const file = includedFile(this.#root, path, from);
    if (file === undefined || !this.#has(file))
      throw new Problem('include-missing', { holes: { path }, value: path });
    const page = this.load(file);
    return page instanceof Promise
      ? page.then((ready) => this.#run(ready, scope, data, around))
      : this.#run(page, scope, data, around);
  }

  #run(page: Page, scope: PageScope, data: unknown, around: Surroundings): string | Promise<string> {
    const turn = page.need === 'none' ? undefined : scope.begin(page.need);
    if (turn === undefined) return page.render(scope, data, around);
    return turn.then(() => page.render(scope, data, around));
  }

  #has(file: string | undefined): boolean {
    return file !== undefined && (this.#pages.has(file) || stampOf(file) !== '');
  }
}

/** One compiled file, linked. */
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
  readonly uses: ReadonlySet<string>;
  outdated = false;
  readonly #run: PageFunction;
  readonly #facts: PageFacts;

  constructor(
    file: string,
    name: string,
    need: SessionNeed,
    parts: readonly Part[],
    uses: ReadonlySet<string>,
  ) {
    this.file = file;
    this.name = name;
    this.need = need;
    this.parts = parts;
    this.uses = uses;
    const [own] = parts;
    if (own === undefined) throw new TypeError('a page has at least itself as a part');
    this.#run = own.run;
    this.#facts = own.compiled.facts;
  }

  get asks_method(): boolean {
    return this.parts.some(({ compiled }) => compiled.facts.asks_method);
  }

  render(scope: PageScope, data?: unknown, around = ALONE): string | Promise<string> {
    if (around.content === undefined) this.#refuseAlone();
    const run = this.#run;
    return run(scope, data, around);
  }

  /** What prints CONTENT needs a page that it is the layout of. */
  #refuseAlone(): void {
    const { content, section } = this.#facts;
    const place = content ?? section;
    if (place === undefined) return;
    const holes = { name: content === undefined ? 'SECTION' : 'CONTENT', file: `/${this.name}` };
    throw new Problem('layout-alone', { file: this.file, ...place, holes });
  }
}
