// JavaScript code outside of strings and comments, character by character. The meaning of a slash depends on the token
// before it (ECMA-262, clause 12).

import type { ContextDraft, ContextFacts, SlashMeaning } from '../context-facts.ts';

const HEADS: ReadonlySet<string> = new Set(['if', 'while', 'for', 'with']);
const STATEMENT_KEYWORDS: ReadonlySet<string> = new Set(['else', 'do', 'try', 'finally']);
/** Words behind which an expression begins. */
const OPERATOR_KEYWORDS: ReadonlySet<string> = new Set(
  'await break case continue delete extends in instanceof new of return throw typeof void yield default'.split(
    ' ',
  ),
);

/** Reads one character of code. */
export function readCodeCharacter(facts: ContextDraft, character: string): void {
  if (facts.word === '/') afterSlash(facts, character);
  else if (character === '!' && facts.word === '#') enterHtmlComment(facts);
  else if (isWordCharacter(character)) inWord(facts, character);
  else if (/[\s\uFEFF]/.test(character)) inBlank(facts, character);
  else atSign(facts, character);
}

function isWordCharacter(character: string): boolean {
  return /[\w$\\#@]/.test(character) || (character > '\u007f' && !/[\s\uFEFF]/.test(character));
}

function inWord(facts: ContextDraft, character: string): void {
  facts.lineStart = false;
  // A reference that is not in our table was decoded to U+FFFD, which may or may not be a letter.
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

/** No keyword is longer than 11 characters. The rest of a longer word does not matter. */
function longestNeeded(word: string): string {
  return word.length > 11 ? word.slice(0, 11) : word;
}

function isWord(word: string): boolean {
  return /^\.?[\w$\\#@\u0080-\uffff]/.test(word);
}

/** A blank ends the current word or signs. */
function inBlank(facts: ContextDraft, character: string): void {
  if (facts.word !== '') facts.slash = slashNow(facts);
  facts.word = '';
  if (/[\n\r\u2028\u2029]/.test(character)) facts.lineStart = true;
}

/** The meaning that a slash would have at this point. */
export function slashNow({ word, slash }: ContextFacts): SlashMeaning {
  if (word.startsWith('~')) return word.length > 1 ? 'unknown' : slash;
  if (!isWord(word)) return slash;
  if (HEADS.has(word)) return 'head';
  if (STATEMENT_KEYWORDS.has(word)) return 'statement';
  return OPERATOR_KEYWORDS.has(word) ? 'regexp' : 'division';
}

function atSign(facts: ContextDraft, character: string): void {
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

function enterHtmlComment(facts: ContextDraft): void {
  facts.mode = 'html comment';
  facts.word = '';
  facts.uncertain = true;
}

/** The character behind a slash distinguishes a comment from a division or a regular expression. */
function afterSlash(facts: ContextDraft, character: string): void {
  facts.word = '';
  if (character === '/') facts.mode = 'line comment';
  else if (character === '*') facts.mode = 'block comment';
  else {
    facts.lineStart = false;
    if (REGEXP.has(facts.slash)) enterRegexp(facts, character);
    else {
      facts.uncertain ||= facts.slash === 'unknown';
      facts.slash = 'regexp';
      readCodeCharacter(facts, character);
    }
  }
}

/** Reads the first character of a regular expression, which is no slash, because that would begin a comment. */
function enterRegexp(facts: ContextDraft, character: string): void {
  facts.mode = 'regexp';
  if (character === '\\') facts.word = '\\';
  else if (character === '[') facts.mode = 'regexp class';
  else if (/[\n\r\u2028\u2029]/.test(character)) {
    facts.mode = 'code';
    facts.uncertain = true;
  }
}

/** The meanings of a slash that begins a regular expression. */
export const REGEXP: ReadonlySet<SlashMeaning> = new Set(['statement', 'head', 'regexp', 'colon', '+', '-']);

/**
 * The meaning of a slash behind a sign.
 * @param before the word or signs before that sign
 * @param open the brackets around it
 */
function slashAfter(slash: SlashMeaning, signs: string, before: string, open: string): SlashMeaning {
  const sign = signs.slice(-1);
  if (sign === '+' || sign === '-') return afterPlus(slash, signs, sign);
  if (sign === ';' || signs.endsWith('=>')) return 'statement';
  if (sign === '>' && before.endsWith('=')) return 'statement';
  if (sign === ':') return open.endsWith('o') ? 'regexp' : 'colon';
  return sign === '.' && !signs.endsWith('...') ? 'division' : 'regexp';
}

/** `a++ / b` divides, but `a + /b/` contains a regular expression. */
function afterPlus(slash: SlashMeaning, signs: string, sign: '+' | '-'): SlashMeaning {
  if (slash === 'division') return sign;
  if (slash === 'unknown') return 'unknown';
  return slash === sign && signs.endsWith(sign + sign) ? 'division' : 'regexp';
}

/**
 * Kinds of open brackets: `k` the condition of an `if` or loop, `o` an object literal, `{` a block, `d` one of the
 * two.
 */
function bracketOpened(facts: ContextDraft, slash: SlashMeaning, bracket: string): void {
  const kind = bracket === '(' && slash === 'head' ? 'k' : bracket === '{' ? braceKind(slash) : bracket;
  facts.slash = bracket === '{' && kind !== 'o' ? 'statement' : 'regexp';
  facts.open += kind;
}

function braceKind(slash: SlashMeaning): string {
  if (slash === 'statement' || slash === 'division') return '{';
  return slash === 'unknown' || slash === 'colon' ? 'd' : 'o';
}

function bracketClosed(facts: ContextDraft, bracket: string): void {
  const last = facts.open.slice(-1);
  if (last !== '?') facts.open = facts.open.slice(0, -1);
  if (bracket === '}' && last === '$') {
    facts.mode = '`';
    return;
  }
  const fits = (CLOSES[bracket] ?? '').includes(last) || last === '?';
  facts.uncertain ||= !fits && last !== '';
  facts.slash = fits ? (SLASH_BEHIND[last] ?? 'unknown') : 'unknown';
}

const CLOSES: Readonly<Record<string, string>> = { ')': '(k', ']': '[', '}': '{od' };
const SLASH_BEHIND: Readonly<Record<string, SlashMeaning>> = {
  '(': 'division',
  k: 'statement',
  '[': 'division',
  o: 'division',
};
