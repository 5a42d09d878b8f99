// Makes the source map of compiled code, for breakpoints and steps in a debugger
// (README.md, *The page language*). Stacks need no map (stack-positions.ts). Lines are equal on both sides by construction.

import { pathToFileURL } from 'node:url';
import { GenMapping, maybeAddSegment, toEncodedMap } from '@jridgewell/gen-mapping';
import type { Piece } from '../compiler/facts.ts';
import { Lines } from '../diagnostics/position.ts';

/** A word or one other character: the positions at which a debugger may stop. */
const TOKEN = /[\p{ID_Continue}$]+|[^\s\p{ID_Continue}$]/gu;

/** The map as a comment on its own line, to be appended to the code. */
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
    // Code that the compiler added after a piece is mapped to the end of the piece: it replaces a text or the mark of
    // an output.
    if (pieces[index + 1]?.generated !== generated + length) add(generated + length, start + length);
  }
  const json = JSON.stringify(toEncodedMap(map));
  return `\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(json).toString('base64')}`;
}
