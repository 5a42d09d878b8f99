// srcset: URLs with descriptors, separated by commas (WHATWG HTML, "parsing a srcset attribute"). A comma belongs to its
// URL unless a blank follows; `word` holds it at the end of a text.

import type { Draft } from '../context-facts.ts';
import type { LanguageStep, ReportProblem } from './language-step.ts';
import { url } from './url-language.ts';

/** Goes over static characters of a srcset. */
export const srcset: LanguageStep = (facts, text, report) => {
  for (let index = 0; index < text.length; index++) after(facts, text.charAt(index), report, index);
};

function after(facts: Draft, character: string, report: ReportProblem, index: number): void {
  const { url: part } = facts;
  if (part === 'descriptor') {
    if (character === ',') enter(facts, 'start', ',');
    return;
  }
  const blank = /[\t\n\f\r ]/.test(character);
  if (part === 'start') {
    if (blank || character === ',') return;
    facts.word = '';
  } else if (blank) {
    const ended = facts.pending === ',';
    enter(facts, ended ? 'start' : 'descriptor', ended ? ',' : '');
    return;
  }
  url(facts, character, () => report('scheme-from-data', index));
  facts.pending = character === ',' ? ',' : '';
}

function enter(facts: Draft, part: 'start' | 'descriptor', word: string): void {
  facts.url = part;
  facts.word = word;
  facts.pending = '';
}
