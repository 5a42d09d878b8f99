// JavaScript: code, strings, template literals, regular expressions, comments (ECMA-262, clause 12 and annex B.1.1).
// Where it is not certain what a slash is, `doubt` is set, and values behind are refused; code without values may be anything.

import { changed } from '../context.ts';
import type { ContextFacts } from '../context-facts.ts';
import { inCode } from './javascript-code.ts';
import type { LanguageStep } from './language.ts';

/** Goes over static JavaScript. */
export const javascript: LanguageStep = (context, text) => {
  let now = context;
  for (let index = 0; index < text.length; index++) now = after(now, text.charAt(index));
  return now;
};

function after(context: ContextFacts, character: string): ContextFacts {
  switch (context.mode) {
    case '"':
    case "'":
      return inString(context, character);
    case '`':
      return inTemplate(context, character);
    case 'regexp':
    case 'regexp class':
      return inRegexp(context, character);
    case 'line comment':
    case 'html comment':
      return LINE_END.test(character)
        ? changed(context, { mode: 'code', word: '', lineStart: true })
        : context;
    case 'block comment':
      return inBlockComment(context, character);
    default:
      return inCode(context, character);
  }
}

const LINE_END = /[\n\r\u2028\u2029]/;
const OPERAND_ENDED = { mode: 'code', slash: 'division', word: '', lineStart: false } as const;

/** `word` is a backslash before the character that it escapes, and CR before the LF of an escaped line break. */
function inString(context: ContextFacts, character: string): ContextFacts {
  const { word } = context;
  if (word === '\\') return changed(context, { word: character === '\r' ? '\r' : '' });
  if (character === context.mode) return changed(context, OPERAND_ENDED);
  if (character === '\\') return changed(context, { word: '\\' });
  if (word === '\r' && character === '\n') return changed(context, { word: '' });
  return /[\n\r]/.test(character) ? broken(context) : changed(context, { word: '' });
}

/** A literal cannot go on in the next line: we have been misled. */
function broken(context: ContextFacts): ContextFacts {
  return changed(context, { ...OPERAND_ENDED, doubt: true });
}

function inTemplate(context: ContextFacts, character: string): ContextFacts {
  const { word } = context;
  if (word === '\\') return changed(context, { word: '' });
  if (character === '`') return changed(context, OPERAND_ENDED);
  if (character === '{' && word.startsWith('$')) return templateHole(context, word !== '$');
  return changed(context, { word: character === '\\' || character === '$' ? character : '' });
}

function templateHole(context: ContextFacts, unsure: boolean): ContextFacts {
  return changed(context, {
    mode: 'code',
    slash: 'regexp',
    word: '',
    open: `${context.open}$`,
    doubt: context.doubt || unsure,
  });
}

function inRegexp(context: ContextFacts, character: string): ContextFacts {
  if (LINE_END.test(character)) return broken(context);
  if (context.word === '\\') return changed(context, { word: '' });
  if (character === '\\') return changed(context, { word: '\\' });
  if (character === '[') return changed(context, { mode: 'regexp class' });
  if (character === ']') return changed(context, { mode: 'regexp' });
  return character === '/' && context.mode === 'regexp' ? changed(context, OPERAND_ENDED) : context;
}

function inBlockComment(context: ContextFacts, character: string): ContextFacts {
  if (character === '/' && context.word.startsWith('*')) {
    return changed(context, { mode: 'code', word: '', doubt: context.doubt || context.word !== '*' });
  }
  const lineStart = context.lineStart || LINE_END.test(character);
  return changed(context, { word: character === '*' ? '*' : '', lineStart });
}
