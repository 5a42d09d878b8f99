// The common part of the languages inside HTML: each moves facts over characters, after the references of an
// attribute's value were decoded, and reports what it cannot follow.

import type { CodeWith } from '../../diagnostics/codes.ts';
import type { Draft } from '../context-facts.ts';

/** Reports a problem at the index of a character. */
export type Report = (code: CodeWith<'place'>, index: number) => void;

/** The offset behind characters that change nothing; `word` holds what a character before them has begun. */
export function behindRun(quiet: RegExp | undefined, { word }: Draft, text: string, from: number): number {
  if (quiet === undefined || word !== '') return from;
  quiet.lastIndex = from;
  return quiet.test(text) ? quiet.lastIndex : from;
}

/** Moves facts over static text in a language. */
export type LanguageStep = (facts: Draft, text: string, report: Report) => void;
