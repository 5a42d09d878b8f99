// Segments → overlay: TypeScript of the same length as the page, in which every character of the page's code stands
// where it stands in the page. A text becomes an empty statement behind it, an output a parenthesized expression; so
// whatever is said about the overlay (a syntax error, a node) is said about the page, at the same offset.

import { type CodeSegment, isOutput, type OutputSegment, type Segment, type TextSegment } from './segments.ts';

/** The overlay, and the texts that are printed (white space that only separates `}` from `else` is not). */
export interface Overlay {
  readonly code: string;
  readonly printed: ReadonlySet<TextSegment>;
}

/** Where a printed text's empty statement stands: on the `<` of the next tag, or behind the page's end. */
export function anchorOf(text: TextSegment): number {
  return text.end;
}

/** Where an output's statement begins: at its parenthesis. */
export function outputStart(output: OutputSegment): number {
  return output.innerStart - 1;
}

/** Where an output's statement ends: behind its semicolon. */
export function outputEnd(output: OutputSegment): number {
  return output.innerEnd + 2;
}

export function overlay(source: string, segments: readonly Segment[]): Overlay {
  const printed = new Set<TextSegment>();
  let code = blank(source.slice(0, segments[0]?.start ?? source.length));
  let pending = false;
  for (const [index, segment] of segments.entries()) {
    if (segment.kind === 'text') {
      pending = segment.value !== '' && !separates(source, segments, index);
      if (pending) printed.add(segment);
      code += blank(source.slice(segment.start, segment.end));
    } else {
      code += (pending ? ';' : ' ') + tagOverlay(source, segments, index, segment).slice(1);
      pending = false;
    }
  }
  return { code: pending ? `${code};` : code, printed };
}

/** A tag in as many characters as it has; the first one is blank. */
function tagOverlay(source: string, segments: readonly Segment[], index: number, tag: CodeSegment): string {
  if (tag.kind === 'comment') return blank(source.slice(tag.start, tag.end));
  const code = codeOf(source, tag);
  if (isOutput(tag)) return `  (${code}${closing(tag, ');')}`;
  const opening = ' '.repeat(tag.innerStart - tag.start);
  return opening + code + closing(tag, endsStatement(source, segments, index) ? ' ;' : '  ');
}

/** The same text with every character but line breaks blanked. */
export function blank(text: string): string {
  return text.replace(/[^\n\r\u2028\u2029]/g, ' ');
}

function codeOf(source: string, segment: CodeSegment): string {
  const { innerStart, innerEnd, openComment } = segment;
  if (openComment === -1) return source.slice(innerStart, innerEnd);
  return source.slice(innerStart, openComment) + ' '.repeat(innerEnd - openComment);
}

function closing(tag: CodeSegment, ending: string): string {
  return ending + ' '.repeat(tag.end - tag.innerEnd - 2);
}

/** White space between `}` and `else`, or between `switch (…) {` and `case`, where nothing can be printed. */
function separates(source: string, segments: readonly Segment[], index: number): boolean {
  const segment = segments[index];
  if (segment?.kind !== 'text' || segment.value.trim() !== '') return false;
  const before = lastToken(source, previousCode(segments, index));
  const after = firstWord(source, nextCode(segments, index));
  if (before === '}') return CONTINUES.has(after);
  return before === '{' && (after === 'case' || after === 'default');
}

const CONTINUES: ReadonlySet<string> = new Set(['else', 'catch', 'finally']);

/** Whether a statement ends where the block does; `{`, `;` and a `}` before `else` end none. */
function endsStatement(source: string, segments: readonly Segment[], index: number): boolean {
  const last = lastToken(source, segments[index]);
  if (last === '{' || last === ';' || last === '') return false;
  return !(last === '}' && CONTINUES.has(firstWord(source, nextCode(segments, index))));
}

function previousCode(segments: readonly Segment[], index: number): Segment | undefined {
  for (let at = index - 1; at >= 0; at--) if (!isSilent(segments[at])) return segments[at];
  return undefined;
}

/** The next segment that is neither comment nor white space. */
function nextCode(segments: readonly Segment[], index: number): Segment | undefined {
  for (let at = index + 1; at < segments.length; at++) if (!isSilent(segments[at])) return segments[at];
  return undefined;
}

function isSilent(segment: Segment | undefined): boolean {
  return segment?.kind === 'comment' || (segment?.kind === 'text' && segment.value.trim() === '');
}

function lastToken(source: string, segment: Segment | undefined): string {
  if (segment?.kind !== 'code') return '';
  return withoutComments(codeOf(source, segment)).trimEnd().at(-1) ?? '';
}

function firstWord(source: string, segment: Segment | undefined): string {
  if (segment?.kind !== 'code') return '';
  return /^\s*([a-z]+)/.exec(withoutComments(codeOf(source, segment)))?.[1] ?? '';
}

/** Good enough for the first and the last token of a block: a comment marker inside a string changes neither. */
function withoutComments(code: string): string {
  return code.replace(/^(?:\s|\/\*[^]*?\*\/|\/\/.*)+/, '').replace(/(?:\s|\/\*(?:(?!\*\/)[^])*\*\/|\/\/[^\n'"`]*)+$/, '');
}
