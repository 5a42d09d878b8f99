// Explains syntax errors that come from the tags of a page. The parser sees the overlay, but the author sees HTML with
// code between. Other errors keep the message of the parser.

import type { CodeParams } from '../diagnostics/code-entry.ts';
import type { PlaceholderOf } from '../diagnostics/codes.ts';
import { Lines } from '../diagnostics/position.ts';
import { type Place, Problem } from '../diagnostics/problem.ts';
import { tagClosedAt } from './1-scan/overlay.ts';
import { type CodeSegment, isOutput, type Segment } from './1-scan/segments.ts';
import { afterTrivia, wordAt } from './2-parse/trivia.ts';

/** A page that does not parse. */
export interface UnparsedPage {
  readonly source: string;
  readonly file: string;
  readonly segments: readonly Segment[];
}

/** The error in terms of the page. */
export function inTermsOfPage(error: Problem, page: UnparsedPage): Problem {
  if (error.code !== 'syntax') return error;
  const offset = new Lines(page.source).startOf(error.line ?? 1) + (error.column ?? 1) - 1;
  return (
    withoutBraces(page, offset) ??
    unfinished(page, offset) ??
    markup(page, offset) ??
    statementInOutput(page, offset) ??
    error
  );
}

type ParamCode = 'braceless-body' | 'text-before-continuation' | 'markup-in-code' | 'statement-in-output';

function problem<const C extends ParamCode>(
  page: UnparsedPage,
  code: C,
  offset: number,
  params: CodeParams<PlaceholderOf<C>>,
): Problem {
  return new Problem(code, { ...placeIn(page, offset), params });
}

function placeIn({ source, file }: UnparsedPage, offset: number): Place {
  return { file, ...new Lines(source).at(offset) };
}

/** `if (a) %>x<% else`, `do %>x`, and a text between `}` and `else`. */
function withoutBraces(page: UnparsedPage, offset: number): Problem | undefined {
  const index = page.segments.findIndex(
    (segment) => segment.kind === 'code' && firstCode(page, segment) === offset,
  );
  const tag = page.segments[index];
  if (tag?.kind === 'code' && tag.firstWord === 'try') return withoutHandler(page, index);
  const before = page.segments.slice(0, Math.max(index, 0)).findLast((segment) => segment.kind === 'code');
  if (tag?.kind === 'code' && CONTINUES.has(tag.firstWord) && before?.kind === 'code') {
    if (before.lastToken === '}')
      return problem(page, 'text-before-continuation', offset, { keyword: tag.firstWord });
    return braceless(page, before);
  }
  const body = page.segments.findLast((segment) => segment.kind === 'code' && segment.end <= offset);
  return body?.kind === 'code' && body.lastToken === 'do' ? braceless(page, body) : undefined;
}

/** The parser reports a `try` without `catch` at its beginning, so the tag with the handler is searched from there. */
function withoutHandler(page: UnparsedPage, index: number): Problem | undefined {
  const handler = page.segments
    .slice(index + 1)
    .find((segment) => segment.kind === 'code' && HANDLERS.has(segment.firstWord));
  if (handler?.kind !== 'code') return undefined;
  const keyword = handler.firstWord;
  return problem(page, 'text-before-continuation', firstCode(page, handler), { keyword });
}

const HANDLERS: ReadonlySet<string> = new Set(['catch', 'finally']);

const CONTINUES: ReadonlySet<string> = new Set(['else', 'catch', 'finally', 'while']);

const WITH_BODY = /\b(?:if|else|for|while|do|with)\b/g;

/** If a tag begins with another statement, the last keyword that takes a body is the one without braces. */
function braceless(page: UnparsedPage, tag: CodeSegment): Problem {
  const start = firstCode(page, tag);
  const code = page.source.slice(start, tag.innerEnd);
  const found = [...code.matchAll(WITH_BODY)];
  const last = found[0]?.index === 0 ? found[0] : found.at(-1);
  return problem(page, 'braceless-body', start + (last?.index ?? 0), {
    keyword: last?.[0] ?? tag.firstWord,
  });
}

/** An error at a character that the overlay added belongs to the tag that ends there. */
function unfinished(page: UnparsedPage, offset: number): Problem | undefined {
  const tag = tagClosedAt(page.segments, offset);
  return tag && new Problem('unfinished-code', placeIn(page, tag.innerEnd));
}

/** HTML, or another tag, inside a tag. */
function markup(page: UnparsedPage, offset: number): Problem | undefined {
  const { source } = page;
  // The parser reads `<p>` as a type and reports the text behind it. Of `</p>` it reads a regular expression behind
  // `<`.
  const at = [offset, offset - 1, offset - 2, tagBefore(page, offset)].find((start) => source[start] === '<');
  const begun = /^<(?:%[=#_-]?|!--|\/?[A-Za-z][\w-]*)/.exec(source.slice(at, (at ?? 0) + 40))?.[0];
  if (at === undefined || begun === undefined) return undefined;
  const what = begun.startsWith('<%') ? 'a tag' : `HTML (\`${begun}\`)`;
  return problem(page, 'markup-in-code', at, { what });
}

/**
 * The offset of a `<b` or `<b>` at the beginning of a statement, with at most one word between it and `offset`; else
 * -1.
 */
function tagBefore({ source, segments }: UnparsedPage, offset: number): number {
  const tag = segments.find(({ start, end }) => start <= offset && offset < end);
  if (tag === undefined || tag.kind === 'text') return -1;
  const before = source.slice(Math.max(tag.innerStart, offset - 200), offset);
  // linear: of at most 200 characters
  const found = /(?:^|[;{}\n])\s*(<[a-z][a-z0-9-]*(?:\s*|>\s*\S*\s*))$/.exec(before)?.[1];
  return found === undefined ? -1 : offset - found.length;
}

/** `<%= x; %>`, `<%= if (…) … %>` */
function statementInOutput(page: UnparsedPage, offset: number): Problem | undefined {
  const tag = page.segments.find(
    (segment) => isOutput(segment) && segment.innerStart <= offset && offset < segment.innerEnd,
  );
  if (tag?.kind !== 'output' && tag?.kind !== 'raw') return undefined;
  const token = page.source[offset] === ';' ? ';' : wordAt(page.source, offset);
  const isStatement = token === ';' || (STATEMENTS.has(token) && firstCode(page, tag) === offset);
  return isStatement ? problem(page, 'statement-in-output', offset, { token }) : undefined;
}

const STATEMENTS: ReadonlySet<string> = new Set(
  'if for while do switch try const let var return throw break continue import export'.split(' '),
);

function firstCode({ source }: UnparsedPage, { innerStart }: CodeSegment): number {
  return afterTrivia(source, innerStart);
}
