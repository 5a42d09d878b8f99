// The text of a page in an editor → the typed module that completion, hover and diagnostics use. It differs from
// 4-emit/typed-module.ts in two points: an unfinished page has a module too, and only code is mapped, not the blanks in
// place of HTML.

import { Problem } from '../diagnostics/problem.ts';
import { overlay } from './1-scan/overlay.ts';
import { isOutput, type OutputSegment, type Segment, scan } from './1-scan/segments.ts';

import type { TypedModuleSite } from './4-emit/typed-declarations.ts';
import { typePage } from './4-emit/typed-module.ts';
import type { Piece } from './facts.ts';
import { namedKind } from './page-kind.ts';
import { PAGE_NAME_TABLE, PAGE_NAMES } from './page-name-table.ts';

/**
 * The range of an output's expression in the page, and the range of the argument in the module, parentheses included.
 */
export interface OutputRange {
  readonly source: number;
  readonly sourceLength: number;
  readonly generated: number;
  readonly generatedLength: number;
}

/** A range of the page's own text: HTML between its tags. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** The module of a page in an editor. */
export interface EditedPage {
  readonly code: string;
  /** The ranges of the page's own code in the module. */
  readonly pieces: readonly Piece[];
  readonly outputs: readonly OutputRange[];
  /** The HTML of the page; none in a text page. */
  readonly texts: readonly TextRange[];
  /** Whether the page compiles. If not, type errors are not meaningful. */
  readonly complete: boolean;
  /** The text behind the page in the module. It is passed to the next call, for use while the page does not compile. */
  readonly declarations: string;
}

/**
 * The module of a page that may be unfinished.
 * @param earlier the declarations of the last module of this page
 */
export function editedPage(source: string, file: string, site: TypedModuleSite, earlier = ''): EditedPage {
  const segments = scan(source, file, () => undefined);
  try {
    return completeModule(source, file, site, segments);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return unfinishedModule({ source, file, site, segments, earlier });
  }
}

function completeModule(
  source: string,
  file: string,
  site: TypedModuleSite,
  segments: readonly Segment[],
): EditedPage {
  const { code, pieces } = typePage(source, file, site);
  const last = pieces.at(-1);
  const declarations = code.slice(last === undefined ? 0 : last.generated + last.length);
  return {
    code: code + globals(site.names, file),
    pieces: codePieces(segments, pieces),
    outputs: segments.filter(isOutput).flatMap((output) => outputRange(source, output, pieces)),
    texts: htmlRanges(source, file, segments),
    complete: true,
    declarations,
  };
}

interface UnfinishedPage {
  readonly source: string;
  readonly file: string;
  readonly site: TypedModuleSite;
  readonly segments: readonly Segment[];
  /** The declarations of the last module that compiled. */
  readonly earlier: string;
}

/** The module of a page that does not compile: the overlay itself. TypeScript recovers from the missing parts. */
function unfinishedModule({ source, file, site, segments, earlier }: UnfinishedPage): EditedPage {
  const { code } = overlay(source, segments);
  return {
    code: `${code}${earlier}\nexport {};\n${globals(site.names, file)}`,
    pieces: codePieces(segments, [{ generated: 0, source: 0, length: code.length }]),
    outputs: [],
    texts: htmlRanges(source, file, segments),
    complete: false,
    declarations: earlier,
  };
}

/** The parts of the pieces that are code between delimiters. */
function codePieces(segments: readonly Segment[], pieces: readonly Piece[]): Piece[] {
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

/** An unclosed tag is a text for the scanner, but none of the page. */
function htmlRanges(source: string, file: string, segments: readonly Segment[]): TextRange[] {
  if (namedKind(file) === 'text') return [];
  const isUnclosed = ({ start }: Segment) => source.startsWith('<%', start) && source[start + 2] !== '%';
  return segments
    .filter((segment) => segment.kind === 'text' && !isUnclosed(segment))
    .map(({ start, end }) => ({ start, end }));
}

/** The range of an output as an argument: from the parenthesis before its code to the one behind it. */
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

/**
 * Declares all page names with their texts, for completion. The module itself imports only the names that the page uses.
 * Each name has a line of its own, because TypeScript reads a comment as documentation only if it begins a line.
 */
function globals(names: string, file: string): string {
  const kit = `import(${JSON.stringify(names)})`;
  const page = {
    kit,
    kind: namedKind(file),
    hasArgs: false,
    params: [],
    isGuard: false,
    locals: () => 'object',
    namedPages: () => '{}',
  };
  // TypeScript's own library declares a function `escape`.
  const rows = PAGE_NAMES.filter((name) => name !== 'escape').map((name) => {
    const { text, type } = PAGE_NAME_TABLE[name];
    return `/** ${text} */ var ${name}: ${type === 'declared' ? `typeof ${kit}.${name}` : type(page)};`;
  });
  return `declare global {\n${rows.join('\n')}\n}\n`;
}
