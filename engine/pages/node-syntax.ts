// Errors of V8 about compiled code that our parser accepts, such as newer syntax: the Problem names the version of Node
// and the position in the source. V8 gives that position only in the first lines of the error's stack.

import type { Piece } from '../compiler/facts.ts';
import { isStackOverflow, nestingProblem } from '../compiler/nesting-depth.ts';
import { Lines } from '../diagnostics/position.ts';
import { Problem } from '../diagnostics/problem.ts';
import type { CompiledCode } from './compiled-source.ts';

/** The Problem for an error that V8 throws when it compiles; any other value is returned unchanged. */
export function refusedByNode(error: unknown, compiled: CompiledCode): unknown {
  if (isStackOverflow(error)) return nestingProblem(compiled, 0);
  if (!(error instanceof SyntaxError)) return error;
  const { file, source } = compiled;
  const place = placeOf(error.stack ?? '', compiled);
  const params = { version: process.version, reason: error.message };
  return new Problem('not-in-this-node', { file, ...new Lines(source).at(place), params });
}

/** The offset in the source. The stack begins with `file:line`, the line of code, and a line of blanks and a caret. */
function placeOf(stack: string, { file, code, pieces }: CompiledCode): number {
  if (!stack.startsWith(`${file}:`)) return 0;
  const [line = '', , caret = ''] = stack.slice(file.length + 1).split('\n', 3);
  const start = new Lines(code).startOf(Number(line));
  const column = /^[ \t]*\^/.test(caret) ? caret.indexOf('^') : 0;
  return sourceOffset(pieces, start + column);
}

/** The source offset of a code offset. Code that the compiler added belongs to the end of the piece before it. */
function sourceOffset(pieces: readonly Piece[], offset: number): number {
  const piece = pieces.findLast(({ generated }) => generated <= offset);
  return piece === undefined ? 0 : piece.source + Math.min(offset - piece.generated, piece.length);
}
