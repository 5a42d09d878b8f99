// Transitions between contexts over static HTML and over outputs. The table has one function per state, which advances
// an HtmlScan. escaper-for.ts says which values are allowed in a context.

import { contextOf, draftOf, withFacts } from './context.ts';
import type { Context, ContextDraft, ContextFacts, TokenizerState } from './context-facts.ts';
import { HtmlScan, type Insertion, type ScanProblem } from './html-scan.ts';
import { attributeWithoutValue } from './states/attribute-language.ts';
import { attributeValueState } from './states/attribute-value-state.ts';
import { commentState } from './states/comment-state.ts';
import { bogusCommentState, cdataSectionState, dataState } from './states/data-states.ts';
import { LANGUAGE_STEPS } from './states/languages.ts';
import { trackNoscript } from './states/noscript.ts';
import { contentState } from './states/raw-content-state.ts';
import * as tag from './states/tag-states.ts';
import { urlAfterValue } from './states/url-language.ts';

const STATES: Readonly<Record<TokenizerState, (scan: HtmlScan) => void>> = {
  data: dataState,
  comment: commentState,
  'bogus comment': bogusCommentState,
  'CDATA section': cdataSectionState,
  content: contentState,
  'attribute value': attributeValueState,
  'tag name': tag.tagNameState,
  'before attribute name': tag.beforeAttributeNameState,
  'between attributes': tag.betweenAttributesState,
  'attribute name': tag.attributeNameState,
  'after attribute name': tag.afterAttributeNameState,
  'before attribute value': tag.beforeAttributeValueState,
};

/** The result of scanning static HTML. */
export interface ScannedText {
  /** The context behind the text. */
  readonly context: Context;
  /**
   * The text that is printed for it. It differs from the source in one case: an unquoted value that an output
   * continues (`class=a<%= b %>`) gets quotes. `beforeOutput` gives the text that only an output needs.
   */
  readonly printed: string;
  /** The first error in the text. The analysis may continue behind it. */
  readonly problem: ScanProblem | undefined;
}

/** Scans static HTML that begins in `context`. */
export function afterText(context: Context, text: string): ScannedText {
  if (text === '') return { context, printed: '', problem: undefined };
  const scan = new HtmlScan(context, text);
  while (!scan.ended) step(scan);
  return {
    context: contextOf(scan.facts),
    printed: withInsertions(text, scan.insertions),
    problem: scan.problem,
  };
}

function step(scan: HtmlScan): void {
  const { at } = scan;
  const { state, noscript } = scan.facts;
  STATES[state](scan);
  if (noscript !== '') trackNoscript(scan, { state, noscript }, at);
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

/** The text that is printed for static HTML that begins in `context`. */
export function textFor(context: Context, text: string): string {
  return afterText(context, text).printed;
}

/** The context in which an output is printed, behind the text of `beforeOutput`. */
export function atOutput(context: Context): Context {
  const { state, pending } = context;
  if (state === 'before attribute value')
    return contextOf(withFacts(context, { state: 'attribute value', quote: 'added' }));
  if (pending !== '&' && pending !== '>') return context;
  const settled = withFacts(context, { pending: '' });
  if (state === 'attribute value') LANGUAGE_STEPS[context.language](settled, pending, () => {});
  return contextOf(settled);
}

/**
 * Static HTML that is printed directly before an output: the quote of an unquoted value (`value=<%= v %>`), the rest
 * of `&amp;` behind a lone `&`, the line break that parsers drop behind `<textarea>` and `<pre>`.
 */
export function beforeOutput(context: Context): string {
  if (context.state === 'before attribute value') return '"';
  if (context.pending === '&') return 'amp;';
  return context.pending === '>' ? '\n' : '';
}

/** The context behind an output in `context`, whatever its value is. The value may be empty. */
export function afterOutput(context: Context): Context {
  const before = atOutput(context);
  const { state, pending } = before;
  if (state === 'comment') return contextOf(withFacts(before, { pending: withValue(pending) }));
  if (state !== 'attribute value' && state !== 'content') return before;
  const facts = draftOf(before);
  facts.hasOutputs = true;
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
function codeAfterValue(facts: ContextDraft): void {
  facts.slash = 'division';
  facts.word = '';
  facts.lineStart = false;
}

/** Characters before the value and characters behind it may form one token: `$` and `{`, `*` and `/`, `ur` and `l(`. */
function wordAfterValue(facts: ContextDraft): void {
  if (facts.url !== 'none') urlAfterValue(facts);
  else if (/^[$*/]~?$/.test(facts.word)) facts.word = withValue(facts.word);
  else facts.word = facts.language === 'css' && facts.mode === 'code' ? '~' : '';
}

/** The context in which whole attributes may be printed; undefined if no attribute may begin in `context`. */
export function atAttributes(context: Context): Context | undefined {
  if (context.state === 'before attribute name') return context.pending === '' ? context : undefined;
  if (context.state !== 'after attribute name') return undefined;
  const facts = draftOf(context);
  attributeWithoutValue(facts);
  return contextOf(facts);
}

/** The context behind printed attributes. A name directly behind them would continue the last one. */
export function afterAttributes(context: Context): Context {
  return contextOf(withFacts(context, { state: 'between attributes' }));
}

/** Whether a page, a layout, a section or an html template may end in a context: only in element text. */
export function mayEndHere(context: Context): boolean {
  return context.state === 'data' && !context.pending.startsWith('<');
}
