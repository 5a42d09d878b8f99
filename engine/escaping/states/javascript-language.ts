// JavaScript: code, strings, template literals, regular expressions, comments (ECMA-262, clause 12 and annex B.1.1). If
// the meaning of a slash is ambiguous, `uncertain` is set, and values behind it are refused. Code without values is not
// checked.

import type { ContextDraft, LanguageMode } from '../context-facts.ts';
import { readCodeCharacter } from './javascript-code.ts';
import { type LanguageStep, skipRun } from './language-step.ts';

/** Moves over static JavaScript. */
export const javascriptStep: LanguageStep = (facts, text) => {
  for (let index = 0; index < text.length; index++) {
    index = skipRun(SKIPPED[facts.mode], facts, text, index);
    if (index < text.length) readCharacter(facts, text.charAt(index));
  }
};

const IN_COMMENT = /[^\n\r\u2028\u2029]+/y;

/** For each mode, the characters that change no fact while no word is being read. */
const SKIPPED: Readonly<Partial<Record<LanguageMode, RegExp>>> = {
  code: /[ \t]+/y,
  '"': /[^"\\\n\r]+/y,
  "'": /[^'\\\n\r]+/y,
  '`': /[^`\\$]+/y,
  regexp: /[^\\[\]/\n\r\u2028\u2029]+/y,
  'line comment': IN_COMMENT,
  'html comment': IN_COMMENT,
  'block comment': /[^*\n\r\u2028\u2029]+/y,
};

/** Enters the code of an attribute: an expression, or statements. */
export function enterScriptCode(facts: ContextDraft): void {
  facts.mode = 'code';
  facts.slash = 'regexp';
  facts.lineStart = true;
}

function readCharacter(facts: ContextDraft, character: string): void {
  switch (facts.mode) {
    case '"':
    case "'":
      inString(facts, character);
      break;
    case '`':
      inTemplate(facts, character);
      break;
    case 'regexp':
    case 'regexp class':
      inRegexp(facts, character);
      break;
    case 'line comment':
    case 'html comment':
      inLineComment(facts, character);
      break;
    case 'block comment':
      inBlockComment(facts, character);
      break;
    default:
      readCodeCharacter(facts, character);
  }
}

const LINE_END = /[\n\r\u2028\u2029]/;

function operandEnded(facts: ContextDraft): void {
  facts.mode = 'code';
  facts.slash = 'division';
  facts.word = '';
  facts.lineStart = false;
}

/** `word` is a backslash before the character that it escapes, and CR before the LF of an escaped line break. */
function inString(facts: ContextDraft, character: string): void {
  const { word } = facts;
  if (word === '\\') facts.word = character === '\r' ? '\r' : '';
  else if (character === facts.mode) operandEnded(facts);
  else if (character === '\\') facts.word = '\\';
  else if (character === '\r' || (character === '\n' && word !== '\r')) broken(facts);
  else facts.word = '';
}

/** A line break cannot stand in a literal, so an earlier decision was wrong. */
function broken(facts: ContextDraft): void {
  operandEnded(facts);
  facts.uncertain = true;
}

function inTemplate(facts: ContextDraft, character: string): void {
  const { word } = facts;
  if (word === '\\') facts.word = '';
  else if (character === '`') operandEnded(facts);
  else if (character === '{' && word.startsWith('$')) enterSubstitution(facts, word !== '$');
  else facts.word = character === '\\' || character === '$' ? character : '';
}

function enterSubstitution(facts: ContextDraft, unsure: boolean): void {
  facts.mode = 'code';
  facts.slash = 'regexp';
  facts.word = '';
  facts.open += '$';
  facts.uncertain ||= unsure;
}

function inRegexp(facts: ContextDraft, character: string): void {
  if (LINE_END.test(character)) broken(facts);
  else if (facts.word === '\\') facts.word = '';
  else if (character === '\\') facts.word = '\\';
  else if (character === '[') facts.mode = 'regexp class';
  else if (character === ']') facts.mode = 'regexp';
  else if (character === '/' && facts.mode === 'regexp') operandEnded(facts);
}

function inLineComment(facts: ContextDraft, character: string): void {
  if (!LINE_END.test(character)) return;
  facts.mode = 'code';
  facts.word = '';
  facts.lineStart = true;
}

function inBlockComment(facts: ContextDraft, character: string): void {
  const { word } = facts;
  if (character === '/' && word.startsWith('*')) {
    facts.mode = 'code';
    facts.word = '';
    facts.uncertain ||= word !== '*';
    return;
  }
  facts.word = character === '*' ? '*' : '';
  facts.lineStart ||= LINE_END.test(character);
}
