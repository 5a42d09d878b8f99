// CSS as far as its strings, url() and comments (CSS Syntax 3). Where a value stands outside of them, css.ts lets it be
// words and numbers only, so no more needs to be known.

import type { Draft, Mode } from '../context-facts.ts';
import { type LanguageStep, type ReportProblem, skipRun } from './language-step.ts';
import { url } from './url-language.ts';

/** Goes over static CSS. */
export const css: LanguageStep = (facts, text, report) => {
  for (let index = 0; index < text.length; index++) {
    index = skipRun(QUIET[facts.mode], facts, text, index);
    if (index < text.length) after(facts, text.charAt(index), report, index);
  }
};

/** In each mode, the characters that change nothing while no word is being read. */
const QUIET: Readonly<Partial<Record<Mode, RegExp>>> = {
  code: /[\t\n\f\r :;,.#{}]+/y,
  '"': /[^"\\\n\r\f]+/y,
  "'": /[^'\\\n\r\f]+/y,
  'block comment': /[^*]+/y,
};

function after(facts: Draft, character: string, report: ReportProblem, index: number): void {
  switch (facts.mode) {
    case '"':
    case "'":
      inString(facts, character);
      break;
    case 'block comment':
      inComment(facts, character);
      break;
    case 'url':
    case 'url "':
    case "url '":
      inUrl(facts, character, () => report('scheme-from-data', index));
      break;
    default:
      inCode(facts, character);
  }
}

function enter(facts: Draft, mode: Mode): void {
  facts.mode = mode;
  facts.word = '';
}

/** Behind a string, a comment, a url(). */
function enterCode(facts: Draft): void {
  enter(facts, 'code');
  facts.url = 'none';
}

function inCode(facts: Draft, character: string): void {
  const { word } = facts;
  if (word === '\\') facts.word = '~';
  else if (character === '*' && word.startsWith('/')) {
    enter(facts, 'block comment');
    facts.doubt ||= word !== '/';
  } else if (character === '"' || character === "'") enter(facts, character);
  else if (character === '(') atParenthesis(facts);
  else if (character === '\\' || character === '/') facts.word = character;
  else if (!/[\w-]/.test(character) && character < '\u0080') facts.word = '';
  else facts.word = wordWith(word.startsWith('/') ? '' : word, character);
}

/** Of a word only whether it is `url` counts, so it need not be kept whole. */
function wordWith(word: string, character: string): string {
  return word.length > 3 ? word : word + character.toLowerCase();
}

function atParenthesis(facts: Draft): void {
  const { word } = facts;
  if (word !== 'url') {
    facts.word = '';
    facts.doubt ||= word.startsWith('~');
    return;
  }
  facts.mode = 'url';
  facts.word = '(';
  facts.url = 'start';
}

function inString(facts: Draft, character: string): void {
  if (facts.word === '\\') facts.word = '';
  else if (character === '\\') facts.word = '\\';
  else if (character === facts.mode || /[\n\r\f]/.test(character)) enterCode(facts);
}

function inComment(facts: Draft, character: string): void {
  const { word } = facts;
  if (character === '/' && word.startsWith('*')) {
    enterCode(facts);
    facts.doubt ||= word !== '*';
  } else facts.word = character === '*' ? '*' : '';
}

/** `word` is `(` before the first character, then what the URL's scheme needs. */
function inUrl(facts: Draft, character: string, report: () => void): void {
  const { mode, word } = facts;
  if (endsUrl(mode, character)) enterCode(facts);
  else if (word === '(' && /[ \t\n\r\f]/.test(character)) return;
  else if (word === '(' && (character === '"' || character === "'")) enter(facts, `url ${character}`);
  else urlCharacter(facts, character, report);
}

function endsUrl(mode: Mode, character: string): boolean {
  return mode === 'url' ? character === ')' : mode === `url ${character}` || /[\n\r\f]/.test(character);
}

function urlCharacter(facts: Draft, character: string, report: () => void): void {
  if (facts.word === '(') facts.word = '';
  if (character !== '\\') {
    url(facts, character, report);
    return;
  }
  facts.word = '';
  facts.url = 'path';
  facts.doubt = true;
}
