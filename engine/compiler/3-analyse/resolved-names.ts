// The walks over the tree of a page that compilation, the type check and the outline share, so that each is made once.

import type { Program } from 'acorn';
import { Lines } from '../../diagnostics/position.ts';
import { namedKind } from '../page-kind.ts';
import { Scopes } from '../scopes.ts';
import { type PageNameFacts, pageNameFacts } from './page-facts.ts';
import { type Survey, surveyTree } from './survey.ts';

/** The nodes and names of a page, and the facts that follow from them, also for a page that `analyse` refuses. */
export interface ResolvedNames extends PageNameFacts {
  readonly lines: Lines;
  readonly survey: Survey;
  readonly scopes: Scopes;
}

/** @param file the name of the page, which tells its kind */
export function resolvedNames(tree: Program, source: string, file: string): ResolvedNames {
  const lines = new Lines(source);
  const survey = surveyTree(tree);
  const scopes = new Scopes(tree);
  return { ...pageNameFacts(survey, scopes, lines, namedKind(file)), lines, survey, scopes };
}
