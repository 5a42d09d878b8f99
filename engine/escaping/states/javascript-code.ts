// JavaScript code outside strings and comments, sign by sign: what a slash is depends on what stands before it.

import { changed } from '../context.ts';
import type { ContextFacts, Slash } from '../context-facts.ts';

const HEADS: ReadonlySet<string> = new Set(['if', 'while', 'for', 'with']);
const STATEMENT_KEYWORDS: ReadonlySet<string> = new Set(['else', 'do', 'try', 'finally']);
/** Words behind which an expression begins. */
const OPERATOR_KEYWORDS: ReadonlySet<string> = new Set(
  'await break case continue delete extends in instanceof new of return throw typeof void yield default'.split(
    ' ',
  ),
);

/** One character of code. */
export function inCode(context: ContextFacts, character: string): ContextFacts {
  if (context.word === '/') return afterSlash(context, character);
  if (character === '!' && context.word === '#') return htmlComment(context);
  if (isWordCharacter(character)) return inWord(context, character);
  if (/[\n\r\u2028\u2029]/.test(character)) return changed(wordEnded(context), { lineStart: true });
  if (/[\s\uFEFF]/.test(character)) return wordEnded(context);
  return atSign(context, character);
}

function isWordCharacter(character: string): boolean {
  return /[\w$\\#@]/.test(character) || (character > '\u007f' && !/[\s\uFEFF]/.test(character));
}

function inWord(context: ContextFacts, character: string): ContextFacts {
  // A reference that we do not know was decoded to U+FFFD: it may be a letter or not.
  if (character === '\uFFFD') return changed(context, { word: '~', slash: 'unknown', lineStart: false });
  const { word } = context;
  const before = isWord(word) || word.startsWith('~') ? word : word.endsWith('.') ? '.' : '';
  const spread = word.endsWith('...');
  return changed(context, { word: longestNeeded((spread ? '' : before) + character), lineStart: false });
}

/** No keyword is longer; of longer words only that they are words counts. */
function longestNeeded(word: string): string {
  return word.length > 11 ? word.slice(0, 11) : word;
}

function isWord(word: string): boolean {
  return /^\.?[\w$\\#@\u0080-\uffff]/.test(word);
}

/** The context behind the word or signs that were being read. */
export function wordEnded(context: ContextFacts): ContextFacts {
  return context.word === '' ? context : changed(context, { slash: slashNow(context), word: '' });
}

/** What a slash would be here. */
export function slashNow(context: ContextFacts): Slash {
  const { word } = context;
  if (word.startsWith('~')) return word.length > 1 ? 'unknown' : context.slash;
  if (!isWord(word)) return context.slash;
  if (HEADS.has(word)) return 'head';
  if (STATEMENT_KEYWORDS.has(word)) return 'statement';
  return OPERATOR_KEYWORDS.has(word) ? 'regexp' : 'division';
}

function atSign(context: ContextFacts, character: string): ContextFacts {
  const slash = slashNow(context);
  const signs = isWord(context.word) ? character : (context.word + character).replace(/^~/, '').slice(-4);
  if (signs.endsWith('<!--')) return htmlComment(context);
  if (signs.endsWith('-->') && context.lineStart) return htmlComment(context);
  const lineStart = context.lineStart && /^-+$/.test(signs);
  if (character === '/') return changed(context, { word: '/', slash, lineStart: context.lineStart });
  if (character === '"' || character === "'" || character === '`')
    return changed(context, { mode: character, word: '', lineStart });
  if ('([{'.includes(character)) return changed(context, { ...opened(context, slash, character), lineStart });
  if (')]}'.includes(character)) return changed(context, { ...closed(context, character), lineStart });
  return changed(context, {
    word: /[<!=+.-]/.test(character) ? signs : '',
    slash: slashAfter(slash, signs, context),
    lineStart,
  });
}

function htmlComment(context: ContextFacts): ContextFacts {
  return changed(context, { mode: 'html comment', word: '', doubt: true });
}

/** The character behind a slash tells a comment from a division or a regular expression. */
function afterSlash(context: ContextFacts, character: string): ContextFacts {
  if (character === '/') return changed(context, { mode: 'line comment', word: '' });
  if (character === '*') return changed(context, { mode: 'block comment', word: '' });
  const { slash } = context;
  const now = { word: '', lineStart: false };
  if (REGEXP.has(slash)) return regexpBegun(changed(context, { ...now, mode: 'regexp' }), character);
  const doubt = context.doubt || slash === 'unknown';
  return inCode(changed(context, { ...now, slash: 'regexp', doubt }), character);
}

/** The first character of a regular expression: no slash, as that would be a comment. */
function regexpBegun(context: ContextFacts, character: string): ContextFacts {
  if (/[\n\r\u2028\u2029]/.test(character)) return changed(context, { mode: 'code', doubt: true });
  if (character === '\\') return changed(context, { word: '\\' });
  return character === '[' ? changed(context, { mode: 'regexp class' }) : context;
}

/** Where a slash begins a regular expression. */
export const REGEXP: ReadonlySet<Slash> = new Set(['statement', 'head', 'regexp', 'colon', '+', '-']);

function slashAfter(slash: Slash, signs: string, context: ContextFacts): Slash {
  const sign = signs.slice(-1);
  if (sign === '+' || sign === '-') return afterPlus(slash, signs, sign);
  if (sign === ';' || signs.endsWith('=>')) return 'statement';
  if (sign === '>' && context.word.endsWith('=')) return 'statement';
  if (sign === ':') return context.open.endsWith('o') ? 'regexp' : 'colon';
  return sign === '.' && !signs.endsWith('...') ? 'division' : 'regexp';
}

/** `a++ / b` divides, in `a + /b/` begins a regular expression. */
function afterPlus(slash: Slash, signs: string, sign: '+' | '-'): Slash {
  if (slash === 'division') return sign;
  if (slash === 'unknown') return 'unknown';
  return slash === sign && signs.endsWith(sign + sign) ? 'division' : 'regexp';
}

type Changes = Partial<ContextFacts>;

/** `k`: the condition of an `if` or loop; `o`: an object literal; `{`: a block; `d`: one of them. */
function opened(context: ContextFacts, slash: Slash, bracket: string): Changes {
  const kind = bracket === '(' && slash === 'head' ? 'k' : bracket === '{' ? braceKind(slash) : bracket;
  const next = bracket === '{' && kind !== 'o' ? 'statement' : 'regexp';
  return { word: '', slash: next, open: context.open + kind };
}

function braceKind(slash: Slash): string {
  if (slash === 'statement' || slash === 'division') return '{';
  return slash === 'unknown' || slash === 'colon' ? 'd' : 'o';
}

function closed(context: ContextFacts, bracket: string): Changes {
  const last = context.open.slice(-1);
  const open = last === '?' ? context.open : context.open.slice(0, -1);
  if (bracket === '}' && last === '$') return { mode: '`', word: '', open };
  const fits = (CLOSES[bracket] ?? '').includes(last) || last === '?';
  const doubt = context.doubt || (!fits && last !== '');
  return { word: '', open, doubt, slash: fits ? (SLASH_BEHIND[last] ?? 'unknown') : 'unknown' };
}

const CLOSES: Readonly<Record<string, string>> = { ')': '(k', ']': '[', '}': '{od' };
const SLASH_BEHIND: Readonly<Record<string, Slash>> = {
  '(': 'division',
  k: 'statement',
  '[': 'division',
  o: 'division',
};
