// JavaScript code outside strings and comments, sign by sign: what a slash is depends on what stands before it.

import type { ContextFacts, Draft, Slash } from '../context-facts.ts';

const HEADS: ReadonlySet<string> = new Set(['if', 'while', 'for', 'with']);
const STATEMENT_KEYWORDS: ReadonlySet<string> = new Set(['else', 'do', 'try', 'finally']);
/** Words behind which an expression begins. */
const OPERATOR_KEYWORDS: ReadonlySet<string> = new Set(
  'await break case continue delete extends in instanceof new of return throw typeof void yield default'.split(
    ' ',
  ),
);

/** One character of code. */
export function inCode(facts: Draft, character: string): void {
  if (facts.word === '/') afterSlash(facts, character);
  else if (character === '!' && facts.word === '#') enterHtmlComment(facts);
  else if (isWordCharacter(character)) inWord(facts, character);
  else if (/[\s\uFEFF]/.test(character)) inBlank(facts, character);
  else atSign(facts, character);
}

function isWordCharacter(character: string): boolean {
  return /[\w$\\#@]/.test(character) || (character > '\u007f' && !/[\s\uFEFF]/.test(character));
}

function inWord(facts: Draft, character: string): void {
  facts.lineStart = false;
  // A reference that we do not know was decoded to U+FFFD: it may be a letter or not.
  if (character === '\uFFFD') {
    facts.word = '~';
    facts.slash = 'unknown';
    return;
  }
  const { word } = facts;
  const before = isWord(word) || word.startsWith('~') ? word : word.endsWith('.') ? '.' : '';
  const spread = word.endsWith('...');
  facts.word = longestNeeded((spread ? '' : before) + character);
}

/** No keyword is longer; of longer words only that they are words counts. */
function longestNeeded(word: string): string {
  return word.length > 11 ? word.slice(0, 11) : word;
}

function isWord(word: string): boolean {
  return /^\.?[\w$\\#@\u0080-\uffff]/.test(word);
}

/** A blank ends the word or the signs that were being read. */
function inBlank(facts: Draft, character: string): void {
  if (facts.word !== '') facts.slash = slashNow(facts);
  facts.word = '';
  if (/[\n\r\u2028\u2029]/.test(character)) facts.lineStart = true;
}

/** What a slash would be here. */
export function slashNow({ word, slash }: ContextFacts): Slash {
  if (word.startsWith('~')) return word.length > 1 ? 'unknown' : slash;
  if (!isWord(word)) return slash;
  if (HEADS.has(word)) return 'head';
  if (STATEMENT_KEYWORDS.has(word)) return 'statement';
  return OPERATOR_KEYWORDS.has(word) ? 'regexp' : 'division';
}

function atSign(facts: Draft, character: string): void {
  const { word, lineStart } = facts;
  const slash = slashNow(facts);
  const signs = isWord(word) ? character : (word + character).replace(/^~/, '').slice(-4);
  if (signs.endsWith('<!--') || (signs.endsWith('-->') && lineStart)) {
    enterHtmlComment(facts);
    return;
  }
  if (character === '/') {
    facts.word = '/';
    facts.slash = slash;
    return;
  }
  facts.lineStart = lineStart && /^-+$/.test(signs);
  facts.word = '';
  if (character === '"' || character === "'" || character === '`') facts.mode = character;
  else if ('([{'.includes(character)) bracketOpened(facts, slash, character);
  else if (')]}'.includes(character)) bracketClosed(facts, character);
  else {
    facts.slash = slashAfter(slash, signs, word, facts.open);
    if (/[<!=+.-]/.test(character)) facts.word = signs;
  }
}

function enterHtmlComment(facts: Draft): void {
  facts.mode = 'html comment';
  facts.word = '';
  facts.doubt = true;
}

/** The character behind a slash tells a comment from a division or a regular expression. */
function afterSlash(facts: Draft, character: string): void {
  facts.word = '';
  if (character === '/') facts.mode = 'line comment';
  else if (character === '*') facts.mode = 'block comment';
  else {
    facts.lineStart = false;
    if (REGEXP.has(facts.slash)) enterRegexp(facts, character);
    else {
      facts.doubt ||= facts.slash === 'unknown';
      facts.slash = 'regexp';
      inCode(facts, character);
    }
  }
}

/** The first character of a regular expression: no slash, as that would be a comment. */
function enterRegexp(facts: Draft, character: string): void {
  facts.mode = 'regexp';
  if (character === '\\') facts.word = '\\';
  else if (character === '[') facts.mode = 'regexp class';
  else if (/[\n\r\u2028\u2029]/.test(character)) {
    facts.mode = 'code';
    facts.doubt = true;
  }
}

/** Where a slash begins a regular expression. */
export const REGEXP: ReadonlySet<Slash> = new Set(['statement', 'head', 'regexp', 'colon', '+', '-']);

/** The meaning of a slash behind a sign: `before` was being read in front of it, `open` are the brackets around it. */
function slashAfter(slash: Slash, signs: string, before: string, open: string): Slash {
  const sign = signs.slice(-1);
  if (sign === '+' || sign === '-') return afterPlus(slash, signs, sign);
  if (sign === ';' || signs.endsWith('=>')) return 'statement';
  if (sign === '>' && before.endsWith('=')) return 'statement';
  if (sign === ':') return open.endsWith('o') ? 'regexp' : 'colon';
  return sign === '.' && !signs.endsWith('...') ? 'division' : 'regexp';
}

/** `a++ / b` divides, in `a + /b/` begins a regular expression. */
function afterPlus(slash: Slash, signs: string, sign: '+' | '-'): Slash {
  if (slash === 'division') return sign;
  if (slash === 'unknown') return 'unknown';
  return slash === sign && signs.endsWith(sign + sign) ? 'division' : 'regexp';
}

/** `k`: the condition of an `if` or loop; `o`: an object literal; `{`: a block; `d`: one of them. */
function bracketOpened(facts: Draft, slash: Slash, bracket: string): void {
  const kind = bracket === '(' && slash === 'head' ? 'k' : bracket === '{' ? braceKind(slash) : bracket;
  facts.slash = bracket === '{' && kind !== 'o' ? 'statement' : 'regexp';
  facts.open += kind;
}

function braceKind(slash: Slash): string {
  if (slash === 'statement' || slash === 'division') return '{';
  return slash === 'unknown' || slash === 'colon' ? 'd' : 'o';
}

function bracketClosed(facts: Draft, bracket: string): void {
  const last = facts.open.slice(-1);
  if (last !== '?') facts.open = facts.open.slice(0, -1);
  if (bracket === '}' && last === '$') {
    facts.mode = '`';
    return;
  }
  const fits = (CLOSES[bracket] ?? '').includes(last) || last === '?';
  facts.doubt ||= !fits && last !== '';
  facts.slash = fits ? (SLASH_BEHIND[last] ?? 'unknown') : 'unknown';
}

const CLOSES: Readonly<Record<string, string>> = { ')': '(k', ']': '[', '}': '{od' };
const SLASH_BEHIND: Readonly<Record<string, Slash>> = {
  '(': 'division',
  k: 'statement',
  '[': 'division',
  o: 'division',
};
