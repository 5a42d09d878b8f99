// Compiles module files. Compiling runs no code of a module.

import { extname } from 'node:path';
import { compileModule } from '../../compiler/compile-module.ts';
import type { ImportFact } from '../../compiler/facts.ts';
import { executable } from '../executable.ts';
import type { Stamp } from '../site-disk.ts';
import { SourceCompiler, type SourceVersion } from '../source-compiler.ts';
import type { Namespace } from './external-modules.ts';
import { parsedJsonModule } from './json-module.ts';

/** Called when a version of a module is discarded. */
export type Dispose = () => unknown;

export type Getter = () => unknown;
export type Body = Generator<void, void> | AsyncGenerator<void, void>;
/** The function of a compiled module. Its generator has two steps: it declares the exports, then it runs the module. */
export type ModuleFactory = (
  exports: (getters: readonly (readonly [name: string, get: Getter])[]) => void,
  dynamic: (specifier: unknown) => Promise<Namespace>,
  meta: ImportMeta,
  ...modules: readonly (Namespace | undefined)[]
) => Body;

/** `import.meta` in a module of the site. */
export interface ImportMeta {
  readonly url: string;
  readonly filename: string;
  readonly dirname: string;
  readonly hot: { dispose(dispose: Dispose): void };
}

/** One version of a module file. */
export interface CompiledSiteModule {
  readonly file: string;
  readonly stamp: Stamp;
  readonly imports: readonly ImportFact[];
  /** The names that the module itself exports. */
  readonly exports: readonly string[];
  /** The indexes of the imports in `export * from`. */
  readonly stars: readonly number[];
  /**
   * Compiles the function that instantiates and runs the module.
   * @throws Problem for code that this version of Node refuses
   */
  readonly factory: () => ModuleFactory;
}

/** Compiles the modules of a site. */
export type ModuleCompiler = SourceCompiler<CompiledSiteModule>;

/** @param isDebuggable whether the compiled code gets a source map */
export function moduleCompiler(isDebuggable: boolean): ModuleCompiler {
  return new SourceCompiler('module-unreadable', (source) =>
    extname(source.file) === '.json' ? jsonModule(source) : codeModule(source, isDebuggable),
  );
}

function codeModule({ file, stamp, text }: SourceVersion, isDebuggable: boolean): CompiledSiteModule {
  const source = withoutMark(text);
  const { code, pieces, bindings, imports, exports, stars } = compileModule(source, { file });
  let made: ModuleFactory | undefined;
  const factory = (): ModuleFactory => {
    made ??= executable<ModuleFactory>({ file, source, code, pieces, bindings }, isDebuggable);
    return made;
  };
  return { file, stamp, imports, exports, stars, factory };
}

/** As in Node, a JSON module has only a default export. */
function jsonModule({ file, stamp, text }: SourceVersion): CompiledSiteModule {
  const value = parsedJsonModule(withoutMark(text), file);
  const factory = (): ModuleFactory =>
    function* json(exports) {
      exports([['default', () => value]]);
      yield;
    };
  return { file, stamp, imports: [], exports: ['default'], stars: [], factory };
}

/** The text without its byte order mark. */
function withoutMark(text: string): string {
  return text.replace(/^\uFEFF/, '');
}
