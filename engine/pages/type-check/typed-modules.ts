// Writes the typed modules of pages, and maps positions in them back to the pages.

import { readFileSync, writeFileSync } from 'node:fs';
import { relative, sep } from 'node:path';
import { untypedPage } from '../../compiler/4-emit/typed-declarations.ts';
import type { GuardPaths } from '../../compiler/4-emit/typed-locals.ts';
import { typedDraft, typedPage } from '../../compiler/4-emit/typed-module.ts';
import type { Piece } from '../../compiler/facts.ts';
import { parsePage } from '../../compiler/parsed-page.ts';
import { Lines } from '../../diagnostics/position.ts';
import { Problem } from '../../diagnostics/problem.ts';
import { PAGE_NAME_TYPES } from '../../runtime/page-name-types-path.ts';
import { bracketedName } from '../bracketed-name.ts';
import { isGuardFile } from '../guards.ts';
import { PAGE_ENDING } from '../hidden-names.ts';
import { existingPage } from '../page-closure.ts';
import { fileStamp } from '../site-disk.ts';
import { guardsBefore, type LocalsSite } from './page-locals.ts';
import type { Shadow } from './shadow-folder.ts';
import { TypedDrafts } from './typed-drafts.ts';

/** A position in a page. */
export interface PagePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** A typed module with the tables that map its positions to the page. */
interface WrittenModule {
  readonly page: string;
  readonly pieces: readonly Piece[];
  readonly outputs: ReadonlyMap<number, number>;
  readonly pageLength: number;
  readonly moduleLines: Lines;
  readonly pageLines: Lines;
  readonly tellersStart: number;
}

/** The typed modules of pages, and of the pages that they include or have as a layout. */
export class PageModules {
  readonly #site: LocalsSite;
  readonly #shadow: Shadow;
  readonly #drafts: TypedDrafts;
  readonly #written = new Map<string, WrittenModule | undefined>();

  constructor(site: LocalsSite, shadow: Shadow, drafts = new TypedDrafts()) {
    this.#drafts = drafts;
    this.#site = site;
    this.#shadow = shadow;
  }

  /** Writes the modules of these pages, and of all pages that they include or have as a layout. */
  write(pages: readonly string[]): void {
    const wanted = [...pages];
    for (const page of wanted) {
      const module = this.#shadow.moduleOf(page);
      if (this.#written.has(module)) continue;
      this.#written.set(module, this.#writeOne(page, wanted));
    }
  }

  /** Replaces a module that tsc cannot parse by one of the type any; its errors are still mapped to its page. */
  leaveOut(module: string): void {
    writeFileSync(module, untypedPage(PAGE_NAME_TYPES));
  }

  /** Absolute paths of the written modules. */
  get files(): string[] {
    return [...this.#written.keys()];
  }

  /** Whether a file is a page's typed module. */
  has(module: string): boolean {
    return this.#written.has(module);
  }

  /** Whether a position lies in the declarations that the compiler appends to the page. */
  isBehindPage(module: string, line: number): boolean {
    const written = this.#written.get(module);
    return written !== undefined && line > written.pageLines.at(written.pageLength).line;
  }

  /** The page of a position in the lines that make the type check tell fields; undefined for any other position. */
  pageOfTeller(module: string, line: number): string | undefined {
    const written = this.#written.get(module);
    return written && written.moduleLines.startOf(line) >= written.tellersStart ? written.page : undefined;
  }

  /**
   * Maps a position of a module to its page. Code that the compiler added is mapped to the nearest position of the
   * page.
   */
  placeOf(module: string, line: number, column: number): PagePosition | undefined {
    const written = this.#written.get(module);
    if (written === undefined) return undefined;
    const { page, pieces, outputs, pageLength, moduleLines, pageLines } = written;
    const at = Math.min(sourceOffset(pieces, moduleLines.startOf(line) + column - 1), pageLength);
    return { file: page, ...pageLines.at(outputs.get(at) ?? at) };
  }

  #writeOne(page: string, wanted: string[]): WrittenModule | undefined {
    try {
      const source = readFileSync(page, 'utf8');
      const draft = this.#drafts.of(page, source) ?? typedDraft(parsePage(source, page));
      const { code, pieces, outputs, tellersStart } = typedPage(draft, {
        tellsFields: true,
        names: PAGE_NAME_TYPES,
        params: paramsOf(relative(this.#site.root, page)),
        isGuard: isGuardFile(page),
        guards: () => this.#guardsBefore(page, wanted),
        moduleOf: (path) => this.#moduleOf(path, page, wanted),
      });
      this.#shadow.write(page, code);
      const [moduleLines, pageLines] = [new Lines(code), new Lines(source)];
      return { page, pieces, outputs, pageLength: source.length, moduleLines, pageLines, tellersStart };
    } catch (error) {
      if (!(error instanceof Problem) && !isUnreadable(error)) throw error;
      this.#shadow.write(page, untypedPage(PAGE_NAME_TYPES));
      return undefined;
    }
  }

  /** The typed modules of the guards before a page, which are added to the pages to write. */
  #guardsBefore(page: string, wanted: string[]): GuardPaths {
    const { always, sometimes } = guardsBefore(page, this.#site);
    wanted.push(...always, ...sometimes);
    const moduleOf = (guard: string) => this.#shadow.moduleOf(guard).replaceAll('\\', '/');
    return { always: always.map(moduleOf), sometimes: sometimes.map(moduleOf) };
  }

  /** The typed module of an included page, which is added to the pages to write. */
  #moduleOf(path: string, from: string, wanted: string[]): string | undefined {
    const file = existingPage({ root: this.#site.root, stamp: fileStamp }, path, from);
    if (file === undefined) return undefined;
    wanted.push(file);
    return this.#shadow.moduleOf(file).replaceAll('\\', '/');
  }
}

/** The names in brackets: `id` for `products/[id].pih`. */
export function paramsOf(name: string): string[] {
  const parts = name.slice(0, -PAGE_ENDING.length).split(sep);
  return parts.map((part) => bracketedName(part)?.name).filter((found) => found !== undefined);
}

/**
 * The source offset of a module offset. Between two pieces it is the beginning of the next one, after the last its end.
 */
function sourceOffset(pieces: readonly Piece[], offset: number): number {
  let end = 0;
  for (const { generated, source, length } of pieces) {
    if (offset < generated) return source;
    if (offset < generated + length) return source + offset - generated;
    end = source + length;
  }
  return end;
}

function isUnreadable(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
