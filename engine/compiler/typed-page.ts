// Page source → a TypeScript module to be type-checked: the page's path through the first two phases, its names,
// another emitter. What the compiler refuses in the page is left to it: types are checked all the same.

import { namesOf } from './3-analyse/index.ts';
import { draftOf, type TypedDraft, type TypedPage, type TypedPlace, typedPage } from './4-emit/typed.ts';
import { withinStack } from './depth.ts';
import { type ParsedPage, parsePage } from './parsed-page.ts';

/**
 * The typed module of a page.
 * @param file the name that errors give
 * @param place what the module refers to
 * @throws Problem for a page that does not parse
 */
export function typePage(source: string, file: string, place: TypedPlace): TypedPage {
  return typedPage(typedDraft(parsePage(source, file)), place);
}

/** The typed module of a parsed page, as far as it depends on nothing else. */
export function typedDraft(page: ParsedPage): TypedDraft {
  return withinStack(page.typed, page, () => draftOf(page, namesOf(page)));
}
