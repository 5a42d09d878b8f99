// Makes compiled code executable. Errors show the positions of the source; a debugger does, too, if the code gets a
// source map.

import vm from 'node:vm';
import type { CompiledCode } from './compiled-source.ts';
import { refusedByNode } from './node-syntax.ts';
import { sourceMapComment } from './source-map.ts';
import { registerSource } from './stack-positions.ts';

/**
 * Compiles a function body, runs it and returns its result.
 * @throws Problem `not-in-this-node`, `too-deep`
 */
export function executable<T>(compiled: CompiledCode, isDebuggable: boolean): T {
  const { file, source, code, pieces } = compiled;
  const runnable = isDebuggable ? code + sourceMapComment(file, code, source, pieces) : code;
  const body = compiledBody(runnable, compiled);
  // Only after a successful compilation: a broken version must not replace the positions of the version that still
  // runs.
  registerSource({ ...compiled, code: runnable });
  return body();
}

/** @throws Problem `not-in-this-node`, `too-deep` */
function compiledBody(code: string, compiled: CompiledCode) {
  try {
    // `vm.Script` is not used, because V8 keeps every version of a script in its compilation cache (25 kB per save on
    // Node 20).
    return vm.compileFunction(code, [], { filename: compiled.file });
  } catch (error) {
    throw refusedByNode(error, compiled);
  }
}
