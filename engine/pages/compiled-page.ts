// Compiles page files.

import type { PageFacts } from '../compiler/facts.ts';
import { type CompiledPage, compilePage, type PageCompileOptions } from '../compiler/index.ts';
import { withoutBrackets } from '../forms/field-name.ts';
import type { Surroundings } from '../runtime/layout.ts';
import type { PageKit } from '../runtime/page-linkage.ts';
import type { PageScope } from '../runtime/page-types.ts';
import { executable } from './executable.ts';
import { isGuardFile } from './guards.ts';
import type { Stamp } from './site-disk.ts';
import { SourceCompiler, type SourceVersion } from './source-compiler.ts';

/** The function of a compiled page; it returns the page's output. */
export type PageFunction = (
  scope: PageScope,
  data: unknown,
  around: Surroundings,
) => string | Promise<string>;

type OnParsed = PageCompileOptions['onParsed'];

/** Links a page with its kit and the modules that it imports; returns the page's function. */
export type PageFactory = (kit: PageKit, ...modules: readonly unknown[]) => PageFunction;

/**
 * One version of a page file. Its code is made a function at the first use, because a page that is only analysed needs
 * none.
 */
export class CompiledFile {
  readonly file: string;
  readonly stamp: Stamp;
  readonly facts: PageFacts;
  readonly #source: string;
  readonly #compiled: CompiledPage;
  readonly #isDebuggable: boolean;
  #factory: PageFactory | undefined;

  /** @throws Problem when the source does not compile */
  constructor({ file, stamp, text }: SourceVersion, isDebuggable: boolean, onParsed?: OnParsed) {
    this.file = file;
    this.stamp = stamp;
    this.#source = text;
    this.#compiled = compilePage(text, { file, isGuard: isGuardFile(file), onParsed });
    this.facts = this.#compiled.facts;
    this.#isDebuggable = isDebuggable;
  }

  get factory(): PageFactory {
    this.#factory ??= this.#executable();
    return this.#factory;
  }

  #executable(): PageFactory {
    const { code, pieces, bindings } = this.#compiled;
    const compiled = { file: this.file, source: this.#source, code, pieces, bindings };
    return executable(compiled, this.#isDebuggable);
  }
}

/** Compiles the pages of a site. */
export type PageCompiler = SourceCompiler<CompiledFile>;

/**
 * @param isDebuggable whether the compiled code gets a source map
 * @param onParsed called with each page that has been parsed
 * @param passwords gets the names of fields that pages show as passwords
 */
export function pageCompiler(
  isDebuggable: boolean,
  onParsed?: OnParsed,
  passwords?: Set<string>,
): PageCompiler {
  const compile = (source: SourceVersion) => {
    const compiled = new CompiledFile(source, isDebuggable, onParsed);
    for (const name of compiled.facts.passwords) passwords?.add(withoutBrackets(name));
    return compiled;
  };
  return new SourceCompiler('page-unreadable', compile);
}
