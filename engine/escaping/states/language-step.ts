// The common type of the languages inside HTML, and JSON, the smallest of them. A step moves the facts of a context
// over static text, whose character references are decoded already, and reports text that it cannot follow.

import type { CodeWith } from '../../diagnostics/codes.ts';
import type { ContextDraft } from '../context-facts.ts';

/** Reports a problem at the index of a character. */
export type ReportProblem = (code: CodeWith<'place'>, index: number) => void;

/** Moves facts over static text in one language. */
export type LanguageStep = (facts: ContextDraft, text: string, report: ReportProblem) => void;

/**
 * Skips characters that change no fact.
 * @param skipped the characters to skip; a word that is still being read (`word`) needs each character, so nothing is
 * skipped
 * @returns the index behind the skipped characters
 */
export function skipRun(
  skipped: RegExp | undefined,
  { word }: ContextDraft,
  text: string,
  from: number,
): number {
  if (skipped === undefined || word !== '') return from;
  skipped.lastIndex = from;
  return skipped.test(text) ? skipped.lastIndex : from;
}

/** JSON: only the ends of its strings matter. */
export const jsonStep: LanguageStep = (facts, text) => {
  let { mode, word } = facts;
  for (const character of text) {
    if (mode === 'code') mode = character === '"' ? '"' : 'code';
    else if (word === '\\') word = '';
    else if (character === '\\') word = '\\';
    else if (character === '"') mode = 'code';
  }
  facts.mode = mode;
  facts.word = word;
};
