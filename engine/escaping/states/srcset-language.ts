// srcset: URLs with descriptors, separated by commas (WHATWG HTML, "parsing a srcset attribute"). A comma is part of
// the URL unless a blank follows; at the end of a text, `pending` holds it.

import type { ContextDraft } from '../context-facts.ts';
import type { LanguageStep, ReportProblem } from './language-step.ts';
import { urlStep } from './url-language.ts';

/** Moves over static characters of a srcset. */
export const srcsetStep: LanguageStep = (facts, text, report) => {
  for (let index = 0; index < text.length; index++) readCharacter(facts, text.charAt(index), report, index);
};

function readCharacter(facts: ContextDraft, character: string, report: ReportProblem, index: number): void {
  const { url: part } = facts;
  if (part === 'descriptor') {
    if (character === ',') enterPart(facts, 'start', ',');
    return;
  }
  const blank = /[\t\n\f\r ]/.test(character);
  if (part === 'start') {
    if (blank || character === ',') return;
    facts.word = '';
  } else if (blank) {
    const ended = facts.pending === ',';
    enterPart(facts, ended ? 'start' : 'descriptor', ended ? ',' : '');
    return;
  }
  urlStep(facts, character, () => report('scheme-from-data', index));
  facts.pending = character === ',' ? ',' : '';
}

function enterPart(facts: ContextDraft, part: 'start' | 'descriptor', word: string): void {
  facts.url = part;
  facts.word = word;
  facts.pending = '';
}
