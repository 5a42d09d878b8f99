// Compiled code → a function that runs, with the positions of what was written: in stacks always, in a debugger on demand.

import vm from 'node:vm';
import type { CompiledCode } from './compiled-source.ts';
import { refusedByNode } from './node-syntax.ts';
import { sourceMapComment } from './source-map.ts';
import { registerSource } from './stack-positions.ts';

/** What the compiled function body returns. */
export function executable<T>(compiled: CompiledCode, isDebuggable: boolean): T {
  const { file, source, code, pieces } = compiled;
  const runnable = isDebuggable ? code + sourceMapComment(file, code, source, pieces) : code;
  const body = compiledBody(runnable, compiled);
  // Behind the compilation: a version that fails must not take away the positions of the one that goes on running.
  registerSource({ ...compiled, code: runnable });
  return body();
}

/** @throws Problem `not-in-this-node`, `too-deep` */
function compiledBody(code: string, compiled: CompiledCode) {
  try {
    // Not vm.Script: V8 keeps every version of a script in its compilation cache (25 kB a save on Node 20).
    return vm.compileFunction(code, [], { filename: compiled.file });
  } catch (error) {
    throw refusedByNode(error, compiled);
  }
}
