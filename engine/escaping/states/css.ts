// CSS as far as its strings, url() and comments (CSS Syntax 3). Where a value stands outside of them, css.ts lets it be
// words and numbers only, so no more needs to be known.

import { changed } from '../context.ts';
import type { ContextFacts } from '../context-facts.ts';
import type { LanguageStep, Report } from './language.ts';
import { url } from './url.ts';

/** Goes over static CSS. */
export const css: LanguageStep = (context, text, report) => {
  let now = context;
  for (let index = 0; index < text.length; index++) now = after(now, text.charAt(index), report, index);
  return now;
};

function after(context: ContextFacts, character: string, report: Report, index: number): ContextFacts {
  switch (context.mode) {
    case '"':
    case "'":
      return inString(context, character);
    case 'block comment':
      return inComment(context, character);
    case 'url':
    case 'url "':
    case "url '":
      return inUrl(context, character, () => report('scheme-from-data', index));
    default:
      return inCode(context, character);
  }
}

const CODE = { mode: 'code', word: '', url: 'none' } as const;

function inCode(context: ContextFacts, character: string): ContextFacts {
  const { word } = context;
  if (word === '\\') return changed(context, { word: '~' });
  if (character === '*' && word.startsWith('/')) {
    return changed(context, { mode: 'block comment', word: '', doubt: context.doubt || word !== '/' });
  }
  if (character === '"' || character === "'") return changed(context, { mode: character, word: '' });
  if (character === '\\') return changed(context, { word: '\\' });
  if (character === '(') return atParenthesis(context);
  if (character === '/') return changed(context, { word: '/' });
  if (!/[\w-]/.test(character) && character < '\u0080') return changed(context, { word: '' });
  return changed(context, { word: wordWith(word.startsWith('/') ? '' : word, character) });
}

/** Of a word only whether it is `url` counts, so it need not be kept whole. */
function wordWith(word: string, character: string): string {
  return word.length > 3 ? word : word + character.toLowerCase();
}

function atParenthesis(context: ContextFacts): ContextFacts {
  if (context.word === 'url') return changed(context, { mode: 'url', word: '(', url: 'start' });
  return changed(context, { word: '', doubt: context.doubt || context.word.startsWith('~') });
}

function inString(context: ContextFacts, character: string): ContextFacts {
  if (context.word === '\\') return changed(context, { word: '' });
  if (character === '\\') return changed(context, { word: '\\' });
  return character === context.mode || /[\n\r\f]/.test(character) ? changed(context, CODE) : context;
}

function inComment(context: ContextFacts, character: string): ContextFacts {
  if (character === '/' && context.word.startsWith('*')) {
    return changed(context, { ...CODE, doubt: context.doubt || context.word !== '*' });
  }
  return changed(context, { word: character === '*' ? '*' : '' });
}

/** `word` is `(` before the first character, then what the URL's scheme needs. */
function inUrl(context: ContextFacts, character: string, report: () => void): ContextFacts {
  const fresh = context.word === '(';
  if (context.mode === 'url') {
    if (character === ')') return changed(context, CODE);
    if (fresh && /[ \t\n\r\f]/.test(character)) return context;
    if (fresh && (character === '"' || character === "'"))
      return changed(context, { mode: character === '"' ? 'url "' : "url '", word: '' });
  } else if (context.mode === `url ${character}` || /[\n\r\f]/.test(character)) return changed(context, CODE);
  if (character === '\\') return changed(context, { word: '', url: 'path', doubt: true });
  return url(fresh ? changed(context, { word: '' }) : context, character, report);
}
