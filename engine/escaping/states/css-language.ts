// CSS, as far as its strings, url() and comments (CSS Syntax 3). Outside of them css-escapers.ts allows only words and
// numbers as values, so no more needs to be known.

import type { ContextDraft, LanguageMode } from '../context-facts.ts';
import { type LanguageStep, type ReportProblem, skipRun } from './language-step.ts';
import { urlStep } from './url-language.ts';

/** Moves over static CSS. */
export const cssStep: LanguageStep = (facts, text, report) => {
  for (let index = 0; index < text.length; index++) {
    index = skipRun(SKIPPED[facts.mode], facts, text, index);
    if (index < text.length) readCharacter(facts, text.charAt(index), report, index);
  }
};

/** For each mode, the characters that change no fact while no word is being read. */
const SKIPPED: Readonly<Partial<Record<LanguageMode, RegExp>>> = {
  code: /[\t\n\f\r :;,.#{}]+/y,
  '"': /[^"\\\n\r\f]+/y,
  "'": /[^'\\\n\r\f]+/y,
  'block comment': /[^*]+/y,
};

function readCharacter(facts: ContextDraft, character: string, report: ReportProblem, index: number): void {
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

function enterMode(facts: ContextDraft, mode: LanguageMode): void {
  facts.mode = mode;
  facts.word = '';
}

/** Enters code behind a string, a comment or a url(). */
function enterCode(facts: ContextDraft): void {
  enterMode(facts, 'code');
  facts.url = 'none';
}

function inCode(facts: ContextDraft, character: string): void {
  const { word } = facts;
  if (word === '\\') facts.word = '~';
  else if (character === '*' && word.startsWith('/')) {
    enterMode(facts, 'block comment');
    facts.uncertain ||= word !== '/';
  } else if (character === '"' || character === "'") enterMode(facts, character);
  else if (character === '(') atParenthesis(facts);
  else if (character === '\\' || character === '/') facts.word = character;
  else if (!/[\w-]/.test(character) && character < '\u0080') facts.word = '';
  else facts.word = wordWith(word.startsWith('/') ? '' : word, character);
}

/** Only the word `url` matters, so at most four characters are kept. */
function wordWith(word: string, character: string): string {
  return word.length > 3 ? word : word + character.toLowerCase();
}

function atParenthesis(facts: ContextDraft): void {
  const { word } = facts;
  if (word !== 'url') {
    facts.word = '';
    facts.uncertain ||= word.startsWith('~');
    return;
  }
  facts.mode = 'url';
  facts.word = '(';
  facts.url = 'start';
}

function inString(facts: ContextDraft, character: string): void {
  if (facts.word === '\\') facts.word = '';
  else if (character === '\\') facts.word = '\\';
  else if (character === facts.mode || /[\n\r\f]/.test(character)) enterCode(facts);
}

function inComment(facts: ContextDraft, character: string): void {
  const { word } = facts;
  if (character === '/' && word.startsWith('*')) {
    enterCode(facts);
    facts.uncertain ||= word !== '*';
  } else facts.word = character === '*' ? '*' : '';
}

/** `word` is `(` before the first character, and later the letters of the scheme. */
function inUrl(facts: ContextDraft, character: string, report: () => void): void {
  const { mode, word } = facts;
  if (endsUrl(mode, character)) enterCode(facts);
  else if (word === '(' && /[ \t\n\r\f]/.test(character)) return;
  else if (word === '(' && (character === '"' || character === "'")) enterMode(facts, `url ${character}`);
  else urlCharacter(facts, character, report);
}

function endsUrl(mode: LanguageMode, character: string): boolean {
  return mode === 'url' ? character === ')' : mode === `url ${character}` || /[\n\r\f]/.test(character);
}

function urlCharacter(facts: ContextDraft, character: string, report: () => void): void {
  if (facts.word === '(') facts.word = '';
  if (character !== '\\') {
    urlStep(facts, character, report);
    return;
  }
  facts.word = '';
  facts.url = 'path';
  facts.uncertain = true;
}
