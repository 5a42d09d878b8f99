// The transition at the `>` of a tag: to element text, or to the content of an element that the tokenizer reads in
// another state.

import { enterMarkup } from '../context.ts';
import type { ContextDraft, Language } from '../context-facts.ts';
import type { HtmlScan } from '../html-scan.ts';
import { noscriptClosed, noscriptOpened } from './noscript.ts';

/** Elements whose content contains no tags. The language of a script depends on its type. */
const CONTENT: Readonly<Record<string, Language>> = {
  script: 'script',
  style: 'css',
  textarea: 'plain',
  title: 'plain',
  xmp: 'verbatim',
  iframe: 'verbatim',
  noembed: 'verbatim',
  noframes: 'verbatim',
  plaintext: 'verbatim',
};

/**
 * Elements in which `title` and the like may be ordinary elements: svg and math have their own, and parsers ignore
 * them in select.
 */
const FOREIGN: ReadonlySet<string> = new Set(['svg', 'math', 'select', 'frameset']);
const FOREIGN_AT_MOST = 24;

/** Elements behind whose start tag parsers drop a line break. */
const EATS_LINE_BREAK: ReadonlySet<string> = new Set(['pre', 'listing']);

/** Moves behind the `>` of a tag. */
export function afterTag(scan: HtmlScan): void {
  const { facts, at } = scan;
  const { element } = facts;
  const selfClosing = facts.pending === '/';
  scan.at = at + 1;
  if (element.startsWith('/')) {
    afterEndTag(facts);
    return;
  }
  const language = Object.hasOwn(CONTENT, element) ? CONTENT[element] : undefined;
  if (language === undefined) {
    afterStartTag(facts, selfClosing);
    return;
  }
  if (selfClosing) scan.report('self-closing-content', at);
  if (element === 'plaintext' && facts.foreign !== '') scan.report('foreign-content', at);
  enterContent(facts, language);
}

function afterStartTag(facts: ContextDraft, selfClosing: boolean): void {
  const { element } = facts;
  enterMarkup(facts, 'data');
  if (element === 'noscript') facts.noscript = noscriptOpened(facts.noscript);
  else if (FOREIGN.has(element) && !selfClosing) openForeign(facts, element);
  else if (EATS_LINE_BREAK.has(element)) facts.pending = '>';
}

function openForeign(facts: ContextDraft, element: string): void {
  const foreign = `${facts.foreign}${element} `;
  facts.foreign = foreign.length > FOREIGN_AT_MOST ? '*' : foreign;
}

/**
 * Parsers may ignore an end tag that matches no open element, so it closes nothing and the stricter rules of the open
 * element hold.
 */
function afterEndTag(facts: ContextDraft): void {
  const { element, foreign } = facts;
  enterMarkup(facts, 'data');
  if (element === '/noscript') facts.noscript = noscriptClosed(facts.noscript);
  const name = `${element.slice(1)} `;
  if (foreign.endsWith(name)) facts.foreign = foreign.slice(0, -name.length);
}

function enterContent(facts: ContextDraft, language: Language): void {
  const { element, decided } = facts;
  enterMarkup(facts, 'content');
  facts.element = element;
  facts.language = language;
  if (element === 'textarea') facts.pending = '>';
  if (language === 'css') facts.mode = 'code';
  if (language === 'script') enterScript(facts, decided);
}

/** @param decided the decision of the script's type */
function enterScript(facts: ContextDraft, decided: string): void {
  if (decided === 'other script') {
    facts.language = 'other script';
    return;
  }
  facts.mode = 'code';
  if (decided === 'json') {
    facts.language = 'json';
    return;
  }
  facts.slash = 'statement';
  facts.lineStart = true;
}
