// What follows the `>` of a tag: text, or the content of an element that the tokenizer reads in another way.

import { enterMarkup } from '../context.ts';
import type { Draft, Language } from '../context-facts.ts';
import type { Scan } from '../html-scan.ts';
import { closed, opened } from './noscript.ts';

/** Elements whose tags inside are text. What a script holds depends on its type. */
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

/** In these, elements such as `title` may be ordinary ones: svg and math have their own, a select has none. */
const FOREIGN: ReadonlySet<string> = new Set(['svg', 'math', 'select', 'frameset']);
const FOREIGN_AT_MOST = 24;

/** Parsers drop a line break directly behind these. */
const EATS_LINE_BREAK: ReadonlySet<string> = new Set(['pre', 'listing']);

/** Goes past the `>` of a tag. */
export function afterTag(scan: Scan): void {
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

function afterStartTag(facts: Draft, selfClosing: boolean): void {
  const { element } = facts;
  enterMarkup(facts, 'text');
  if (element === 'noscript') facts.noscript = opened(facts.noscript);
  else if (FOREIGN.has(element) && !selfClosing) openForeign(facts, element);
  else if (EATS_LINE_BREAK.has(element)) facts.pending = '>';
}

function openForeign(facts: Draft, element: string): void {
  const foreign = `${facts.foreign}${element} `;
  facts.foreign = foreign.length > FOREIGN_AT_MOST ? '*' : foreign;
}

/** An end tag that does not fit may be ignored by parsers or not: then we stay where more is asked for. */
function afterEndTag(facts: Draft): void {
  const { element, foreign } = facts;
  enterMarkup(facts, 'text');
  if (element === '/noscript') facts.noscript = closed(facts.noscript);
  const name = `${element.slice(1)} `;
  if (foreign.endsWith(name)) facts.foreign = foreign.slice(0, -name.length);
}

function enterContent(facts: Draft, language: Language): void {
  const { element, decided } = facts;
  enterMarkup(facts, 'content');
  facts.element = element;
  facts.language = language;
  if (element === 'textarea') facts.pending = '>';
  if (language === 'css') facts.mode = 'code';
  if (language === 'script') enterScript(facts, decided);
}

/** @param decided what the script's type says */
function enterScript(facts: Draft, decided: string): void {
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
