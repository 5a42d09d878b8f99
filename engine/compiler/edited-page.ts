// A page as it stands in an editor → the typed module that its features work on: like typed-page.ts, but a page that is
// being typed gives a module too, and only its code is mapped, not the blanks that stand for its HTML.

import { Problem } from '../diagnostics/problem.ts';
import { overlay } from './1-scan/overlay.ts';
import { isOutput, type OutputSegment, type Segment, scan } from './1-scan/segments.ts';

import type { TypedModuleSite } from './4-emit/typed-declarations.ts';
import { typePage } from './4-emit/typed-module.ts';
import type { Piece } from './facts.ts';
import { PAGE_NAME_TABLE, PAGE_NAMES } from './page-name-table.ts';

/** An output's expression in the page, and the argument that stands for it in the module, parentheses included. */
export interface OutputRange {
  readonly source: number;
  readonly sourceLength: number;
  readonly generated: number;
  readonly generatedLength: number;
}

/** A page in an editor. */
export interface EditedPage {
  readonly code: string;
  /** Where the page's own code stands in the module. */
  readonly pieces: readonly Piece[];
  readonly outputs: readonly OutputRange[];
  /** False while the page does not compile: what is said of types then means nothing. */
  readonly complete: boolean;
  /** What stands behind the page in the module; the next one has it until it compiles again. */
  readonly declarations: string;
}

/**
 * The module of a page that may be unfinished.
 * @param before the declarations of the last module of this page
 */
export function editedPage(source: string, file: string, place: TypedModuleSite, before = ''): EditedPage {
  const segments = scan(source, file, () => undefined);
  try {
    return finished(source, file, place, segments);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return unfinished(source, place, segments, before);
  }
}

function finished(
  source: string,
  file: string,
  place: TypedModuleSite,
  segments: readonly Segment[],
): EditedPage {
  const { code, pieces } = typePage(source, file, place);
  const last = pieces.at(-1);
  const declarations = code.slice(last === undefined ? 0 : last.generated + last.length);
  return {
    code: code + globals(place.names),
    pieces: codeOf(segments, pieces),
    outputs: segments.filter(isOutput).flatMap((output) => outputRange(source, output, pieces)),
    complete: true,
    declarations,
  };
}

/** The overlay as it is: TypeScript itself makes the best of what is missing. */
function unfinished(
  source: string,
  place: TypedModuleSite,
  segments: readonly Segment[],
  before: string,
): EditedPage {
  const { code } = overlay(source, segments);
  return {
    code: `${code}${before}\nexport {};\n${globals(place.names)}`,
    pieces: codeOf(segments, [{ generated: 0, source: 0, length: code.length }]),
    outputs: [],
    complete: false,
    declarations: before,
  };
}

/** The parts of the pieces that stand between delimiters. */
function codeOf(segments: readonly Segment[], pieces: readonly Piece[]): Piece[] {
  return segments.flatMap((segment) => {
    if (segment.kind === 'text' || segment.kind === 'comment') return [];
    return pieces.flatMap((piece) => {
      const start = Math.max(piece.source, segment.innerStart);
      const end = Math.min(piece.source + piece.length, segment.innerEnd);
      if (start >= end) return [];
      return [{ generated: piece.generated + start - piece.source, source: start, length: end - start }];
    });
  });
}

/** An output is an argument that begins with the parenthesis before its code and ends with the one behind. */
function outputRange(source: string, output: OutputSegment, pieces: readonly Piece[]): OutputRange[] {
  const { innerStart, innerEnd } = output;
  const before = generatedAt(pieces, innerStart - 1);
  const behind = generatedAt(pieces, innerEnd - 1);
  if (before === undefined || behind === undefined) return [];
  const expression = source.slice(innerStart, innerEnd);
  const blank = expression.length - expression.trimStart().length;
  return [
    {
      source: innerStart + blank,
      sourceLength: expression.trim().length,
      generated: before,
      generatedLength: behind + 2 - before,
    },
  ];
}

function generatedAt(pieces: readonly Piece[], offset: number): number | undefined {
  const piece = pieces.find(({ source, length }) => offset >= source && offset < source + length);
  return piece && piece.generated + offset - piece.source;
}

/** Declares all names of pages with their documentation, for completion. The module imports only names that its page uses. */
function globals(names: string): string {
  const kit = `import(${JSON.stringify(names)})`;
  const page = { kit, hasArgs: false, params: [], namedPages: () => '{}' };
  // The library of TypeScript itself declares a function `escape`.
  const rows = PAGE_NAMES.filter((name) => name !== 'escape').map((name) => {
    const { text, type } = PAGE_NAME_TABLE[name];
    return `/** ${text} */ var ${name}: ${type === 'declared' ? `typeof ${kit}.${name}` : type(page)};`;
  });
  return `declare global { ${rows.join(' ')} }\n`;
}
