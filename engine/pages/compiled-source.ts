// Maps offsets of compiled code to lines and columns of the source, and the names in V8's messages to the names in the
// source. Line tables and hashes are computed at the first error, because most files never have one.

import { createHash } from 'node:crypto';
import type { Piece } from '../compiler/facts.ts';
import { referenceBehind } from '../compiler/reference-place.ts';
import { Lines } from '../diagnostics/position.ts';

/** A compiled page or module. */
export interface CompiledCode {
  readonly file: string;
  readonly source: string;
  /** A function body. */
  readonly code: string;
  readonly pieces: readonly Piece[];
  /** For each imported name, the expression that the compiled code has in its place. */
  readonly bindings: ReadonlyMap<string, string>;
}

/** A line and a column, counted from 1. */
interface SourcePosition {
  readonly line: number;
  readonly column: number;
}

export class CompiledSource {
  readonly #compiled: CompiledCode;
  #lines: Lines | undefined;
  #hash: string | undefined;

  constructor(compiled: CompiledCode) {
    this.#compiled = compiled;
  }

  get bindings(): ReadonlyMap<string, string> {
    return this.#compiled.bindings;
  }

  /** The SHA-256 of the code in hexadecimal, which V8 reports for a script. */
  get hash(): string {
    this.#hash ??= createHash('sha256').update(this.#compiled.code).digest('hex');
    return this.#hash;
  }

  /**
   * The line and column in the source; undefined for code that the compiler put before the source's first character.
   */
  at(offset: number): SourcePosition | undefined {
    const { source, code, pieces } = this.#compiled;
    const piece = pieceAt(pieces, offset);
    if (piece === undefined) return undefined;
    const place = piece.source + Math.min(offset - piece.generated, piece.length);
    this.#lines ??= new Lines(source);
    return this.#lines.at(isCallOfImport(code, offset, piece) ? nameBefore(source, place) : place);
  }

  /** The line and column of the reference that a ReferenceError is about. */
  ofReference(offset: number, name: string): SourcePosition | undefined {
    return this.at(referenceBehind(this.#compiled.code, offset, name) ?? offset);
  }
}

/** A call of an import is compiled to `(0,$1.f)(…)`. V8 reports the parenthesis for it, and the name for `f(…)`. */
function isCallOfImport(code: string, offset: number, piece: Piece): boolean {
  return offset === piece.generated && code.startsWith(')(', offset - 1);
}

function nameBefore(source: string, offset: number): number {
  const before = source.slice(Math.max(0, offset - 200), offset);
  // linear: the text has at most 200 characters
  const name = /[\p{ID_Continue}$]*$/u.exec(before)?.[0] ?? '';
  return offset - name.length;
}

/** The last piece that begins at or before the offset. */
function pieceAt(pieces: readonly Piece[], generated: number): Piece | undefined {
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pieces[middle]?.generated ?? 0) <= generated) low = middle + 1;
    else high = middle;
  }
  return pieces[low - 1];
}
