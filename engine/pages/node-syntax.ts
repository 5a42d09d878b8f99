// What this Node refuses of compiled code although our parser takes it (newer syntax): a Problem at the place in the page
// or module that was written, which names the version. V8 tells that place in the first lines of the error's stack only.

import type { Piece } from '../compiler/facts.ts';
import { isStackOverflow, nestingProblem } from '../compiler/nesting-depth.ts';
import { Lines } from '../diagnostics/position.ts';
import { Problem } from '../diagnostics/problem.ts';
import type { CompiledCode } from './compiled-source.ts';

/** The Problem for what V8 throws when it compiles; anything else is given back. */
export function refusedByNode(error: unknown, compiled: CompiledCode): unknown {
  if (isStackOverflow(error)) return nestingProblem(compiled, 0);
  if (!(error instanceof SyntaxError)) return error;
  const { file, source } = compiled;
  const place = placeOf(error.stack ?? '', compiled);
  const params = { version: process.version, reason: error.message };
  return new Problem('not-in-this-node', { file, ...new Lines(source).at(place), params });
}

/** The offset in the source: `file:line`, the line itself, and below it blanks up to a caret. */
function placeOf(stack: string, { file, code, pieces }: CompiledCode): number {
  if (!stack.startsWith(`${file}:`)) return 0;
  const [line = '', , caret = ''] = stack.slice(file.length + 1).split('\n', 3);
  const start = new Lines(code).startOf(Number(line));
  const column = /^[ \t]*\^/.test(caret) ? caret.indexOf('^') : 0;
  return sourceOffset(pieces, start + column);
}

/** What stands in no piece is the compiler's own: it is told of where the piece before it ends. */
function sourceOffset(pieces: readonly Piece[], offset: number): number {
  const piece = pieces.findLast(({ generated }) => generated <= offset);
  return piece === undefined ? 0 : piece.source + Math.min(offset - piece.generated, piece.length);
}
