// Page source → segments: texts, code, outputs and comments, in order and without gaps. The scanner knows delimiters
// and trim marks (README.md, *The page language*), but not the syntax of the code.

import { Lines } from '../../diagnostics/position.ts';
import { Problem } from '../../diagnostics/problem.ts';
import { BlockEnd, type BlockEndResult } from './block-end.ts';

/**
 * Text to print. `value` is the text after trimming, with `<%%` and `%%>` replaced. `innerStart` and `innerEnd` enclose what is left
 * after trimming.
 */
export interface TextSegment {
  readonly kind: 'text';
  readonly start: number;
  readonly end: number;
  readonly innerStart: number;
  readonly innerEnd: number;
  readonly value: string;
}

/** A tag with code. `start` and `end` include the delimiters; `innerStart` and `innerEnd` enclose the code alone. */
export interface CodeSegment {
  readonly kind: 'code' | 'output' | 'raw' | 'comment';
  readonly start: number;
  readonly end: number;
  readonly innerStart: number;
  readonly innerEnd: number;
  /** The offset of a `//` comment that the closing delimiter ends; -1 without one. */
  readonly openComment: number;
  /** The first word of the code, or ''. */
  readonly firstWord: string;
  /** The last word or punctuator of the code, or ''. */
  readonly lastToken: string;
}

export type Segment = TextSegment | CodeSegment;

/** A segment that prints. */
export type OutputSegment = CodeSegment & { readonly kind: 'output' | 'raw' };

export function isOutput(segment: Segment): segment is OutputSegment {
  return segment.kind === 'output' || segment.kind === 'raw';
}

/**
 * Cuts a page into segments.
 * @param report called with each problem; it throws by default. An editor passes a function that ignores problems.
 * @throws Problem `unclosed-tag` for a `<%` without `%>`, `empty-output` for `<%= %>`, `unclosed-bracket`,
 * `unexpected-close`
 */
export function scan(source: string, file: string, report: OnProblem = raise): Segment[] {
  const segments: Segment[] = [];
  const blockEnd = new BlockEnd(source);
  let at = source.startsWith('\uFEFF') ? 1 : 0;
  let trimNext = false;
  while (at < source.length) {
    const open = nextOpen(source, at);
    const textEnd = open === -1 ? source.length : open;
    if (textEnd > at) segments.push(textSegment(source, at, textEnd, trimNext));
    if (open === -1) break;
    const tag = tagAt(source, open, blockEnd, file, report);
    if (tag === undefined) {
      segments.push(textSegment(source, open, source.length, false));
      break;
    }
    segments.push(tag);
    trimNext = trimsAfter(source, tag);
    at = tag.end;
  }
  return segments;
}

type OnProblem = (problem: Problem) => void;

function raise(problem: Problem): never {
  throw problem;
}

/** The offset of the next `<%` that is not `<%%`; -1 without one. */
function nextOpen(source: string, from: number): number {
  let at = source.indexOf('<%', from);
  while (at !== -1 && source[at + 2] === '%') at = source.indexOf('<%', at + 3);
  return at;
}

function textSegment(source: string, start: number, end: number, trimStart: boolean): TextSegment {
  let value = source.slice(start, end);
  if (trimStart) value = value.replace(/^[ \t]*(?:\r\n|\n|\r)/, '');
  const innerStart = end - value.length;
  if (source.startsWith('<%_', end)) value = value.replace(/(^|[\r\n])[ \t]+$/, '$1');
  const innerEnd = innerStart + value.length;
  value = value.replaceAll('<%%', '<%').replaceAll('%%>', '%>');
  return { kind: 'text', start, end, innerStart, innerEnd, value };
}

const KINDS: ReadonlyMap<string, CodeSegment['kind']> = new Map([
  ['=', 'output'],
  ['-', 'raw'],
  ['#', 'comment'],
]);

/** The tag that begins at `start`; undefined if it has no end. */
function tagAt(
  source: string,
  start: number,
  blockEnd: BlockEnd,
  file: string,
  report: OnProblem,
): CodeSegment | undefined {
  const mark = source[start + 2] ?? '';
  const kind: CodeSegment['kind'] = KINDS.get(mark) ?? 'code';
  const innerStart = start + (kind === 'code' && mark !== '_' ? 2 : 3);
  const found =
    kind === 'comment' ? commentEnd(source, innerStart) : blockEnd.find(innerStart, kind === 'code');
  if (found.at === -1) {
    report(unclosed(source, start, file, found.inside));
    return undefined;
  }
  const innerEnd = found.at - (hasTrimMark(source, innerStart, found.at) ? 1 : 0);
  const { openComment, firstWord, lastToken } = found;
  const tag: CodeSegment = {
    kind,
    start,
    end: found.at + 2,
    innerStart,
    innerEnd,
    openComment,
    firstWord,
    lastToken,
  };
  if (isOutput(tag) && lastToken === '') report(empty(source, start, file));
  if (endsInMark(source, tag))
    report(new Problem('trim-mark', { file, ...new Lines(source).at(tag.innerEnd - 1) }));
  checkBrackets(source, tag, found, file, report);
  return tag;
}

/** `_%>` trims in EJS. Here it would name a variable `_`, so it is refused; `<%= _ %>` is not. */
function endsInMark(source: string, { innerStart, innerEnd, lastToken }: CodeSegment): boolean {
  return (
    lastToken === '_' && source[innerEnd - 1] === '_' && source.slice(innerStart, innerEnd).trim() !== '_'
  );
}

function commentEnd(source: string, from: number): BlockEndResult {
  return {
    at: source.indexOf('%>', from),
    openComment: -1,
    inside: undefined,
    open: undefined,
    stray: undefined,
    firstWord: '',
    lastToken: '',
  };
}

/** `-%>`, but not the `--%>` of a decrement. */
function hasTrimMark(source: string, innerStart: number, close: number): boolean {
  return close > innerStart && source[close - 1] === '-' && source[close - 2] !== '-';
}

function trimsAfter(source: string, tag: CodeSegment): boolean {
  return source[tag.end - 3] === '-' && tag.innerEnd === tag.end - 3;
}

function unclosed(source: string, start: number, file: string, inside: string | undefined): Problem {
  const where = new Lines(source).at(start);
  const params = { inside: inside === undefined ? '' : `; the ${inside} is not closed either` };
  return new Problem('unclosed-tag', { file, ...where, params });
}

/** The brackets of an output must match within it. A block may leave braces open, but no other brackets. */
function checkBrackets(
  source: string,
  tag: CodeSegment,
  { stray, open }: BlockEndResult,
  file: string,
  report: OnProblem,
): void {
  const bracket = isOutput(tag) ? (stray ?? open) : open?.text === '{' ? undefined : open;
  if (bracket === undefined) return;
  const params = { bracket: bracket.text, end: 'the `%>` of its tag' };
  const code = bracket === stray ? 'unexpected-close' : 'unclosed-bracket';
  report(new Problem(code, { file, ...new Lines(source).at(bracket.start), params }));
}

function empty(source: string, start: number, file: string): Problem {
  return new Problem('empty-output', { file, ...new Lines(source).at(start) });
}
