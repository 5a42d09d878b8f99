// Module files compiled. Compiling runs nothing of a module.

import { extname } from 'node:path';
import { compileModule } from '../../compiler/compile-module.ts';
import type { ImportFact } from '../../compiler/facts.ts';
import { executable } from '../executable.ts';
import type { Stamp } from '../site-disk.ts';
import { SourceCompiler, type SourceVersion } from '../source-compiler.ts';
import type { Namespace } from './external-modules.ts';
import { parsedJsonModule } from './json-module.ts';

/** Called when a version of a module is given up. */
export type Dispose = () => unknown;

export type Getter = () => unknown;
export type Body = Generator<void, void> | AsyncGenerator<void, void>;
/** What a compiled module's code gives: the two steps in which the module runs. */
export type ModuleFactory = (
  exports: (getters: readonly (readonly [name: string, get: Getter])[]) => void,
  dynamic: (specifier: unknown) => Promise<Namespace>,
  meta: ImportMeta,
  ...modules: readonly (Namespace | undefined)[]
) => Body;

/** What `import.meta` is in a module of the site. */
export interface ImportMeta {
  readonly url: string;
  readonly filename: string;
  readonly dirname: string;
  readonly hot: { dispose(dispose: Dispose): void };
}

/** One version of one module file. */
export interface CompiledSiteModule {
  readonly file: string;
  readonly stamp: Stamp;
  readonly imports: readonly ImportFact[];
  /** The names that it exports itself. */
  readonly exports: readonly string[];
  /** Indexes of the imports whose exports are all its own too. */
  readonly stars: readonly number[];
  /** The function that instantiates and runs it; throws a Problem for what this version of Node does not compile. */
  readonly factory: () => ModuleFactory;
}

/** Compiles the modules of a site. */
export type ModuleCompiler = SourceCompiler<CompiledSiteModule>;

/** @param isDebuggable gives the compiled code a source map */
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

/** As in Node, a JSON module has a default export and no other. */
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
