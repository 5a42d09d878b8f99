// A site's module in TypeScript or JavaScript → a function for the module runner (pages/modules/module-loader.ts). Pages and modules
// share parsing, type erasure and the rewriting of imports.

import { Lines } from '../diagnostics/position.ts';
import { Problem } from '../diagnostics/problem.ts';
import { type ParsedSource, parseTypeScript } from './2-parse/index.ts';
import { surveyTree } from './3-analyse/survey.ts';
import { applyEdits, type Edit, lineBreaksOf } from './4-emit/edits.ts';
import type { ImportFact, Piece } from './facts.ts';
import { ModuleNames } from './module-names.ts';
import { withinStack } from './nesting-depth.ts';
import { PAGE_NAMES } from './page-name-table.ts';
import { type RewrittenExports, rewriteExports } from './rewrite-exports.ts';
import { rewriteImports } from './rewrite-imports.ts';
import { Scopes } from './scopes.ts';
import { writtenNames } from './written-names.ts';

/** A compiled module. */
export interface CompiledModule {
  /**
   * A function body that returns a generator function `(exports, import, meta, …modules)`. Its first step passes the
   * getters of the exports to `exports` and hoists the functions; its second step runs the module.
   */
  readonly code: string;
  /** The ranges of the module's own characters in the code, which has the same lines. */
  readonly pieces: readonly Piece[];
  /** The expression that reads each imported name. */
  readonly bindings: ReadonlyMap<string, string>;
  /** The modules that the code is linked with, in the order of the parameters. */
  readonly imports: readonly ImportFact[];
  /** The names of the module's own exports. */
  readonly exports: readonly string[];
  /** The indexes of imports that the module exports as a whole (`export *`). */
  readonly stars: readonly number[];
  /** Whether the top level awaits, so that the generator is asynchronous. */
  readonly async: boolean;
}

/**
 * Compiles a module.
 * @throws Problem with file, line and column
 */
export function compileModule(source: string, options: { readonly file: string }): CompiledModule {
  const { file } = options;
  const parsed = parseTypeScript(source, { file, page: false });
  return withinStack(parsed.typed, { source, file }, () => emittedModule(source, parsed, file));
}

function emittedModule(source: string, { erased, tree }: ParsedSource, file: string): CompiledModule {
  const survey = surveyTree(tree);
  const scopes = new Scopes(tree);
  refusePageNames(source, scopes, file);
  const imports = rewriteImports({ file, erased, tree, survey, scopes });
  const exports = rewriteExports(erased, tree, imports);
  const isAsync = survey.awaits;
  const { code, pieces } = applyEdits(erased, [
    ...hashbangEdits(erased),
    {
      start: 0,
      end: 0,
      text: opening(imports.modules, exports, isAsync, new ModuleNames(writtenNames(erased, tree))),
    },
    ...imports.edits,
    ...exports.edits,
    { start: erased.length, end: erased.length, text: '\n}' },
  ]);
  const names = exports.getters.map(([name]) => name);
  const { facts, bindings } = imports;
  return { code, pieces, bindings, imports: facts, exports: names, stars: exports.stars, async: isAsync };
}

/** The code before the module's first character, without a line break. */
function opening(
  modules: readonly string[],
  exports: RewrittenExports,
  isAsync: boolean,
  names: ModuleNames,
): string {
  const getters = exports.getters.map(([name, read]) => `[${JSON.stringify(name)},()=>${read}]`);
  const parameters = [names.exports, names.dynamic, names.meta, ...modules].join(',');
  const named = exports.hasUnnamedFunction
    ? `Object.defineProperty(${names.default},"name",{value:"default",configurable:true});`
    : '';
  return (
    `return ${isAsync ? 'async ' : ''}function*(${parameters}){"use strict";` +
    `${names.exports}([${getters.join(',')}]);${named}yield;`
  );
}

/** Removes `#!`, which is allowed only at the beginning of a file. */
function hashbangEdits(source: string): Edit[] {
  const line = /^#!.*/.exec(source)?.[0];
  return line === undefined ? [] : [{ start: 0, end: line.length, text: lineBreaksOf(line) }];
}

function refusePageNames(source: string, scopes: Scopes, file: string): void {
  const free = scopes.freeNames();
  for (const name of PAGE_NAMES) {
    const use = free.get(name)?.[0];
    if (use !== undefined)
      throw new Problem('page-name-in-module', {
        params: { name },
        file,
        ...new Lines(source).at(use.start),
      });
  }
}
