// A site's module, TypeScript or JavaScript → a function for our own module runner (pages/modules.ts).
// One way for pages and modules: the same parsing and erasing, the same rewriting of imports.

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
   * A function body that returns a generator function `(exports, import, meta, …modules)`. Its first step hands the
   * getters of its exports to `exports` and hoists its functions; its second one runs it.
   */
  readonly code: string;
  /** Where the module's own characters stand in the code; its lines are the same. */
  readonly pieces: readonly Piece[];
  /** What each imported name is read as in the code. */
  readonly bindings: ReadonlyMap<string, string>;
  /** The modules that it is linked with, in their order. */
  readonly imports: readonly ImportFact[];
  /** The names that it exports itself. */
  readonly exports: readonly string[];
  /** Indexes of the imports whose exports are all exported again. */
  readonly stars: readonly number[];
  /** Whether its top level awaits: then the generator is an asynchronous one. */
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

/** Everything before the module's first character, on its first line. */
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

/** `#!` may stand at the beginning of a file only. */
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
