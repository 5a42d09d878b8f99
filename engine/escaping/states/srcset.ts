// srcset: URLs with descriptors, separated by commas (WHATWG HTML, "parsing a srcset attribute"). A comma belongs to its
// URL unless a blank follows; `word` holds it at the end of a text.

import { changed } from '../context.ts';
import type { ContextFacts } from '../context-facts.ts';
import type { LanguageStep, Report } from './language.ts';
import { url } from './url.ts';

/** Goes over static characters of a srcset. */
export const srcset: LanguageStep = (context, text, report) => {
  let now = context;
  for (let index = 0; index < text.length; index++) now = after(now, text.charAt(index), report, index);
  return now;
};

function after(context: ContextFacts, character: string, report: Report, index: number): ContextFacts {
  if (context.url === 'descriptor') {
    return character === ',' ? changed(context, { url: 'start', word: ',' }) : context;
  }
  const blank = /[\t\n\f\r ]/.test(character);
  if (context.url === 'start') {
    if (blank || character === ',') return context;
    return url(changed(context, { word: '' }), character, () => report('scheme-from-data', index));
  }
  if (blank) {
    const ended = context.pending === ',';
    return changed(context, { url: ended ? 'start' : 'descriptor', word: ended ? ',' : '', pending: '' });
  }
  const next = url(changed(context, { pending: '' }), character, () => report('scheme-from-data', index));
  return character === ',' ? changed(next, { pending: ',' }) : next;
}
