// The pages and modules of a site in the form in which their forms and links are read. Nothing is kept that a later save would make
// wrong: one object serves one check.

import { extname } from 'node:path';
import { type BranchChoices, BranchCoverage } from '../../compiler/outline/branch-choices.ts';
import type { Frame } from '../../compiler/outline/evaluate-expression.ts';
import { exportedValue } from '../../compiler/outline/exported-value.ts';
import {
  type OutlinedPage,
  type OutlineInput,
  outlinedModule,
  outlinedPage,
  outlineInput,
} from '../../compiler/outline/outlined-source.ts';
import type { Possible } from '../../compiler/outline/possible-value.ts';
import { type SampleDocument, sampleDocument } from '../../compiler/outline/sample-document.ts';
import { printedSample } from '../../compiler/outline/sample-printer.ts';
import { valueOfJson } from '../../compiler/outline/value-operators.ts';
import { parsePage } from '../../compiler/parsed-page.ts';
import { Lines } from '../../diagnostics/position.ts';
import { Problem } from '../../diagnostics/problem.ts';
import { importedPath, isModuleName } from '../modules/module-resolution.ts';
import { existingPage } from '../page-closure.ts';
import type { Readable } from '../sources.ts';
import { type PageSummary, pageSummary } from './page-summary.ts';

/** The most samples that are printed of a page to see all of its branches. */
const MOST_SAMPLES = 24;

/** Gives a page whose source has been parsed already. */
export type ParsedBefore = (file: string, source: string) => OutlineInput | undefined;

/** Called with each module whose constants are read. */
export type OnModule = (file: string) => void;

/** Samples of one page. */
export interface PageSamples {
  readonly documents: readonly SampleDocument[];
  /** More samples, in which conditions are told apart that always go together in the others. */
  readonly mixed: () => readonly SampleDocument[];
}

/** The pages of one site. */
export class SitePages {
  readonly sources: Readable;
  readonly #parsed: ParsedBefore;
  readonly #onModule: OnModule;
  readonly #pages = new Map<string, OutlinedPage | undefined>();
  readonly #summaries = new Map<string, PageSummary>();
  readonly #lines = new Map<string, Lines>();
  readonly #constants = new Map<string, Possible>();
  readonly #modules = new Map<string, ReturnType<typeof outlinedModule> | undefined>();

  /** @param parsed gives a page that has been parsed already */
  constructor(
    sources: Readable,
    parsed: ParsedBefore = () => undefined,
    onModule: OnModule = () => undefined,
  ) {
    this.sources = sources;
    this.#parsed = parsed;
    this.#onModule = onModule;
  }

  /** A page; undefined if it does not parse. */
  page(file: string): OutlinedPage | undefined {
    if (!this.#pages.has(file))
      this.#pages.set(
        file,
        withoutProblem(() => this.#outlined(file)),
      );
    return this.#pages.get(file);
  }

  /** The lines of a page, module or static file. */
  linesOf(file: string): Lines {
    const known = this.#lines.get(file) ?? this.#pages.get(file)?.lines;
    if (known !== undefined) return known;
    const lines = new Lines(withoutProblem(() => this.sources.read(file)) ?? '');
    this.#lines.set(file, lines);
    return lines;
  }

  /** The page that Include or Layout names. */
  named(path: string, from: string): OutlinedPage | undefined {
    const file = existingPage(this.sources, path, from);
    return file === undefined ? undefined : this.page(file);
  }

  /** The value of a constant that a module exports. */
  readonly imported: Frame['imported'] = (specifier, name, from) => {
    const file = importedPath(specifier, from, this.sources.root);
    if (file === undefined || !isModuleName(file)) return undefined;
    this.#onModule(file);
    const key = `${file}\n${name}`;
    if (!this.#constants.has(key)) {
      // A module that imports itself finds nothing yet.
      this.#constants.set(key, undefined);
      this.#constants.set(key, this.#constant(file, name));
    }
    return this.#constants.get(key);
  };

  /** The summary of a page; undefined if it does not parse. */
  summary(file: string): PageSummary | undefined {
    const known = this.#summaries.get(file);
    if (known !== undefined) return known;
    const page = this.page(file);
    if (page === undefined) return undefined;
    const summary = pageSummary(page, this.imported);
    this.#summaries.set(file, summary);
    return summary;
  }

  /** Drops the tree of a page, which takes most of the memory. It is parsed again if another page names it. */
  release(file: string): void {
    const page = this.#pages.get(file);
    if (page === undefined) return;
    this.#lines.set(file, page.lines);
    this.#pages.delete(file);
  }

  /** Samples of a page's output: as many as needed for each branch to be in one. */
  samples(page: OutlinedPage): PageSamples {
    const coverage = new BranchCoverage();
    const links = { page: (path: string, from: string) => this.named(path, from), imported: this.imported };
    const sample = (choices: BranchChoices) => sampleDocument(printedSample(page, links, choices));
    const documents: SampleDocument[] = [];
    if (page.facts.kind === 'text') return { documents, mixed: () => [] };
    do documents.push(sample(coverage.next()));
    while (coverage.isIncomplete && documents.length < MOST_SAMPLES);
    return { documents, mixed: () => coverage.mixed().map(sample) };
  }

  #outlined(file: string): OutlinedPage {
    const source = this.sources.read(file);
    return outlinedPage(this.#parsed(file, source) ?? outlineInput(parsePage(source, file)));
  }

  #constant(file: string, name: string): Possible {
    if (extname(file) === '.json') return withoutProblem(() => jsonConstant(this.sources.read(file), name));
    if (!this.#modules.has(file))
      this.#modules.set(
        file,
        withoutProblem(() => outlinedModule(this.sources.read(file), file)),
      );
    const module = this.#modules.get(file);
    return module && exportedValue(module, name, this.imported);
  }
}

function jsonConstant(text: string, name: string): Possible {
  return name === 'default' || name === '*' ? valueOfJson(JSON.parse(text)) : undefined;
}

/** A source that cannot be read or parsed has errors of its own. */
function withoutProblem<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Problem || error instanceof SyntaxError || isUnreadable(error)) return undefined;
    throw error;
  }
}

function isUnreadable(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}
