// The source map of compiled code, for debuggers: breakpoints and steps in pages and modules (contract section 5, line
// numbers hold). Stacks do without, see stack-positions.ts; lines are the same on both sides by construction.

import { pathToFileURL } from 'node:url';
import { GenMapping, maybeAddSegment, toEncodedMap } from '@jridgewell/gen-mapping';
import type { Piece } from '../compiler/facts.ts';
import { Lines } from '../diagnostics/position.ts';

/** A word, or one other character: a debugger stops where one of them begins. */
const TOKEN = /[\p{ID_Continue}$]+|[^\s\p{ID_Continue}$]/gu;

/** A comment on a line of its own that carries the map; to be put behind the code. */
export function sourceMapComment(
  file: string,
  code: string,
  source: string,
  pieces: readonly Piece[],
): string {
  const map = new GenMapping();
  const url = pathToFileURL(file).href;
  const lines = { generated: new Lines(code), source: new Lines(source) };
  const add = (generated: number, original: number) => {
    const from = lines.source.at(original);
    const to = lines.generated.at(generated);
    maybeAddSegment(map, to.line - 1, to.column - 1, url, from.line - 1, from.column - 1);
  };
  for (const [index, { generated, source: start, length }] of pieces.entries()) {
    for (const token of source.slice(start, start + length).matchAll(TOKEN))
      add(generated + token.index, start + token.index);
    // What the compiler put behind a piece stands for what it took away there: a text, or the mark of an output.
    if (pieces[index + 1]?.generated !== generated + length) add(generated + length, start + length);
  }
  const json = JSON.stringify(toEncodedMap(map));
  return `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(json).toString('base64')}`;
}
