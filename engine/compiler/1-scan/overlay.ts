// Segments → overlay: TypeScript of the same length as the page, in which every character of the page's code keeps its
// offset. A text becomes an empty statement behind it, an output a parenthesized expression:
//
//     page     <p><% if (a) { %>x<%= b %><% } %>
//     overlay     ;  if (a) {    ; ( b );   }  ;
//
// So the offset of a node or of an error in the overlay is its offset in the page.

import {
  type CodeSegment,
  isOutput,
  type OutputSegment,
  type Segment,
  type TextSegment,
} from './segments.ts';

/** The overlay, and the texts that are printed. White space that only separates `}` from `else` is not printed. */
export interface Overlay {
  readonly code: string;
  readonly printed: ReadonlySet<TextSegment>;
}

/** The offset of the empty statement for a printed text: on the `<` of the next tag, or behind the end of the page. */
export function anchorOf(text: TextSegment): number {
  return text.end;
}

/** The offset of the statement for an output: at its parenthesis. */
export function outputStart(output: OutputSegment): number {
  return output.innerStart - 1;
}

/** The tag whose code ends at this offset of the overlay; undefined if the page's own code stands there. */
export function tagClosedAt(segments: readonly Segment[], offset: number): CodeSegment | undefined {
  for (const segment of segments) {
    if (segment.kind !== 'text' && offset >= segment.innerEnd && offset < segment.end) return segment;
  }
  return undefined;
}

export function overlay(source: string, segments: readonly Segment[]): Overlay {
  const printed = new Set<TextSegment>();
  const around = neighbours(segments);
  let code = blank(source.slice(0, segments[0]?.start ?? source.length));
  let pending = false;
  for (const [index, segment] of segments.entries()) {
    if (segment.kind === 'text') {
      pending = segment.value !== '' && !separates(segment, around[index]);
      if (pending) printed.add(segment);
      code += blank(source.slice(segment.start, segment.end));
    } else {
      code += (pending ? ';' : ' ') + tagOverlay(source, segment, around[index]).slice(1);
      pending = false;
    }
  }
  return { code: pending ? `${code};` : code, printed };
}

/** The overlay of a tag, of the same length. The first character is blank. */
function tagOverlay(source: string, tag: CodeSegment, around: Neighbours | undefined): string {
  if (tag.kind === 'comment') return blank(source.slice(tag.start, tag.end));
  const code = codeOf(source, tag);
  if (isOutput(tag)) return `  (${code}${closing(tag, ');')}`;
  const opening = ' '.repeat(tag.innerStart - tag.start);
  return opening + code + closing(tag, endsStatement(tag, around) ? ' ;' : '  ');
}

/** The text with blanks in place of all characters but line breaks. */
export function blank(text: string): string {
  return text.replace(/[^\n\r\u2028\u2029]+/g, (line) => ' '.repeat(line.length));
}

function codeOf(source: string, segment: CodeSegment): string {
  const { innerStart, innerEnd, openComment } = segment;
  if (openComment === -1) return source.slice(innerStart, innerEnd);
  return source.slice(innerStart, openComment) + ' '.repeat(innerEnd - openComment);
}

function closing(tag: CodeSegment, ending: string): string {
  return ending + ' '.repeat(tag.end - tag.innerEnd - 2);
}

/** White space between `}` and `else`, or between `switch (…) {` and `case`, where no statement may stand. */
function separates(text: TextSegment, around: Neighbours | undefined): boolean {
  if (!isSilent(text)) return false;
  const before = around?.before?.lastToken;
  const after = around?.after?.firstWord ?? '';
  if (before === '}') return CONTINUES.has(after);
  return before === '{' && (after === 'case' || after === 'default');
}

const CONTINUES: ReadonlySet<string> = new Set(['else', 'catch', 'finally']);

/** Whether a statement ends at the end of the block. After `{`, `;` and a `}` before `else` no statement ends. */
function endsStatement({ lastToken }: CodeSegment, around: Neighbours | undefined): boolean {
  if (lastToken === '{' || lastToken === ';' || lastToken === '') return false;
  return !(lastToken === '}' && CONTINUES.has(around?.after?.firstWord ?? ''));
}

/** The blocks before and behind a segment, if only comments and white space lie between. */
interface Neighbours {
  before: CodeSegment | undefined;
  after: CodeSegment | undefined;
}

/** The neighbours of all segments, found in two passes, so that a thousand comments in a row take linear time. */
function neighbours(segments: readonly Segment[]): Neighbours[] {
  const result: Neighbours[] = [];
  let last: CodeSegment | undefined;
  for (const segment of segments) {
    result.push({ before: last, after: undefined });
    if (!isSilent(segment)) last = segment.kind === 'code' ? segment : undefined;
  }
  last = undefined;
  for (const [index, segment] of [...segments.entries()].reverse()) {
    const around = result[index];
    if (around !== undefined) around.after = last;
    if (!isSilent(segment)) last = segment.kind === 'code' ? segment : undefined;
  }
  return result;
}

function isSilent(segment: Segment): boolean {
  return segment.kind === 'comment' || (segment.kind === 'text' && segment.value.trim() === '');
}
