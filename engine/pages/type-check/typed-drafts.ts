// Keeps drafts of typed modules for the pages that the compiler has parsed, so that no page is parsed twice.

import type { TypedDraft } from '../../compiler/4-emit/typed-module.ts';
import { typedDraft } from '../../compiler/4-emit/typed-module.ts';
import type { ParsedPage } from '../../compiler/parsed-page.ts';
import { Problem } from '../../diagnostics/problem.ts';

/** The newest draft of each page, by absolute path. */
export class TypedDrafts {
  readonly #drafts = new Map<string, { readonly source: string; readonly draft: TypedDraft }>();

  add(page: ParsedPage): void {
    const { file, source } = page;
    try {
      this.#drafts.set(file, { source, draft: typedDraft(page) });
    } catch (error) {
      // The type check makes the draft again and reports the error.
      if (!(error instanceof Problem)) throw error;
    }
  }

  /** The draft of a page, if it was made from this source. */
  of(file: string, source: string): TypedDraft | undefined {
    const known = this.#drafts.get(file);
    return known?.source === source ? known.draft : undefined;
  }
}
