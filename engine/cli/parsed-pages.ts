// Keeps the parsed form of each page, so that the check of types and that of forms and links parse no page again.

import { type OutlineInput, outlineInput } from '../compiler/outline/outlined-source.ts';
import type { ParsedPage } from '../compiler/parsed-page.ts';
import { TypedDrafts } from '../pages/type-check/typed-drafts.ts';

/** The newest parsed version of each page. */
export class ParsedPages {
  readonly drafts = new TypedDrafts();
  readonly #inputs = new Map<string, OutlineInput>();

  add(page: ParsedPage): void {
    this.drafts.add(page);
    this.#inputs.set(page.file, outlineInput(page));
  }

  /** A page, if this source of it was parsed. It is not kept any longer, because trees take much memory. */
  take(file: string, source: string): OutlineInput | undefined {
    const known = this.#inputs.get(file);
    this.#inputs.delete(file);
    return known?.source === source ? known : undefined;
  }
}
