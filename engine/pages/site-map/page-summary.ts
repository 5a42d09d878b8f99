// The summary of a page's own code: its reads, its session attributes and the pages that it names. It is small, so that the tree of
// the page need not be kept.

import type { IncludeFact, ParamFact } from '../../compiler/facts.ts';
import type { Frame } from '../../compiler/outline/evaluate-expression.ts';
import { formNames } from '../../compiler/outline/form-names.ts';
import type { OutlinedPage } from '../../compiler/outline/outlined-source.ts';
import { type PageReads, pageReads, type WrittenName } from '../../compiler/outline/page-reads.ts';
import { queryNames } from '../../compiler/outline/query-names.ts';
import { type SectionUses, sectionUses } from '../../compiler/outline/section-uses.ts';
import { type SessionUses, sessionUses } from '../../compiler/outline/session-uses.ts';
import { MARKUP_NAMES } from './document-forms.ts';

/** The summary of one page or part. */
export interface PageSummary {
  readonly file: string;
  readonly reads: PageReads;
  /** The names that it uses of the objects of Form. */
  readonly formNames: readonly WrittenName[];
  /** The names in query strings that it writes in code, or that a text page prints. */
  readonly queryNames: ReadonlySet<string>;
  readonly session: SessionUses;
  readonly sections: SectionUses;
  readonly params: readonly ParamFact[];
  readonly includes: readonly IncludeFact[];
  readonly layouts: readonly IncludeFact[];
  readonly renders: readonly IncludeFact[];
  readonly declaredFields: ReadonlySet<string>;
  /** Whether its code makes markup. */
  readonly makesMarkup: boolean;
  /** Whether the page has Once(). */
  readonly hasOnce: boolean;
}

export function pageSummary(page: OutlinedPage, imported: Frame['imported']): PageSummary {
  const { file, declaredFields, free } = page;
  const { params, includes, layouts, renders } = page.facts;
  return {
    file,
    reads: pageReads(page, imported),
    formNames: formNames(page, imported),
    queryNames: queryNames(page),
    session: sessionUses(page, imported),
    sections: sectionUses(page, imported),
    params,
    includes,
    layouts,
    renders,
    declaredFields,
    makesMarkup: MARKUP_NAMES.some((name) => free.has(name)),
    hasOnce: free.has('Once'),
  };
}
