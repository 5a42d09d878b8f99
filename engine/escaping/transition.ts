// From context to context over static HTML and over outputs: the one table of states. Each state is a function that
// moves a Scan on; what a value may be in a context is said by escaper-for.ts.

import { changed, contextOf, draftOf } from './context.ts';
import type { Context, ContextFacts, Draft, State } from './context-facts.ts';
import { type Insertion, Scan, type Trouble } from './html-scan.ts';
import { attributeWithoutValue } from './states/attribute-language.ts';
import { value } from './states/attribute-value-state.ts';
import { comment } from './states/comment-state.ts';
import { cdata, declaration, text } from './states/data-states.ts';
import { STEPS } from './states/languages.ts';
import { readAsText } from './states/noscript.ts';
import { content } from './states/raw-content-state.ts';
import * as tag from './states/tag-states.ts';
import { urlAfterValue } from './states/url-language.ts';

const STATES: Readonly<Record<State, (scan: Scan) => void>> = {
  text,
  comment,
  declaration,
  cdata,
  content,
  value,
  'tag name': tag.tagName,
  tag: tag.tag,
  'between attributes': tag.betweenAttributes,
  'attribute name': tag.attributeName,
  'after attribute name': tag.afterAttributeName,
  'before value': tag.beforeValue,
};

/** Static HTML that was scanned. */
export interface ScannedText {
  /** The context behind it. */
  readonly context: Context;
  /**
   * The text that is printed for it: the same, but that an unquoted value which goes on behind the text (`class=a<%= b %>`) gets
   * its quotes here. `beforeOutput` has the text that only an output needs.
   */
  readonly printed: string;
  /** The first thing in it that a page must not have (`offset` counts in the text). Analysis may go on after it. */
  readonly problem: Trouble | undefined;
}

/** Scans static HTML that begins in `context`. */
export function afterText(context: Context, text: string): ScannedText {
  if (text === '') return { context, printed: '', problem: undefined };
  const scan = new Scan(context, text);
  while (!scan.ended) step(scan);
  return {
    context: contextOf(scan.facts),
    printed: withInsertions(text, scan.insertions),
    problem: scan.problem,
  };
}

function step(scan: Scan): void {
  const { at } = scan;
  const { state, noscript } = scan.facts;
  STATES[state](scan);
  if (noscript !== '') readAsText(scan, { state, noscript }, at);
}

function withInsertions(text: string, insertions: readonly Insertion[]): string {
  if (insertions.length === 0) return text;
  let printed = '';
  let done = 0;
  for (const insertion of insertions) {
    printed += text.slice(done, insertion.offset) + insertion.text;
    done = insertion.offset;
  }
  return printed + text.slice(done);
}

/** What is printed for static HTML that begins in `context`. */
export function textFor(context: Context, text: string): string {
  return afterText(context, text).printed;
}

/** The context in which an output that stands here is printed; `beforeOutput` says what goes before it. */
export function atOutput(context: Context): Context {
  const { state, pending } = context;
  if (state === 'before value') return contextOf(changed(context, { state: 'value', quote: 'added' }));
  if (pending !== '&' && pending !== '>') return context;
  const settled = changed(context, { pending: '' });
  if (state === 'value') STEPS[context.language](settled, pending, () => {});
  return contextOf(settled);
}

/**
 * Static HTML that is printed directly before an output: the quote of an unquoted value (`value=<%= v %>`), the rest of
 * `&amp;` when a lone `&` stands before it, the line break that parsers drop behind `<textarea>` and `<pre>`.
 */
export function beforeOutput(context: Context): string {
  if (context.state === 'before value') return '"';
  if (context.pending === '&') return 'amp;';
  return context.pending === '>' ? '\n' : '';
}

/** The context behind an output that was printed here, whatever its value was. It may have been empty. */
export function afterOutput(context: Context): Context {
  const before = atOutput(context);
  const { state, pending } = before;
  if (state === 'comment') return contextOf(changed(before, { pending: withValue(pending) }));
  if (state !== 'value' && state !== 'content') return before;
  const facts = draftOf(before);
  facts.dynamic = true;
  facts.pending = pending === '<' ? '<~' : '';
  if (isCode(facts)) codeAfterValue(facts);
  else wordAfterValue(facts);
  return contextOf(facts);
}

function withValue(pending: string): string {
  return pending === '' || pending.endsWith('~') ? pending : `${pending}~`;
}

function isCode(facts: ContextFacts): boolean {
  return facts.language === 'script' && facts.mode === 'code';
}

/** A value in script code is an operand, and never empty. */
function codeAfterValue(facts: Draft): void {
  facts.slash = 'division';
  facts.word = '';
  facts.lineStart = false;
}

/** What stood before the value may go on behind it: `$` and `{`, `*` and `/`, `ur` and `l(`. */
function wordAfterValue(facts: Draft): void {
  if (facts.url !== 'none') urlAfterValue(facts);
  else if (/^[$*/]~?$/.test(facts.word)) facts.word = withValue(facts.word);
  else facts.word = facts.language === 'css' && facts.mode === 'code' ? '~' : '';
}

/** The context in which whole attributes may be printed here; undefined where none may begin. */
export function atAttributes(context: Context): Context | undefined {
  if (context.state === 'tag') return context.pending === '' ? context : undefined;
  if (context.state !== 'after attribute name') return undefined;
  const facts = draftOf(context);
  attributeWithoutValue(facts);
  return contextOf(facts);
}

/** The context behind attributes that were printed here: a name that follows would go on with theirs. */
export function afterAttributes(context: Context): Context {
  return contextOf(changed(context, { state: 'between attributes' }));
}

/** Whether a page, a layout, a section, an html template may end here: in element text only. */
export function mayEndHere(context: Context): boolean {
  return context.state === 'text' && !context.pending.startsWith('<');
}
