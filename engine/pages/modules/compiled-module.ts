// Module files compiled, each once for every version of its source. Compiling runs nothing of a module.

import type { ImportFact } from '../../compiler/facts.ts';
import { compileModule } from '../../compiler/module.ts';
import { Problem } from '../../diagnostics/problem.ts';
import { messageOf } from '../../diagnostics/thrown.ts';
import { executable } from '../executable.ts';
import { RecentVersions } from '../recent-versions.ts';
import type { Sources } from '../sources.ts';
import type { Stamp } from '../stamp.ts';
import type { Namespace } from './external.ts';
import { parseJson } from './json.ts';
import type { FileTarget } from './resolve.ts';

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
  readonly async: boolean;
  /** The function that instantiates and runs it; throws a Problem for what this version of Node does not compile. */
  readonly factory: () => ModuleFactory;
}

/** Compiles the modules of a site. */
export class ModuleCompiler {
  readonly #versions = new RecentVersions<CompiledSiteModule>();
  readonly #isDebuggable: boolean;

  /** @param isDebuggable gives the compiled code a source map */
  constructor(isDebuggable: boolean) {
    this.#isDebuggable = isDebuggable;
  }

  /**
   * The module of a file. The stamp is taken before the file is read: a save in between makes the next call compile again.
   * @throws Problem when the module does not compile or cannot be read
   */
  get({ file, kind }: FileTarget, sources: Sources): CompiledSiteModule {
    const stamp = sources.stamp(file);
    return this.#versions.get(file, stamp, () => {
      const source = sourceOf(file, sources);
      return kind === 'json' ? jsonModule(file, stamp, source) : this.#codeModule(file, stamp, source);
    });
  }

  #codeModule(file: string, stamp: Stamp, source: string): CompiledSiteModule {
    const { code, pieces, bindings, imports, exports, stars, async } = compileModule(source, { file });
    const compiled = { file, source, code, pieces, bindings };
    let made: ModuleFactory | undefined;
    const factory = (): ModuleFactory => {
      made ??= executable<ModuleFactory>(compiled, this.#isDebuggable);
      return made;
    };
    return { file, stamp, imports, exports, stars, async, factory };
  }
}

function sourceOf(file: string, sources: Sources): string {
  try {
    return sources.read(file).replace(/^\uFEFF/, '');
  } catch (cause) {
    throw new Problem('module-unreadable', { file, holes: { reason: messageOf(cause) } });
  }
}

/** As in Node, a JSON module has a default export and no other. */
function jsonModule(file: string, stamp: Stamp, source: string): CompiledSiteModule {
  const value = parseJson(source, file);
  const factory = (): ModuleFactory =>
    function* json(exports) {
      exports([['default', () => value]]);
      yield;
    };
  return { file, stamp, imports: [], exports: ['default'], stars: [], async: false, factory };
}
